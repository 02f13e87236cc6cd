"""A self-learner hands in and is graded on the spot by nbgrader's own runner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kit.content import find_exercise
from kit.errors import GradingError, HomeError, UsageError
from kit.files import read_json, write_json
from kit.grading.course import Course
from kit.grading.declared import settle_declaration
from kit.grading.hand_in import hand_in_parts, record
from kit.grading.own_course import OwnCourse
from kit.grading.rows import cell_rows
from kit.grading.snapshot import not_ready_because, take_snapshot
from kit.home import LearnerHome, content_notebook, notebook_name
from kit.i18n import mark
from kit.model import OutcomeKind, Part, Unit

Progress = Callable[[str, int, int], None]
STEPS = 3


def _silent(_text: str, _done: int, _total: int) -> None:
    return None


def submit(
    home: LearnerHome,
    unit: Unit,
    *,
    ratings: Mapping[str, int] | None = None,
    progress: Progress = _silent,
) -> dict[str, Any]:
    """Hand in each part that is ready and grade it into the home's own gradebook.

    In a home that joined a trainer's course it goes to the trainer instead: then each
    assignment has ``state`` "handed in" and ``receipt`` in place of score and cells.

    ``ratings`` are the learner's own levels (0 is the lowest) for manual exercises;
    earlier ones stay. ``progress(text, done, total)`` is called before each step.

    Returns ``{"unit", "assignments": [{"name", "part", "submitted_at", "score",
    "max_score", "cells": [...]}], "not_ready": [{"name", "why"}], "damaged": [{"name",
    "what", "where", "fix"}], "notes": [...]}``. ``max_score`` leaves uncheckable cells out;
    ``notes`` are for the learner to read. A part whose notebook is damaged stays behind, and
    the other one is handed in; HomeError when there is no other one that is ready.
    UsageError for a wrong rating, GradingError when nbgrader fails; the submission is kept then.
    """
    _prove_ratings(unit, ratings or {})
    if home.joined:
        return _to_trainer(home, unit, ratings or {}, progress)
    course = OwnCourse(home.state / "course", home.course)
    reasons, damaged = _reasons(home, unit)
    ready = [part for part, why in reasons.items() if not why]
    # nothing is made before all of the above is known to be in order
    course.prepare()
    graded = []
    notes = _notes(home, unit, ready)
    with course.alone():
        levels = _remember(course, unit, ratings or {})
        for number, part in enumerate(ready):
            steps = _Steps(progress, number * STEPS, len(ready) * STEPS)
            graded.append(_grade(home, unit, part, course, levels, steps))
    return _result(unit, graded, reasons) | {"damaged": damaged, "notes": notes}


def _reasons(home: LearnerHome, unit: Unit) -> tuple[dict[Part, str], list[dict[str, str]]]:
    """Why each part is not ready, "" when it is; and the errors about damaged notebooks."""
    say, reasons = home.translator(unit), {}
    errors: dict[Part, HomeError] = {}
    for part in (p for p in Part if unit.of(p)):
        try:
            reasons[part] = not_ready_because(home, unit, part)
        except HomeError as error:
            errors[part] = error
            reasons[part] = error.text(say)
    if errors and all(reasons.values()):
        # nothing could be handed in: the error is all that there is to say
        raise next(iter(errors.values()))
    told = [{"name": unit.assignment(p), **e.as_dict(say)} for p, e in errors.items()]
    return reasons, told


def _notes(home: LearnerHome, unit: Unit, ready: list[Part]) -> list[str]:
    said = [settle_declaration(home, unit, part) for part in ready]
    return [text for text in said if text]


def _result(
    unit: Unit, assignments: list[dict[str, Any]], reasons: Mapping[Part, str]
) -> dict[str, Any]:
    return {
        "unit": unit.id,
        "assignments": assignments,
        "not_ready": [
            {"name": unit.assignment(part), "why": why} for part, why in reasons.items() if why
        ],
    }


def _to_trainer(
    home: LearnerHome, unit: Unit, ratings: Mapping[str, int], progress: Progress
) -> dict[str, Any]:
    if ratings:
        raise UsageError(
            "Your trainer rates work in the course '{course}'.",
            where="--rate",
            fix="Hand in without it: upskill submit {unit}",
            course=home.course,
            unit=unit.id,
        )
    reasons, damaged = _reasons(home, unit)
    ready = [part for part, why in reasons.items() if not why]
    told = {"damaged": damaged, "notes": _notes(home, unit, ready)}
    return _result(unit, hand_in_parts(home, unit, ready, progress), reasons) | told


class _Steps:
    """Counts steps over all parts, so that one bar can show them."""

    def __init__(self, progress: Progress, done: int, total: int) -> None:
        self._progress, self._done, self._total = progress, done, total

    def __call__(self, text: str) -> None:
        self._progress(text, self._done, self._total)
        self._done += 1


def _prove_ratings(unit: Unit, ratings: Mapping[str, int]) -> None:
    for name, level in ratings.items():
        exercise = find_exercise(unit, name)
        if not exercise.manual:
            manual = ", ".join(e.id for e in unit.exercises if e.manual) or "none"
            raise UsageError(
                "'{name}' is graded by its check, not by rating.",
                where=f"--rate {name}={level}",
                fix="Exercises to rate: {manual}",
                name=name,
                manual=manual,
            )
        if not 0 <= level < len(unit.rubric):
            names = ", ".join(f"{i} {r.name}" for i, r in enumerate(unit.rubric))
            raise UsageError(
                "There is no level {level}.",
                where=f"--rate {name}={level}",
                fix="Levels: {names}",
                level=level,
                names=names,
            )


def _remember(course: Course, unit: Unit, ratings: Mapping[str, int]) -> dict[str, int]:
    """All ratings so far of a unit, the new ones among them."""
    # beside the gradebook, since nbgrader keeps points and not the level they stand for
    path = course.root / "ratings.json"
    kept = read_json(path, {})
    levels = {**kept.get(unit.id, {}), **ratings}
    if ratings:
        write_json(path, {**kept, unit.id: levels})
    return levels


def _grade(
    home: LearnerHome,
    unit: Unit,
    part: Part,
    course: OwnCourse,
    levels: Mapping[str, int],
    step: _Steps,
) -> dict[str, Any]:
    assignment = unit.assignment(part)
    say = home.translator(unit)
    step(say(mark("Handing in {name}"), name=assignment))
    folder = home.assignment_folder(unit, part)
    moment = take_snapshot(folder, course.root, home.learner, assignment)
    # before grading: when that fails, the log still says that work was handed in
    record(home, unit, "submit", {"assignment": assignment})
    step(say(mark("Preparing the gradebook for {name}"), name=assignment))
    course.register(assignment, _content(unit, part))
    step(say(mark("Running and grading {name}"), name=assignment))
    course.autograde(assignment, home.learner, home.language)
    cells = cell_rows(course, home, unit, part, levels)
    result = _summary(assignment, part, moment, cells)
    record(
        home,
        unit,
        "graded",
        {"assignment": assignment, "score": result["score"], "max_score": result["max_score"]},
    )
    return result


def _content(unit: Unit, part: Part) -> Any:
    """The notebook that grading stands on: the content's, never the learner's copy."""
    path = content_notebook(unit, part)
    if not path.is_file():
        raise GradingError(
            "The content of '{name}' is not there.",
            where=str(path),
            fix="In a checkout: upskill author build {unit}. Else install the kit again.",
            name=unit.assignment(part),
            unit=unit.id,
        )
    if path.name != notebook_name(part):
        raise GradingError("The content's notebook has another name.", where=str(path))
    return path


def _summary(
    assignment: str, part: Part, moment: datetime, cells: list[dict[str, Any]]
) -> dict[str, Any]:
    counted = [c for c in cells if c["outcome"] != OutcomeKind.UNCHECKABLE]
    return {
        "name": assignment,
        "part": part.value,
        "submitted_at": moment.isoformat(timespec="milliseconds"),
        "score": sum(c["points"] for c in counted),
        "max_score": sum(c["max_points"] for c in counted),
        "cells": cells,
    }
