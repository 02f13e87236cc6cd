"""Rows between a PostgreSQL table and the kit's own tables (``kit.data.migration.table``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from psycopg import sql

from kit.data.migration.delta import Change
from kit.data.migration.table import Kind, Row, Table
from kit.errors import LabError

Connection = psycopg.Connection[tuple[Any, ...]]
_BATCH = 5_000
_TYPES: dict[Kind, str] = {
    "integer": "bigint",
    "text": "text",
    "amount": "numeric",
    "time": "timestamptz",
    "date": "date",
    "flag": "boolean",
}


def create_table(connection: Connection, table: Table, *, keyed: bool = True) -> None:
    """Make ``table`` empty, in place of one that is there, in PostgreSQL's types of its kinds.

    Without ``keyed`` it gets no primary key: a bulk load may then hold a key twice.
    """
    columns: list[sql.Composable] = [
        sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(_TYPES[c.kind]))
        for c in table.columns
    ]
    if table.key and keyed:
        columns.append(sql.SQL("PRIMARY KEY ({})").format(_names(table.key)))
    name = sql.Identifier(table.name)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(name))
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(", ").join(columns)))


def copy_in(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Add typed rows by COPY; returns how many. All or none, by the caller's transaction."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), _names(table.names)
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def table_rows(connection: Connection, table: Table) -> Iterator[Row]:
    """The rows of ``table`` as PostgreSQL has them, in no order, in bounded memory.

    The values are what psycopg makes of the columns' real types, so that a column of another
    type than the mapping says shows in the proof. Raises ``LabError`` when a column is missing.
    """
    statement = sql.SQL("SELECT {} FROM {}").format(_names(table.names), sql.Identifier(table.name))
    try:
        with connection.cursor(name="kit_rows") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(statement)
            yield from cursor
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
        connection.rollback()
        raise LabError(
            "The target has no such table or column: {reason}",
            where=table.name,
            fix="Create it as the mapping says, then load again.",
            reason=str(error).splitlines()[0],
        ) from None


def apply_changes(connection: Connection, table: Table, changes: Iterable[Change]) -> None:
    """Book ``changes`` in the target, each as one statement, as its applications would."""
    name, (key,) = sql.Identifier(table.name), table.key
    delete = sql.SQL("DELETE FROM {} WHERE {} = %s").format(name, sql.Identifier(key))
    places = sql.SQL(", ").join(sql.Placeholder() for _ in table.names)
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(name, _names(table.names), places)
    update = sql.SQL("UPDATE {} SET ({}) = ROW({}) WHERE {} = %s").format(
        name, _names(table.names), places, sql.Identifier(key)
    )
    for change in changes:
        if change.row is None:
            connection.execute(delete, (change.key,))
        elif change.operation == "insert":
            connection.execute(insert, change.row)
        else:
            connection.execute(update, (*change.row, change.key))


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
