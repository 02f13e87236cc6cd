"""Large tables are streamed, after the same questions and with the same result as small ones."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from kit.checking.invariants import hold
from kit.data.own import Contract, InvariantRule, Own, Proposal, read_own
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


def costs_of(path: Path, rows: int = 60) -> Path:
    """Servers with their owners, dates that one form writes, and a row that cannot be read."""
    days = pd.date_range("2024-03-04 13:05", periods=rows, freq="D").strftime(
        "%Y. %m. %d. 오후 1:05"
    )
    frame = pd.DataFrame(
        {
            "host": [f"srv-{at % 7}" for at in range(rows)],
            "담당자": [f"김하나 {at % 5}" for at in range(rows)],
            "도입일": days,
            "RAM (MB)": ["16,384", "x", *["32768"] * (rows - 2)],
            "비고": ["call hana@example.com", *[""] * (rows - 1)],
        }
    )
    return written(path, frame)


def sorted_rows(part: pd.DataFrame) -> pd.DataFrame:
    return part.sort_values(["server", "since"], ignore_index=True)


def same_table(large: Own, small: Own) -> None:
    assert large.ledger == small.ledger
    pd.testing.assert_frame_equal(large.frame(), small.frame())
    pd.testing.assert_frame_equal(large.summary(), small.summary())
    for one, other in zip(large.parts(), small.parts(), strict=True):
        assert one[0] == other[0]
        pd.testing.assert_frame_equal(one[1], other[1])
    assert large.leaving(1, 2) == small.leaving(1, 2)
    assert large.names() == small.names() and large.carried() == small.carried()
    assert large.roles == small.roles and repr(large) == repr(small)


@pytest.mark.parametrize("names", [["a.csv"], ["a.csv", "b.csv"], ["a.csv", "c.png"]])
def test_streamed_table_of_rows_gives_what_a_small_one_gives(
    costs: Contract,
    home: LearnerHome,
    tmp_path: Path,
    names: list[str],
    request: pytest.FixtureRequest,
) -> None:
    paths = [costs_of(tmp_path / name) for name in names]
    if names[-1] == "c.png":
        paths[1].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(900))
    small = read_own(paths, contract=costs, home=home)
    assert isinstance(small, Own) and not (home.state / FOLDER).exists()
    request.getfixturevalue("low")
    done: list[tuple[int, int]] = []
    large = read_own(paths, contract=costs, home=home, step=lambda *counts: done.append(counts))
    assert isinstance(large, Own) and list(home.state.glob(f"{FOLDER}/*/samples/*"))
    one = done[: done.index((done[0][1], done[0][1])) + 1]
    assert len(one) > 1 and one == sorted(one) and done[-1][0] == done[-1][1]
    same_table(large, small)
    assert any("오후 1:05 are read as 2024-03-04 13:05" in note for note in large.ledger.notes)
    rules = [
        InvariantRule(id="lost", kind="keeps", function="clean", column="since"),
        InvariantRule(id="rows", kind="row_order", function="clean"),
        InvariantRule(id="wide", kind="plausible", function="clean", column="memory"),
        InvariantRule(id="person", kind="no_person"),
        InvariantRule(id="all", kind="ledger"),
    ]
    for clean in (sorted_rows, lambda part: part[part["row"] > 9].assign(memory=9000.0)):
        seen = hold(large, rules, (), {"clean": clean})
        assert seen == hold(small, rules, (), {"clean": clean})
    assert [one.held for one in seen] == [False, True, False, True, True]


def test_large_table_of_rows_is_asked_about_as_a_small_one(
    costs: Contract, home: LearnerHome, tmp_path: Path, low: None
) -> None:
    path = costs_of(tmp_path / "a.csv")
    text = path.read_text(encoding="utf-8").replace("RAM (MB)", "size").replace("32768", "32")
    path.write_text(text, encoding="utf-8")
    found = read_own([path], contract=costs, home=home)
    assert isinstance(found, Proposal) and not (home.state / FOLDER).exists()
    assert len(opened(found).frame()) == 58
    told = read_own([path], contract=costs, home=home, roles={"size": "memory"})
    assert isinstance(told, Own) and told.ledger.read == 60
    lacking = text.replace("size", "memory").replace("도입일", "other").replace("2024. ", "none ")
    path.write_text(lacking, encoding="utf-8")
    with pytest.raises(DataError, match="no column for: since"):
        read_own([path], contract=costs, home=home)


def test_rows_of_two_units_from_one_file_do_not_meet(
    costs: Contract, home: LearnerHome, tmp_path: Path, low: None
) -> None:
    path = costs_of(tmp_path / "a.csv")
    first = read_own([path], contract=costs, home=home)
    table = costs.tables[0]
    fewer = table.model_copy(update={"columns": table.columns[2:4]})
    other = costs.model_copy(update={"unit": "other", "tables": (fewer,)})
    second = read_own([path], contract=other, home=home)
    assert isinstance(first, Own) and isinstance(second, Own)
    assert "server" in first.frame() and "server" not in second.frame()
    path.unlink()
    read_own([costs_of(tmp_path / "b.csv")], contract=costs, home=home)
    assert len(list((home.state / FOLDER).iterdir())) == 1


@pytest.mark.parametrize("roles", [None, {"host": "server"}])
@pytest.mark.parametrize("name", ["a.xlsx", "a.json"])
def test_large_rows_that_are_no_plain_table_are_refused_before_they_are_asked_about(
    costs: Contract, home: LearnerHome, tmp_path: Path, low: None, name: str, roles: dict[str, str]
) -> None:
    path = tmp_path / name
    if name == "a.json":
        path.write_text('[{"host": "' + "x" * 500 + '"}]', encoding="utf-8")
    else:
        costs_of(path)
    with pytest.raises(DataError, match="only plain tables") as refused:
        read_own([path], contract=costs, home=home, roles=roles)
    assert "CSV" in refused.value.fix


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
