"""Large tables of rows: the same rows and the same account as in memory, whatever the faults."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.data.own import Contract
from kit.data.own.columns import read_columns
from kit.data.own.contract import TableRule
from kit.data.own.masks import Masker
from kit.data.own.rows import StoredRows
from kit.data.own.stored import store_columns
from kit.data.readers import encode
from kit.errors import DataError

ROOT = Path(__file__).parents[4]
MASKER = Masker(bytes(32))
BILL = """
format_version = 1

[[tables]]
id = "bill"
title = "What it costs"
reader = "columns"

[[tables.columns]]
id = "machine"
type = "text"

[[tables.columns]]
id = "owner"
type = "text"
person = true
optional = true

[[tables.columns]]
id = "since"
type = "time"
optional = true

[[tables.columns]]
id = "memory"
type = "number"
unit = "GB"
low = 0
high = 4096

[[tables.columns]]
id = "cost"
type = "money"
currency = "KRW"
low = 0
optional = true

[[tables.columns]]
id = "note"
type = "text"
optional = true
"""
HEADER = ["서버", "담당자", "도입일", "RAM (GB)", "비용", "비고", "salary"]
ROLES = {"서버": "machine", "담당자": "owner", "도입일": "since", "RAM (GB)": "memory",
         "비용": "cost", "비고": "note"}  # fmt: skip


@pytest.fixture
def bill(contract_of: Callable[[str], Contract]) -> TableRule:
    return contract_of(BILL).table()


def both_ways(path: Path, folder: Path, rule: TableRule) -> StoredRows | None:
    """Read a file both ways and compare; None where both refuse it in the same words."""
    try:
        small = read_columns(path, rule, ROLES, MASKER, label="label.csv")
    except DataError as error:
        with pytest.raises(DataError) as refused:
            store_columns(path, folder, rule, ROLES, MASKER, label="label.csv")
        assert (refused.value.what, refused.value.where) == (error.what, error.where)
        return None
    large = store_columns(path, folder, rule, ROLES, MASKER, label="label.csv")
    assert large.ledger == small.ledger
    pd.testing.assert_frame_equal(large.frame(), small.frame())
    pd.testing.assert_frame_equal(large.summary(), small.summary())
    pieces = pd.concat(list(large.pieces()), ignore_index=True)
    pd.testing.assert_frame_equal(pieces, small.frame())
    return large


stamps = st.datetimes(pd.Timestamp("2023-01-01"), pd.Timestamp("2024-12-31")).map(
    lambda one: one.replace(microsecond=0)
)
written = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S+09",
    "%Y-%m-%d %H:%M:%S.125-03:00",
    "%Y년 %m월 %d일 %p %I시 %M분",
    "%d/%m/%Y %H:%M",
    "%s",
    "%Y-%m-%d",
    "%Y%m%d",
    "%y.%m.%d",
    "%d.%m.%y",
    "%y/%m/%d %p %I시 %M분",
]
cells = st.tuples(
    st.sampled_from(["web-01", "db-01", " web-01", "서버-1", "", 'q"uote', "a@b.example.com"]),
    st.sampled_from(["김하나", "", "hana@example.com"]),
    st.sampled_from(["8", "16,384", "12,5", "1.5 TB", "32768 MB", "", "x", "-1", "9999"]),
    st.sampled_from(["350000", "1억 2,000만원", "$12.50", "", "a lot", "(5원)"]),
    st.sampled_from(["", "call 010-2345-6789", "spare", "a;b,c\td"]),
)
torn = st.sampled_from(
    ["", ",,,", "junk", "hana@example.com", "a,b", '"open,1,2', "\x0b", "a\x00b"]
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    styles = draw(st.lists(st.sampled_from(written), min_size=1, max_size=2))
    lines = draw(st.sampled_from([[], ["Costs of our servers", ""]]))
    lines = [*lines, delimiter.join(HEADER)]
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.integers(0, 9)) == 0:
            lines.append(draw(torn))
            continue
        stamp = draw(stamps).strftime(draw(st.sampled_from(styles)))
        stamp = draw(st.sampled_from([stamp] * 9 + ["someday"]))
        machine, owner, memory, cost, note = draw(cells)
        row = [machine, owner, stamp.replace("AM", "오전").replace("PM", "오후"), memory, cost]
        told = [f'"{cell}"' if delimiter in cell else cell for cell in [*row, note, "90000000"]]
        lines.append(delimiter.join(told))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return end.join(lines) + draw(st.sampled_from(["", end, end + end]))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=tables(), codec=st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16"]))
def test_rows_and_account_are_those_of_reading_it_whole(
    tmp_path: Path, bill: TableRule, text: str, codec: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(codec, errors="replace"))
    with pytest.MonkeyPatch.context() as patch:
        # no piece alone shows what the whole file says
        patch.setattr(encode, "BLOCK", 50)
        both_ways(path, tmp_path / "out", bill)


def lines_of(rows: int, change: Callable[[int, list[str]], list[str]]) -> str:
    days = pd.date_range("2021-03-02", periods=rows, freq="h").astype(str)
    told = [
        ",".join(change(at, [f"erp-{at % 3}", "김하나", day, "32", "5", "spare", "1"]))
        for at, day in enumerate(days)
    ]
    return "\n".join([",".join(HEADER), *told]) + "\n"


def korean(at: int, row: list[str]) -> list[str]:
    stamp = pd.Timestamp(row[2]).strftime("%Y. %m. %d. %p %I:%M:%S")
    row[2] = stamp.replace("AM", "오전").replace("PM", "오후")
    return row


def day_first_at_last(at: int, row: list[str]) -> list[str]:
    row[2] = f"{1 + at // 200:02d}/03/2021 10:00" if at < 700 else "25/03/2021 10:00"
    return row


def year_first(at: int, row: list[str]) -> list[str]:
    row[2] = pd.Timestamp(row[2]).strftime("%y.%m.%d %H:%M")
    return row


def comma_at_last(at: int, row: list[str]) -> list[str]:
    row[3] = '"1,234"' if at < 700 else '"12,5"'
    return row


def offset_at_last(at: int, row: list[str]) -> list[str]:
    row[2] += "+09:00" if at < 700 else "Z"
    return row


def one_offset(at: int, row: list[str]) -> list[str]:
    row[2] += "+09:00"
    return row


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (one_offset, "The export prints its times in UTC+09:00; they are kept as printed."),
        (korean, "Dates such as 2021. 03. 02. 오전 12:00:00 are read as 2021-03-02 00:00:00."),
        (year_first, "Dates such as 21.03.02 00:00 are read as year, month, day (2021-03-02)."),
        (day_first_at_last, "Dates are read as day/month/year: some first numbers exceed 12."),
        (offset_at_last, "The file prints more than one time zone: all times are shown in UTC."),
        (comma_at_last, "Columns that the unit does not need, not read: salary."),
    ],
)
def test_what_the_last_rows_tell_counts_for_the_first(
    tmp_path: Path,
    bill: TableRule,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[int, list[str]], list[str]],
    note: str,
) -> None:
    monkeypatch.setattr(encode, "BLOCK", 10_000)
    path = tmp_path / "a.csv"
    path.write_text(lines_of(900, change), encoding="utf-8")
    large = both_ways(path, tmp_path / "out", bill)
    assert large is not None and note in large.ledger.notes
    assert large.ledger.rejected == 0


def test_last_row_that_speaks_against_a_year_in_front_counts_for_the_first(
    tmp_path: Path, bill: TableRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    def german_at_last(at: int, row: list[str]) -> list[str]:
        row[2] = "20.10.26" if at < 800 else "21.10.26" if at < 899 else "2026-10-22"
        return row

    monkeypatch.setattr(encode, "BLOCK", 10_000)
    path = tmp_path / "a.csv"
    path.write_text(lines_of(900, german_at_last), encoding="utf-8")
    large = both_ways(path, tmp_path / "out", bill)
    assert large is not None and list(large.frame()["since"]) == [pd.Timestamp("2026-10-22")]


def test_account_of_many_faults_is_listed_and_counted(tmp_path: Path, bill: TableRule) -> None:
    path, folder = tmp_path / "a.csv", tmp_path / "out"
    text = lines_of(3000, lambda at, row: [*row[:3], "x" if at % 2 else "1 TB", *row[4:]])
    path.write_text(text, encoding="utf-8")
    small = read_columns(path, bill, ROLES, MASKER)
    large = store_columns(path, folder, bill, ROLES, MASKER)
    counts = ("read", "kept", "repaired", "rejected")
    for name in counts:
        assert getattr(large.ledger, name) == getattr(small.ledger, name)
    assert large.ledger.rejects == small.ledger.rejects[:1000]
    assert large.ledger.listings == (folder / "ledger.csv",)
    assert len(pd.read_csv(folder / "ledger.csv")) == 3000
    path.write_text(lines_of(2500, lambda at, row: [*row[:3], "x", *row[4:]]), encoding="utf-8")
    with pytest.raises(DataError, match=r"None of the 2500 records in a.csv .* read 'x'"):
        store_columns(path, folder, bill, ROLES, MASKER)
    # what was kept before is still there
    assert len(large.frame()) == 1500


def test_no_person_is_kept_in_any_file(tmp_path: Path, bill: TableRule) -> None:
    def told(at: int, row: list[str]) -> list[str]:
        odd = ["hana@example.com"] if at % 7 == 0 else row
        return [*row[:2], "ask hana@example.com", *row[3:]] if at % 5 == 0 else odd

    path, folder = tmp_path / "a.csv", tmp_path / "out"
    path.write_text(lines_of(2000, told), encoding="utf-8")
    large = store_columns(path, folder, bill, ROLES, MASKER)
    kept = (folder / "ledger.csv").read_text(encoding="utf-8") + large.frame().to_csv()
    assert large.ledger.rejected > 400 and "owner-" in kept
    assert not [name for name in ("김하나", "hana", "90000000") if name in kept]
    assert {one.name for one in folder.iterdir()} == {"samples", "ledger.csv"}
    alone = store_columns(path, folder, bill, ROLES, None)
    assert set(alone.frame()["owner"]) == {""}


def test_file_without_lines_is_no_table(tmp_path: Path, bill: TableRule) -> None:
    path = tmp_path / "a.csv"
    path.write_text(lines_of(6000, lambda at, row: row), encoding="utf-8")
    # a file with a hole takes no disk
    os.truncate(path, 2**27)
    with pytest.raises(DataError, match=r"line of a.csv is longer than 16 MB") as refused:
        store_columns(path, tmp_path / "out", bill, ROLES, MASKER)
    assert refused.value.where == "a.csv, row 6002"
    assert not (tmp_path / "out" / "work").exists()


CHILD = """
import sys
from pathlib import Path
from kit.data.own.contract import Contract
from kit.data.own.masks import Masker
from kit.data.own.stored import store_columns
from tests.peak import peak
from tests.unit.data.own.test_stored import BILL, ROLES
import tomllib
rule = Contract.model_validate({"unit": "x", "tables": tomllib.loads(BILL)["tables"]}).table()
found = store_columns(Path(sys.argv[1]), Path(sys.argv[2]), rule, ROLES, Masker(bytes(32)))
rows = sum(len(piece) for piece in found.pieces())
print(found.ledger.read, found.ledger.rejected, rows, len(found.distinct("note")))
print(peak())
"""


def write_large(path: Path, megabytes: int) -> int:
    """Rows of which one in a hundred has a fault, and every note is another; returns them."""
    days = pd.date_range("2021-03-02", periods=2000, freq="h").astype(str)
    count, note = 0, "a customer asked for more memory; " * 5
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(",".join(HEADER) + "\n")
        while stream.tell() < megabytes * 1_000_000:
            stream.write(
                "".join(
                    f"erp-{at % 300},김하나 {at % 99},{day},{'x' if at % 100 == 0 else at},"
                    f"350000,{count + at} {note},1\n"
                    for at, day in enumerate(days)
                )
            )
            count += len(days)
    return count


def test_a_large_table_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = write_large(path, 100)
    run = [sys.executable, "-c", CHILD, str(path), str(tmp_path / "out")]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT)
    said = done.stdout.splitlines()
    assert said[0] == f"{rows} {rows // 100} {rows * 99 // 100} {rows * 99 // 100}"
    # libraries and one piece; read whole it is 1,400 MB
    assert int(said[1]) / 2**20 < 600


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path, bill: TableRule) -> None:
    path, folder = tmp_path / "a.csv", tmp_path / "out"
    rows = write_large(path, 10)
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(folder)], cwd=ROOT)
    while not (folder / "work").exists() and child.poll() is None:
        time.sleep(0.01)
    time.sleep(random.Random(seed).uniform(0, 1))
    child.send_signal(signal.SIGKILL) if os.name == "posix" else child.kill()
    child.wait()
    assert store_columns(path, folder, bill, ROLES, MASKER).ledger.read == rows
    assert {one.name for one in folder.iterdir()} == {"samples", "ledger.csv"}
