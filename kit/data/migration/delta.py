"""Changes that the source takes while a migration runs, with all that a watermark loses.

A row carries the moment at which the application wrote it, in whole seconds; it can be read
from the moment of its commit, which is later. A loader that asks for ``updated_at >
max(updated_at)`` of its last read therefore loses

* **ties**: written in the same second as the last row read, committed after the read;
* **late commits**: written before the last row read, committed after the read;
* **deletes**: nothing is there to be read.

``>=`` brings the ties back, an overlap longer than the longest transaction the late commits,
and only a comparison of keys, a tombstone or the change log itself the deletes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from kit.data.migration.table import Key, Row, Table
from kit.errors import UsageError

Operation = Literal["insert", "update", "delete"]
TIE_SECONDS = 0.3
LATE_SECONDS = 40
_QUIET = 120


@dataclass(frozen=True)
class Change:
    """One committed change of one row.

    ``row`` is the row afterwards, None after a delete. ``trap`` says what a watermark does
    not see in it: "tie", "late", "delete", or "" for an ordinary change.
    """

    operation: Operation
    key: Key
    row: Row | None
    written_at: datetime
    committed_at: datetime
    trap: str = ""


@dataclass(frozen=True)
class Feed:
    """The source's change log, in the order of commits.

    The full load reads at ``start``; the loader then reads at each of ``polls``, and the
    source is frozen before the last one.
    """

    changes: tuple[Change, ...]
    start: datetime
    polls: tuple[datetime, ...]

    def between(self, after: datetime, until: datetime) -> Iterator[Change]:
        """Changes committed after ``after`` and not after ``until``."""
        return (one for one in self.changes if after < one.committed_at <= until)


def state_at(
    table: Table, rows: Iterable[Row], changes: Iterable[Change], time: datetime
) -> dict[Key, Row]:
    """What the source holds at ``time``: ``rows`` with all that was committed until then.

    At the last poll this is what the target must hold.
    """
    state = {table.key_of(row): row for row in rows}
    for change in changes:
        if change.committed_at > time:
            continue
        if change.row is None:
            state.pop(change.key, None)
        else:
            state[change.key] = change.row
    return state


def make_feed(
    rng: np.random.Generator,
    table: Table,
    rows: Sequence[Row],
    *,
    polls: int = 3,
    every: timedelta = timedelta(minutes=30),
    changes: int = 300,
    stamp: str = "updated_at",
) -> Feed:
    """Draw ``changes`` ordinary changes, and at each poll but the last two of each trap.

    Half are updates (the amount grows), a third inserts, the rest deletes; one row is
    inserted and deleted again, and one updated twice. ``table`` needs one whole-number key, an
    amount, and ``stamp``, the time of writing. The feed begins a minute after the last of
    ``rows`` was written. Raises ``UsageError`` for fewer rows than would be touched, and for
    an interval too short for the traps.
    """
    if len(rows) < 2 * changes + 20 * polls or changes < 10 or every.total_seconds() < 4 * _QUIET:
        raise UsageError(
            "{rows} rows are too few for {changes} changes, or the {polls} reads too near.",
            where=table.name,
            fix="Give twice as many rows as changes, at least 10 changes, and 8 minutes or more.",
            rows=len(rows),
            changes=changes,
            polls=polls,
        )
    last = max(row[table.at(stamp)] for row in rows)
    start = (last + timedelta(minutes=1)).replace(microsecond=500_000)
    times = tuple(start + every * (number + 1) for number in range(polls))
    draw = _Draw(rng, table, rows, stamp)
    found = draw.ordinary(start, times, changes)
    for poll in times[:-1]:
        found += draw.traps(poll)
    return Feed(tuple(sorted(found, key=lambda one: one.committed_at)), start, times)


class _Draw:
    """Rows to touch, each by one change at most but for those that are touched twice on purpose."""

    def __init__(
        self, rng: np.random.Generator, table: Table, rows: Sequence[Row], stamp: str
    ) -> None:
        self.rng, self.table, self.rows = rng, table, rows
        self.key = table.at(table.key[0])
        self.stamp = table.at(stamp)
        self.amount = next(n for n, c in enumerate(table.columns) if c.kind == "amount")
        self.untouched = iter(map(int, rng.permutation(len(rows))))
        self.next_key = max(row[self.key] for row in rows)

    def ordinary(self, start: datetime, polls: Sequence[datetime], count: int) -> list[Change]:
        moments = [self._quiet_moment(start, polls) for _ in range(count - 4)]
        kinds = self.rng.choice(
            ["update", "insert", "delete"], count - 4, p=[0.5, 0.35, 0.15]
        ).tolist()
        found = [self._change(kind, at) for kind, at in zip(kinds, moments, strict=True)]
        first, second = sorted(self._quiet_moment(start, polls[:1]) for _ in range(2))
        second = max(second, first + timedelta(seconds=5))
        born, changed = self._change("insert", first), self._change("update", first)
        assert born.row is not None and changed.row is not None
        found += [born, changed]
        found.append(Change("delete", born.key, None, second, _commit(second)))
        found.append(self._update(changed.row, second, _commit(second)))
        return found

    def traps(self, poll: datetime) -> list[Change]:
        """At a poll: a second that is read in part, and transactions that are still open."""
        second = poll.replace(microsecond=0)
        soon = timedelta(seconds=TIE_SECONDS)
        found = [self._change("update", second, poll - soon)]
        found += [self._change(kind, second, poll + soon, "tie") for kind in ("update", "insert")]
        late = timedelta(seconds=LATE_SECONDS)
        found += [
            self._change(kind, second - late, poll + late / 2, "late")
            for kind in ("update", "insert")
        ]
        # committed before the poll, so that it is the row's absence that must be seen
        return [*found, *(self._change("delete", second - late, poll - soon) for _ in range(2))]

    def _quiet_moment(self, start: datetime, polls: Sequence[datetime]) -> datetime:
        """A second at which no poll is near: what is written then can be read at the next."""
        number = int(self.rng.integers(len(polls)))
        begin = polls[number - 1] if number else start
        seconds = (polls[number] - begin).total_seconds()
        moment = begin + timedelta(seconds=float(self.rng.uniform(_QUIET, seconds - _QUIET)))
        return moment.replace(microsecond=0)

    def _change(
        self, kind: str, at: datetime, committed: datetime | None = None, trap: str = ""
    ) -> Change:
        row = self.rows[next(self.untouched)]
        committed = committed or _commit(at)
        if kind == "delete":
            return Change("delete", row[self.key], None, at, committed, "delete")
        if kind == "update":
            return self._update(row, at, committed, trap)
        self.next_key += 1
        new = self._with(row, {self.key: self.next_key, self.stamp: at})
        return Change("insert", self.next_key, new, at, committed, trap)

    def _update(self, row: Row, at: datetime, committed: datetime, trap: str = "") -> Change:
        more = row[self.amount] + int(self.rng.integers(1, 50)) * 100
        new = self._with(row, {self.amount: more, self.stamp: at})
        return Change("update", row[self.key], new, at, committed, trap)

    def _with(self, row: Row, values: dict[int, object]) -> Row:
        return tuple(values.get(at, value) for at, value in enumerate(row))


def _commit(written: datetime) -> datetime:
    return written + timedelta(seconds=0.8)
