"""Read a learner's own monitoring export, whatever tool wrote it.

``read_export`` recognises the tool by the file's content. Every measured value that the
file holds is accounted for in the ledger: kept, repaired (used after a stated conversion)
or rejected (with file, row, column, what was read, what was expected, what to do).

Only the columns of ``SAMPLE_COLUMNS`` and ``MACHINE_COLUMNS`` are ever kept: no owner, no
annotation, no address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kit.data.readers.record import MACHINE_COLUMNS, SAMPLE_COLUMNS, Ledger, Reading, RowNote
from kit.data.readers.tools import BY_NAME

if TYPE_CHECKING:
    from os import PathLike

__all__ = [
    "MACHINE_COLUMNS",
    "PLAIN",
    "SAMPLE_COLUMNS",
    "TOOLS",
    "Ledger",
    "Reading",
    "RowNote",
    "read_export",
    "read_many",
]

# These read any table by its columns' names; every other reader knows its tool's format.
PLAIN = ("nab", "table")
# Also the names of the folders of fixtures.
TOOLS: tuple[str, ...] = (*BY_NAME, *PLAIN)


def read_export(
    path: str | PathLike[str], *, tool: str | None = None, unit: str | None = None
) -> Reading:
    """Read one export.

    ``tool`` forces one of ``TOOLS``; without it the content decides. ``unit`` declares the
    unit of values whose export states none: 'percent', 'fraction', 'MB', 'KB/s', ...

    Raises DataError when nothing at all can be read, UsageError for an unknown tool or unit.
    """
    # Inside the function, because pandas takes half a second to load.
    from kit.data.readers.dispatch import read_one

    file = Path(path)
    return read_one(file, file.name, tool=tool, unit=unit)


def read_many(
    paths: Iterable[str | PathLike[str]],
    *,
    unit: str | None = None,
    step: Callable[[int], object] | None = None,
) -> Reading:
    """Read several exports as one, with one combined ledger.

    ``unit`` is for those files whose percentages may be fractions; the others keep theirs.
    ``step`` is called with the number of files that are done.

    A file that cannot be read at all counts as one rejected record (row 0), so that one bad
    file does not hide the others. Raises DataError when none can be read.
    """
    # As above: only a call pays for pandas.
    from kit.data.readers.dispatch import read_all

    return read_all([Path(path) for path in paths], unit=unit, step=step)
