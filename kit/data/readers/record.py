"""What a reader gives back: the samples, the inventory and the ledger of every record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kit.data.readers.wording import told
from kit.errors import CheckError
from kit.i18n import Phrase

if TYPE_CHECKING:
    import pandas as pd

# Nothing beyond these is ever kept of an export: no owner, no annotation, no address.
SAMPLE_COLUMNS = ("machine", "metric", "unit", "time", "value", "file", "row")
MACHINE_COLUMNS = ("machine", "vcpu", "memory_gib", "powered_on", "os", "host")


class RowNote(NamedTuple):
    """One repaired or rejected record: where it is, what it said, what was expected.

    ``action`` is what was done for a repair and what to do for a rejection.
    ``row`` is the 1-based line, sheet row or record number; 0 stands for the whole file.
    """

    file: str
    row: int
    column: str
    read: str
    expected: str
    action: str

    def text(self, translate: Callable[..., str]) -> RowNote:
        """The note in the language of ``translate``; what the file said stays."""
        return self._replace(
            column=told(self.column, translate),
            read=translate(self.read) if isinstance(self.read, Phrase) else self.read,
            expected=told(self.expected, translate),
            action=told(self.action, translate),
        )


@dataclass(frozen=True)
class Ledger:
    """The account of every record read; ``read == kept + repaired + rejected`` always.

    A record is one measured value. In a wide table each cell is one record, in an
    inventory each machine is one. Blank lines are no records.
    """

    read: int
    kept: int
    repaired: int
    rejected: int
    repairs: tuple[RowNote, ...] = ()
    rejects: tuple[RowNote, ...] = ()
    notes: tuple[str, ...] = ()
    # Files with a line for every repair and rejection, where only the first are held here.
    listings: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        counts = (self.read, self.kept, self.repaired, self.rejected)
        balanced = self.read == self.kept + self.repaired + self.rejected
        if not (balanced and self._all_listed() and min(counts) >= 0):
            raise CheckError(
                "The reader's account does not balance: read "
                f"{self.read}, kept {self.kept}, repaired {self.repaired} "
                f"({len(self.repairs)} listed), rejected {self.rejected} "
                f"({len(self.rejects)} listed).",
                where="kit.data.readers",
                fix="This is our mistake, not your file's. Please report it with the tool's name.",
            )

    def _all_listed(self) -> bool:
        """Counts alone could be made to fit; every single record must be listed too."""
        held = (len(self.repairs), len(self.rejects))
        if not self.listings:
            return held == (self.repaired, self.rejected)
        lines = sum(map(_lines_in, self.listings))
        told = self.repaired + self.rejected
        within = held[0] <= self.repaired and held[1] <= self.rejected
        return within and lines <= told <= lines + sum(held)

    def as_frame(self, translate: Callable[..., str] | None = None) -> pd.DataFrame:
        """Return repairs and rejections as a table, one row each, in file and row order.

        With ``translate``, what was expected and what to do stand in its language. A large
        file's table has its first notes; ``listings`` has them all.
        """
        import pandas as pd

        # Both outcomes in one table: whoever checks a file goes through it once, by row.
        rows = [("repaired", note) for note in self.repairs]
        rows += [("rejected", note) for note in self.rejects]
        if translate:
            rows = [(outcome, note.text(translate)) for outcome, note in rows]
        table = pd.DataFrame(
            [(outcome, *note) for outcome, note in rows], columns=["outcome", *RowNote._fields]
        )
        return table.sort_values(["file", "row"], kind="stable", ignore_index=True)

    def reasons(self) -> dict[str, int]:
        """Count the rejections by what was expected, most frequent first."""
        return dict(Counter(note.expected for note in self.rejects).most_common())


@dataclass(frozen=True)
class Reading:
    """One export, read.

    ``samples`` has exactly the columns of ``SAMPLE_COLUMNS``: ``time`` is naive
    ``datetime64[ns]`` (see ``kit.data.readers.times`` for the one rule), ``value`` is
    float64 in ``unit``. ``machines`` has ``MACHINE_COLUMNS``, empty when the export
    carries no inventory. Repeated records stay: cleaning them is the reader's decision.
    ``unit_unclear`` names (file, metric) of percentages that may be fractions of 1: the
    export states no unit, and no value is higher than ``FRACTION_PEAK``.
    """

    tool: str
    samples: pd.DataFrame
    machines: pd.DataFrame
    ledger: Ledger
    unit_unclear: tuple[tuple[str, str], ...] = ()


def _lines_in(listing: Path) -> int:
    """Records of a listing: its lines but the header."""
    with listing.open("rb") as stream:
        blocks = iter(lambda: stream.read(1 << 20), b"")
        return sum(block.count(b"\n") for block in blocks) - 1


def add_ledgers(ledgers: list[Ledger]) -> Ledger:
    """Add up several accounts; notes keep their order, each once."""
    # A dict keeps the order and drops repetitions, such as the encoding of ten files.
    notes = dict.fromkeys(note for ledger in ledgers for note in ledger.notes)
    return Ledger(
        read=sum(ledger.read for ledger in ledgers),
        kept=sum(ledger.kept for ledger in ledgers),
        repaired=sum(ledger.repaired for ledger in ledgers),
        rejected=sum(ledger.rejected for ledger in ledgers),
        repairs=tuple(note for ledger in ledgers for note in ledger.repairs),
        rejects=tuple(note for ledger in ledgers for note in ledger.rejects),
        notes=tuple(notes),
        listings=tuple(path for ledger in ledgers for path in ledger.listings),
    )
