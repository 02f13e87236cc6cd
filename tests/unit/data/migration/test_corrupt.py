"""Eight corruptions: which comparison sees which, and no alarm on a clean copy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kit.data.legacy.shop import ORDERS, STATUS_LOG, make_shop
from kit.data.migration.corrupt import KINDS, plant
from kit.data.migration.proof import Proof, State, prove, row_differences
from kit.data.migration.table import Row
from kit.errors import UsageError

SEEDS = range(50)
# what sees it in every seed; everything else but the hash is blind to it in every seed
SEEN_BY = {
    "shifted_zone": set(),
    "empty_to_null": {"nulls"},
    "truncated_amount": {"sums"},
    "comma_lost": {"sums"},
    "swapped_pair": set(),
    "lost_and_doubled": {"keys"},
    "decomposed_text": {"kinds"},
    "one_digit": set(),
}
# by chance of the rows that were drawn: no certain sight, no certain blindness
BY_CHANCE = {
    "truncated_amount": {"ranges"},
    "comma_lost": {"ranges"},
    "lost_and_doubled": {"nulls", "ranges", "sums"},
    "decomposed_text": {"ranges"},
}


def seen(proof: Proof) -> set[str]:
    pairs = list(proof.columns.values())
    amount = proof.columns["amount"]
    found = {
        "counts": proof.rows[0] != proof.rows[1],
        "sums": amount[0].total != amount[1].total,
        "nulls": any((a.nulls, a.empties) != (b.nulls, b.empties) for a, b in pairs),
        "ranges": any((a.low, a.high) != (b.low, b.high) for a, b in pairs),
        "kinds": any(a.misfits != b.misfits for a, b in pairs),
        "keys": proof.repeated_keys[0] != proof.repeated_keys[1],
        "hash": bool(proof.differing),
    }
    return {name for name, sees in found.items() if sees}


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_seen_by_these_and_by_no_other(kind: str, orders: list[Row]) -> None:
    few = orders[:300]
    for seed in SEEDS:
        planted = plant(kind, ORDERS, few, np.random.default_rng(seed))
        proof = prove(ORDERS, few, planted.rows, 50)
        assert proof.state is State.DIFFERENT
        found = seen(proof) - BY_CHANCE.get(kind, set())
        assert found == {*SEEN_BY[kind], "hash"}, seed


def test_the_authors_table_says_the_same() -> None:
    methods = ("counts", "sums", "nulls", "ranges", "kinds", "keys", "hash")
    document = Path(__file__).parents[4] / "docs" / "migration.md"
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in document.read_text(encoding="utf-8").splitlines()
    ]
    told = {
        line[0]: dict(zip(methods, line[1:], strict=True)) for line in lines if line[0] in KINDS
    }
    assert told == {
        kind: {
            method: "by chance"
            if method in BY_CHANCE.get(kind, ())
            else "yes"
            if method in {*SEEN_BY[kind], "hash"}
            else "no"
            for method in methods
        }
        for kind in SEEN_BY
    }
    assert list(told) == list(KINDS)
    assert len(KINDS) == 8


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_named_are_the_rows_that_differ(kind: str, orders: list[Row]) -> None:
    planted = plant(kind, ORDERS, orders, np.random.default_rng(5))
    found = row_differences(ORDERS, orders, planted.rows)
    wrong = {one.key for one in found if one.what != "repeated"}
    assert wrong == planted.keys
    assert len(planted.rows) == len(orders)
    again = plant(kind, ORDERS, orders, np.random.default_rng(5))
    assert again == planted


def test_a_clean_copy_raises_no_alarm() -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        shop = make_shop(rng, 1_000)
        rows = list(shop.truth(ORDERS))[:300]
        copy = [rows[at] for at in rng.permutation(len(rows))]
        proof = prove(ORDERS, rows, copy, 50)
        assert proof.state is State.EQUAL, seed
        assert seen(proof) == set() == set(proof.columns_differing)
        assert row_differences(ORDERS, rows, copy) == []


def test_what_cannot_be_planted_is_refused(orders: list[Row]) -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(UsageError, match="no corruption 'rust'"):
        plant("rust", ORDERS, orders, rng)
    with pytest.raises(UsageError, match="cannot carry"):
        plant("one_digit", ORDERS, orders[:50], rng)
    with pytest.raises(UsageError, match="cannot carry"):
        plant("comma_lost", STATUS_LOG, [(1, "x", None)] * 200, rng)
