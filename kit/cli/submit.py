"""``upskill submit``: hand in, grade, decide on completion, show all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.cli.bar import progress_bar
from kit.content import find_unit
from kit.errors import HomeError, UsageError
from kit.files import read_json, write_json
from kit.home import LearnerHome, open_home
from kit.i18n import Translator, mark
from kit.model import Part, Unit

if TYPE_CHECKING:
    from rich.console import Console

    from kit.grading.submit import Progress

# outcomes that carry no message of their own
_WORDS = {
    "passed": mark("Passed."),
    "uncheckable": mark("This check is broken. That is our fault and costs you nothing."),
}


def run_submit(
    unit_id: str, root: Path | None, lang: str | None, *, as_json: bool, ratings: list[str]
) -> None:
    """Grade on the spot and print the result; see ``hand_in`` for what it holds."""
    home = open_home(root, lang)
    unit = find_unit(unit_id)
    levels = parse_ratings(ratings)
    with progress_bar(home.translator(unit)(mark("Starting the grader"))) as progress:
        result = hand_in(home, unit, levels, progress)
    error = _damaged(home, unit, result)
    if as_json:
        # JSON is for programs: ASCII survives any console's encoding
        print(json.dumps(result | ({"error": error} if error else {})))
    else:
        _show(home, unit, result)
    if error:
        # what was healthy is handed in; a script must still see that not all of it was
        raise SystemExit(HomeError.exit_code)


def _damaged(home: LearnerHome, unit: Unit, result: Mapping[str, Any]) -> dict[str, str]:
    """The error about a notebook that stayed behind, with what was handed in; {} without."""
    from kit.cli.status import part_text

    if not result["damaged"]:
        return {}
    say, behind = home.translator(unit), result["damaged"][0]
    names = {row["name"] for row in result["not_ready"]}
    sent = [unit.assignment(p) for p in Part if unit.of(p) and unit.assignment(p) not in names]
    what = say(
        mark("Handed in: {sent}. Not handed in: {name}. {what}"),
        sent=", ".join(part_text(name, say) for name in sent),
        name=part_text(behind["name"], say),
        what=behind["what"],
    )
    return {"what": what, "where": behind["where"], "fix": behind["fix"]}


def parse_ratings(texts: list[str]) -> dict[str, int]:
    """``memo=2`` to an exercise and a level; UsageError for anything else."""
    levels = {}
    for text in texts:
        name, _, level = text.partition("=")
        if not name or not level.isdecimal():
            raise UsageError(
                "'{text}' is not a rating.",
                where="--rate",
                fix="Write the exercise and its level from 0 up: --rate graded-memo=2",
                text=text,
            )
        levels[name] = int(level)
    return levels


def result_file(home: LearnerHome, unit: Unit) -> Path:
    """Where the last result of a unit lies; the home page reads it."""
    return home.state / "results" / f"{unit.id}.json"


def hand_in(
    home: LearnerHome, unit: Unit, ratings: Mapping[str, int], progress: Progress
) -> dict[str, Any]:
    """Submit, grade, decide; store the result at ``result_file`` and return it.

    Beside what grading returns it holds what ``kit.reports.decision`` says.
    A part that is not ready now keeps the result of its last submission. In a joined
    home nothing is graded here, so nothing is complete: the trainer decides.
    """
    from kit.grading import submit
    from kit.reports.decision import decision, left_to_trainer

    result = submit(home, unit, ratings=ratings, progress=progress)
    fresh = {row["name"]: row for row in result["assignments"]}
    before = {row["name"]: row for row in _previous(home, unit)}
    names = [unit.assignment(part) for part in Part]
    merged = {**before, **fresh}
    result["assignments"] = [merged[name] for name in names if name in merged]
    decided = left_to_trainer if home.joined else decision
    result |= decided(home, unit, result["assignments"])
    write_json(result_file(home, unit), result)
    return result


def _previous(home: LearnerHome, unit: Unit) -> list[dict[str, Any]]:
    try:
        found = read_json(result_file(home, unit), {})
        return list(found.get("assignments", []))
    except (ValueError, AttributeError):
        # a damaged result is replaced by the one that is being made
        return []


def _show(home: LearnerHome, unit: Unit, result: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kit.cli.status import part_text

    say, console = home.translator(unit), Console(highlight=False)
    for row in result["assignments"]:
        if row.get("state") == "handed in":
            _show_receipt(console, say, row)
            continue
        table = Table(title=Text(part_text(row["name"], say)), title_justify="left")
        table.add_column(say(mark("Exercise")))
        table.add_column(say(mark("Points")), justify="right")
        table.add_column(say(mark("What was seen")))
        for cell in row["cells"]:
            # Text takes learner and content words as they are, square brackets included
            points = f"{cell['points']:g}/{cell['max_points']:g}"
            said = cell["message"] or say(_WORDS.get(cell["outcome"], cell["outcome"]))
            table.add_row(Text(cell["title"]), points, Text(said))
        console.print(table)
        total = say(
            mark("{score:g} of {max_score:g} points"),
            score=row["score"],
            max_score=row["max_score"],
        )
        console.print(f"  {total}\n", markup=False)
    for row in result["not_ready"]:
        console.print(f"{part_text(row['name'], say)}: {row['why']}", markup=False, soft_wrap=True)
    for note in result["notes"]:
        console.print(note, markup=False, soft_wrap=True)
    if result["complete"]:
        console.print(say(mark("This unit is complete (self-reported).")), markup=False)
    for sentence in result["missing"]:
        console.print(f"- {sentence}", markup=False)


def _show_receipt(console: Console, say: Translator, row: Mapping[str, Any]) -> None:
    from kit.cli.status import part_text

    late = mark(
        "That is after the due date, {due} (UTC); days begun since: {n}. "
        "It counts as late unless your trainer has given you more time."
    )

    told = mark("{name}: handed in at {time} (UTC). Receipt: {receipt}")
    time = str(row["submitted_at"])[:19].replace("T", " ")
    lines = [say(told, name=part_text(row["name"], say), time=time, receipt=row["receipt"])]
    # a receipt of an earlier version of the kit knows no dates
    if row.get("late_days"):
        due = str(row["due"])[:16].replace("T", " ")
        lines.append(f"  {say(late, due=due, n=row['late_days'])}")
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
