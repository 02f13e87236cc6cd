"""``upskill feedback``: write what each learner reads, and release it through the exchange."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.cli.bar import progress_bar
from kit.content import find_unit
from kit.errors import GradingError
from kit.i18n import Translator, mark, resolve_language

if TYPE_CHECKING:
    from kit.grading.give_feedback import Given

_STATES = {
    "released": mark("released"),
    "failed": mark("failed"),
    "not graded": mark("not graded yet"),
    "could not be graded": mark("told to hand in again"),
}


def run_feedback(
    unit_id: str, folder: Path | None, learners: Collection[str] = (), *, as_json: bool = False
) -> None:
    """Give feedback on a unit; exit code 6 when somebody's could not be made."""
    from kit.grading.course import open_course
    from kit.grading.give_feedback import NOT_RELEASED, give_feedback

    unit = find_unit(unit_id)
    course = open_course(folder)
    tr = Translator(resolve_language())
    with progress_bar(tr(mark("Writing feedback …")), counted=True, quiet=as_json) as step:
        given = give_feedback(
            course, unit, learners, lambda done, total, text: step(text, done, total)
        )
    if as_json:
        # JSON is for programs: ASCII survives any console's encoding
        print(json.dumps({"course": course.course_id, "rows": [_row(one) for one in given]}))
    else:
        _show(given, tr)
    if any(one.state == NOT_RELEASED for one in given):
        raise typer.Exit(GradingError.exit_code)


def _row(one: Given) -> dict[str, Any]:
    page = str(one.page) if one.page else None
    return {**one.__dict__, "why": str(one.why), "page": page}


def _show(given: Sequence[Given], tr: Translator) -> None:
    console = Console(highlight=False)
    for name in dict.fromkeys(one.assignment for one in given):
        table = Table(title=Text(name), title_justify="left")
        for heading in (mark("Learner"), mark("Feedback"), mark("Points"), mark("Note")):
            table.add_column(tr(heading))
        for one in (g for g in given if g.assignment == name):
            points = f"{one.score:g} / {one.max_score:g}" if one.max_score else ""
            table.add_row(Text(one.learner), tr(_STATES[one.state]), points, Text(_note(one, tr)))
        console.print(table)
    if not given:
        told = tr(mark("Nothing is collected yet. First: upskill collect UNIT, upskill grade UNIT"))
    else:
        told = tr(mark("Learners read it with `upskill fetch`, or on their home page."))
    console.print(Text(told), soft_wrap=True)


def _note(one: Given, tr: Translator) -> str:
    if one.why:
        return tr(one.why)
    return tr(mark("{n} to judge by hand"), n=one.to_grade) if one.to_grade else ""
