"""Several files as one: readings in memory beside large tables that lie on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pandas as pd

from kit.data.own.samples import InMemory, Samples, Together
from kit.data.readers import Reading
from kit.data.readers.dispatch import combine, lost_of
from kit.data.readers.record import add_ledgers
from kit.data.readers.settle import empty_machines
from kit.data.stream import Stored
from kit.errors import DataError

Found = TypeVar("Found", Reading, Stored)


@dataclass(frozen=True)
class Gathered:
    """What was read of all files; ``unit_unclear`` and ``inventory`` as of ``Reading``."""

    tool: str
    samples: Samples
    inventory: pd.DataFrame
    unit_unclear: tuple[tuple[str, str], ...]


@dataclass
class Files:
    """What came of each file so far; ``alone`` is whether it is the only one."""

    alone: bool
    unit: str | None = None
    readings: list[Reading] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    failures: list[tuple[str, DataError]] = field(default_factory=list)

    def in_unit(self, read: Callable[[str | None], Found]) -> Found:
        """Read by the unit that was told; of several files only those that leave theirs open."""
        found = read(self.unit if self.alone else None)
        # percentages beside fractions must not be multiplied
        again = self.unit and not self.alone and found.unit_unclear
        return read(self.unit) if again else found

    def gathered(self) -> Gathered:
        """All of it as one. Raises the first file's DataError where none could be read."""
        if not (self.readings or self.stored):
            raise self.failures[0][1]
        whole = combine(self.readings, self.failures) if self.readings else None
        parts: list[Samples] = [*self.stored, *([InMemory(whole)] if whole else [])]
        # what could not be read is in the readings' account, if there are any
        lost = [] if whole else [lost_of(failure) for failure in self.failures]
        ledger = add_ledgers([*(part.ledger for part in parts), *lost])
        alone = len(parts) == 1 and not lost
        unclear = [pair for one in self.stored for pair in one.unit_unclear]
        unclear += [pair for one in self.readings for pair in one.unit_unclear]
        return Gathered(
            tool="+".join([*(["table"] if self.stored else []), *([whole.tool] if whole else [])]),
            samples=parts[0] if alone else Together(parts, ledger),
            inventory=self._inventory(whole),
            unit_unclear=tuple(unclear),
        )

    def _inventory(self, whole: Reading | None) -> pd.DataFrame:
        sized = [one.machines for one in self.stored if len(one.machines)]
        sized += [whole.machines] if whole and len(whole.machines) else []
        return pd.concat(sized, ignore_index=True) if sized else empty_machines()
