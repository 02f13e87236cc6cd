"""The change log: what each way of asking for news loses, on 50 seeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest

from kit.data.legacy.shop import ORDERS
from kit.data.migration.delta import Feed, make_feed, state_at
from kit.data.migration.table import Key, Row
from kit.errors import UsageError

SEEDS = range(50)
STAMP = ORDERS.at("updated_at")
State = dict[Key, Row]
Ask = Callable[[State, datetime], bool]


def feed(rows: list[Row], seed: int) -> Feed:
    return make_feed(np.random.default_rng(seed), ORDERS, rows, changes=60)


def loaded(
    rows: list[Row], feed: Feed, wanted: Callable[[Row, datetime], bool], keys: bool = False
) -> State:
    """A target that asks the source at each poll for the rows that ``wanted`` chooses."""
    target = state_at(ORDERS, rows, feed.changes, feed.start)
    for poll in feed.polls:
        source = state_at(ORDERS, rows, feed.changes, poll)
        mark = max(row[STAMP] for row in target.values())
        target |= {key: row for key, row in source.items() if wanted(row, mark)}
        if keys:
            target = {key: row for key, row in target.items() if key in source}
    return target


def lost(rows: list[Row], feed: Feed, target: State) -> set[str]:
    """The traps whose change is not in the target at the end."""
    truth = state_at(ORDERS, rows, feed.changes, feed.polls[-1])
    wrong = {key for key in truth.keys() | target.keys() if truth.get(key) != target.get(key)}
    return {change.trap for change in feed.changes if change.key in wrong}


@pytest.mark.parametrize(
    ("wanted", "keys", "loses"),
    [
        (lambda row, mark: row[STAMP] > mark, False, {"tie", "late", "delete"}),
        (lambda row, mark: row[STAMP] >= mark, False, {"late", "delete"}),
        (lambda row, mark: row[STAMP] > mark - timedelta(minutes=5), False, {"delete"}),
        (lambda row, mark: row[STAMP] > mark - timedelta(minutes=5), True, set()),
    ],
    ids=["greater", "not_less", "overlap", "overlap_and_keys"],
)
def test_a_watermark_loses_just_these(
    orders: list[Row], wanted: Callable[[Row, datetime], bool], keys: bool, loses: set[str]
) -> None:
    for seed in SEEDS:
        drawn = feed(orders, seed)
        assert lost(orders, drawn, loaded(orders, drawn, wanted, keys)) == loses, seed


def test_the_log_itself_loses_nothing(orders: list[Row]) -> None:
    drawn = feed(orders, 1)
    target = {row[0]: row for row in orders}
    for after, until in zip((drawn.start, *drawn.polls), drawn.polls, strict=False):
        for change in drawn.between(after, until):
            if change.row is None:
                del target[change.key]
            else:
                target[change.key] = change.row
    assert target == state_at(ORDERS, orders, drawn.changes, drawn.polls[-1])


def test_a_row_lives_only_between_two_reads_and_another_changes_twice(orders: list[Row]) -> None:
    drawn = feed(orders, 4)
    touched: dict[Key, list[str]] = {}
    for change in drawn.changes:
        touched.setdefault(change.key, []).append(change.operation)
    assert ["insert", "delete"] in touched.values()
    assert ["update", "update"] in touched.values()
    written = [change for change in drawn.changes if change.committed_at <= change.written_at]
    assert written == []


def test_the_same_seed_gives_the_same_log(orders: list[Row]) -> None:
    assert feed(orders, 9) == feed(orders, 9) != feed(orders, 10)


def test_too_few_rows_are_refused(orders: list[Row]) -> None:
    with pytest.raises(UsageError, match="50 rows are too few for 60 changes"):
        feed(orders[:50], 1)
