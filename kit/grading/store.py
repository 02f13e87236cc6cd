"""What points rest on, kept in tables of the kit's own beside nbgrader's, see tables.py.

nbgrader keeps points; here is saved and read what each check said, what was handed in and
why it could not be graded, the run behind a score, and learners' requests. The tables are
made at first need.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import OperationalError, ProgrammingError

from kit.grading.handed import Declared, HandIn, Practice
from kit.grading.outcomes import IN_KERNEL, CellOutcome
from kit.grading.tables import HANDIN, OUTCOME, REQUEST, RUN, TABLES, TEXT, make_tables

# other processes grade into the same file; a write waits for theirs
WAIT_SECONDS = 30.0
# a message is a sentence or two; the learner's code may have shown anything
MESSAGE_LIMIT = 4000
# NUL, which PostgreSQL has in no text, and halves of characters
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
OPEN, ANSWERED = "open", "answered"
GRADED, FAILED = "graded", "failed"


class HasGradebook(Protocol):
    """Anything with a gradebook's address for SQLAlchemy."""

    @property
    def db_url(self) -> str:
        """Such as sqlite:////path/gradebook.db."""


Database: TypeAlias = HasGradebook | Connection | str


@contextmanager
def connected(course: Database, *, make: bool = True) -> Iterator[Any]:
    """One transaction on the gradebook's database; ``make`` creates missing tables.

    A connection is the caller's own transaction, and stays that.
    """
    if isinstance(course, Connection):
        yield course
        return
    url = course if isinstance(course, str) else course.db_url
    wait = {"timeout": WAIT_SECONDS} if url.startswith("sqlite") else {}
    engine = readable(create_engine(url, connect_args=wait))
    try:
        if make:
            _make(engine)
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def readable(engine: Engine) -> Engine:
    """The engine, with ``storable`` texts in all that it writes."""
    event.listen(engine, "before_cursor_execute", _readable, retval=True)
    return engine


def _readable(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    return statement, storable(parameters)


def storable(value: Any) -> Any:
    """A text, or all texts in lists, tuples and mappings, as every database and file takes them."""
    if isinstance(value, str):
        return _UNREADABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {name: storable(one) for name, one in value.items()}
    return type(value)(map(storable, value)) if isinstance(value, list | tuple) else value


def _make(engine: Engine) -> None:
    if not inspect(engine).has_table("alembic_version"):
        _make_gradebook(engine)
    try:
        make_tables(engine)
    except (OperationalError, ProgrammingError):
        # another process made them between the look and the making
        if not set(TABLES.tables) <= set(inspect(engine).get_table_names()):
            raise


def _make_gradebook(engine: Engine) -> None:
    """nbgrader's tables first: into a database that has some it writes no version number."""
    from nbgrader.api import Gradebook

    before = os.environ.get("PATH", "")
    # nbgrader asks the alembic command for that number, by PATH
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        Gradebook(engine.url.render_as_string(hide_password=False)).close()
    finally:
        os.environ["PATH"] = before


def prepare(course: Database) -> None:
    """Make the tables, so that nobody meets their absence."""
    with connected(course):
        pass


def _utc(moment: datetime | None) -> datetime | None:
    # nbgrader's own times are UTC without a zone; SQLite keeps no zone at all
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None)


def save_outcomes(
    course: Database,
    assignment: str,
    learner: str,
    outcomes: Iterable[CellOutcome],
    at: datetime | None = None,
    version: str = "",
) -> None:
    """Replace what checks said about a learner's assignment; labels seen before are kept."""
    where = (OUTCOME.c.assignment == assignment) & (OUTCOME.c.learner == learner)
    latest = {outcome.exercise: outcome for outcome in outcomes}
    moment = _utc(at or datetime.now(UTC))
    with connected(course) as connection:
        old = connection.execute(
            select(OUTCOME.c.exercise, OUTCOME.c.label, OUTCOME.c.earlier).where(where)
        )
        seen = {row.exercise: {*row.earlier.split(), row.label} - {""} for row in old}
        connection.execute(delete(OUTCOME).where(where))
        rows = [
            {
                "assignment": assignment,
                "learner": learner,
                "exercise": name,
                "kind": outcome.kind[:32],
                "label": outcome.label[:128],
                "earlier": " ".join(sorted(seen.get(name, set()) - {outcome.label})),
                "message": outcome.message[:MESSAGE_LIMIT],
                "score": outcome.share,
                "at": moment,
                "version": version[:64],
                "trust": outcome.trust,
            }
            for name, outcome in latest.items()
        ]
        if rows:
            connection.execute(insert(OUTCOME), rows)


def save_handin(
    course: Database,
    assignment: str,
    learner: str,
    submitted_at: datetime | None = None,
    version: str = "",
    language: str = "",
    practice: Practice | None = None,
    declared: Declared | None = None,
    *,
    state: str = GRADED,
    reason: str = "",
) -> None:
    """Replace the row of a learner's hand-in. ``reason`` says why it failed, or what is odd."""
    row = {
        "submitted_at": _utc(submitted_at),
        "version": version[:64],
        "language": language[:16],
        "practice": practice.stored() if practice else "",
        "declared": declared.model_dump_json() if declared else "",
        "state": state,
        "reason": reason[:MESSAGE_LIMIT],
    }
    key = {"assignment": assignment, "learner": learner}
    _replace(course, HANDIN, key, row)


def _replace(course: Database, table: Table, key: dict[str, str], *rows: Any) -> None:
    where = [table.c[name] == value for name, value in key.items()]
    with connected(course) as connection:
        connection.execute(delete(table).where(*where))
        if rows:
            connection.execute(insert(table), [{**key, **row} for row in rows])


@dataclass(frozen=True)
class Run:
    """What a learner's scores come from.

    ``key`` is that of ``ledger.Keys``, "" when not all of the submission was graded in one go.
    ``sandbox`` is what stood around the learner's code, "" when none was run, ``seconds`` the
    submission's own time, None when nobody took it.
    """

    key: str = ""
    sandbox: str = ""
    seconds: float | None = None


def save_run(course: Database, assignment: str, learner: str, run: Run) -> None:
    """Replace what is known of the run that a learner's scores come from."""
    row = {**asdict(run), "at": _utc(datetime.now(UTC))}
    _replace(course, RUN, {"assignment": assignment, "learner": learner}, row)


def runs(course: Database, assignment: str) -> dict[str, Run]:
    """The run behind each learner's scores."""
    with connected(course) as connection:
        rows = connection.execute(select(RUN).where(RUN.c.assignment == assignment))
        return {row.learner: Run(row.key, row.sandbox, row.seconds) for row in rows}


def handins(course: Database, assignment: str) -> dict[str, HandIn]:
    """All hand-ins of an assignment by learner."""
    with connected(course) as connection:
        rows = connection.execute(select(HANDIN).where(HANDIN.c.assignment == assignment))
        return {
            row.learner: HandIn(
                assignment=row.assignment,
                learner=row.learner,
                submitted_at=row.submitted_at,
                version=row.version,
                language=row.language,
                practice=Practice.from_stored(row.practice),
                declared=Declared.model_validate_json(row.declared) if row.declared else None,
                state=row.state,
                reason=row.reason,
            )
            for row in rows
        }


def outcomes(course: Database, assignment: str, learner: str) -> list[CellOutcome]:
    """What the checks last said about a learner's assignment; any order."""
    where = (OUTCOME.c.assignment == assignment) & (OUTCOME.c.learner == learner)
    with connected(course) as connection:
        return [
            CellOutcome(r.exercise, r.kind, r.message, r.score, r.label, r.trust or IN_KERNEL)
            for r in connection.execute(select(OUTCOME).where(where))
        ]


def reason_of(course: Database, assignment: str, learner: str) -> str:
    """The ``reason`` of one learner's hand-in; "" for none."""
    where = (HANDIN.c.assignment == assignment) & (HANDIN.c.learner == learner)
    with connected(course) as connection:
        return str(connection.scalar(select(HANDIN.c.reason).where(where)) or "")


def save_texts(
    course: Database, assignment: str, learner: str, notebook: str, told: dict[str, str]
) -> None:
    """Replace what a person judges in one notebook: a sha256 by nbgrader's id of the cell."""
    key = {"assignment": assignment, "learner": learner, "notebook": notebook}
    rows = [{"cell": cell, "text": text} for cell, text in told.items()]
    _replace(course, TEXT, key, *rows)


def texts(course: Database, assignment: str, learner: str, notebook: str) -> dict[str, str]:
    """What ``save_texts`` kept last, by cell; empty for a notebook that was never graded."""
    place = {"assignment": assignment, "learner": learner, "notebook": notebook}
    asked = select(TEXT).where(*(TEXT.c[name] == value for name, value in place.items()))
    with connected(course) as connection:
        return {row.cell: row.text for row in connection.execute(asked)}


def save_request(
    course: Database,
    unit: str,
    learner: str,
    exercise: str,
    because: str,
    asked_at: datetime | None = None,
) -> bool:
    """Enter a request to look at a grade again; False for one that is known already.

    A learner may ask again after an answer: with a later ``asked_at`` it is open again.
    """
    key = {"unit": unit, "learner": learner, "exercise": exercise}
    moment = _utc(asked_at or datetime.now(UTC))
    known = [row for row in requests(course, unit) if key.items() <= row.items()]
    if known and moment is not None and known[0]["asked_at"] >= moment:
        return False
    row = {"because": because[:MESSAGE_LIMIT], "asked_at": moment, "state": OPEN}
    _replace(course, REQUEST, key, {**row, "answer": "", "answered_at": None})
    return True


def answer_request(
    course: Database,
    unit: str,
    learner: str,
    exercise: str,
    answer: str,
    at: datetime | None = None,
) -> bool:
    """Answer a request; False when there is none of that name."""
    key = {"unit": unit, "learner": learner, "exercise": exercise}
    change = {"state": ANSWERED, "answer": answer, "answered_at": _utc(at or datetime.now(UTC))}
    where = [REQUEST.c[name] == value for name, value in key.items()]
    with connected(course) as connection:
        return bool(connection.execute(update(REQUEST).where(*where).values(change)).rowcount)


def requests(course: Database, unit: str = "") -> list[dict[str, Any]]:
    """Requests of a unit, or all, oldest first; times are UTC without a zone."""
    asked = select(REQUEST).order_by(REQUEST.c.asked_at)
    with connected(course) as connection:
        found = connection.execute(asked.where(REQUEST.c.unit == unit) if unit else asked)
        return [dict(row) for row in found.mappings()]
