"""A large table by a contract: read in pieces by the code that reads small ones, kept on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kit.data.kept import LISTING, SAMPLES, made_anew
from kit.data.own.cells import Whole
from kit.data.own.columns import Roles, judge, no_rows
from kit.data.own.contract import TableRule
from kit.data.own.masks import Masker
from kit.data.own.rows import SQL_TYPES, StoredRows
from kit.data.own.tables import table_with
from kit.data.readers.encode import Encoding, encoding_of, whole_lines
from kit.data.readers.listing import Listing, listing_at
from kit.data.readers.sql import quoted
from kit.data.readers.table import Table, cut, find_delimiter, records_in

if TYPE_CHECKING:
    import duckdb

Step = Callable[[int, int], object]


@dataclass(frozen=True)
class _Text:
    """The lines of a file below its header."""

    path: Path
    encoding: Encoding
    delimiter: str
    head: Table

    def tables(self, step: Callable[[int], object]) -> Iterator[Table]:
        """Pieces of the table, each small; rows have their numbers in the file."""
        for first, text in whole_lines(self.path, self.encoding.codec, step):
            records, rows = records_in(text, self.delimiter)
            above = self.head.header_row - first + 1
            kept = [
                at
                for at, record in enumerate(records)
                if rows[at] > above and any(map(str.strip, record))
            ]
            if kept:
                body, numbers = [records[at] for at in kept], [first + rows[at] - 1 for at in kept]
                yield cut(self.head.header, body, numbers, self.path.name, [], "")


def store_columns(
    path: Path,
    folder: Path,
    rule: TableRule,
    roles: Mapping[str, str],
    masker: Masker | None,
    *,
    label: str = "",
    limit_mb: int = 256,
    step: Step | None = None,
) -> StoredRows:
    """Read a CSV or TSV of any size into ``folder``, which is for this file and table alone.

    Rows, account and masks are those of ``read_columns``; ``step`` is called with what is done
    of how much. A file whose later rows say that its earlier ones were written otherwise, such
    as dates whose days come first, is read twice.

    DataError when no row can be used, and as of ``kit.data.kept.made_anew``.
    """
    source, head = table_with(path, roles, head=True)
    known = Roles.of(head, rule, roles, masker, label or path.name)
    size = path.stat().st_size

    def told(third: int, done: int) -> None:
        if step:
            step(third * size + done, 3 * size)

    encoding = encoding_of(path, partial(told, 0))
    text = _Text(path, encoding, find_delimiter(source.text), head)
    whole = Whole()
    with made_anew(path, folder, known.file, limit_mb) as (db, work):
        found = _settled(db, work, known, text.tables(partial(told, 1)), whole, survey=True)
        if found is None:
            again = text.tables(partial(told, 2))
            found = _settled(db, work, known, again, whole, survey=False)
        assert found is not None
        listing, usable = found
        if not usable:
            raise no_rows(known.file, listing.rejects, listing.rejected)
    told(3, 0)
    notes = [*encoding.notes, *whole.notes(), *known.unread()]
    columns = tuple(need.id for need in known.needs)
    ledger = listing.ledger(usable, notes, folder / LISTING)
    return StoredRows(rule, folder, known.file, columns, ledger, limit_mb)


def _settled(
    db: duckdb.DuckDBPyConnection,
    work: Path,
    known: Roles,
    tables: Iterator[Table],
    whole: Whole,
    *,
    survey: bool,
) -> tuple[Listing, int] | None:
    """Judge and write every piece; the notes, and how many rows can be used.

    With ``survey`` what the pieces say of the whole is gathered on the way: None where that
    changed after the first one, so that earlier rows were read by other habits.
    """
    samples = work / SAMPLES
    shutil.rmtree(samples, ignore_errors=True)
    samples.mkdir()
    usable, before = 0, None if survey else whole.habits()
    same = True
    with listing_at(work / LISTING) as listing:
        for number, table in enumerate(tables):
            if survey:
                cells = {name: table.columns[at] for name, at in known.at.items()}
                whole.add(cells, known.needs)
            habits = whole.habits()
            same = same and before in (None, habits)
            before = habits
            if not same:
                continue
            found = judge(table, known, habits)
            listing.add(found.repairs, found.rejects)
            _write(db, found.rows, known, samples / f"{number:06d}.parquet")
            usable += len(found.rows)
    return (listing, usable) if same else None


def _write(db: duckdb.DuckDBPyConnection, rows: pd.DataFrame, known: Roles, target: Path) -> None:
    """Rows as a file; ids of a contract may be equal but for capitals, so they go by number."""
    if rows.empty:
        return
    piece = pd.DataFrame({f"c{at}": rows[need.id] for at, need in enumerate(known.needs)})
    # DuckDB knows texts as objects, whatever pandas makes of them
    piece = piece.astype({name: object for name, kind in piece.dtypes.items() if kind == "str"})
    columns = [f"c{at}::{SQL_TYPES[need.type]} as c{at}" for at, need in enumerate(known.needs)]
    cursor = db.cursor()
    cursor.register("piece", piece.assign(row=rows["row"]))
    kept = ", ".join([*columns, "row"])
    cursor.execute(f"copy (select {kept} from piece) to {quoted(target, pattern=False)}")
    cursor.close()
