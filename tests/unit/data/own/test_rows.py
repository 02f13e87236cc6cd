"""Rows of tables, wherever they lie: frames up to a limit, and pieces beyond it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.checking.invariants import hold
from kit.data.own import Contract, InvariantRule, Own
from kit.data.own.columns import read_columns
from kit.data.own.masks import Masker
from kit.data.own.rows import Rows, RowsTogether, StoredRows
from kit.data.own.samples import Rowwise
from kit.data.own.stored import store_columns
from kit.data.readers import encode
from kit.data.readers.record import add_ledgers
from kit.errors import DataError
from kit.model import Reality

BILL = """
format_version = 1

[[tables]]
id = "bill"
title = "What it costs"
reader = "columns"

[[tables.columns]]
id = "machine"
type = "text"
anonymise = true

[[tables.columns]]
id = "Machine"
type = "number"
optional = true

[[tables.columns]]
id = "site"
type = "text"
optional = true
anonymise = true
"""
ROLES = {"host": "machine", "vcpu": "Machine"}
MASKER = Masker(bytes(32))


@pytest.fixture
def bill(contract_of: Callable[[str], Contract]) -> Contract:
    return contract_of(BILL)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    lines = [f"erp-{at % 3},{at if at % 10 else ''}" for at in range(200)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["host,vcpu", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def stored(
    bill: Contract, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> StoredRows:
    monkeypatch.setattr(encode, "BLOCK", 500)
    return store_columns(path, tmp_path / "out", bill.table(), ROLES, MASKER)


@pytest.fixture
def small(bill: Contract, path: Path) -> Rows:
    return read_columns(path, bill.table(), ROLES, MASKER)


def own(contract: Contract, samples: Rowwise) -> Own:
    return Own(
        contract=contract,
        table=contract.table(),
        samples=samples,
        hashes={"a.csv": "0" * 64},
        reality=Reality.REAL,
    )


def test_rows_of_one_machine_and_gaps_are_those_in_memory(stored: StoredRows, small: Rows) -> None:
    for machine in ("", "erp-1", "nobody"):
        pd.testing.assert_frame_equal(stored.frame(machine), small.frame(machine))
    assert stored.frame()["Machine"].isna().sum() == 20
    for column in ("machine", "site"):
        assert stored.distinct(column) == small.distinct(column)
    assert small.distinct("machine") == ["erp-0", "erp-1", "erp-2"]


def test_table_without_times_has_a_summary_without_a_span(stored: StoredRows, small: Rows) -> None:
    pd.testing.assert_frame_equal(stored.summary(), small.summary())
    assert small.summary()["samples"][0] == 200 and small.summary()["first"].isna().all()


def test_pieces_are_all_rows_in_their_order(
    stored: StoredRows, small: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.data.own.rows._PIECE", 30)
    for rows in (stored, small):
        pieces = list(rows.pieces())
        assert len(pieces) > 2
        pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), small.frame())
        assert all(piece.index[0] == 0 for piece in pieces)


def test_more_rows_than_memory_holds_are_refused_with_the_way_to_them(
    stored: StoredRows, small: Rows, bill: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.data.own.rows.MOST_CELLS", 3 * 70)
    large = own(bill, stored)
    with pytest.raises(
        DataError, match=r"200 rows of a\.csv do not fit into memory; 70"
    ) as refused:
        large.frame()
    assert "own.pieces()" in refused.value.fix
    assert len(large.frame("erp-1")) == 67
    assert sum(map(len, large.pieces())) == 200
    parts = list(large.parts())
    assert {name for name, _ in parts} == {""} and sum(len(part) for _, part in parts) == 200
    # all that is asked of an export but its whole frame is that of the small one
    memory = own(bill, small)
    assert large.names() == memory.names() == dict.fromkeys(["erp-0", "erp-1", "erp-2"], "host")
    assert large.carried() == memory.carried()
    assert large.leaving() == memory.leaving()


def test_statements_are_held_of_pieces_where_the_whole_does_not_fit(
    stored: StoredRows, bill: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.data.own.rows.MOST_CELLS", 3)
    rule = InvariantRule(id="lost", kind="keeps", function="clean", column="machine")
    large = own(bill, stored)
    held = hold(large, [rule], (), {"clean": lambda part: part})
    assert [(one.held, one.values) for one in held] == [(True, {"n": 200})]
    lossy = {"clean": lambda part: part[part["row"] < 60]}
    assert [one.held for one in hold(large, [rule], (), lossy)] == [False]


def test_tables_on_disk_and_in_memory_are_one(
    stored: StoredRows, small: Rows, bill: Contract
) -> None:
    both = RowsTogether([stored, small], add_ledgers([stored.ledger, small.ledger]))
    assert both.ledger.read == 400 and len(both.frame()) == 400
    assert len(both.frame("erp-0")) == 2 * 67 and sum(map(len, both.pieces())) == 400
    assert both.distinct("machine") == small.distinct("machine")
    assert list(both.summary()["samples"]) == [200, 200]
    assert len(next(own(bill, both).parts())[1]) == 400
