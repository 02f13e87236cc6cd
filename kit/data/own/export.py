"""A learner's own export, read: frames to work on, the account, and what may leave the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from kit.data.own.contract import Contract, TableRule
from kit.data.own.masks import Masker
from kit.data.own.samples import Rowwise, Samples
from kit.data.readers import Ledger
from kit.data.readers.settle import empty_machines
from kit.errors import DataError
from kit.i18n import Translator

ENGLISH = Translator("en")


@dataclass(frozen=True, kw_only=True)
class Own:
    """An export of one's own. Made by ``kit.data.own.read_own``.

    ``hashes`` is the SHA-256 of each file by name, ``reality`` REAL or SYNTHETIC, ``roles``
    the confirmed columns of the files that were read by them. ``inventory`` has
    ``MACHINE_COLUMNS``; ``unit_unclear`` names (file, metric) that may be fractions. ``say``
    translates what its text says.
    """

    contract: Contract
    table: TableRule
    samples: Samples
    hashes: Mapping[str, str]
    reality: str
    roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inventory: pd.DataFrame = field(default_factory=empty_machines)
    unit_unclear: tuple[tuple[str, str], ...] = ()
    say: Callable[..., str] = field(default=ENGLISH, repr=False)

    @property
    def ledger(self) -> Ledger:
        """The account of every record: read = kept + repaired + rejected."""
        return self.samples.ledger

    def frame(self, machine: str = "") -> pd.DataFrame:
        """Rows as read: of one machine, or ("") all of them.

        DataError for more rows of a large file than memory holds; ``pieces`` has them all.
        """
        if not machine:
            return self.samples.frame()
        if machine not in self._last:
            self._last.clear()
            self._last[machine] = self.samples.frame(machine)
        return self._last[machine].copy()

    @cached_property
    def _last(self) -> dict[str, pd.DataFrame]:
        # whoever asks for a machine asks again, and a large file would be read again
        return {}

    def summary(self) -> pd.DataFrame:
        """What was taken for what: one row for each file, machine and metric."""
        return self._summary.copy()

    @cached_property
    def _summary(self) -> pd.DataFrame:
        return self.samples.summary()

    def __repr__(self) -> str:
        ledger = self.ledger
        account = self.say(
            "read {read:,} = kept {kept:,} + repaired {repaired:,} + rejected {rejected:,}",
            read=ledger.read,
            kept=ledger.kept,
            repaired=ledger.repaired,
            rejected=ledger.rejected,
        )
        return f"{self.say(self.reality)}: {account}"

    def parts(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """What the learner's functions are given, by the name that a message calls it.

        Each machine alone, or the whole table where the contract has no machines; piece by
        piece where memory does not hold it.
        """
        if isinstance(self.samples, Rowwise):
            yield from (("", rows) for rows in self._wholes(self.samples))
            return
        names = [str(name) for name in self.summary()["machine"].unique()]
        for name in names:
            yield name, self.frame(name)

    def _wholes(self, samples: Rowwise) -> Iterator[pd.DataFrame]:
        try:
            whole = samples.frame()
        except DataError:
            yield from samples.pieces()
        else:
            yield whole

    def pieces(self) -> Iterator[pd.DataFrame]:
        """All rows, some at a time, so that each frame fits into memory.

        Machine by machine, or in the order of the files where the contract has no machines.
        """
        if isinstance(self.samples, Rowwise):
            return self.samples.pieces()
        return (rows for _, rows in self.parts())

    def carried(self) -> tuple[str, ...]:
        """Names of all columns that are kept of the export."""
        # as read: what a unit makes of a machine's rows may hold fewer columns
        if isinstance(self.samples, Rowwise):
            first = next(self.samples.pieces(), None)
            rows = self.frame() if first is None else first
        else:
            rows = self.samples.frame(next(map(str, self.summary()["machine"]), ""))
        # an empty inventory has columns too, but nothing stands in them
        sizes = [] if self.inventory.empty else map(str, self.inventory)
        return tuple(dict.fromkeys([*map(str, rows), *sizes]))

    def names(self) -> dict[str, str]:
        """Every name to mask in what is made for others, with the kind of its mask."""
        found = {str(name): "host" for name in self._distinct("machine") if name}
        for rule in self.table.columns:
            if rule.anonymise and rule.id != "machine" and not rule.person:
                found |= {str(cell): rule.id for cell in self._distinct(rule.id) if cell}
        return found

    def _distinct(self, column: str) -> Iterable[object]:
        if isinstance(self.samples, Rowwise):
            return self.samples.distinct(column)
        rows = self.summary() if column == "machine" else self.frame()
        return rows[column].unique()

    def mask_text(self, masker: Masker) -> Callable[[str], str]:
        """What makes of a sentence one for others: names of things and files are masked."""
        kinds = dict.fromkeys(self.hashes, "file") | self.names()
        return lambda text: masker.masked(text, kinds)

    def leaving(self, held: int = 0, checked: int = 0) -> dict[str, object]:
        """All that is ever noted of this export: counts, hashes of files, the contract's id.

        The only source of the ``applied`` event, and so of what a hand-in can take from it.
        ``held`` of ``checked`` statements were true.
        """
        ledger, machines = self.ledger, self.summary()["machine"]
        return {
            "contract": f"{self.contract.unit}/{self.table.id}",
            "reality": str(self.reality),
            "machines": int(machines[machines != ""].nunique()),
            "rows": ledger.read,
            "kept": ledger.kept,
            "repaired": ledger.repaired,
            "rejected": ledger.rejected,
            "held": held,
            "checked": checked,
            "sha256": sorted(self.hashes.values()),
        }
