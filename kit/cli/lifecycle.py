"""``upskill course | release | collect | extend``: nbgrader's lifecycle on a trainer's course."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.content import find_unit
from kit.errors import GradingError, UsageError
from kit.i18n import Translator, mark, resolve_language

if TYPE_CHECKING:
    from kit.grading.collect import Collected
    from kit.grading.course import Course
    from kit.grading.release import Released

_STATES = {
    "new": mark("new"),
    "newer": mark("newer"),
    "unchanged": mark("unchanged"),
    "asked": mark("asks to look again"),
    "missing": mark("missing"),
}
_EXTENDED = {
    "granted": mark("{name}: {days} days after the due date."),
    "waiting": mark("{name}: {days} days, as soon as something is handed in."),
    "taken back": mark("{name}: the extension is taken back."),
    "no date": mark("{name}: it has no due date."),
}


def _speaker() -> tuple[Console, Translator]:
    return Console(highlight=False), Translator(resolve_language())


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)


def run_course(folder: Path, course_id: str | None, cohort: Path | None) -> None:
    """Make a course directory or bring it up to date, and say what comes next."""
    from kit.grading.cohort_file import read_cohort_file
    from kit.grading.course import CONFIG_FILE, open_course
    from kit.grading.make_course import make_course

    console, tr = _speaker()
    was_there = (folder.expanduser() / CONFIG_FILE).is_file()
    if was_there and course_id is not None:
        _prove_same(open_course(folder), course_id)
    if cohort is not None and course_id is None:
        course_id = read_cohort_file(cohort).id
    with console.status(tr(mark("Preparing the course …"))):
        course = make_course(folder, course_id or "upskill", cohort)
    told = mark("Source notebooks are up to date: {path}") if was_there else mark("Course: {path}")
    _say(console, tr(told, path=course.root))
    _say(console, tr(mark("Its id is {id}; learners name it to join."), id=course.course_id))
    _say(console, tr(mark("Keep a backup of private/secret: hidden data stands on it.")))
    _say(console, tr(mark("Next, in this folder: upskill release rightsizing")))


def _prove_same(course: Course, course_id: str) -> None:
    # the id is part of every seed: another one would change everybody's data
    if course.course_id != course_id:
        raise UsageError(
            "This course has the id '{there}' already, and it stays.",
            where=str(course.root),
            fix="Leave --id out, or name another folder.",
            there=course.course_id,
        )


def run_release(unit_id: str, folder: Path | None, cohort: Path | None, *, as_json: bool) -> None:
    """Release a unit's assignments and say what learners need to join."""
    from kit.grading.cohort_file import read_cohort_file
    from kit.grading.course import open_course
    from kit.grading.exchange import exchange_root
    from kit.grading.guard import guard_exchange
    from kit.grading.make_course import adopt_cohort
    from kit.grading.release import release

    console, tr = _speaker()
    unit = find_unit(unit_id)
    course = open_course(folder)
    told = read_cohort_file(cohort) if cohort else None
    if cohort:
        adopt_cohort(course.root, cohort)
    guarded = guard_exchange(course)
    with _waiting(tr(mark("Releasing {unit} …"), unit=unit.id), as_json):
        rows = release(course, unit, told)
    exchange = exchange_root(course)
    # what nobody but the machine's owner can mend shows only once the folders are there
    guarded = list(dict.fromkeys([*guarded, *guard_exchange(course)]))
    if as_json:
        print(json.dumps(_released_data(course, rows, exchange) | {"exchange_notes": guarded}))
        return
    for note in guarded:
        _say(console, tr(note))
    for row in rows:
        due = _local(row.due) if row.due else tr(mark("no due date"))
        _say(console, tr(mark("Released {name}; due: {due}"), name=row.name, due=due))
    command = f"upskill join {course.course_id} --exchange {exchange}"
    _say(console, tr(mark("Learners take part with: {command}"), command=command))
    if not _reachable(exchange):
        _say(
            console,
            tr(
                mark(
                    "Other users of this machine cannot reach {path}. For them, set "
                    "c.Exchange.root in nbgrader_config.py to a shared folder."
                ),
                path=exchange,
            ),
        )


def _released_data(course: Course, rows: list[Released], exchange: Path) -> dict[str, Any]:
    return {
        "course": course.course_id,
        "exchange": str(exchange),
        "assignments": [
            {
                "name": row.name,
                "part": row.part,
                "due": row.due.isoformat() if row.due else None,
                "folder": str(row.folder),
            }
            for row in rows
        ],
    }


def _reachable(folder: Path) -> bool:
    # a Unix user passes through a folder by its execute bit
    return os.name != "posix" or all(f.stat().st_mode & 0o001 for f in (folder, *folder.parents))


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def _waiting(text: str, as_json: bool) -> Any:
    # what is printed for programs is one JSON object and nothing else
    return Console(stderr=True, quiet=as_json).status(text)


def run_collect(unit_id: str, folder: Path | None, *, as_json: bool) -> None:
    """Collect what was handed in and show who has handed in what."""
    from kit.grading.collect import collect
    from kit.grading.course import open_course
    from kit.grading.guard import guard_exchange

    console, tr = _speaker()
    unit = find_unit(unit_id)
    course = open_course(folder)
    guarded = guard_exchange(course)
    with _waiting(tr(mark("Collecting {unit} …"), unit=unit.id), as_json):
        rows = collect(course, unit)
    error = _no_room(course, unit_id, rows)
    if as_json:
        told = {"course": course.course_id, "rows": [_row(row) for row in rows]}
        failed = {"error": error.as_dict(tr)} if error else {}
        print(json.dumps(told | {"exchange_notes": guarded} | failed))
        if error:
            raise SystemExit(error.exit_code)
        return
    for note in guarded:
        _say(console, tr(note))
    for name in dict.fromkeys(row.assignment for row in rows):
        _show_collected(console, tr, name, [row for row in rows if row.assignment == name])
    _show_who(console, tr, course, rows)
    if not rows:
        _say(console, tr(mark("Nothing was handed in yet, and no cohort names learners.")))
    if error:
        raise error


def _no_room(course: Course, unit: str, rows: list[Collected]) -> GradingError | None:
    """What is left to do where not all of it fitted on the disk."""
    waiting = dict.fromkeys(row.learner for row in rows if row.waits)
    if not waiting:
        return None
    return GradingError(
        "The disk is full: the newest work is in the exchange still of {names}.",
        where=str(course.root),
        fix="Make room there, then: upskill collect {unit}",
        names=", ".join(waiting),
        unit=unit,
    )


def _row(row: Collected) -> dict[str, Any]:
    return {
        "assignment": row.assignment,
        "learner": row.learner,
        "state": row.state,
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
        "note": " ".join(row.notes),
        "enrolled": row.enrolled,
        "account": row.account,
        "receipt": row.receipt,
    }


def _show_collected(console: Console, tr: Translator, name: str, rows: list[Collected]) -> None:
    table = Table(title=Text(name), title_justify="left")
    for heading in (mark("Learner"), mark("Submission"), mark("Handed in"), mark("Note")):
        table.add_column(tr(heading))
    for row in rows:
        when = _local(row.submitted_at) if row.submitted_at else ""
        table.add_row(Text(row.learner), tr(_STATES[row.state]), when, Text(_told(tr, row)))
    console.print(table)
    counts = {state: sum(row.state == state for row in rows) for state in _STATES}
    told = ", ".join(f"{tr(_STATES[state])} {n}" for state, n in counts.items() if n)
    _say(console, f"  {told}\n")


def _told(tr: Translator, row: Collected) -> str:
    return "\n".join(tr(note) for note in row.notes)


def _show_who(console: Console, tr: Translator, course: Course, rows: list[Collected]) -> None:
    """Whose names nothing vouches for: neither the roster nor an account of their own."""
    from kit.grading.cohort_file import roster_place
    from kit.grading.collect import own_account

    strangers = sorted({row.learner for row in rows if not row.enrolled})
    if strangers:
        place = roster_place(course.root)
        told = mark("Not on the roster: {names}. The work is kept; statistics leave it out.")
        _say(console, tr(told, names=", ".join(strangers)))
        told = mark("To enrol them, name them in {place} ([[learners]], id); or leave it so.")
        _say(console, tr(told, place=place))
    me = own_account()
    mine = sorted({row.learner for row in rows if me and row.account == me != row.learner})
    if mine:
        told = mark("Handed in from your own account, which proves no name: {names}")
        _say(console, tr(told, names=", ".join(mine)))


def run_extend(unit_id: str, learner: str, days: int, folder: Path | None) -> None:
    """Give one learner more time, or take it back with 0 days."""
    from kit.grading.course import open_course
    from kit.grading.late import extend, known_learner

    console, tr = _speaker()
    unit = find_unit(unit_id)
    course = open_course(folder)
    if not known_learner(course, learner):
        raise UsageError(
            "Nobody is called '{learner}' in this course.",
            where=str(course.root / "cohorts"),
            fix="Write the id as the cohort file or the gradebook has it.",
            learner=learner,
        )
    for name, state in extend(course, unit, learner, days).items():
        told = "taken back" if not days and state != "no date" else state
        _say(console, tr(_EXTENDED[told], name=name, days=days))
