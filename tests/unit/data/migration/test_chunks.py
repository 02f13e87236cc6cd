"""Chunk hashes: the same in any order, and a difference shows in its own range."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from kit.data.legacy.shop import ORDERS, STATUS_LOG
from kit.data.migration.chunks import (
    KeyRanges,
    chunk_hashes,
    differing,
    file_fingerprint,
    key_ranges,
    stored_rows,
)
from kit.data.migration.table import Column, Row, Table
from kit.errors import DataError


def test_order_does_not_matter_and_a_changed_row_shows_in_its_range(orders: list[Row]) -> None:
    ranges = key_ranges((row[0] for row in orders), 250)
    source = chunk_hashes(ORDERS, orders, ranges)
    mixed = [orders[at] for at in np.random.default_rng(1).permutation(len(orders))]
    assert chunk_hashes(ORDERS, mixed, ranges) == source
    changed = [(*row[:7], "x", row[8]) if row[0] == 777 else row for row in orders]
    wrong = differing(source, chunk_hashes(ORDERS, changed, ranges))
    assert [ranges.label(number) for number in wrong] == ["750 ≤ key < 1000"]


def test_a_row_twice_is_not_a_row_never(orders: list[Row]) -> None:
    """Exclusive or, the usual way to forget the order, would forget both."""
    ranges = key_ranges((row[0] for row in orders), 5_000)
    hashes = {chunk_hashes(ORDERS, orders[2:] + orders[:1] * n, ranges)[0].hash for n in range(4)}
    assert len(hashes) == 4


def test_two_hundred_thousand_keys_make_the_41_chunks_of_5000() -> None:
    ranges = key_ranges(range(1, 200_001))
    assert len(ranges.starts) == 41
    assert [ranges.of(key) for key in (-5, 1, 4_999, 5_000, 200_000, 999_999)] == [
        0, 0, 0, 1, 40, 40
    ]  # fmt: skip


def test_keys_of_text_and_of_several_columns_have_ranges_too() -> None:
    table = Table("t", (Column("a", "text"), Column("b", "integer")), key=("a", "b"))
    rows = [(f"k{n:03d}", n) for n in range(100)]
    ranges = key_ranges(map(table.key_of, rows), 10)
    assert [chunk.rows for chunk in chunk_hashes(table, rows, ranges)] == [10] * 10
    assert ranges.of(("k015", 0)) == 1
    assert ranges.of(None) == 0


def test_without_a_key_there_is_no_hash_by_range() -> None:
    with pytest.raises(DataError, match="cannot be validated"):
        chunk_hashes(STATUS_LOG, [], KeyRanges((0,)))
    with pytest.raises(DataError, match="nothing to prove"):
        key_ranges([])
    with pytest.raises(DataError, match="no order"):
        key_ranges([1, None])


def test_a_fingerprint_sees_types_and_not_the_place_of_rows(tmp_path: Path) -> None:
    def made(name: str, *values: object) -> Path:
        with closing(sqlite3.connect(tmp_path / name)) as file, file:
            file.execute("CREATE TABLE t (x)")
            file.executemany("INSERT INTO t VALUES (?)", [(value,) for value in values])
        return tmp_path / name

    first = file_fingerprint(made("a", 1, "2", None))
    assert file_fingerprint(made("b", None, "2", 1)) == first
    assert file_fingerprint(made("c", 1, 2, None)) != first
    assert file_fingerprint(made("d", 1, "2", "")) != first


def test_what_is_no_source_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, as long as a header", encoding="utf-8")
    for path in (tmp_path / "text.db", tmp_path / "none.db"):
        with pytest.raises(DataError, match="cannot be read"):
            file_fingerprint(path)
        with pytest.raises(DataError, match="no readable table orders"):
            list(stored_rows(path, ORDERS))
    assert not (tmp_path / "none.db").exists()
