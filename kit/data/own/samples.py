"""What a read export offers, wherever its rows lie: in memory, or in files of a streamed one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from kit.data.readers import Ledger, Reading

SUMMARY_COLUMNS = ("file", "machine", "metric", "unit", "samples", "first", "last")


class Samples(Protocol):
    """Measurements of one or several files, and the account of reading them.

    ``kit.data.stream.Stored`` is the other one: its frames come from disk, machine by machine.
    """

    @property
    def ledger(self) -> Ledger:
        """The account of every record; ``read == kept + repaired + rejected``."""
        ...

    def frame(self, machine: str = "") -> pd.DataFrame:
        """Rows of one machine, all metrics, in the order of the file; "" is every machine.

        Exactly the columns of ``kit.data.readers.SAMPLE_COLUMNS``, with the dtypes of
        ``Reading.samples``, and an index from 0. Empty for a machine that is not there.
        DataError where the rows asked for do not fit into memory.
        """
        ...

    def summary(self) -> pd.DataFrame:
        """One row for each file, machine and metric, as they first occur; ``SUMMARY_COLUMNS``.

        ``samples`` counts rows, ``first`` and ``last`` are the earliest and latest time.
        """
        ...


@runtime_checkable
class Rowwise(Samples, Protocol):
    """Rows of a table that a contract names column by column; ``kit.data.own.rows`` has them.

    Its frames have the contract's columns, ``file`` and ``row`` instead.
    """

    def pieces(self) -> Iterator[pd.DataFrame]:
        """All rows in the order of the files, some at a time, so that each frame is small."""
        ...

    def distinct(self, column: str) -> list[Any]:
        """What stands in a column, each once; empty for a column that no file has."""
        ...


class InMemory:
    """A reading that fits into memory, as ``Samples``."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @property
    def ledger(self) -> Ledger:
        """See ``Samples``."""
        return self.reading.ledger

    def frame(self, machine: str = "") -> pd.DataFrame:
        """See ``Samples``."""
        rows = self.reading.samples
        if machine:
            rows = rows.iloc[np.sort(self._rows.get(machine, []))]
        return rows.reset_index(drop=True)

    @cached_property
    def _rows(self) -> Mapping[str, Any]:
        # one pass for all machines: a comparison per machine reads the whole export each time
        indices = self.reading.samples.groupby("machine", sort=False).indices
        return {str(name): rows for name, rows in indices.items()}

    def summary(self) -> pd.DataFrame:
        """See ``Samples``."""
        keys = ["file", "machine", "metric", "unit"]
        groups = self.reading.samples.groupby(keys, sort=False)["time"]
        return groups.agg(samples="size", first="min", last="max").reset_index()


class Together:
    """Several sources as one: a large file on disk beside readings in memory."""

    def __init__(self, parts: Sequence[Samples], ledger: Ledger) -> None:
        self.parts = tuple(parts)
        self.ledger = ledger

    def frame(self, machine: str = "") -> pd.DataFrame:
        """See ``Samples``."""
        found = [part.frame(machine) for part in self.parts]
        filled = [rows for rows in found if len(rows)]
        return pd.concat(filled, ignore_index=True) if filled else found[0]

    def summary(self) -> pd.DataFrame:
        """See ``Samples``."""
        return pd.concat([part.summary() for part in self.parts], ignore_index=True)
