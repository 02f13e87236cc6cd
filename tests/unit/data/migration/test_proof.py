"""The proof of a table: three states, columns in numbers, rows by name."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import numpy as np

from kit.data.legacy.shop import ORDERS, STATUS_LOG, make_shop
from kit.data.migration.proof import State, column_facts, prove, row_differences, same_rows
from kit.data.migration.table import Row


def test_a_table_without_a_key_is_neither_equal_nor_different() -> None:
    lines = list(make_shop(np.random.default_rng(2), 1_000).truth(STATUS_LOG))
    assert prove(STATUS_LOG, lines, lines).state is State.UNPROVED
    assert prove(STATUS_LOG, lines, lines[1:]).state is State.DIFFERENT
    swapped = [(b[0], a[1], a[2]) for a, b in zip(lines, lines[1:] + lines[:1], strict=True)]
    # counts and columns are the same: only a comparison of whole rows would tell
    assert prove(STATUS_LOG, lines, swapped).state is State.UNPROVED
    assert same_rows(STATUS_LOG, lines, lines[::-1])
    assert not same_rows(STATUS_LOG, lines, swapped)


def test_columns_are_told_in_exact_numbers(orders: list[Row]) -> None:
    facts = column_facts(ORDERS, orders)
    assert facts["amount"].total == sum((row[4] for row in orders), Decimal(0))
    assert facts["memo"].nulls == sum(row[7] is None for row in orders)
    assert facts["memo"].empties == sum(row[7] == "" for row in orders)
    assert facts["order_no"].low == 1
    assert facts["ordered_at"].high.endswith("Z")
    assert facts["paid"].total is None


def test_a_column_of_another_type_is_a_misfit_and_counts_in_no_sum(orders: list[Row]) -> None:
    at = ORDERS.at("amount")
    floats = [(*row[:at], float(row[at]), *row[at + 1 :]) for row in orders]
    proof = prove(ORDERS, orders, floats)
    assert proof.columns_differing == ("amount",)
    assert proof.columns["amount"][1].misfits == len(orders)
    assert proof.columns["amount"][1].total == 0
    assert len(proof.differing) == proof.chunks


def test_rows_are_named_with_what_is_wrong(orders: list[Row]) -> None:
    new = (99_999, *orders[0][1:])
    target = [orders[1], orders[1], (*orders[2][:7], "new", orders[2][8]), *orders[4:], new]
    found = {one.key: one for one in row_differences(ORDERS, orders, target)}
    told = {orders[0][0]: "missing", orders[1][0]: "repeated", orders[2][0]: "changed"}
    told |= {orders[3][0]: "missing", 99_999: "extra"}
    assert {key: one.what for key, one in found.items()} == told
    assert found[orders[2][0]].columns == ("memo",)


def test_an_empty_target_is_different(orders: list[Row]) -> None:
    proof = prove(ORDERS, orders, [])
    assert proof.state is State.DIFFERENT
    assert dataclasses.asdict(proof.columns["amount"][1])["low"] is None
