"""``upskill check``: the whole workbook in a fresh kernel, and what every check said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.cli.bar import progress_bar
from kit.cli.execute import Step, execute
from kit.content import find_unit
from kit.home import LearnerHome, open_home
from kit.i18n import Translator, mark
from kit.model import OUTCOME_MIME, Exercise, OutcomeKind, Part, Unit
from kit.notebooks import Cell, kit_metadata, read_notebook

NOT_PASSED = 8
NOT_RUN = "not_run"
_TAKE = re.compile(r'wb\.take\("([\w-]+)"\)')
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
    cells = execute(home, path.parent, read_notebook(path), step)
    say = home.translator(unit)
    titles = {exercise.id: exercise.title for exercise in unit.exercises}
    return [_row(exercise, cells, say, titles) for exercise in unit.of(Part.PRACTICE)]


def _waits_for(error: str, exercise: Exercise, titles: Mapping[str, str]) -> str:
    """Title of the earlier exercise that an error names as missing; "" if it names none."""
    # the command in the error's last line is the same in every language
    found = _TAKE.search(error)
    return titles.get(found[1], "") if found and found[1] != exercise.id else ""


def _row(exercise: Exercise, cells: list[Cell], say: Translator, titles: Mapping[str, str]) -> Row:
    told = _told(exercise, cells)
    outcome = str(told.get("kind", NOT_RUN))
    message = str(told.get("message", ""))
    # "not there yet" is half the truth when the cell that should make it has stopped
    if outcome in (OutcomeKind.NOT_ATTEMPTED, NOT_RUN) and (error := _error(exercise, cells)):
        waits = _waits_for(error, exercise, titles)
        message = (
            say(mark("Waits for “{title}”."), title=say(waits))
            if waits
            else "\n".join(filter(None, [message, error.partition("\n")[0]]))
        )
    return Row(exercise.id, say(exercise.title), outcome, str(told.get("label", "")), message)


def _told(exercise: Exercise, cells: Iterable[Cell]) -> Mapping[str, Any]:
    """What the check said last, as ``Outcome.as_data`` has it; empty if it did not run."""
    found: Mapping[str, Any] = {}
    for output in _outputs(cells):
        bundle = output.get("data", {}).get(OUTCOME_MIME)
        if isinstance(bundle, Mapping) and bundle.get("exercise") == exercise.id:
            found = bundle
    return found


def _error(exercise: Exercise, cells: Iterable[Cell]) -> str:
    """The error that stopped the exercise's own cells, or else the notebook's first."""
    cells = list(cells)
    own = [cell for cell in cells if kit_metadata(cell).get("id") == exercise.id]
    for output in (*_outputs(own), *_outputs(cells)):
        if output.get("output_type") == "error":
            return f"{output.get('ename')}: {output.get('evalue')}".rstrip(": ")
    return ""


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
