"""What the target takes after it was reopened: a journal, written by triggers, REAL.

A trigger is inside of the transaction that it records: what is rolled back is not in the
journal, and what is committed is. It sees rows that are inserted and deleted again, which a
comparison of two states does not.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from psycopg import sql

from kit.data.migration.rollback import Transaction
from kit.data.migration.table import Table
from kit.lab.postgres.rows import Connection

_SETUP = """
CREATE TABLE IF NOT EXISTS kit_journal (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_name text NOT NULL, operation text NOT NULL, before jsonb, after jsonb,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE OR REPLACE FUNCTION kit_write_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kit_journal (table_name, operation, before, after) VALUES (
    TG_TABLE_NAME, lower(TG_OP),
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
    CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
  RETURN NULL;
END $$;
"""


def watch(connection: Connection, table: Table) -> None:
    """Write every row that ``table`` gains, changes or loses from now on into the journal.

    Call it before the target is reopened, and commit. A second call changes nothing.
    COPY is recorded row by row; TRUNCATE, which no trigger sees row by row, is refused.
    """
    connection.execute(_SETUP)
    name = sql.Identifier(table.name)
    connection.execute(
        sql.SQL(
            "CREATE OR REPLACE TRIGGER kit_journal AFTER INSERT OR UPDATE OR DELETE ON {} "
            "FOR EACH ROW EXECUTE FUNCTION kit_write_journal()"
        ).format(name)
    )
    connection.execute(
        "CREATE OR REPLACE FUNCTION kit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'TRUNCATE leaves no journal: use DELETE'; END $$"
    )
    connection.execute(
        sql.SQL(
            "CREATE OR REPLACE TRIGGER kit_truncate BEFORE TRUNCATE ON {} "
            "EXECUTE FUNCTION kit_refuse_truncate()"
        ).format(name)
    )


def journal(connection: Connection) -> list[Transaction]:
    """All recorded changes, in the order in which they happened; [] before ``watch``.

    Values are JSON's: an amount with 전 is a Decimal, a whole one an int, a time its text in UTC.
    """
    if connection.execute("SELECT to_regclass('kit_journal')").fetchone() == (None,):
        return []
    rows = connection.execute(
        "SELECT number, table_name, operation, before::text, after::text, at "
        "FROM kit_journal ORDER BY number"
    )
    return [
        Transaction(number, table, operation, _values(before), _values(after), at)
        for number, table, operation, before, after, at in rows
    ]


def _values(text: str | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(text, parse_float=Decimal) if text else None
    return found
