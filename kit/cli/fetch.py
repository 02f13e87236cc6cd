"""``upskill fetch``: get the feedback that a trainer released; the home page does it by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from kit.cli.status import part_text
from kit.cli.submit import result_file
from kit.content import load_units
from kit.errors import GradingError
from kit.files import read_json, write_json
from kit.home import LearnerHome, open_home
from kit.i18n import Translator, mark
from kit.model import Part, Unit

if TYPE_CHECKING:
    from kit.grading.fetch_feedback import Fetched

WAITING = "handed in"


def run_fetch(root: Path | None, lang: str | None, *, as_json: bool = False) -> None:
    """Fetch, bring the results up to date, say what there is."""
    home = open_home(root, lang)
    tr = Translator(home.language)
    with Console(stderr=True, quiet=as_json).status(tr(mark("Fetching feedback …"))):
        result = fetch(home)
    if as_json:
        # JSON is for programs: ASCII survives any console's encoding
        print(json.dumps(result))
    else:
        _show(home, tr, result)


def fetch(home: LearnerHome) -> dict[str, Any]:
    """Fetch the released feedback and let each unit's result say what the trainer gave.

    Returns ``{"course", "changed", "dates", "feedback": [{"name", "unit", "score", "max_score",
    "submitted_at", "failure", "page"}], "requests": [{"unit", "exercise", "because", "state",
    "answer", "asked_at", "answered_at"}]}``; ``changed`` counts units whose result is new,
    ``dates`` says whether a due date is, ``page`` is relative to the home. Raises GradingError
    in a home without a trainer.
    """
    from kit.grading.fetch_feedback import fetch_feedback, fetched_pages
    from kit.progress.due import keep_due

    if not home.joined:
        raise GradingError(
            "This home takes part in no trainer's course.",
            where=str(home.root),
            fix="upskill join COURSE --exchange DIR",
        )
    fetch_feedback(home)
    changed, rows, asked = 0, [], []
    extensions: dict[str, float] = {}
    for unit in load_units().values():
        pages = {part: fetched_pages(home, unit, part) for part in Part if unit.of(part)}
        if any(pages.values()):
            changed += _update(home, unit, pages)
        # feedback of an earlier version of the kit tells of no extension
        extensions |= {
            unit.assignment(part): found[0].data.get("extension", 0.0)
            for part, found in pages.items()
            if found
        }
        told = (row for part in pages for row in _pages(home, pages[part]))
        rows += [{"unit": unit.id, **row} for row in told]
        asked += [{"unit": unit.id, **row} for found in pages.values() for row in _asked(found)]
    dates = keep_due(home, load_units().values(), extensions)
    found = {"feedback": rows, "requests": asked}
    return {"course": home.course, "changed": changed, "dates": dates, **found}


def _asked(found: Sequence[Fetched]) -> list[dict[str, Any]]:
    """Requests to look again and their answers, as the newest feedback tells them."""
    cells = found[0].data["cells"] if found else []
    # feedback of an earlier version of the kit tells of none
    return [{"exercise": c["exercise"], **row} for c in cells for row in c.get("asked", [])]


def _pages(home: LearnerHome, pages: Sequence[Fetched]) -> list[dict[str, Any]]:
    names = ("score", "max_score", "submitted_at")
    return [
        {
            "name": one.data["assignment"],
            **{name: one.data[name] for name in names},
            "failure": str(one.data.get("failure", "")),
            "page": one.page.relative_to(home.root).as_posix(),
        }
        for one in pages
    ]


def _update(home: LearnerHome, unit: Unit, pages: Mapping[Part, Sequence[Fetched]]) -> bool:
    """Write the unit's result with what the trainer gave; whether that is news."""
    from kit.reports.decision import HAND_IN_AGAIN, WITH_TRAINER, decision

    path = result_file(home, unit)
    try:
        before = read_json(path, {})
        rows = {row["name"]: row for row in before.get("assignments", [])}
    except (ValueError, AttributeError, KeyError, TypeError):
        # a damaged result is replaced by the one that is being made
        before, rows = {}, {}
    graded = []
    for part, found in pages.items():
        if not found:
            continue
        name, row = unit.assignment(part), _row(home, found)
        # work that could not be graded is evidence of nothing
        graded += [] if row["failure"] else [row]
        old = rows.get(name, {})
        newer = old.get("state") == WAITING and not _same_moment(old, row)
        # what was handed in since lies with the trainer; what they gave before stays in reach
        rows[name] = {**old, "feedback": row["feedback"]} if newer else row
    last = rows.get(unit.assignment(Part.GRADED), {})
    lies = WITH_TRAINER if last.get("state") == WAITING else ""
    result = {
        "unit": unit.id,
        "not_ready": [],
        **before,
        # said of a hand-in that is graded by now
        "notes": [],
        "assignments": [rows[unit.assignment(p)] for p in Part if unit.assignment(p) in rows],
        **decision(
            home,
            unit,
            graded,
            verifier=home.course,
            lies=HAND_IN_AGAIN if last.get("failure") else lies,
        ),
    }
    if result == before:
        return False
    write_json(path, result)
    return True


def _same_moment(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    # the home notes milliseconds, the gradebook microseconds
    handed_in, graded = str(old.get("submitted_at", "")), str(new["submitted_at"])
    return handed_in[:23] <= graded[:23]


def _row(home: LearnerHome, found: Sequence[Fetched]) -> dict[str, Any]:
    data = found[0].data
    names = ("part", "submitted_at", "score", "max_score", "penalty", "cells", "version")
    row = {name: data[name] for name in names}
    failure = str(data.get("failure", ""))
    pages = _pages(home, found)
    return {"name": data["assignment"], **row, "failure": failure, "feedback": pages}


def _show(home: LearnerHome, tr: Translator, result: Mapping[str, Any]) -> None:
    console = Console(highlight=False)
    seen: set[str] = set()
    for row in result["feedback"]:
        newest = mark("{name}: graded by your trainer: {score:g} of {max_score:g}")
        earlier = mark("{name}, handed in earlier ({time} UTC): {score:g} of {max_score:g}")
        # newest first: what counts is the first of each part
        told = earlier if row["name"] in seen else newest
        if row["failure"]:
            # of an earlier hand-in nothing is left to do
            told = mark(
                "{name}: could not be graded: {failure}. Hand in again: upskill submit {unit}"
            )
            if row["name"] in seen:
                told = mark("{name}, handed in earlier ({time} UTC): could not be graded")
        seen.add(row["name"])
        time = str(row["submitted_at"])[:16].replace("T", " ")
        _say(console, tr(told, **{**row, "name": part_text(row["name"], tr), "time": time}))
        _say(console, f"  {home.root / row['page']}")
    for row in result["requests"]:
        open_still = mark("Your request about {exercise} waits for an answer.")
        answered = mark("Your request about {exercise} was answered: {answer}")
        _say(console, tr(answered if row["answer"] else open_still, **row))
    if result["dates"]:
        _say(console, tr(mark("Your trainer has set or changed a due date: upskill status")))
    if not result["feedback"]:
        _say(console, tr(mark("No feedback has been released yet.")))


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
