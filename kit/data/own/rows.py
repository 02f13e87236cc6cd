"""Rows of tables by a contract: in memory, on disk where a file is large, and both together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.data.kept import SAMPLES, opened
from kit.data.own.contract import TableRule
from kit.data.own.samples import SUMMARY_COLUMNS, Rowwise, Together
from kit.data.readers import Ledger
from kit.data.readers.sql import quoted
from kit.errors import DataError

# Cells of one frame, of seventy bytes where they are texts, and twice that while it is made.
MOST_CELLS = 40_000_000
# Rows of one piece in memory; on disk a piece is what was read at once.
_PIECE = 100_000
# What the rows of a contract's types are in a frame, and in a file.
DTYPES = {"text": "str", "time": "datetime64[ns]", "number": "float64", "money": "float64"}
SQL_TYPES = {"text": "varchar", "time": "timestamp_ns", "number": "double", "money": "double"}


@dataclass(frozen=True)
class Rows:
    """Rows of a table as ``Samples``: the columns of the contract, then ``file`` and ``row``."""

    table: TableRule
    rows: pd.DataFrame
    ledger: Ledger

    def frame(self, machine: str = "") -> pd.DataFrame:
        """All rows, or those of one machine where the contract has such a column."""
        rows = self.rows
        if machine and "machine" in rows:
            rows = rows[rows["machine"] == machine]
        return rows.reset_index(drop=True)

    def summary(self) -> pd.DataFrame:
        """One row for each file, with the span of the first column of times."""
        time = _time_of(self.table)
        told = []
        for file, rows in self.rows.groupby("file", sort=False):
            times = rows[time] if time in rows else pd.Series(dtype="datetime64[ns]")
            told.append((file, "", self.table.id, "", len(rows), times.min(), times.max()))
        return _summary(told)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """See ``Rowwise``."""
        for at in range(0, len(self.rows), _PIECE):
            yield self.rows.iloc[at : at + _PIECE].reset_index(drop=True)

    def distinct(self, column: str) -> list[Any]:
        """See ``Rowwise``."""
        return list(self.rows[column].unique()) if column in self.rows else []


@dataclass(frozen=True)
class StoredRows:
    """Rows of a large file, which lie in ``folder``: the ids of ``columns`` as c0, c1 and on.

    Made by ``kit.data.own.stored.store_columns``. Frames are those of ``Rows``.
    """

    table: TableRule
    folder: Path
    file: str
    columns: tuple[str, ...]
    ledger: Ledger
    limit_mb: int = 256

    def frame(self, machine: str = "") -> pd.DataFrame:
        """See ``Rows``; DataError for more than ``MOST_CELLS``."""
        where, given = "", []
        if machine and "machine" in self.columns:
            where, given = f"where {self._name('machine')} = ?", [machine]
        with opened(self.folder, self.limit_mb) as db:
            count = db.execute(f"select count(*) from samples {where}", given).fetchone()
            most = MOST_CELLS // (len(self.columns) + 1)
            if count and count[0] > most:
                raise self._too_many(count[0], most)
            return self._framed(db.execute(f"select * from samples {where}", given).fetchnumpy())

    def summary(self) -> pd.DataFrame:
        """See ``Rows``."""
        time = _time_of(self.table)
        span = [f"{kind}({self._name(time)})" for kind in ("min", "max")]
        told = ", ".join(span) if time in self.columns else "null, null"
        with opened(self.folder, self.limit_mb) as db:
            found = db.execute(f"select count(*), {told} from samples").fetchall()
        count, first, last = found[0]
        return _summary([(self.file, "", self.table.id, "", count, first, last)])

    def pieces(self) -> Iterator[pd.DataFrame]:
        """See ``Rowwise``."""
        with opened(self.folder, self.limit_mb) as db:
            for part in sorted((self.folder / SAMPLES).iterdir()):
                found = db.execute(f"select * from read_parquet({quoted(part)})")
                yield self._framed(found.fetchnumpy())

    def distinct(self, column: str) -> list[Any]:
        """See ``Rowwise``."""
        if column not in self.columns:
            return []
        with opened(self.folder, self.limit_mb) as db:
            found = db.execute(
                f"select {self._name(column)} from samples group by all order by min(row)"
            ).fetchall()
        return [value for (value,) in found]

    def _name(self, column: str) -> str:
        return f"c{self.columns.index(column)}" if column in self.columns else "null"

    def _framed(self, cells: dict[str, Any]) -> pd.DataFrame:
        kinds = {one.id: DTYPES[one.type] for one in self.table.columns}
        rows = pd.DataFrame(
            {name: _filled(cells[f"c{at}"], kinds[name]) for at, name in enumerate(self.columns)}
        )
        rows["file"], rows["row"] = self.file, np.asarray(cells["row"])
        return rows

    def _too_many(self, count: int, most: int) -> DataError:
        return DataError(
            "{count:,} rows of {file} do not fit into memory; {most:,} do.",
            where=self.file,
            fix="Go through them piece by piece: for rows in own.pieces(): ... ; or export fewer "
            "rows.",
            count=count,
            file=self.file,
            most=most,
        )


class RowsTogether(Together):
    """Several tables as one."""

    def __init__(self, parts: Sequence[Rowwise], ledger: Ledger) -> None:
        super().__init__(parts, ledger)
        self._rowwise = tuple(parts)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """See ``Rowwise``."""
        for part in self._rowwise:
            yield from part.pieces()

    def distinct(self, column: str) -> list[Any]:
        """See ``Rowwise``."""
        return list(dict.fromkeys(one for part in self._rowwise for one in part.distinct(column)))


def _time_of(table: TableRule) -> str:
    return next((column.id for column in table.columns if column.type == "time"), "")


def _summary(told: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(told, columns=list(SUMMARY_COLUMNS))
    return table.astype({"first": "datetime64[ns]", "last": "datetime64[ns]", "samples": "int64"})


def _filled(cells: Any, dtype: str) -> pd.Series:
    """Cells as DuckDB gives them: masked where there is none."""
    if isinstance(cells, np.ma.MaskedArray) and dtype != "str":
        cells = cells.filled(np.datetime64("NaT") if dtype.startswith("datetime") else np.nan)
    return pd.Series(np.asarray(cells), dtype=dtype)
