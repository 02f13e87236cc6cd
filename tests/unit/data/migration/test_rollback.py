"""The way back: the source as it was, and a decision for every transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from kit.data.migration.chunks import Chunk
from kit.data.migration.rollback import Transaction, not_restored, reconcile

AT = datetime(2026, 3, 1, tzinfo=UTC)
JOURNAL = [
    Transaction(1, "orders", "insert", None, {"order_no": 7}, AT),
    Transaction(2, "orders", "delete", {"order_no": 7}, None, AT),
    Transaction(3, "orders", "update", {"paid": False}, {"paid": True}, AT),
]


def test_every_transaction_has_one_decision() -> None:
    listed = [(1, "void"), (2, "void"), (3, "replayed")]
    assert reconcile(JOURNAL, listed).complete
    assert reconcile([], []).complete


def test_what_is_lost_invented_or_undecided_is_named() -> None:
    found = reconcile(JOURNAL, [(1, "replayed"), (1, "void"), (3, "later"), (9, "void")])
    assert found.lost == (2,)
    assert found.invented == (9,)
    assert found.undecided == (1, 3)
    assert not found.complete


def test_a_source_is_restored_when_every_table_is_what_it_was() -> None:
    before = {"orders": Chunk(3, "a"), "customers": Chunk(2, "b")}
    assert not_restored(before, dict(before)) == ()
    assert not_restored(before, {"orders": Chunk(3, "x"), "new": Chunk(0, "")}) == (
        "customers",
        "new",
        "orders",
    )
