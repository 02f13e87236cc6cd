"""The notes of a file that is read in pieces: all of them in a listing, the first in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.data.readers.record import Ledger, RowNote

# Notes of each kind that are held in memory; the listing has them all.
FIRST_NOTES = 1000


@dataclass
class Listing:
    """Counts and lists repairs and rejections as they are found; made by ``listing_at``."""

    writer: Any = field(repr=False)
    repairs: list[RowNote] = field(default_factory=list)
    rejects: list[RowNote] = field(default_factory=list)
    repaired: int = 0
    rejected: int = 0

    def add(self, repairs: Sequence[RowNote], rejects: Sequence[RowNote]) -> None:
        """List some more."""
        for outcome, notes in (("repaired", repairs), ("rejected", rejects)):
            self.writer.writerows([outcome, *note] for note in notes)
        self.repairs += repairs[: max(0, FIRST_NOTES - len(self.repairs))]
        self.rejects += rejects[: max(0, FIRST_NOTES - len(self.rejects))]
        self.repaired += len(repairs)
        self.rejected += len(rejects)

    def ledger(self, usable: int, notes: Sequence[str], path: Path) -> Ledger:
        """The account of ``usable`` records and the rejected; names the listing where it is short.

        ``path`` is where the listing lies by now; equal ``notes`` count once.
        """
        short = (len(self.repairs), len(self.rejects)) != (self.repaired, self.rejected)
        return Ledger(
            read=usable + self.rejected,
            kept=usable - self.repaired,
            repaired=self.repaired,
            rejected=self.rejected,
            repairs=tuple(self.repairs),
            rejects=tuple(self.rejects),
            notes=tuple(dict.fromkeys(notes)),
            listings=(path,) if short else (),
        )


@contextmanager
def listing_at(path: Path) -> Iterator[Listing]:
    """A listing that is written to ``path``, a CSV with a header."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["outcome", *RowNote._fields])
        yield Listing(writer)
