"""Eight ways in which a migrated copy is wrong, planted on a correct one.

==================  =========================================================================
shifted_zone        one batch took local time for UTC: nine hours late
empty_to_null       '' became NULL, as in a system where they are the same
truncated_amount    amounts were cast to whole numbers: the part behind the point is gone
comma_lost          a parser stopped at the first comma: 12,500 became 12
swapped_pair        two rows have each other's amount: every sum is as before
lost_and_doubled    rows were lost and as many loaded twice, of the same amount
decomposed_text     Hangul came in another normal form (NFD): it looks the same on a screen
one_digit           one digit of one number in a text is another
==================  =========================================================================

Each leaves the number of rows as it is. Which comparison sees which: ``docs/migration.md``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

import numpy as np

from kit.data.migration.table import Key, Kind, Row, Table
from kit.errors import UsageError

SHIFT = timedelta(hours=9)


@dataclass(frozen=True)
class Planted:
    """A wrong copy, and the keys of the rows that are wrong in it."""

    kind: str
    rows: list[Row]
    keys: frozenset[Key]


def plant(kind: str, table: Table, rows: Sequence[Row], rng: np.random.Generator) -> Planted:
    """Return a copy of the correct typed ``rows`` with one kind of corruption in it.

    ``rows`` are in the order of their keys; the copy differs from them in at least one row,
    whatever ``rng`` gives. Raises ``UsageError`` for an unknown kind, for a table without the
    columns that it needs, and where no row can carry it (no '' to lose, fewer than 100 rows).
    """
    if kind not in KINDS:
        raise UsageError(
            "There is no corruption {kind!r}.",
            fix="Choose one of: {known}.",
            kind=kind,
            known=", ".join(KINDS),
        )
    copy = KINDS[kind](table, rows, rng) if len(rows) >= 100 and table.key else None
    if not copy:
        raise UsageError(
            "These rows of {table} cannot carry the corruption {kind!r}.",
            where=table.name,
            fix="Take a table with a key, an amount, a time, a text with '', and 100 rows.",
            table=table.name,
            kind=kind,
        )
    changed = [list(row) for row in rows]
    for at, row in copy.items():
        changed[at] = row
    keys = {table.key_of(rows[at]) for at in copy}
    return Planted(kind, [tuple(row) for row in changed], frozenset(keys))


# Changed rows by their place.
_Copy = dict[int, list[Any]]


def _places(table: Table, kind: Kind) -> list[int]:
    return [at for at, column in enumerate(table.columns) if column.kind == kind]


def _set(rows: Sequence[Row], new: dict[int, Any], column: int) -> _Copy:
    """Rows with another value in ``column``, by place; what stays the same is left out."""
    copy = {}
    for at, value in new.items():
        row = list(rows[at])
        if row[column] != value or type(row[column]) is not type(value):
            row[column] = value
            copy[at] = row
    return copy


def _pick(rng: np.random.Generator, among: Sequence[int], count: int) -> list[int]:
    count = min(count, len(among))
    return [int(at) for at in np.sort(rng.choice(among, count, replace=False))] if count else []


def _shifted_zone(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    # a batch in the middle, so that neither the first nor the last moment moves
    first, size = int(rng.integers(len(rows) // 4, len(rows) // 2)), len(rows) // 8
    copy: _Copy = {}
    for at in range(first, first + size):
        row = list(rows[at])
        for column in _places(table, "time"):
            if row[column] is not None:
                row[column] += SHIFT
                copy[at] = row
    return copy


def _empty_to_null(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    with_empty = [c for c in _places(table, "text") if any(row[c] == "" for row in rows)]
    if not with_empty:
        return {}
    column = int(rng.choice(with_empty))
    return _set(rows, {at: None for at, row in enumerate(rows) if row[column] == ""}, column)


def _truncated_amount(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    del rng
    for column in _places(table, "amount"):
        amounts = {at: row[column] for at, row in enumerate(rows) if row[column] is not None}
        whole = {at: v.to_integral_value(ROUND_DOWN) for at, v in amounts.items()}
        if copy := _set(rows, whole, column):
            return copy
    return {}


def _comma_lost(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    for column in _places(table, "amount"):
        large = [at for at, row in enumerate(rows) if row[column] and abs(row[column]) >= 1_000]
        chosen = _pick(rng, large, max(3, len(rows) // 1_000))
        heads = {at: Decimal(f"{rows[at][column]:,f}".partition(",")[0]) for at in chosen}
        if copy := _set(rows, heads, column):
            return copy
    return {}


def _swapped_pair(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    for column in _places(table, "amount"):
        known = [at for at, row in enumerate(rows) if row[column] is not None]
        for first in rng.permutation(known)[:100]:
            others = [at for at in known if rows[at][column] != rows[first][column]]
            if others:
                second = int(rng.choice(others))
                pair = {int(first): rows[second][column], second: rows[first][column]}
                return _set(rows, pair, column)
    return {}


def _lost_and_doubled(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    """Three rows give their place to a copy of another row, of equal amount where there is one."""
    column = next(iter(_places(table, "amount")), None)
    twins: dict[Any, int] = {}
    pairs: list[tuple[int, int]] = []
    # not the first and the last: the ends of the key stay where they are
    for at in map(int, rng.permutation(np.arange(1, len(rows) - 1))):
        amount = rows[at][column] if column is not None else None
        other = twins.pop(amount, None)
        if other is None:
            twins[amount] = at
        elif len(pairs) < 3:
            pairs.append((at, other))
        else:
            break
    if not pairs:
        lost, doubled = _pick(rng, range(1, len(rows) - 1), 2)
        pairs = [(lost, doubled)]
    return {lost: list(rows[doubled]) for lost, doubled in pairs}


def _decomposed_text(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    for column in map(int, rng.permutation(_places(table, "text"))):
        other = {
            at: unicodedata.normalize("NFD", row[column])
            for at, row in enumerate(rows)
            if row[column] and not row[column].isascii()
        }
        if copy := _set(rows, other, column):
            return {at: copy[at] for at in _pick(rng, list(copy), max(1, len(rows) // 50))}
    return {}


def _one_digit(table: Table, rows: Sequence[Row], rng: np.random.Generator) -> _Copy:
    for column in _places(table, "text"):
        texts = [row[column] or "" for row in rows]
        known = [text for text in texts if text]
        low, high = min(known, default=""), max(known, default="")
        for at in map(int, rng.permutation(len(rows))[:200]):
            digits = [n for n, sign in enumerate(texts[at]) if sign in "0123456789"]
            if not digits:
                continue
            place = digits[len(digits) // 2]
            digit = str((int(texts[at][place]) + int(rng.integers(1, 10))) % 10)
            other = texts[at][:place] + digit + texts[at][place + 1 :]
            # the least and the greatest value stay what they are, else a range would tell
            if texts[at] not in (low, high) and low < other < high:
                return _set(rows, {at: other}, column)
    return {}


KINDS: dict[str, Callable[[Table, Sequence[Row], np.random.Generator], _Copy]] = {
    "shifted_zone": _shifted_zone,
    "empty_to_null": _empty_to_null,
    "truncated_amount": _truncated_amount,
    "comma_lost": _comma_lost,
    "swapped_pair": _swapped_pair,
    "lost_and_doubled": _lost_and_doubled,
    "decomposed_text": _decomposed_text,
    "one_digit": _one_digit,
}
