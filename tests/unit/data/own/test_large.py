"""Large tables are streamed, after the same questions and with the same result as small ones."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from kit.data.own import Contract, Own, Proposal, read_own
from kit.data.own.large import FOLDER, streams
from kit.data.own.tables import table_in
from kit.data.readers import source
from kit.data.stream import Stored
from kit.errors import DataError
from kit.home import LearnerHome
from tests.unit.data.own.conftest import samples, written

SAR = """# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle
web-07;300;2026-03-02 00:05:01 UTC;-1;10.0;0.0;2.0;0.0;0.0;88.0
web-07;300;2026-03-02 00:10:01 UTC;-1;20.0;0.0;2.0;0.0;0.0;78.0
"""


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything above 400 bytes is large: 200 MB would only take longer."""
    monkeypatch.setattr(source, "LARGE", 400)


def faulty(path: Path) -> Path:
    frame = samples(400).astype({"figure": object})
    frame.loc[[3, 40, 77], "figure"] = ["broken", "12,5", "250"]
    return written(path, frame)


def opened(found: Own | Proposal) -> Own:
    assert isinstance(found, Proposal)
    made = found.confirm()
    assert isinstance(made, Own)
    return made


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("row").reset_index(drop=True)


def test_streamed_file_gives_what_a_small_one_gives(
    cpu: Contract, home: LearnerHome, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = faulty(tmp_path / "a.csv")
    small = opened(read_own([path], contract=cpu))
    request.getfixturevalue("low")
    done: list[tuple[int, int]] = []
    found = read_own([path], contract=cpu, home=home, step=lambda *counts: done.append(counts))
    assert isinstance(found, Proposal) and not (home.state / FOLDER).exists()
    large = opened(found)
    assert isinstance(large.samples, Stored) and done
    counts = ("read", "kept", "repaired", "rejected")
    for name in counts:
        assert getattr(large.ledger, name) == getattr(small.ledger, name)
    for machine in ("srv-1", "srv-2"):
        pd.testing.assert_frame_equal(ordered(large.frame(machine)), ordered(small.frame(machine)))
    pd.testing.assert_frame_equal(large.summary(), small.summary())
    assert large.leaving() == small.leaving()
    assert large.roles == small.roles and large.carried() == small.carried()


def test_large_and_small_files_are_one_export(
    cpu: Contract, home: LearnerHome, tmp_path: Path, low: None
) -> None:
    known = samples(10).set_axis(["server", "timestamp", "cpu_percent"], axis=1)
    small = written(tmp_path / "small.csv", known.iloc[:6])
    (tmp_path / "bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    paths = [faulty(tmp_path / "a.csv"), small, tmp_path / "bad.csv"]
    made = opened(read_own(paths, contract=cpu, home=home))
    assert (made.ledger.read, made.ledger.rejected) == (400 + 6 + 1, 3)
    assert set(made.summary()["file"]) == {"a.csv", "small.csv"}
    assert len(made.frame("srv-1")) == 200 + 3
    assert made.frame("nobody").empty
    alone = opened(read_own([paths[0], paths[2]], contract=cpu, confirmed={}))
    assert (alone.ledger.read, alone.ledger.rejected) == (401, 3)


def test_machines_in_the_header_are_streamed_by_name(
    cpu: Contract, home: LearnerHome, tmp_path: Path, low: None
) -> None:
    frame = samples(400).pivot(index="moment", columns="box", values="figure").reset_index()
    made = opened(read_own([written(tmp_path / "a.csv", frame)], contract=cpu, home=home))
    assert isinstance(made.samples, Stored)
    assert set(made.summary()["machine"]) == {"srv-1", "srv-2"}


def test_file_of_a_known_tool_is_left_to_its_reader(tmp_path: Path, low: None) -> None:
    sar = tmp_path / "sar.csv"
    sar.write_text(SAR * 3, encoding="utf-8")
    assert not streams(sar)
    assert streams(faulty(tmp_path / "a.csv"))


def test_small_file_is_not_streamed(tmp_path: Path) -> None:
    assert not streams(faulty(tmp_path / "a.csv"))


def test_large_table_is_streamed_when_its_tool_is_told_to_be_none(
    cpu: Contract, home: LearnerHome, tmp_path: Path, low: None
) -> None:
    made = opened(read_own([faulty(tmp_path / "a.csv")], contract=cpu, home=home, tool="table"))
    assert isinstance(made.samples, Stored)


def test_large_export_of_a_known_tool_says_how_to_make_a_smaller_one(
    cpu: Contract, home: LearnerHome, tmp_path: Path, low: None
) -> None:
    path = tmp_path / "sar.csv"
    path.write_text(SAR * 3, encoding="utf-8")
    for more in ({}, {"tool": "sar"}):
        with pytest.raises(DataError, match=r"an export of sysstat \(sar\)") as refused:
            read_own([path], contract=cpu, home=home, **more)
        assert "sadf -d 600" in refused.value.fix


@pytest.mark.parametrize("roles", [None, {"host": "server"}])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_large_table_of_rows_is_refused_before_it_is_asked_about(
    costs: Contract, home: LearnerHome, tmp_path: Path, low: None, name: str, roles: dict[str, str]
) -> None:
    rows = pd.DataFrame({"host": ["srv-1"] * 60, "since": "2024-03-04", "memory": 4})
    path = written(tmp_path / name, rows)
    with pytest.raises(DataError, match="at once") as refused:
        read_own([path], contract=costs, home=home, roles=roles)
    assert "server, owner, since, memory, note" in refused.value.fix


def test_look_at_the_columns_of_a_large_file_reads_its_first_rows(
    cpu: Contract, tmp_path: Path, low: None
) -> None:
    path = faulty(tmp_path / "a.csv")
    os.truncate(path, 2**33)
    assert table_in(path).header == ["box", "moment", "figure"]
    book = written(tmp_path / "a.xlsx", samples(400))
    with pytest.raises(DataError, match="only plain tables"):
        table_in(book)


def test_large_json_asks_for_csv(cpu: Contract, tmp_path: Path, low: None) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": "' + "x" * 500 + '"}', encoding="utf-8")
    with pytest.raises(DataError, match="only plain tables"):
        read_own([path], contract=cpu)


def test_what_was_kept_of_a_file_goes_once_the_file_is_gone(
    cpu: Contract, home: LearnerHome, tmp_path: Path, low: None
) -> None:
    first, second = faulty(tmp_path / "a.csv"), faulty(tmp_path / "b.csv")
    opened(read_own([first], contract=cpu, home=home))
    assert len(list((home.state / FOLDER).iterdir())) == 1
    first.unlink()
    made = read_own([second], contract=cpu, home=home)
    assert isinstance(made, Own) and len(made.frame()) == 398
    assert len(list((home.state / FOLDER).iterdir())) == 1
