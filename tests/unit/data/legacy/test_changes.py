"""The old system at work: at each moment its file holds what was committed until then."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from kit.data.legacy.changes import book
from kit.data.legacy.shop import ORDERS, STATUS_LOG, make_shop
from kit.data.migration.chunks import file_fingerprint
from kit.data.migration.delta import make_feed, state_at
from tests.migration_loaders import rows_and_rejects


def test_the_file_follows_the_log(tmp_path: Path) -> None:
    shop = make_shop(np.random.default_rng(5), 1_000)
    path = shop.write(tmp_path / "shop.db")
    rows = list(shop.truth(ORDERS))
    feed = make_feed(np.random.default_rng(5), ORDERS, rows, changes=60)
    before = file_fingerprint(path)
    for after, until in zip((feed.start, *feed.polls), feed.polls, strict=False):
        book(path, ORDERS, feed.between(after, until))
        found, rejects = rows_and_rejects(path)
        assert {row[0]: row for row in found} == state_at(ORDERS, rows, feed.changes, until)
        assert tuple(rejects) == shop.rejects
    assert file_fingerprint(path)[STATUS_LOG.name] == before[STATUS_LOG.name]
    assert file_fingerprint(path)[ORDERS.name] != before[ORDERS.name]


def test_what_is_not_there_takes_no_change(tmp_path: Path) -> None:
    shop = make_shop(np.random.default_rng(5), 1_000)
    feed = make_feed(np.random.default_rng(1), ORDERS, list(shop.truth(ORDERS)), changes=60)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        book(tmp_path / "empty.db", ORDERS, feed.changes)
