"""Hashes of a table by ranges of its key, on any side, in any order of rows.

A chunk's hash is the sum of its rows' SHA-256 modulo 2**256 (an additive multiset hash:
Clarke et al., "Incremental Multiset Hash Functions and Their Application to Memory Integrity
Checking", ASIACRYPT 2003). It hangs on which rows there are and how often, not on their
order, so that neither side must sort, and two databases with different collations agree. It
finds errors; against somebody who forges rows on purpose it is not made.
"""

from __future__ import annotations

import hashlib
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.data.migration.canonical import canonical
from kit.data.migration.table import Key, Row, Table
from kit.errors import DataError

CHUNK = 5_000
_MODULUS = 2**256


@dataclass(frozen=True)
class Chunk:
    """Rows of one range of keys: how many, and their hash in 64 hexadecimal digits."""

    rows: int
    hash: str


@dataclass(frozen=True)
class KeyRanges:
    """Ranges of a key: each begins at one of ``starts`` and ends before the next.

    Keys before the first start belong to the first range, so that no row is left out.
    """

    starts: tuple[Key, ...]

    def of(self, key: Key) -> int:
        """The number of the range that holds ``key``; one that cannot be compared is in 0."""
        try:
            return max(0, bisect_right(self.starts, key) - 1)
        except TypeError:
            return 0

    def label(self, number: int) -> str:
        """The range as people write it: ``5000 ≤ key < 10000``."""
        last = number + 1 >= len(self.starts)
        end = "" if last else f" < {self.starts[number + 1]}"
        return f"{self.starts[number]} ≤ key{end}"


def key_ranges(keys: Iterable[Key], size: int = CHUNK) -> KeyRanges:
    """Ranges for the source's keys, to be used on both sides.

    Whole numbers are cut at the multiples of ``size``, others after every ``size`` keys.
    Raises ``DataError`` when there is no key, or when keys cannot be put in order.
    """
    found = set(keys)
    try:
        ordered = sorted(found)
    except TypeError:
        raise DataError(
            "The keys are of different types and have no order.",
            fix="Give every key the same type, and no NULL.",
        ) from None
    if not ordered:
        raise DataError(
            "The source has no row, so there are no ranges of keys.",
            fix="Read the source again; an empty table has nothing to prove.",
        )
    if all(type(key) is int for key in ordered):
        first, last = ordered[0] // size, ordered[-1] // size
        return KeyRanges(tuple(number * size for number in range(first, last + 1)))
    return KeyRanges(tuple(ordered[::size]))


def chunk_hashes(table: Table, rows: Iterable[Row], ranges: KeyRanges) -> tuple[Chunk, ...]:
    """The chunks of ``rows``, one for each range. Memory does not grow with the rows.

    Raises ``DataError`` for a table without a key: it cannot be validated row by row.
    """
    if not table.key:
        raise DataError(
            "Table {table} has no primary key: it cannot be validated by ranges of a key.",
            where=table.name,
            fix="Name a key, or report the table as one that cannot be validated.",
            table=table.name,
        )
    places = [table.at(name) for name in table.key]
    single = places[0] if len(places) == 1 else None
    counts, sums = [0] * len(ranges.starts), [0] * len(ranges.starts)
    for row in rows:
        key = row[single] if single is not None else tuple(row[at] for at in places)
        number = ranges.of(key)
        counts[number] += 1
        sums[number] += row_hash(canonical(table, row))
    return tuple(Chunk(n, f"{s % _MODULUS:064x}") for n, s in zip(counts, sums, strict=True))


def row_hash(data: bytes) -> int:
    """SHA-256 of a row's canonical bytes, as a number."""
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


def differing(source: Sequence[Chunk], target: Sequence[Chunk]) -> tuple[int, ...]:
    """The numbers of the chunks that differ. Raises ``ValueError`` for unequal lengths."""
    pairs = zip(source, target, strict=True)
    return tuple(number for number, (one, other) in enumerate(pairs) if one != other)


def file_fingerprint(path: Path) -> dict[str, Chunk]:
    """Of each table of an SQLite file: its rows and the hash of its stored values.

    The values are taken as they are stored, without any mapping, so it tells whether a
    source is what it was; a file that was vacuumed or copied has the same fingerprint.
    Raises ``DataError`` when the file cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            file.text_factory = bytes
            names = file.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            return {name.decode(): _stored(file, name.decode()) for (name,) in names}
    except sqlite3.Error as error:
        raise DataError(
            "{file} cannot be read as an SQLite file: {reason}",
            where=str(path),
            fix="Name the source's file, or restore it from its copy.",
            file=path.name,
            reason=error,
        ) from None


def _stored(file: sqlite3.Connection, table: str) -> Chunk:
    name = table.replace('"', '""')
    columns = [row[1].decode() for row in file.execute(f'PRAGMA table_info("{name}")')]
    # a number, a text and a blob of the same bytes are three different things
    wanted = ", ".join(f'typeof("{c}"), "{c}"' for c in (c.replace('"', '""') for c in columns))
    count, total = 0, 0
    for row in file.execute(f'SELECT {wanted} FROM "{name}"'):
        count, total = count + 1, total + row_hash(repr(row).encode())
    return Chunk(count, f"{total % _MODULUS:064x}")


def stored_rows(path: Path, table: Table) -> Iterable[tuple[Any, ...]]:
    """The table's rows as an SQLite file stores them: numbers, and text as bytes.

    Raises ``DataError`` when file or table cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            file.text_factory = bytes
            yield from file.execute(f"SELECT {', '.join(table.names)} FROM {table.name}")
    except sqlite3.Error as error:
        raise DataError(
            "{file} has no readable table {table}: {reason}",
            where=str(path),
            fix="Name the source's file, or restore it from its copy.",
            file=path.name,
            table=table.name,
            reason=error,
        ) from None
