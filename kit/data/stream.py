"""Tables too large for memory: read through DuckDB in bounded memory, kept machine by machine.

The regular rows, nearly all, are parsed by SQL. What SQL refuses goes in pieces through the
same code that reads small files, so that both ways give the same samples and the same ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kit.data.kept import LISTING, SAMPLES, made_anew, opened
from kit.data.readers.encode import copy_as_utf8, encoding_of
from kit.data.readers.layout import layout_of
from kit.data.readers.listing import listing_at
from kit.data.readers.pieces import Account, Pieces
from kit.data.readers.record import SAMPLE_COLUMNS, Ledger
from kit.data.readers.settle import empty_machines
from kit.data.readers.sql import Lines, Regular
from kit.errors import DataError

if TYPE_CHECKING:
    import duckdb

# Rows of one frame: forty bytes each, and twice that while it is made.
MOST_ROWS = 20_000_000
_HEAD = 200_000
_SUMMARY = ["file", "machine", "metric", "unit", "samples", "first", "last"]


@dataclass(frozen=True)
class Stored:
    """A large table, read: its samples lie in ``folder``, sorted by machine.

    ``unit_unclear`` and ``machines`` are as in ``Reading``. Reading it again needs ``limit_mb`` of
    memory beside the frame that is asked for.
    """

    folder: Path
    file: str
    ledger: Ledger
    unit_unclear: tuple[tuple[str, str], ...] = ()
    limit_mb: int = 256
    machines: pd.DataFrame = field(default_factory=empty_machines, compare=False)

    def frame(self, machine: str = "") -> pd.DataFrame:
        """Rows of one machine, or of all for "", in the columns and types of a ``Reading``.

        Metric by metric, each in the order of the file. Empty for a machine that is not
        there; DataError for more than ``MOST_ROWS``.
        """
        given = {"machine": machine}
        which = "$machine in ('', machine)"
        with opened(self.folder, self.limit_mb) as db:
            count = db.execute(f"select count(*) from samples where {which}", given).fetchone()
            if count and count[0] > MOST_ROWS:
                raise self._too_many(machine, count[0])
            cells = db.execute(f"select * from samples where {which}", given).fetchnumpy()
        rows = pd.DataFrame({name: cells[name] for name in cells})
        # One machine's rows lie in their order; all of them lie machine by machine.
        if not machine:
            rows = rows.sort_values(["place", "row"], kind="stable", ignore_index=True)
        rows["file"] = self.file
        kinds = {"time": "datetime64[ns]", "value": "float64", "row": "int64"}
        texts = {name: object for name in SAMPLE_COLUMNS if name not in kinds}
        return rows[list(SAMPLE_COLUMNS)].astype({**kinds, **texts})

    def summary(self) -> pd.DataFrame:
        """One row for each machine and metric, as they first occur: file, count, first, last."""
        with opened(self.folder, self.limit_mb) as db:
            found = db.execute(
                "select machine, metric, unit, count(*) as samples, min(time) as first, "
                "max(time) as last from samples group by machine, metric, unit "
                "order by min(place * 1099511627776 + row)"
            ).fetchnumpy()
        table = pd.DataFrame({name: found[name] for name in found})
        table.insert(0, "file", self.file)
        kinds = {"first": "datetime64[ns]", "last": "datetime64[ns]", "samples": "int64"}
        return table[_SUMMARY].astype(kinds)

    def _too_many(self, machine: str, count: int) -> DataError:
        return DataError(
            "{count:,} samples of {machine} do not fit into memory; {most:,} do.",
            where=self.file,
            fix="Ask for one machine at a time, or export a shorter period.",
            count=count,
            machine=machine or "all machines",
            most=MOST_ROWS,
        )


def store(
    path: Path,
    folder: Path,
    roles: Mapping[str, str],
    *,
    limit_mb: int = 256,
    unit: str | None = None,
    label: str = "",
    step: Callable[[int, int], object] | None = None,
) -> Stored:
    """Read a CSV or TSV of any size into ``folder``, which is for this file alone.

    ``roles`` says what the reader shall take a column for, by its name in the file (machine,
    time, date, metric, unit, value, or a metric such as cpu_percent); '' leaves it out, and
    columns without a role are read where their own names tell. ``unit`` is that of
    ``read_export``, ``label`` the name in the samples, ``step`` is called with what is done
    of how much. A run that was killed leaves files that the next one removes.

    Raises DataError when nothing can be read, when the disk is too full, or when another
    program is reading the same file into the folder.
    """
    file = label or path.name
    with made_anew(path, folder, file, limit_mb) as (db, work):
        made = _read(db, path, work, file, roles, unit, step)
    ledger = made.listing.ledger(made.usable, made.notes, folder / LISTING)
    return Stored(folder, file, ledger, made.unclear, limit_mb, made.machines)


def _read(
    db: duckdb.DuckDBPyConnection,
    path: Path,
    work: Path,
    file: str,
    roles: Mapping[str, str],
    unit: str | None,
    step: Callable[[int, int], object] | None,
) -> Account:
    size = path.stat().st_size

    def told(quarters: int, more: int = 0) -> None:
        if step:
            step(quarters * size + more, 4 * size)

    encoding = encoding_of(path, lambda done: told(0, done))
    source = path
    if not encoding.even:
        source = work / "text.csv"
        copy_as_utf8(path, source, encoding.codec)
    layout = layout_of(_head(source), file, path.stem, roles, unit)
    lines = Lines(source, layout)
    regular = Regular(db, lines, work, unit)
    told(1)
    regular.write()
    told(2)
    with listing_at(work / LISTING) as listing:
        pieces = Pieces(layout, regular, file, unit, encoding.notes, listing)
        pieces.settle(work)
    told(3)
    regular.sort(work / SAMPLES, pieces.places(), pieces.utc)
    account = pieces.account(work / SAMPLES)
    told(4)
    return account


def _head(source: Path) -> str:
    """The first lines, which tell the layout; as text, whatever damage the last one has."""
    data = source.open("rb").read(_HEAD)
    whole = data if len(data) < _HEAD else data[: data.rfind(b"\n") + 1] or data
    return whole.decode("utf-8-sig", errors="replace")
