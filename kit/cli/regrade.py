"""``upskill regrade``: learners' requests to look at a grade again, and the trainer's answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.content import find_unit
from kit.errors import UsageError
from kit.i18n import Translator, mark, resolve_language
from kit.model import Part, Unit

if TYPE_CHECKING:
    from kit.grading.course import Course


@dataclass(frozen=True)
class Request:
    """An open request. ``points`` is what the exercise has now, None where nobody graded it."""

    learner: str
    exercise: str
    because: str
    asked_at: str
    points: float | None
    max_points: float


def run_regrade(
    unit_id: str,
    course_dir: Path | None,
    learner: str | None,
    exercise: str | None,
    answer: str | None,
    *,
    as_json: bool = False,
) -> None:
    """List open requests, of one learner or exercise if named; ``answer`` answers one."""
    from kit.grading.course import open_course

    unit, course = find_unit(unit_id), open_course(course_dir)
    tr = Translator(resolve_language(), unit.folder / "locale")
    if answer is not None:
        _answer(course, unit, learner, exercise, answer)
    found = [
        one
        for one in open_requests(course, unit)
        if learner in (None, one.learner) or answer is not None
        if exercise in (None, one.exercise) or answer is not None
    ]
    if as_json:
        # JSON is for programs: ASCII survives any console's encoding
        told = {"unit": unit.id, "answered": answer is not None}
        print(json.dumps({**told, "open": [asdict(one) for one in found]}))
        return
    if answer is not None:
        told_so = mark("Answered. {learner} reads it after: upskill feedback {unit}")
        _say(tr(told_so, learner=learner, unit=unit.id))
    _show(found, unit, tr)


def open_requests(course: Course, unit: Unit) -> list[Request]:
    """Requests that wait for an answer, oldest first."""
    from kit.grading import store

    best = {exercise.id: float(exercise.points) for exercise in unit.of(Part.GRADED)}
    rows = [row for row in store.requests(course, unit.id) if row["state"] == store.OPEN]
    with course.at_work("upskill regrade"):
        points = _points(course, unit, rows)
    return [
        Request(
            learner=row["learner"],
            exercise=row["exercise"],
            because=row["because"],
            asked_at=row["asked_at"].replace(tzinfo=UTC).isoformat(timespec="seconds"),
            points=points.get((row["learner"], row["exercise"])),
            max_points=best.get(row["exercise"], 0.0),
        )
        for row in rows
    ]


def _points(
    course: Course, unit: Unit, rows: Sequence[dict[str, Any]]
) -> dict[tuple[str, str], float]:
    """Points in the gradebook, by learner and exercise; none of what waits for a person."""
    from nbgrader.api import Gradebook, MissingEntry

    found: dict[tuple[str, str], float] = {}
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for learner in {row["learner"] for row in rows}:
            try:
                submission = gradebook.find_submission(unit.assignment(Part.GRADED), learner)
            except MissingEntry:
                continue
            for grade in (g for book in submission.notebooks for g in book.grades):
                # points of work that was judged once and rewritten since are nobody's
                known = grade.auto_score is not None or grade.manual_score is not None
                if known and not grade.needs_manual_grade:
                    found[learner, grade.name] = float(grade.score)
    return found


def _answer(
    course: Course, unit: Unit, learner: str | None, exercise: str | None, answer: str
) -> None:
    from kit.grading import store

    command = f'upskill regrade {unit.id} --learner ID --exercise ID --answer "…"'
    if not learner or not exercise:
        raise UsageError("Say whose request it is, and about what.", where="--answer", fix=command)
    if not answer.strip():
        raise UsageError("The answer is empty.", where="--answer", fix=command)
    if not store.answer_request(course, unit.id, learner, exercise, answer.strip()):
        raise UsageError(
            "'{learner}' asked nothing about '{exercise}'.",
            where=unit.id,
            fix="What is open: upskill regrade {unit}",
            learner=learner,
            exercise=exercise,
            unit=unit.id,
        )


def _show(found: Sequence[Request], unit: Unit, tr: Translator) -> None:
    if not found:
        _say(tr(mark("No request is open.")))
        return
    titles = {exercise.id: tr(exercise.title) for exercise in unit.exercises}
    table = Table(title=Text(tr(mark("Open requests"))), title_justify="left", show_lines=True)
    for heading in (mark("Learner"), mark("Exercise"), mark("Points"), mark("Asked")):
        table.add_column(tr(heading), overflow="fold")
    table.add_column(tr(mark("Because")), ratio=1, overflow="fold")
    for one in found:
        points = "-" if one.points is None else f"{one.points:g}"
        table.add_row(
            # a learner's words are no markup
            Text(one.learner),
            Text(f"{titles.get(one.exercise, one.exercise)}\n{one.exercise}"),
            f"{points} / {one.max_points:g}",
            f"{datetime.fromisoformat(one.asked_at).astimezone():%Y-%m-%d %H:%M}",
            Text(one.because),
        )
    Console(highlight=False).print(table)
    _say(tr(mark("Change points in Formgrader if they should change: upskill formgrader")))
    command = f'upskill regrade {unit.id} --learner ID --exercise ID --answer "…"'
    _say(tr(mark("Then answer: {command}"), command=command))


def _say(text: str) -> None:
    Console(highlight=False).print(Text(text), soft_wrap=True)
