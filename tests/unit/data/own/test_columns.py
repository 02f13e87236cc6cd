"""Any table by a contract: every row accounted for, no person kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.data.own import Contract, Own, Proposal, read_own
from kit.data.own.columns import read_columns
from kit.data.own.masks import Masker
from kit.errors import DataError
from kit.home import LearnerHome
from tests.unit.data.own.conftest import COSTS, written

MASKER = Masker(bytes(32))
ROWS = pd.DataFrame(
    {
        "서버명": ["erp-01", "erp-02", "erp-03", "erp-04", "erp-05"],
        "담당자": ["김하나", "이두리", "김하나", "", "박세찌"],
        "도입일": ["2021. 3. 2.", "2021-03-02", "someday", "2022년 1월 5일", "2020-01-01"],
        "RAM (MB)": ["32768", "16,384", "8192", "", "999999999"],
        "비고": ["", "call hana@example.com", "", "", ""],
    }
)
ROLES = {"서버명": "server", "담당자": "owner", "도입일": "since", "RAM (MB)": "memory",
         "비고": "note"}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "costs.csv", ROWS)


def test_every_row_is_kept_repaired_or_rejected_with_its_place(costs: Contract, path: Path) -> None:
    found = read_columns(path, costs.table(), ROLES, MASKER)
    account = found.ledger
    assert (account.read, account.kept, account.repaired, account.rejected) == (5, 1, 1, 3)
    rejects = [(note.row, note.column, note.read) for note in account.rejects]
    assert rejects == [(4, "도입일", "someday"), (5, "RAM (MB)", ""), (6, "RAM (MB)", "999999999")]
    assert "0 – 4096 GB" in account.rejects[2].expected
    assert [(note.row, note.column) for note in account.repairs] == [(3, "RAM (MB)")]


def test_values_are_in_the_contracts_units_and_times_are_times(costs: Contract, path: Path) -> None:
    frame = read_columns(path, costs.table(), ROLES, MASKER).frame()
    assert list(frame["memory"]) == [32.0, 16.0]
    assert list(frame["since"]) == [pd.Timestamp("2021-03-02")] * 2
    assert list(frame["row"]) == [2, 3] and set(frame["file"]) == {"costs.csv"}


def test_a_number_without_limits_is_read_whatever_it_is(
    contract_of: Callable[[str], Contract], path: Path
) -> None:
    limits = "low = 0\nhigh = 4096\n"
    assert limits in COSTS
    frame = read_columns(
        path, contract_of(COSTS.replace(limits, "")).table(), ROLES, MASKER
    ).frame()
    assert list(frame["memory"])[:2] == [32.0, 16.0]
    assert frame["memory"].max() > 4096


def test_people_are_masked_as_they_are_read(costs: Contract, path: Path) -> None:
    found = read_columns(path, costs.table(), ROLES, MASKER)
    frame = found.frame()
    assert list(frame["owner"]) == [MASKER.mask("김하나", "owner"), MASKER.mask("이두리", "owner")]
    kept = frame.to_csv() + repr(found.ledger)
    assert not [name for name in ("김하나", "이두리", "박세찌", "example.com") if name in kept]
    assert frame["note"][1] == MASKER.mask("call hana@example.com", "mail")
    alone = read_columns(path, costs.table(), ROLES, None).frame()
    assert list(alone["owner"]) == ["", ""]


def test_person_in_a_cell_that_cannot_be_read_is_not_repeated(
    costs: Contract, tmp_path: Path
) -> None:
    said = ROWS.replace({"도입일": {"someday": "ask hana@example.com"}})
    found = read_columns(written(tmp_path / "a.csv", said), costs.table(), ROLES, MASKER)
    assert found.ledger.rejects[0].row == 4
    assert "hana" not in repr(found.ledger)


def test_order_of_rows_changes_nothing_but_their_order(costs: Contract, tmp_path: Path) -> None:
    one = read_columns(written(tmp_path / "a.csv", ROWS), costs.table(), ROLES, MASKER)
    turned = written(tmp_path / "b.csv", ROWS.iloc[::-1])
    other = read_columns(turned, costs.table(), ROLES, MASKER)
    keep = ["server", "owner", "since", "memory", "note"]
    pd.testing.assert_frame_equal(
        one.frame()[keep], other.frame()[keep][::-1].reset_index(drop=True)
    )
    assert one.ledger.rejected == other.ledger.rejected


def test_column_that_the_contract_does_not_have_is_never_kept(
    costs: Contract, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", ROWS.assign(salary="90000000"))
    found = read_columns(path, costs.table(), ROLES, MASKER)
    assert set(found.frame()) == {"server", "owner", "since", "memory", "note", "file", "row"}
    assert "salary" in found.ledger.notes[-1] and "90000000" not in repr(found)


def test_table_without_a_usable_row_is_an_error_with_its_first_row(
    costs: Contract, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", ROWS.iloc[2:3])
    with pytest.raises(DataError, match="someday") as error:
        read_columns(path, costs.table(), ROLES, MASKER)
    assert "row 2" in error.value.where


def test_several_files_are_one_table_with_one_account(
    costs: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    paths = [written(tmp_path / name, ROWS) for name in ("a.csv", "b.xlsx")]
    found = read_own(paths, contract=costs, home=home)
    assert isinstance(found, Own)
    assert found.ledger.read == 10 and len(found.frame()) == 4
    assert list(found.summary()["samples"]) == [2, 2]
    assert [name for name, _ in found.parts()] == [""]
    assert found.leaving()["machines"] == 0


def test_column_that_is_lacking_is_named_or_asked_about(
    costs: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    lacking = written(tmp_path / "a.csv", ROWS[["서버명", "도입일", "비고"]])
    with pytest.raises(DataError, match="no column for: memory"):
        read_own([lacking], contract=costs, home=home)
    unnamed = written(tmp_path / "b.csv", ROWS.rename(columns={"RAM (MB)": "size"}))
    found = read_own([unnamed], contract=costs, home=home)
    assert isinstance(found, Proposal)


MONEY = """
format_version = 1

[[tables]]
id = "bill"
title = "What it costs"
reader = "columns"

[[tables.columns]]
id = "server"
type = "text"

[[tables.columns]]
id = "cost"
type = "money"
currency = "KRW"
low = 0
names = ["비용"]
"""


@pytest.mark.parametrize("header", ["비용", "amount of it"])
def test_money_is_read_as_people_write_it(
    contract_of: Callable[[str], Contract], tmp_path: Path, header: str
) -> None:
    told = ["₩1,200,000", "1억 2,000만원", "350000", "$12.50", "a lot", "-5원"]
    frame = pd.DataFrame({"server": [f"erp-{n}" for n in range(6)], header: told})
    found = read_own([written(tmp_path / "a.csv", frame)], contract=contract_of(MONEY))
    if isinstance(found, Proposal):
        found = found.confirm()
    assert isinstance(found, Own)
    assert list(found.frame()["cost"]) == [1_200_000, 120_000_000, 350_000]
    reasons = {note.read: note.expected for note in found.ledger.rejects}
    assert reasons == {
        "$12.50": "an amount in KRW, not in USD",
        "a lot": "an amount of money",
        "-5원": "a value within ≥ 0",
    }
    assert [note.action for note in found.ledger.repairs][1] == "read as 120,000,000 KRW"


def test_account_names_the_figure_that_is_kept_and_the_contracts_own_unit(
    contract_of: Callable[[str], Contract], tmp_path: Path
) -> None:
    both = MONEY + '\n[[tables.columns]]\nid = "gib"\ntype = "number"\nunit = "GiB"\n'
    rows = [("a", "1,200.50원", "1"), ("b", "7", "500GB"), ("c", "7", "5 %"), ("d", "3.3억", "2")]
    frame = pd.DataFrame(rows, columns=["server", "cost", "gib"])
    roles = {name: name for name in frame}
    path = written(tmp_path / "a.csv", frame)
    found = read_columns(path, contract_of(both).table(), roles, MASKER)
    assert list(found.frame()["cost"]) == [1200.5, 7, 330_000_000]
    assert list(found.frame()["gib"]) == [1, 500, 2]
    assert [(note.expected, note.action) for note in found.ledger.repairs] == [
        ("a plain number in KRW", "read as 1,200.5 KRW"),
        ("a plain number in GiB", "unit 'GB' in the cell converted to GiB"),
        ("a plain number in KRW", "read as 330,000,000 KRW"),
    ]
    assert found.ledger.rejects[0].expected == "a number in GiB, not in percent"


def test_scale_in_the_header_counts_for_plain_numbers(
    contract_of: Callable[[str], Contract], tmp_path: Path
) -> None:
    frame = pd.DataFrame({"server": ["erp-1", "erp-2"], "비용(백만원)": ["1.5", "2,000"]})
    found = read_own([written(tmp_path / "a.csv", frame)], contract=contract_of(MONEY))
    assert isinstance(found, Own)
    assert list(found.frame()["cost"]) == [1.5e6, 2e9]


def test_korean_dates_of_a_whole_column_are_its_form_and_no_repairs(
    costs: Contract, tmp_path: Path
) -> None:
    days = ["2021. 3. 2. 오후 2:05:00", "2021. 3. 3. 오전 9:00:00", "2021-03-04 10:00:00"]
    rows = pd.DataFrame({"서버명": ["a", "b", "c"], "도입일": days, "RAM (GB)": ["1", "2", "3"]})
    roles = {"서버명": "server", "도입일": "since", "RAM (GB)": "memory"}
    ledger = read_columns(written(tmp_path / "a.csv", rows), costs.table(), roles, MASKER).ledger
    assert (ledger.kept, ledger.repaired) == (3, 0)
    assert "Dates such as 2021. 3. 2. 오후 2:05:00 are read as 2021-03-02 14:05:00." in ledger.notes
