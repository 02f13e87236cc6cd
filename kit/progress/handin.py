"""``practice.json``: what the log tells a trainer about one unit. Pure functions.

It is self-reported: counts, outcomes and labels of common mistakes, no answer and no
text that the learner wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.model import Attempt, OutcomeKind, Unit
from kit.progress.figures import minutes_by_exercise
from kit.progress.reduce import reduce_progress

FILE = "practice.json"
SCHEMA = 1
_ATTEMPTED = (OutcomeKind.PASSED, OutcomeKind.INCORRECT, OutcomeKind.ERROR)


def practice_summary(
    attempts: Iterable[Attempt], unit: Unit, language: str, made_at: str
) -> dict[str, Any]:
    """The summary of one unit's log, ready for JSON.

    ``exercises`` holds those touched: ``attempts`` and ``first`` (outcome of the first
    one, "" without) over all time, ``passed``, ``hints`` and ``taken`` (False when it came
    after an unaided pass) since the last reset, ``labels`` of mistakes in the order met,
    ``minutes`` as ``minutes_by_exercise`` counts them. ``items`` holds pairs answered both
    before and after; the first answer counts. ``applied`` is None or time and rows of the last use.
    """
    mine = [a for a in attempts if a.unit == unit.id]
    minutes = minutes_by_exercise(mine)
    touched = {a.exercise for a in mine if a.event in ("check", "hint", "taken")}
    progress = reduce_progress(mine, unit.id)
    exercises = {}
    for name in (e.id for e in unit.exercises if e.id in touched):
        state, checks = progress.state(name), _checks(mine, name)
        exercises[name] = {
            "attempts": len(checks),
            "first": checks[0].outcome if checks else "",
            "passed": state.passed,
            "hints": state.hints,
            # looking the result up after one's own pass is no help that a trainer must know of
            "taken": state.taken and state.assisted,
            "labels": _labels(checks),
            "minutes": round(minutes.get(name, 0.0), 1),
        }
    return {
        "schema": SCHEMA,
        "unit": unit.id,
        "version": unit.version,
        "language": language,
        "made_at": made_at,
        "exercises": exercises,
        "items": _items(mine),
        "applied": _applied(mine),
    }


def _checks(attempts: Sequence[Attempt], exercise: str) -> list[Attempt]:
    # what came before a reset counts here too: a first attempt happens once
    return [
        a
        for a in attempts
        if a.event == "check" and a.exercise == exercise and a.outcome in _ATTEMPTED
    ]


def _labels(checks: Sequence[Attempt]) -> list[str]:
    # that code stopped is known from its outcome; a common mistake is a wrong answer
    wrong = (a.label for a in checks if a.outcome == OutcomeKind.INCORRECT)
    return list(dict.fromkeys(label for label in wrong if label))


def _items(attempts: Sequence[Attempt]) -> dict[str, dict[str, bool]]:
    found: dict[str, dict[str, bool]] = {}
    for attempt in attempts:
        if attempt.event == "item":
            pair, stage = str(attempt.data.get("pair", "")), str(attempt.data.get("stage", ""))
            found.setdefault(pair, {}).setdefault(stage, bool(attempt.data.get("right")))
    return {
        pair: {"pre": stages["pre"], "post": stages["post"]}
        for pair, stages in found.items()
        if pair and {"pre", "post"} <= stages.keys()
    }


def _applied(attempts: Sequence[Attempt]) -> dict[str, Any] | None:
    uses = [a for a in attempts if a.event == "applied"]
    if not uses:
        return None
    rows = uses[-1].data.get("rows", 0)
    return {"at": uses[-1].time, "rows": rows if isinstance(rows, int) else 0}
