"""Read what a finding is made of; large tables lie on disk and are measured machine by machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kit.data.own.gather import Files, Gathered
from kit.data.own.large import read_large, streams
from kit.data.readers import PLAIN, Reading
from kit.data.readers.dispatch import read_one
from kit.data.stream import Stored
from kit.errors import DataError
from kit.files import labels_of
from kit.home import LearnerHome

if TYPE_CHECKING:
    from kit.data.readers import Ledger
    from kit.quick.finding import Stats

# the first that an export has is used; all are CPU utilisation in percent
CPU_METRICS = ("cpu_percent", "cpu_percent_max")
Step = Callable[[int, int], object]


@dataclass(frozen=True)
class Exports:
    """What was read; ``folders`` are those of large tables, until ``release``."""

    found: Gathered
    folders: tuple[Path, ...] = ()

    @property
    def ledger(self) -> Ledger:
        """The account of every record."""
        return self.found.samples.ledger

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each file, machine and metric; see ``kit.data.own.samples.Samples``."""
        return self.found.samples.summary()

    @cached_property
    def metric(self) -> str:
        """The metric that the finding speaks of: CPU if there is any, else the most frequent."""
        counts = self.table.groupby("metric", sort=False)["samples"].sum()
        known = (metric for metric in CPU_METRICS if metric in counts)
        return next(known, "") or (str(counts.idxmax()) if len(counts) else "")

    def series(self, machine: str) -> pd.DataFrame:
        """One machine's samples of the metric."""
        rows = self.found.samples.frame(machine)
        return rows[rows["metric"] == self.metric]

    def batches(self) -> Iterator[pd.DataFrame]:
        """All samples, each machine's together; one machine at a time where they lie on disk."""
        if not self.folders:
            yield self.found.samples.frame()
            return
        for machine in sorted(self.table["machine"].unique()):
            yield self.found.samples.frame(machine)

    def release(self) -> None:
        """Remove what large tables left on disk."""
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Measured:
    """Figures by machine: of the metric, of memory, and how many samples are repeated."""

    stats: dict[str, Stats] = field(default_factory=dict)
    memory: list[pd.DataFrame] = field(default_factory=list)
    repeated: dict[str, int] = field(default_factory=dict)

    @property
    def memory_needs(self) -> pd.DataFrame:
        """``kit.quick.measure.memory_needs`` of all machines."""
        return pd.concat(self.memory)


def measured(exports: Exports) -> Measured:
    """One pass over all samples."""
    from kit.quick.measure import measure, memory_needs

    made = Measured()
    for rows in exports.batches():
        made.stats.update(measure(rows[rows["metric"] == exports.metric]))
        made.memory.append(memory_needs(rows))
        again = rows[rows.duplicated(["machine", "metric", "time"])]
        made.repeated.update({str(name): n for name, n in again["machine"].value_counts().items()})
    return made


def read_exports(
    paths: Sequence[Path],
    *,
    tool: str | None = None,
    unit: str | None = None,
    home: LearnerHome | None = None,
    step: Step | None = None,
) -> Exports:
    """Read several exports as one; a bad file beside good ones is a rejected record.

    ``tool`` and ``unit`` are those of ``kit.data.readers.read_export``; plain tables above
    200 MB are streamed into ``home``, and ``step`` is called with what is done of how much.
    Raises DataError when nothing can be read.
    """
    files = Files(len(paths) == 1, unit)

    def stream(path: Path, label: str, unit: str | None) -> Stored:
        return read_large(path, {}, home, label=label, unit=unit, step=step, use="quick-")

    def whole(path: Path, label: str, unit: str | None) -> Reading:
        return read_one(path, label, tool=tool, unit=unit)

    for path, label in zip(paths, labels_of(paths), strict=True):
        try:
            if tool in (None, *PLAIN) and streams(path):
                files.stored.append(files.in_unit(partial(stream, path, label)))
            else:
                files.readings.append(files.in_unit(partial(whole, path, label)))
        except DataError as error:
            files.failures.append((label, error))
    return Exports(files.gathered(), tuple(one.folder for one in files.stored))
