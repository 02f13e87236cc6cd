"""``upskill check``: the whole workbook in a fresh kernel, and what every check said."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.blank import BlankUsed
from kit.cli.bar import progress_bar
from kit.cli.execute import DIED, Step, execute
from kit.content import find_unit
from kit.home import LearnerHome, open_home, starter
from kit.i18n import Translator, mark
from kit.model import OUTCOME_MIME, Exercise, OutcomeKind, Part, Unit
from kit.notebooks import Cell, Notebook, find_cell, kit_metadata, read_notebook, source

NOT_PASSED = 8
NOT_RUN = "not_run"
_TAKE = re.compile(r'wb\.take\("([\w-]+)"\)')
_UNKNOWN = re.compile(r"^NameError: name '(\w+)' is not defined")
# cells of no exercise: the first one opens the workbook for all of them
_UNIT = "unit"
_STYLES = {"passed": "green", "incorrect": "yellow", "error": "red", NOT_RUN: "red"}
_WORDS = {
    OutcomeKind.PASSED.value: mark("Passed"),
    OutcomeKind.INCORRECT.value: mark("Look again"),
    OutcomeKind.NOT_ATTEMPTED.value: mark("Not started"),
    OutcomeKind.ERROR.value: mark("Your code stopped"),
    OutcomeKind.UNCHECKABLE.value: mark("We could not check this"),
    NOT_RUN: mark("The check did not run"),
}


@dataclass(frozen=True)
class Row:
    """What one exercise's check said; ``outcome`` is an outcome's name or ``not_run``."""

    id: str
    title: str
    outcome: str
    label: str
    message: str


def run_check_command(
    unit_id: str, root: Path | None, language: str | None, *, as_json: bool
) -> None:
    """Run the practice notebook and print its outcomes; exits with 8 unless all passed."""
    home = open_home(root, language)
    unit = find_unit(unit_id)
    doing = Translator(home.language)(mark("Running your workbook"))
    with progress_bar(doing, quiet=as_json) as step:
        rows = check_workbook(home, unit, lambda done, total: step("", done, total))
    if as_json:
        exercises = [row.__dict__ for row in rows]
        # JSON is for programs: ASCII survives any console's encoding
        print(json.dumps({"unit": unit.id, "exercises": exercises}))
    else:
        _show(home, unit, rows)
    if any(row.outcome != OutcomeKind.PASSED for row in rows):
        raise SystemExit(NOT_PASSED)


def check_workbook(home: LearnerHome, unit: Unit, step: Step) -> list[Row]:
    """One row for each practice exercise, in order; attempts go into the progress log.

    HomeError when the notebook is missing or damaged.
    """
    path = home.notebook(unit, Part.PRACTICE)
    mine = read_notebook(path)
    cells = execute(home, path.parent, mine, step)
    say = home.translator(unit)
    exercises = unit.of(Part.PRACTICE)
    begun = _begun(exercises, mine, starter(home, unit, Part.PRACTICE))
    return [_row(exercise, cells, say, exercises, begun) for exercise in exercises]


def _begun(exercises: Iterable[Exercise], mine: Notebook, given: Notebook) -> set[str]:
    """Exercises whose saved answer is another than the starter."""

    def answer(notebook: Notebook, exercise: str) -> str:
        cell = find_cell(notebook, exercise, "answer")
        return source(cell).strip() if cell else ""

    return {e.id for e in exercises if answer(mine, e.id) not in ("", answer(given, e.id))}


def _waits_for(error: str, exercise: Exercise, exercises: Iterable[Exercise]) -> str:
    """Title of the exercise whose result an error names as missing; "" if it names none."""
    # the command in the error's last line is the same in every language
    taken, unknown = _TAKE.search(error), _UNKNOWN.match(error)
    for other in exercises:
        missing = (taken and taken[1] == other.id) or (unknown and unknown[1] in other.names)
        if other.id != exercise.id and missing:
            return other.title
    return ""


def _row(
    exercise: Exercise,
    cells: list[Cell],
    say: Translator,
    exercises: Sequence[Exercise],
    begun: Collection[str] = (),
) -> Row:
    told = _told(exercise, cells)
    outcome = str(told.get("kind", NOT_RUN))
    message = str(told.get("message", ""))
    # "not there yet" is half the truth when the cell that should make it has stopped
    if outcome in (OutcomeKind.NOT_ATTEMPTED, NOT_RUN) and (
        error := _error(exercise, cells, checked=outcome != NOT_RUN)
    ):
        waits = _waits_for(error, exercise, exercises)
        last = error.partition("\n")[0]
        if waits:
            message = say(mark("Waits for “{title}”."), title=say(waits))
        elif outcome == OutcomeKind.NOT_ATTEMPTED and exercise.id in begun and not _blank(error):
            # the check saw no name; why there is none is the learner's error
            outcome, message = OutcomeKind.ERROR.value, last
        else:
            message = "\n".join(filter(None, [message, last]))
    return Row(exercise.id, say(exercise.title), outcome, str(told.get("label", "")), message)


def _blank(error: str) -> bool:
    return error.startswith(BlankUsed.__name__)


def _told(exercise: Exercise, cells: Iterable[Cell]) -> Mapping[str, Any]:
    """What the check said last, as ``Outcome.as_data`` has it; empty if it did not run."""
    found: Mapping[str, Any] = {}
    for output in _outputs(cells):
        bundle = output.get("data", {}).get(OUTCOME_MIME)
        if isinstance(bundle, Mapping) and bundle.get("exercise") == exercise.id:
            found = bundle
    return found


def _error(exercise: Exercise, cells: Iterable[Cell], *, checked: bool) -> str:
    """The error that stopped the exercise's own cells or the whole run; never another's."""
    # the first of several wins
    found = dict(reversed(list(_errors(cells))))
    # a check that ran had its workbook: then the exercise's own error is nearer
    whose = (exercise.id, _UNIT) if checked else (_UNIT, exercise.id)
    return next((found[one] for one in whose if one in found), "")


def _errors(cells: Iterable[Cell]) -> Iterator[tuple[str, str]]:
    """Each error with the exercise in whose section it came, or that of all of them."""
    here = _UNIT
    for cell in cells:
        # a cell that the learner added belongs to what stands above it
        here = kit_metadata(cell).get("id", here)
        for output in _outputs([cell]):
            if output.get("output_type") == "error":
                whose = _UNIT if output.get("ename") == DIED else here
                yield whose, f"{output.get('ename')}: {output.get('evalue')}".rstrip(": ")


def _outputs(cells: Iterable[Cell]) -> Iterator[Mapping[str, Any]]:
    for cell in cells:
        yield from cell.get("outputs", [])


def _show(home: LearnerHome, unit: Unit, rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    tr, console = home.translator(unit), Console(highlight=False)
    passed = sum(row.outcome == OutcomeKind.PASSED for row in rows)
    counted = tr(mark("{passed} of {total} exercises passed"), passed=passed, total=len(rows))
    table = Table(title=Text(f"{tr(unit.title)}: {counted}"), title_justify="left")
    for head in (mark("Exercise"), mark("Outcome"), mark("What was seen")):
        table.add_column(tr(head))
    for row in rows:
        # Text takes the learner's words as they are, square brackets included
        outcome = Text(tr(_WORDS.get(row.outcome, row.outcome)), _STYLES.get(row.outcome, ""))
        table.add_row(Text(row.title), outcome, Text(row.message))
    console.print(table)
    if passed < len(rows):
        console.print(tr(mark("Hints are beside each check in the workbook: upskill start")))
