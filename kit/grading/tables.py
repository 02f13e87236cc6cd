"""The kit's own tables in the gradebook's database, and those of its earlier versions.

They stand beside nbgrader's and never inside them, on SQLite and PostgreSQL. nbgrader's
migrations touch only its own.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Float,
    Index,
    MetaData,
    String,
    Table,
    Text,
    delete,
    false,
    insert,
    inspect,
    select,
    text,
)

TABLES = MetaData()
KEY = String(128)

OUTCOME = Table(
    "upskill_outcome",
    TABLES,
    Column("assignment", KEY, primary_key=True),
    Column("learner", KEY, primary_key=True),
    Column("exercise", KEY, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("label", KEY, nullable=False),
    # labels of earlier submissions, separated by spaces: mistakes that were met and left
    Column("earlier", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("score", Float),
    Column("at", DateTime, nullable=False),
    Column("version", String(64), nullable=False),
    # where the check was run; nothing stands here for what was graded before it was noted
    Column("trust", String(16)),
)
# reports read only what went wrong, out of hundreds of thousands of rows
_TOLD = text("label <> '' OR earlier <> '' OR kind = 'uncheckable'")
_OF_TOLD = Index(
    "upskill_outcome_told",
    *(OUTCOME.c[name] for name in ("learner", "assignment", "exercise", "kind", "label")),
    OUTCOME.c.earlier,
)

HANDIN = Table(
    "upskill_handin",
    TABLES,
    Column("assignment", KEY, primary_key=True),
    Column("learner", KEY, primary_key=True),
    Column("submitted_at", DateTime),
    Column("version", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("practice", Text, nullable=False),
    Column("declared", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
)

REQUEST = Table(
    "upskill_request",
    TABLES,
    Column("unit", KEY, primary_key=True),
    Column("learner", KEY, primary_key=True),
    Column("exercise", KEY, primary_key=True),
    Column("because", Text, nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", DateTime),
)

TEXT = Table(
    "upskill_text",
    TABLES,
    Column("assignment", KEY, primary_key=True),
    Column("learner", KEY, primary_key=True),
    Column("notebook", KEY, primary_key=True),
    Column("cell", KEY, primary_key=True),
    # sha256 of what a person judges in the cell, as it was graded last
    Column("text", String(64), nullable=False),
)

RUN = Table(
    "upskill_run",
    TABLES,
    Column("assignment", KEY, primary_key=True),
    Column("learner", KEY, primary_key=True),
    # sha256 over what was handed in and what it was graded against: nothing new, no second run
    Column("key", String(64), nullable=False),
    # what stood around the learner's code; of several notebooks the weakest
    Column("sandbox", String(16), nullable=False),
    Column("seconds", Float),
    Column("at", DateTime, nullable=False),
)

STRICT = Table(
    "upskill_strict",
    TABLES,
    Column("assignment", KEY, primary_key=True),
    Column("learner", KEY, primary_key=True),
    Column("notebook", KEY, primary_key=True),
    Column("cell", KEY, primary_key=True),
    # nbgrader's score, and the one that was saved
    Column("plain", Float),
    Column("strict", Float),
    # in English, known again by its template
    Column("why", Text, nullable=False),
)


def make_tables(engine: Engine) -> None:
    """Make what is missing; what an earlier version made gets today's columns, rows are kept."""
    # said as the index is declared, it would import the dialect of every database named there
    _OF_TOLD.dialect_options[engine.dialect.name]["where"] = _TOLD
    TABLES.create_all(engine)
    made = inspect(engine)
    columns = {
        table.name: {column["name"] for column in made.get_columns(table.name)}
        for table in (OUTCOME, HANDIN)
    }
    if "trust" not in columns[OUTCOME.name]:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {OUTCOME.name} ADD COLUMN trust VARCHAR(16)"))
    # a sum of what was handed in stood there, which is part of a run's key
    if "content" in columns[HANDIN.name]:
        _make_anew(engine, HANDIN)


def _make_anew(engine: Engine, table: Table) -> None:
    """Drop the columns that a table has no more, which not every SQLite can do by itself."""
    with engine.begin() as connection:
        # a change of rows first: for nothing else SQLite's driver begins a transaction
        connection.execute(delete(table).where(false()))
        rows = [dict(row) for row in connection.execute(select(table)).mappings()]
        table.drop(connection)
        table.create(connection)
        if rows:
            connection.execute(insert(table), rows)
