"""Source and target side by side: counts, keys, columns, hashes; three states of a table.

What each comparison cannot see is in ``docs/migration.md`` and proved by a test for each of
the corruptions: a count sees none of them, a sum not the swapped pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kit.data.migration.canonical import canonical, conforms, plain
from kit.data.migration.chunks import CHUNK, KeyRanges, chunk_hashes, differing, key_ranges
from kit.data.migration.table import Column, Key, Row, Table


class State(StrEnum):
    """What was proved about a table."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNPROVED = "cannot be validated"
    """It has no key. Not the same as equal: say so in the report."""


@dataclass(frozen=True)
class ColumnFacts:
    """What a column holds. ``low`` and ``high`` are canonical; None where there is no value.

    ``total`` is the exact sum of an amount's or whole number's Decimal values, else None;
    ``misfits`` are values not of the column's kind, which count in nothing else.
    """

    rows: int
    nulls: int
    empties: int
    misfits: int
    low: Any
    high: Any
    total: Decimal | None


@dataclass(frozen=True)
class Proof:
    """The comparison of one table."""

    table: str
    state: State
    rows: tuple[int, int]
    """Source, target."""
    repeated_keys: tuple[int, int]
    """Rows beyond the first of their key; 0 where there is no key."""
    columns: dict[str, tuple[ColumnFacts, ColumnFacts]]
    chunks: int
    differing: tuple[int, ...]
    ranges: KeyRanges | None

    @property
    def columns_differing(self) -> tuple[str, ...]:
        """Columns whose facts are not the same on both sides."""
        return tuple(name for name, (one, other) in self.columns.items() if one != other)


@dataclass(frozen=True)
class RowDifference:
    """One row that is not the same on both sides.

    ``what``: ``missing`` in the target, ``extra`` there, ``changed``, or ``repeated``.
    """

    key: Key
    what: str
    columns: tuple[str, ...] = ()


def prove(
    table: Table, source: Collection[Row], target: Collection[Row], size: int = CHUNK
) -> Proof:
    """Compare typed rows of both sides. ``source`` is what the target must hold, rejects left out.

    A table without a key is ``State.UNPROVED`` unless its counts or columns already differ.
    """
    facts = {
        column.name: (_facts(column, at, source), _facts(column, at, target))
        for at, column in enumerate(table.columns)
    }
    unequal = len(source) != len(target) or any(one != other for one, other in facts.values())
    ranges: KeyRanges | None = None
    wrong: tuple[int, ...] = ()
    repeated = (0, 0)
    if table.key and source:
        ranges = key_ranges((table.key_of(row) for row in source), size)
        wrong = differing(chunk_hashes(table, source, ranges), chunk_hashes(table, target, ranges))
        repeated = (_repeated(table, source), _repeated(table, target))
    state = State.EQUAL if table.key else State.UNPROVED
    return Proof(
        table=table.name,
        state=State.DIFFERENT if unequal or wrong else state,
        rows=(len(source), len(target)),
        repeated_keys=repeated,
        columns=facts,
        chunks=len(ranges.starts) if ranges else 0,
        differing=wrong,
        ranges=ranges,
    )


def column_facts(table: Table, rows: Collection[Row]) -> dict[str, ColumnFacts]:
    """The facts of every column of typed ``rows``."""
    return {column.name: _facts(column, at, rows) for at, column in enumerate(table.columns)}


def row_differences(
    table: Table, source: Iterable[Row], target: Iterable[Row]
) -> list[RowDifference]:
    """Which rows differ and where, by key. Give it the rows of the differing chunks.

    Raises ``ValueError`` for a table without a key.
    """
    found, left = [], _by_key(table, target)
    for key, mine in _by_key(table, source).items():
        theirs = left.pop(key, [])
        if not theirs:
            found.append(RowDifference(key, "missing"))
        elif len(theirs) != len(mine):
            found.append(RowDifference(key, "repeated"))
        elif columns := _columns_of(table, mine[0], theirs[0]):
            found.append(RowDifference(key, "changed", columns))
    return found + [RowDifference(key, "extra") for key in left]


def _facts(column: Column, at: int, rows: Iterable[Row]) -> ColumnFacts:
    count, nulls, empties, fit = 0, 0, 0, []
    for row in rows:
        value = row[at]
        count += 1
        if value is None:
            nulls += 1
        elif value == "":
            empties += 1
        elif conforms(column.kind, value):
            fit.append(value)
    summed = column.kind in ("amount", "integer")
    return ColumnFacts(
        rows=count,
        nulls=nulls,
        empties=empties,
        misfits=count - nulls - empties - len(fit),
        low=plain(column.kind, min(fit)) if fit else None,
        high=plain(column.kind, max(fit)) if fit else None,
        total=sum(map(Decimal, fit), Decimal(0)) if summed else None,
    )


def _repeated(table: Table, rows: Collection[Row]) -> int:
    return len(rows) - len({table.key_of(row) for row in rows})


def _by_key(table: Table, rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(table.key_of(row), []).append(row)
    return found


def _columns_of(table: Table, one: Row, other: Row) -> tuple[str, ...]:
    if canonical(table, one) == canonical(table, other):
        return ()
    pairs = zip(table.columns, one, other, strict=True)
    return tuple(c.name for c, a, b in pairs if plain(c.kind, a) != plain(c.kind, b))


def same_rows(table: Table, source: Iterable[Row], target: Iterable[Row]) -> bool:
    """Whether both hold the same rows equally often, in any order; works without a key."""
    counts = [Counter(canonical(table, row) for row in rows) for rows in (source, target)]
    return counts[0] == counts[1]
