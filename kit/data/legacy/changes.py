"""The old system goes on while it is being migrated: changes booked into its SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from kit.data.legacy.shop import insert, raw
from kit.data.migration.delta import Change
from kit.data.migration.table import Table


def book(path: Path, table: Table, changes: Iterable[Change]) -> None:
    """Book committed ``changes`` of ``table`` into the legacy file, dirt and all, in one step.

    To let the source stand at a moment, give it ``Feed.between(last, moment)``. Raises
    ``sqlite3.Error`` when the file is read-only (as a frozen source should be) or has no such
    table.
    """
    (key,) = table.key
    with closing(sqlite3.connect(path)) as file, file:
        for change in changes:
            # an update writes the whole row, as this system's forms do
            file.execute(f"DELETE FROM {table.name} WHERE {key} = ?", (change.key,))
            if change.row is not None:
                insert(file, table, [raw(table, change.row)])
