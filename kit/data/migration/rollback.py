"""After a way back: is the source what it was, and what became of the target's transactions?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from kit.data.migration.chunks import Chunk

Disposition = Literal["replayed", "by hand", "void"]
"""Booked again in the source; given to a person with a name; not wanted, with a reason."""
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)


@dataclass(frozen=True)
class Transaction:
    """A change that the target took after it was reopened, as its journal has it.

    ``number`` counts up and is never used twice. ``before`` and ``after`` are the row's values
    by column; None before an insert and after a delete.
    """

    number: int
    table: str
    operation: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    at: datetime


@dataclass(frozen=True)
class Reconciliation:
    """The list beside the journal. Nothing is lost when all three are empty."""

    lost: tuple[int, ...]
    """In the journal and not on the list."""
    invented: tuple[int, ...]
    """On the list and not in the journal."""
    undecided: tuple[int, ...]
    """On the list more than once, or without one of ``DISPOSITIONS``."""

    @property
    def complete(self) -> bool:
        """Whether every transaction has exactly one decision."""
        return not (self.lost or self.invented or self.undecided)


def reconcile(journal: Sequence[Transaction], listed: Iterable[tuple[int, str]]) -> Reconciliation:
    """Compare a list of (transaction's number, disposition) with the target's journal.

    Comparing two states of the target is not enough: a row that was inserted and deleted
    again is in neither, and was perhaps a customer's cancelled order.
    """
    entries = list(listed)
    counts = Counter(number for number, _ in entries)
    taken = {one.number for one in journal}
    open_ = {n for n, what in entries if what not in DISPOSITIONS or counts[n] > 1}
    return Reconciliation(
        lost=tuple(sorted(taken - counts.keys())),
        invented=tuple(sorted(counts.keys() - taken)),
        undecided=tuple(sorted(open_ & taken)),
    )


def not_restored(before: Mapping[str, Chunk], after: Mapping[str, Chunk]) -> tuple[str, ...]:
    """Tables of the source that are not what they were at the freeze, by name.

    Both are ``kit.data.migration.chunks.file_fingerprint`` of the source.
    """
    names = sorted({*before, *after})
    return tuple(name for name in names if before.get(name) != after.get(name))
