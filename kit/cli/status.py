"""``upskill status``: where the learner stands, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.errors import HomeError
from kit.home import LearnerHome, open_home
from kit.i18n import Translator, mark
from kit.server.dates import due_text, together
from kit.server.standing import (
    ALONE,
    AT_WORK,
    STATES,
    ExerciseStanding,
    NextStep,
    Standing,
    UnitStanding,
    read_standing,
    update_line,
)

if TYPE_CHECKING:
    from kit.server.results import AssignmentResult, UnitResult
    from kit.update.waiting import Waiting

NEXT = {
    "practice": mark("Next: {title}"),
    "graded": mark("Next: the graded assignment of “{title}”"),
    "hand_in": mark("Next: hand in “{title}”"),
    "again": mark("Next: hand in “{title}” again: it could not be graded"),
    "rate": mark("Next: rate your own work in “{title}”"),
    "live": mark("Next: apply “{title}” to your own data"),
    "waiting": mark("Handed in: your trainer grades “{title}”"),
    "done": mark("You have completed the programme."),
}
COMMANDS = {
    "practice": "upskill start",
    "graded": "upskill start",
    "live": "upskill start",
    "hand_in": "upskill submit {unit}",
    "again": "upskill submit {unit}",
    "rate": "upskill submit {unit} --rate EXERCISE=LEVEL",
}
HELP = {"assisted": mark("with help"), "unaided": mark("unaided")}


def run_status(root: Path | None, language: str | None, *, as_json: bool) -> None:
    """Print the standing; raises HomeError when there is no home yet."""
    home = open_home(root, language)
    # looking must not make a home: somebody may have mistyped --home
    if not (home.state / "home.json").is_file():
        raise HomeError(
            "There is no learner's home here yet.", where=str(home.root), fix="upskill start"
        )
    standing = read_standing(home)
    if as_json:
        print(json.dumps(as_data(home, standing), ensure_ascii=False, indent=1))
    else:
        _show(home, standing)


def as_data(home: LearnerHome, standing: Standing) -> dict[str, object]:
    """The standing as plain values; grades of a self-learner are never verified.

    ``minutes_spent`` is what ``minutes_by_exercise`` counts; ``update`` names the version that the
    learner has and the one that waits, None when there is none; ``damaged`` holds what, where
    and fix of each notebook that cannot be read; ``due`` dates in UTC with the days until then.
    """
    return {
        "home": str(home.root),
        "learner": home.learner,
        "language": home.language,
        "units": [_unit_data(unit, Translator(home.language)) for unit in standing.units],
        "next": asdict(standing.next),
        "last": asdict(standing.last) if standing.last else None,
    }


def _unit_data(unit: UnitStanding, tr: Translator) -> dict[str, object]:
    result = unit.result
    return {
        "id": unit.unit.id,
        "title": unit.title,
        "passed": unit.passed,
        "total": len(unit.practice),
        "exercises": [asdict(e) for e in unit.practice],
        "graded": [asdict(e) for e in unit.graded],
        "applied": unit.applied,
        "graded_share": result.graded_share if result else None,
        "complete": unit.complete,
        "missing": list(result.missing) if result else [],
        # only a trainer's gradebook verifies: a completion, and the points of each part
        "verified": bool(result and result.verified),
        "points": [_points_data(row) for row in result.assignments] if result else [],
        "independence": asdict(unit.independence),
        "minutes_spent": round(unit.minutes_spent, 1),
        "update": _update_data(unit.waiting) if unit.waiting else None,
        "damaged": [error.as_dict(tr) for error in unit.damaged],
        "due": [{"name": one.assignment, "due": one.due, "days": one.days} for one in unit.due],
    }


def _update_data(waiting: Waiting) -> dict[str, str]:
    return {"from": waiting.version_from, "to": waiting.version_to}


def _points_data(row: AssignmentResult) -> dict[str, object]:
    return {
        "name": row.name,
        # no points stand for what nobody has graded, nor for what nobody could
        "points": None if row.waiting or row.failure else row.score,
        "max": None if row.waiting or row.failure else row.max_score,
        "verified": row.by_trainer,
    }


def _show(home: LearnerHome, standing: Standing) -> None:
    tr, console = Translator(home.language), Console(highlight=False)
    for unit in standing.units:
        console.print(_table(unit, tr))
        for error in unit.damaged:
            console.print(Text(error.text(tr), style="bold"), soft_wrap=True)
        for line in _figure_lines(unit, tr):
            console.print(Text(line), soft_wrap=True)
        if unit.result is not None:
            _show_result(console, home, unit.result, tr)
    if standing.last is not None:
        console.print(Text(f"{tr('Last time')}: {standing.last.text}"))
    console.print(Text(_next_line(standing.next, tr), style="bold"))


def _table(unit: UnitStanding, tr: Translator) -> Table:
    counted = tr(
        "{passed} of {total} exercises passed", passed=unit.passed, total=len(unit.practice)
    )
    table = Table(title=Text(f"{unit.title}: {counted}"), title_justify="left", box=None)
    table.add_column(tr("Exercise"))
    table.add_column(tr("State"))
    table.add_column(tr("Minutes"), justify="right")
    table.add_column(tr("Minutes spent"), justify="right")
    for exercise in unit.practice:
        spent = f"{exercise.minutes_spent:.0f}" if exercise.minutes_spent >= 1 else ""
        state = Text(_state(exercise, tr))
        table.add_row(Text(exercise.title), state, str(exercise.minutes), spent)
    return table


def _state(exercise: ExerciseStanding, tr: Translator) -> str:
    # passed once and changed since: the count above is right, and so is the advice
    passed_before = exercise.help and exercise.state == "again"
    state = tr(mark("passed before; check again") if passed_before else STATES[exercise.state])
    return f"{state} ({tr(HELP[exercise.help])})" if exercise.help else state


def _figure_lines(unit: UnitStanding, tr: Translator) -> Iterator[str]:
    """How much was done alone, how long it took, what changed since, and what waits."""
    if unit.independence.solved:
        yield tr(ALONE, **asdict(unit.independence))
    if unit.minutes_spent >= 1:
        yield tr(AT_WORK, minutes=unit.minutes_spent)
    for exercise in unit.exercises:
        if exercise.task_changed:
            yield tr("“{title}”: the task changed after you passed it", title=exercise.title)
    for names, date in together(unit.due):
        yield f"{', '.join(part_text(name, tr) for name in names)}: {due_text(date, tr)}"
    if unit.waiting is not None:
        yield update_line(unit.waiting, unit.title, tr)


def _show_result(console: Console, home: LearnerHome, result: UnitResult, tr: Translator) -> None:
    verified = tr(mark("verified by your trainer in {course}"), course=home.course)
    for row in result.assignments:
        if row.waiting:
            console.print(Text(f"{part_text(row.name, tr)}: {tr(mark('with your trainer'))}"))
            continue
        if row.failure:
            told = tr(mark("could not be graded: {reason}"), reason=row.failure)
            console.print(Text(f"{part_text(row.name, tr)}: {told}"), soft_wrap=True)
            continue
        scored = tr("{points} of {max} points", points=f"{row.score:g}", max=f"{row.max_score:g}")
        kind = verified if row.by_trainer else tr("self-reported")
        console.print(Text(f"{part_text(row.name, tr)}: {scored} ({kind})"))
        if row.to_judge:
            told = tr(mark("of it to be judged by your trainer: {n}"), n=row.to_judge)
            console.print(Text(f"  {told}"))
    if result.complete:
        console.print(Text(tr("complete"), style="green"))
    elif result.missing:
        console.print(Text(tr("Still missing for completion:")))
        for text in result.missing:
            # Text, since a bracket in a title is markup to rich
            console.print(Text(f"  - {text}"))


def part_text(assignment: str, tr: Translator) -> str:
    """What people call an assignment that nbgrader knows by its folder's name."""
    return tr("Practice") if assignment.endswith("-practice") else tr("Graded assignment")


def _next_line(step: NextStep, tr: Translator) -> str:
    # an arrow and a command: the step can be taken by copying
    line = tr(NEXT[step.kind], title=step.title) if step.kind != "done" else tr(NEXT["done"])
    command = COMMANDS.get(step.kind, "").format(unit=step.unit)
    return f"{line}  →  {command}" if command else line
