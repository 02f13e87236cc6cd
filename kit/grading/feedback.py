"""What a learner reads about graded work: nbgrader's feedback file, made by an exporter of ours.

``nbgrader generate_feedback``, Formgrader's button and ``upskill feedback`` make the
same page. It holds the learner's answers, what each check said, points, and the
trainer's words; never a check's code, locked cells, hidden data or a traceback.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import Bool

from kit.content import load_units
from kit.errors import KitError
from kit.grading import store
from kit.grading.cohort_file import Learner, is_synthetic, roster, zone_of
from kit.grading.execute import AFTER
from kit.grading.handed import Declared, read_handed
from kit.grading.identity import unit_of
from kit.grading.left import only_pages
from kit.grading.outcomes import UNKNOWN, CellOutcome, is_said, read_outcome
from kit.grading.plain_page import offline, without_hidden
from kit.grading.preprocessors import grade_id
from kit.grading.remarks import for_learner
from kit.grading.rows import RATED, TO_RATE, allowed_level
from kit.grading.rubric import TEMPLATES, USES
from kit.grading.shown import Shown
from kit.grading.written import (
    SOURCE_LIMIT,
    own_cells,
    rendered,
    seconds_out,
    stopped,
    with_code,
)
from kit.i18n import LANGUAGES, Translator, mark, resolve_language
from kit.model import Exercise, OutcomeKind, Part, Unit
from kit.notebooks import kit_metadata
from kit.templates import html_templates

# the page's own summary, for the learner's home; no script that runs
DATA_ID = "upskill-feedback"
FORMAT = 1
HEADINGS = {
    OutcomeKind.PASSED.value: mark("Passed"),
    OutcomeKind.INCORRECT.value: mark("Look again"),
    OutcomeKind.NOT_ATTEMPTED.value: mark("Not started"),
    OutcomeKind.ERROR.value: mark("Your code stopped"),
    OutcomeKind.UNCHECKABLE.value: mark("We could not check this"),
    UNKNOWN: mark("No answer from the check"),
    TO_RATE: mark("Waits for your trainer"),
    RATED: mark("Judged by your trainer"),
}
SIGNS = {"passed": "✓", "incorrect": "↻", "not_attempted": "○", RATED: "✓", TO_RATE: "…"}


class KitFeedback(HTMLExporter):  # type: ignore[misc]
    """nbgrader's exporter for feedback; assignments that no unit owns get nbgrader's page."""

    show_hidden_tests = Bool(
        False, help="Whether feedback shows hidden tests, on assignments that no unit owns."
    ).tag(config=True)

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **more: Any
    ) -> tuple[str, dict[str, Any]]:
        """Called by nbgrader with the executed notebook; returns the page."""
        names = (resources or {}).get("nbgrader", {})
        unit = load_units().get(unit_of(str(names.get("assignment", ""))))
        course = self.parent.coursedir
        self._take_away_files(course, names)
        if unit is None:
            if not self.show_hidden_tests:
                nb = self._without_hidden(nb, _language_of(Path(course.root), names))
            plain, resources = super().from_notebook_node(nb, resources, **more)
            return offline(plain), resources or {}
        page = _Reader(unit, nb, names, course).page(
            Path((resources or {}).get("metadata", {}).get("path", ""))
        )
        return page, self._init_resources(resources)

    def _take_away_files(self, course: Any, names: Mapping[str, str]) -> None:
        """Have no page in the folder that we have not made, before the first one is."""
        first = Path(self.parent.notebooks[0])
        if first.stem == names["notebook"]:
            whose = (course.feedback_directory, names["student"], names["assignment"])
            # nbgrader has copied all files of the graded folder, and a run can leave any
            copied = {path.stem for path in first.parent.glob("*.html")}
            made = {path.stem for path in first.parent.glob("*.ipynb")} - copied
            only_pages(Path(course.root, course.format_path(*whose)), made)

    def _without_hidden(self, nb: Any, language: str) -> Any:
        tests = ClearHiddenTests(parent=self.parent)
        return without_hidden(
            nb,
            tests.begin_test_delimeter,
            tests.end_test_delimeter,
            Translator(language),
            ran=bool(nb.metadata.get(AFTER)),
        )


def _language_of(root: Path, names: Mapping[str, str]) -> str:
    try:
        one = roster(root).get(names.get("student", ""))
    except KitError:
        # as below: no reason to stay silent
        one = None
    return resolve_language(one.language if one else None)


@dataclass(frozen=True)
class Told:
    """One exercise on the page. ``rated`` is the rubric's level, None without one.

    ``held`` says which check holds the level down; the level's own text would then be wrong
    about the work. ``message`` is what the check said, ``comment`` the trainer's own words as HTML.
    ``points`` is 0 for what still waits for a person; ``earlier`` is what they gave before the
    work changed, None where nobody did.
    """

    exercise: str
    title: str
    points: float
    max_points: float
    manual: bool
    outcome: str
    message: str
    stopped: str
    rated: int | None
    held: str
    comment: str
    comment_html: str
    earlier: float | None
    answers: tuple[str, ...]
    asked: tuple[dict[str, Any], ...]

    @property
    def counts(self) -> bool:
        """An uncheckable exercise counts neither way, unless a person has judged it."""
        return self.outcome != OutcomeKind.UNCHECKABLE

    def as_data(self) -> dict[str, Any]:
        """What the learner's home reads."""
        names = ("exercise", "title", "points", "max_points", "manual", "outcome", "message")
        told = {name: getattr(self, name) for name in (*names, "rated", "earlier", "comment")}
        return {**told, "asked": [_request(row) for row in self.asked]}


def _request(row: Mapping[str, Any]) -> dict[str, str]:
    """A request as learners get it; times are ISO 8601 in UTC, "" where there is none."""
    times = {name: row[name] for name in ("asked_at", "answered_at")}
    said = {name: row[name] for name in ("because", "state", "answer")}
    return said | {n: at.replace(tzinfo=UTC).isoformat() if at else "" for n, at in times.items()}


class _Reader:
    """Reads one graded notebook and its rows in the gradebook."""

    def __init__(self, unit: Unit, nb: Any, names: Mapping[str, str], course: Any) -> None:
        self.unit, self.nb, self.names, self.course = unit, nb, names, course
        self.kinds: dict[str, str] = {}
        self.assignment = names["assignment"]
        self.part = next(p for p in Part if unit.assignment(p) == self.assignment)
        self.one, self.zone = self._known(Path(course.root))
        self.say = Translator(self._language(), unit.folder / "locale")
        self.shown = Shown(unit, self.say, [str(cell.source) for cell in nb.cells])

    def _known(self, root: Path) -> tuple[Learner | None, ZoneInfo | None]:
        """Who this is by the cohort's file, and the cohort's time zone."""
        name = self.names["student"]
        try:
            return roster(root).get(name), zone_of(root, name)
        except KitError:
            # a damaged cohort file is the trainer's to mend, and no reason to stay silent
            return None, None

    def _language(self) -> str:
        told = self.nb.metadata.get("kit", {}).get("language")
        if told in LANGUAGES:
            return str(told)
        return resolve_language(self.one.language if self.one else None)

    def page(self, folder: Path) -> str:
        """The whole page; ``folder`` is where the graded submission lies."""
        with Gradebook(self.names["db_url"]) as gradebook:
            found = gradebook.find_submission_notebook(
                self.names["notebook"], self.assignment, self.names["student"]
            )
            grades = {grade.name: grade for grade in found.grades}
            comments = {c.name: c.manual_comment for c in found.comments if c.manual_comment}
            penalty = float(found.late_submission_penalty or 0.0)
            submitted = found.assignment.timestamp
            extension = found.assignment.extension
            cells = self._cells(grades, comments)
        score = max(sum(c.points for c in cells if c.counts) - penalty, 0.0)
        best = sum(c.max_points for c in cells if c.counts)
        data = {
            "format": FORMAT,
            "course": str(self.course.course_id),
            "assignment": self.assignment,
            "unit": self.unit.id,
            "part": self.part.value,
            "version": str(self.nb.metadata.get("kit", {}).get("version", "")),
            "language": self.say.language,
            "learner": self.names["student"],
            "name": self.one.name if self.one else "",
            "synthetic": is_synthetic(Path(self.course.root)),
            "submitted_at": submitted.replace(tzinfo=UTC).isoformat() if submitted else "",
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "score": round(score, 4),
            "max_score": best,
            "penalty": penalty,
            # seconds that this learner has after the date for everybody
            "extension": extension.total_seconds() if extension else 0.0,
            "cells": [cell.as_data() for cell in cells],
        }
        declared = read_handed(folder)[1]
        return _render(self.unit, self.say, data, cells, declared, self._remarks(), self.zone)

    def _remarks(self) -> list[str]:
        titles = {e.id: self.say(e.title) for e in self.unit.exercises}
        reason = store.reason_of(self.names["db_url"], self.assignment, self.names["student"])
        return for_learner(reason, lambda name: titles.get(name, name), self.say)

    def _cells(self, grades: Mapping[str, Any], comments: Mapping[str, str]) -> list[Told]:
        said = [read_outcome(c) for c in self.nb.cells if is_said(c) and grade_id(c)]
        outcomes = {outcome.exercise: outcome for outcome in said}
        self.kinds = {outcome.exercise: outcome.kind for outcome in said}
        exercises = {e.id: e for e in self.unit.of(self.part)}
        written = own_cells(self.nb.cells, exercises)
        ids: dict[str, list[str]] = {}
        for cell in self.nb.cells:
            ids.setdefault(str(kit_metadata(cell).get("id", "")), []).append(grade_id(cell))
        asked = store.requests(self.names["db_url"], self.unit.id)
        return [
            self._told(
                exercise,
                grades.get(name),
                outcomes.get(name),
                "\n\n".join(comments[i] for i in ids.get(name, []) if i in comments),
                written.get(name, []),
                [
                    r
                    for r in asked
                    if (r["learner"], r["exercise"]) == (self.names["student"], name)
                ],
            )
            for name, exercise in exercises.items()
        ]

    def _told(
        self,
        exercise: Exercise,
        grade: Any,
        outcome: CellOutcome | None,
        comment: str,
        written: list[Any],
        asked: list[dict[str, Any]],
    ) -> Told:
        kind = self._outcome(exercise, grade, outcome)
        waits = grade is None or grade.needs_manual_grade
        points = 0.0 if waits else float(grade.score or 0.0)
        rated = self._level(exercise, points) if kind == RATED else None
        message = self._message(outcome) if outcome else ""
        stop = self.shown.error(stopped(written))
        if seconds := seconds_out(written):
            # what the check said of a name that never came to be would mislead
            lost = kind in (OutcomeKind.NOT_ATTEMPTED, UNKNOWN) and not exercise.manual
            kind = OutcomeKind.ERROR.value if lost else kind
            told = self.say(
                mark("Your cell was stopped after {seconds} seconds: does a loop in it end?"),
                seconds=seconds,
            )
            message, stop = told if lost else f"{told}\n{message}".strip(), ""
        return Told(
            exercise=exercise.id,
            title=self.say(exercise.title),
            points=points,
            max_points=float(exercise.points),
            manual=exercise.manual,
            outcome=kind,
            message=message,
            stopped=stop,
            rated=rated,
            held=self._held(exercise, rated),
            comment=comment,
            comment_html=rendered(comment) if comment else "",
            earlier=float(grade.manual_score) if kind == TO_RATE and _judged(grade) else None,
            answers=tuple(str(cell.source)[:SOURCE_LIMIT] for cell in written),
            asked=tuple(asked) if self.part is Part.GRADED else (),
        )

    @staticmethod
    def _outcome(exercise: Exercise, grade: Any, outcome: CellOutcome | None) -> str:
        by_hand = _judged(grade)
        kind = outcome.kind if outcome else UNKNOWN
        # nbgrader keeps a person's points beside work that has changed since they judged it
        if by_hand and grade.needs_manual_grade:
            broken = kind == OutcomeKind.UNCHECKABLE and not exercise.manual
            return kind if broken else TO_RATE
        if exercise.manual and not by_hand:
            # nbgrader gives 0 by itself to a cell that is as it was released
            empty = grade is not None and grade.auto_score is not None
            return OutcomeKind.NOT_ATTEMPTED.value if empty else TO_RATE
        doubtful = kind in (OutcomeKind.UNCHECKABLE, UNKNOWN)
        return RATED if by_hand and (exercise.manual or doubtful) else kind

    def _message(self, outcome: CellOutcome) -> str:
        if outcome.kind == UNKNOWN:
            return self.shown.error(outcome.message)
        return self.shown.message(outcome.message)

    def _held(self, exercise: Exercise, rated: int | None) -> str:
        counted, lacking = allowed_level(exercise, len(self.unit.rubric) - 1, self.kinds)
        if not lacking or rated != counted:
            return ""
        title = next(e.title for e in self.unit.exercises if e.id == lacking)
        told = mark("counts as level {level} until the check of “{exercise}” passes")
        return self.say(told, level=counted, exercise=self.say(title))

    def _level(self, exercise: Exercise, points: float) -> int | None:
        """The rubric's level that earns these points, None for points in between."""
        if not exercise.manual:
            return None
        earned = [level.points(exercise.points) for level in self.unit.rubric]
        return next((n for n, p in enumerate(earned) if abs(p - points) < 0.005), None)


def _judged(grade: Any) -> bool:
    return grade is not None and grade.manual_score is not None


def _render(
    unit: Unit,
    say: Translator,
    data: dict[str, Any],
    cells: list[Told],
    declared: Declared | None,
    remarks: list[str],
    zone: ZoneInfo | None,
) -> str:
    # a learner's text must not end the element that it stands in
    kept = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    page = (
        html_templates(TEMPLATES)
        .get_template("feedback.html.j2")
        .render(
            tr=say,
            language=say.language,
            unit=unit,
            data=data,
            cells=cells,
            kept=kept,
            data_id=DATA_ID,
            headings=HEADINGS,
            signs=SIGNS,
            declared=declared,
            remarks=remarks,
            uses=USES,
            with_code=with_code,
            moment=lambda stamp: moment_text(stamp, say.language, zone),
        )
    )
    return str(page)


def moment_text(stamp: Any, language: str, zone: ZoneInfo | None = None) -> str:
    """A time in ISO 8601 as people read it, in ``zone``, else this machine's; "" for none."""
    from babel.dates import format_datetime

    if not stamp:
        return ""
    when = datetime.fromisoformat(str(stamp))
    # the learner may sit in another time zone than this machine, so the zone stands beside it
    when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(zone)
    pattern = "y년 M월 d일 HH:mm" if language == "ko" else "d MMMM y, HH:mm"
    return f"{format_datetime(when, pattern, locale=language)} {when:%Z}"
