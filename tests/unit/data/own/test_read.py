"""Files are read by their tool or by confirmed columns; nothing is read on a guess."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kit.data.own import Contract, Own, Proposal, read_own
from kit.data.own.remember import FILE
from kit.errors import DataError, UsageError
from kit.home import LearnerHome
from tests.unit.data.own.conftest import samples, written

ROLES = {"box": "machine", "moment": "time", "figure": "cpu"}


def opened(found: Own | Proposal) -> Own:
    assert isinstance(found, Own), repr(found)
    return found


def asked(found: Own | Proposal) -> Proposal:
    assert isinstance(found, Proposal)
    return found


@pytest.mark.parametrize("name", ["odd.csv", "odd.xlsx"])
def test_unknown_columns_are_asked_about_and_nothing_is_read(
    cpu: Contract, home: LearnerHome, tmp_path: Path, name: str
) -> None:
    path = written(tmp_path / name, samples())
    proposal = asked(read_own([path], contract=cpu, home=home))
    assert proposal.roles == ROLES
    assert not (home.state / FILE).exists()
    made = opened(proposal.confirm())
    assert (made.ledger.read, made.ledger.kept) == (60, 60)
    assert list(made.summary()["machine"]) == ["srv-1", "srv-2"]
    assert made.roles == {name: ROLES}
    assert made.frame("srv-2")["value"].iloc[0] == samples()["figure"][1]


def test_confirmed_columns_are_remembered_for_the_same_header_only(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    first = written(tmp_path / "a.csv", samples())
    asked(read_own([first], contract=cpu, home=home)).confirm()
    same = written(tmp_path / "b.csv", samples(40))
    assert opened(read_own([same], contract=cpu, home=home)).roles == {"b.csv": ROLES}
    turned = written(tmp_path / "c.csv", samples()[["moment", "box", "figure"]])
    asked(read_own([turned], contract=cpu, home=home))


def test_remembered_columns_that_now_hold_other_things_are_asked_about_again(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    first = written(tmp_path / "a.csv", samples(), header=False)
    asked(read_own([first], contract=cpu, home=home)).confirm()
    turned = written(tmp_path / "b.csv", samples()[["figure", "moment", "box"]], header=False)
    assert asked(read_own([turned], contract=cpu, home=home)).roles == {
        "column 1": "cpu",
        "column 2": "time",
        "column 3": "machine",
    }


def test_correction_goes_before_the_guess(cpu: Contract, home: LearnerHome, tmp_path: Path) -> None:
    frame = samples().assign(other=lambda f: 100 - f["figure"])
    proposal = asked(read_own([written(tmp_path / "a.csv", frame)], contract=cpu, home=home))
    with pytest.raises(UsageError, match="known to be: cpu"):
        proposal.confirm()
    with pytest.raises(UsageError, match="no column 'load'"):
        proposal.confirm({"load": "cpu"})
    made = opened(proposal.confirm({"other": "cpu"}))
    assert made.frame()["value"].iloc[0] == 99.0


def test_told_columns_need_no_question_and_are_remembered(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", samples())
    opened(read_own([path], contract=cpu, roles=ROLES, home=home))
    opened(read_own([path], contract=cpu, home=home))
    with pytest.raises(UsageError, match="one file at a time"):
        read_own([path, path], contract=cpu, roles=ROLES, home=home)


def test_told_in_part_asks_for_the_rest(cpu: Contract, home: LearnerHome, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", samples())
    proposal = asked(read_own([path], contract=cpu, roles={"figure": "cpu"}, home=home))
    assert proposal.roles == ROLES
    assert opened(proposal.confirm()).ledger.read == 60


def test_told_column_replaces_one_that_its_name_would_make_the_machine(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    frame = pd.DataFrame(
        {"host": "rack-9", "vm": samples()["box"], "time": samples()["moment"],
         "cpu": samples()["figure"]}
    )  # fmt: skip
    path = written(tmp_path / "a.csv", frame)
    made = opened(read_own([path], contract=cpu, roles={"vm": "machine"}, home=home))
    assert list(made.summary()["machine"]) == ["srv-1", "srv-2"]


def test_names_that_the_readers_do_not_know_are_mapped_without_a_question(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    # with a time of its own in each row, readers would take the load for the machine
    frame = samples().assign(moment=pd.date_range("2026-03-02", periods=60, freq="5min"))
    frame = frame.set_axis(["Rechner", "Zeitstempel", "Auslastung"], axis=1)
    made = opened(read_own([written(tmp_path / "a.csv", frame)], contract=cpu, home=home))
    assert list(made.summary()["machine"]) == ["srv-1", "srv-2"]
    assert made.roles["a.csv"]["Rechner"] == "machine"


def test_names_that_the_readers_know_are_left_to_them(cpu: Contract, tmp_path: Path) -> None:
    frame = samples().set_axis(["server", "timestamp", "cpu_percent"], axis=1)
    path = written(tmp_path / "a.csv", frame.assign(mem_percent=50.0))
    made = opened(read_own([path], contract=cpu))
    assert made.roles == {}
    assert set(made.summary()["metric"]) == {"cpu_percent", "memory_percent"}


def test_korean_file_of_windows_is_read_with_its_dates(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    frame = samples().set_axis(["서버명", "측정일시", "CPU 사용률(%)"], axis=1)
    times = frame["측정일시"]
    frame["측정일시"] = [
        f"{t:%Y. %m. %d.} {'오전' if t.hour < 12 else '오후'} {t.hour % 12 or 12}:{t:%M}"
        for t in times
    ]
    path = tmp_path / "서버.csv"
    path.write_bytes(frame.to_csv(index=False).encode("cp949"))
    made = opened(read_own([path], contract=cpu, home=home))
    assert (made.ledger.read, made.ledger.rejected) == (60, 0)
    assert made.summary()["last"].max() == times.max()


def test_one_question_for_files_of_one_header_and_the_good_ones_stay(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    known = samples().set_axis(["server", "timestamp", "cpu_percent"], axis=1)
    paths = [
        written(tmp_path / "known.csv", known.replace({"server": {"srv-1": "srv-9"}})),
        written(tmp_path / "a.csv", samples()),
        written(tmp_path / "b.csv", samples()),
    ]
    (tmp_path / "bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    proposal = asked(read_own([*paths, tmp_path / "bad.csv"], contract=cpu, home=home))
    assert [one.file for one in proposal.asked] == ["a.csv", "b.csv"]
    made = opened(proposal.confirm())
    assert (made.ledger.read, made.ledger.rejected) == (181, 1)
    assert "srv-9" in set(made.summary()["machine"])
    assert set(made.hashes) == {"known.csv", "a.csv", "b.csv", "bad.csv"}


def test_without_a_home_a_confirmation_still_reads(cpu: Contract, tmp_path: Path) -> None:
    proposal = asked(read_own([written(tmp_path / "a.csv", samples())], contract=cpu))
    assert opened(proposal.confirm()).ledger.read == 60


def test_unit_is_for_the_files_that_leave_it_open(cpu: Contract, tmp_path: Path) -> None:
    frame = samples().set_axis(["server", "timestamp", "cpu"], axis=1)
    percent = written(tmp_path / "percent.csv", frame)
    fraction = written(tmp_path / "fraction.csv", frame.assign(cpu=frame["cpu"] / 100))
    made = opened(read_own([percent, fraction], contract=cpu, unit="fraction"))
    peaks = made.frame().groupby("file")["value"].max()
    assert peaks["percent.csv"] == pytest.approx(peaks["fraction.csv"]) == pytest.approx(60)


def test_unit_is_for_mapped_files_in_the_same_way(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    percent = written(tmp_path / "percent.csv", samples())
    fraction = written(tmp_path / "fraction.csv", samples().assign(figure=samples()["figure"] / 99))
    asked(read_own([percent], contract=cpu, home=home)).confirm()
    made = opened(read_own([percent, fraction], contract=cpu, unit="fraction", home=home))
    peaks = made.frame().groupby("file")["value"].max()
    assert (peaks["percent.csv"], peaks["fraction.csv"]) == (60, pytest.approx(6000 / 99))


def test_nothing_readable_is_the_readers_own_error(cpu: Contract, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("dear diary,\nnothing measured today\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"notes\.csv"):
        read_own([path], contract=cpu)


def test_rows_and_columns_of_the_account_are_those_of_the_file(
    cpu: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    frame = samples().astype({"figure": object})
    frame.loc[4, "figure"] = "broken"
    frame.loc[6, "figure"] = 250
    made = opened(
        read_own([written(tmp_path / "a.csv", frame)], contract=cpu, roles=ROLES, home=home)
    )
    told = [(note.row, note.column, note.read) for note in made.ledger.rejects]
    assert told == [(6, "figure", "broken"), (8, "figure", "250")]
    assert made.ledger.read == 60 == made.ledger.kept + made.ledger.rejected
