"""The legacy order system: its dirt is there, and its truth is what a right migration holds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.data.legacy.shop import (
    CUSTOMERS,
    ENCODING,
    NO_DATE,
    ORDERS,
    STATUS_LOG,
    Shop,
    make_shop,
    raw,
)
from kit.data.migration.canonical import canonical, conforms
from kit.data.migration.chunks import file_fingerprint, stored_rows
from kit.errors import UsageError
from tests.migration_loaders import rows_and_rejects

ROWS = 8_000


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(np.random.default_rng(7), ROWS)


@pytest.fixture(scope="module")
def file(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop.write(tmp_path_factory.mktemp("legacy") / "shop.db")


def asked(file: Path, query: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(file)) as connection:
        connection.text_factory = bytes
        return tuple(connection.execute(query).fetchone())


def test_a_seed_gives_the_same_file_and_another_seed_another_one(
    file: Path, tmp_path: Path
) -> None:
    again = make_shop(np.random.default_rng(7), ROWS).write(tmp_path / "again.db")
    other = make_shop(np.random.default_rng(8), ROWS).write(tmp_path / "other.db")
    assert file_fingerprint(again) == file_fingerprint(file)
    assert file_fingerprint(other) != file_fingerprint(file)


def test_shares_are_exact(shop: Shop, file: Path) -> None:
    query = "SELECT count(*), count(memo), count(nullif(memo, CAST('' AS TEXT))) FROM orders"
    assert asked(file, query) == (ROWS, ROWS * 8 // 10, ROWS * 6 // 10)
    dates = f"SELECT count(*) FROM orders WHERE ordered_at = '{NO_DATE}'"
    assert asked(file, dates) == (2,) == (len(shop.rejects),)
    commas = "SELECT count(*) FROM orders WHERE amount LIKE '%,%'"
    assert asked(file, commas) == (ROWS // 1_000,) == (len(shop.commas),)


def test_sqlite_refuses_its_text_and_euc_kr_is_not_enough(file: Path) -> None:
    with (
        pytest.raises(sqlite3.OperationalError, match="decode"),
        closing(sqlite3.connect(file)) as c,
    ):
        c.execute("SELECT item FROM orders").fetchall()
    items = {row[3] for row in stored_rows(file, ORDERS)}
    assert any("똠" in item.decode(ENCODING) for item in items)
    with pytest.raises(UnicodeDecodeError):
        [item.decode("euc-kr") for item in items]


def test_the_sources_own_sum_is_wrong(shop: Shop, file: Path) -> None:
    """SQLite takes '12,500' for 12."""
    rows = [row for row in stored_rows(file, ORDERS) if row[5] != NO_DATE.encode()]
    right = sum(Decimal(row[4].decode().replace(",", "")) for row in rows)
    assert right == sum(row[4] for row in shop.truth(ORDERS))
    (own,) = asked(file, f"SELECT sum(amount) FROM orders WHERE ordered_at <> '{NO_DATE}'")
    assert 0.0003 < float(right) / own - 1 < 0.003


def test_truth_is_typed_and_leaves_only_the_rejects_out(shop: Shop) -> None:
    for table in (CUSTOMERS, ORDERS, STATUS_LOG):
        for row in shop.truth(table):
            pairs = zip(table.columns, row, strict=True)
            assert all(conforms(column.kind, value) for column, value in pairs)
    keys = {row[0] for row in shop.truth(ORDERS)}
    assert set(range(1, ROWS + 1)) - keys == {reject.key for reject in shop.rejects}


def test_codes_differ_in_blanks_only_and_a_log_has_lines_twice(shop: Shop, file: Path) -> None:
    codes = {row[0]: row[1] for row in stored_rows(file, CUSTOMERS)}
    for first, second in shop.duplicate_codes:
        assert codes[first] != codes[second]
        assert codes[first].rstrip() == codes[second].rstrip()
    assert len(codes[1]) == 10 or len(codes[2]) == 10
    lines = Counter(canonical(STATUS_LOG, row) for row in shop.truth(STATUS_LOG))
    assert max(lines.values()) > 1
    assert STATUS_LOG.key == ()


def test_a_row_is_stored_as_the_old_system_did(shop: Shop) -> None:
    row = next(iter(shop.truth(ORDERS)))
    stored = dict(zip(ORDERS.names, raw(ORDERS, row, comma=True), strict=True))
    assert "," in stored["amount"]
    assert stored["paid"] in ("Y", "N")
    hours = int(stored["ordered_at"][11:13]) - row[5].hour
    assert hours % 24 == 9


def test_a_careful_loader_comes_to_the_truth_from_the_file_alone(tmp_path: Path) -> None:
    for seed in range(50):
        drawn = make_shop(np.random.default_rng(seed), 1_000)
        rows, rejects = rows_and_rejects(drawn.write(tmp_path / "shop.db"))
        assert rows == list(drawn.truth(ORDERS)), seed
        assert tuple(rejects) == drawn.rejects


@pytest.mark.parametrize("orders", [999, 1_000_001])
def test_sizes_out_of_bounds_are_refused(orders: int) -> None:
    with pytest.raises(UsageError, match="1,000 to 1,000,000"):
        make_shop(np.random.default_rng(1), orders)
