"""Answers of the wrong type: whatever a learner's name holds, our check may not stop."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from kit.content import find_exercise
from kit.gate.findings import Report
from kit.gate.rehearse import answers_of, rehearse
from kit.gate.rules.frame import Job, Proved, Scope
from kit.gate.rules.witness import Witness
from kit.model import Form, Part, Unit

SHAKEN: tuple[Any, ...] = (None, "", [], -1, float("nan"))


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """One job a part; an exercise at a time is proved again."""
    for part in Part:
        reads = {
            e.id: scope.reads.upto(e.id, repr(SHAKEN))
            for e in unit.of(part)
            if e.form is Form.CODE and e.id in answers_of(unit) and e.names
        }
        if reads:
            yield Job(f"shaken {part.value}", partial(prove_shaken, part=part), reads, cost=4)


def prove_shaken(unit: Unit, parts: tuple[str, ...], *, part: Part) -> Proved:
    """Replace each name of a model answer by values of other types; so for what it returns."""
    proved = {}
    left = set(parts)
    for stage in rehearse(unit, part, "shaken", displays=False):
        if stage.exercise not in left:
            continue
        left.discard(stage.exercise)
        report = proved[stage.exercise] = Report(unit.id)
        witness = Witness(unit, stage, report)
        for name in find_exercise(unit, stage.exercise).names:
            for value in SHAKEN:
                put = _returning(value) if callable(witness.solved.get(name)) else value
                witness.outcome_with(f"`{name}` = {value!r}", **{name: put})
                report.count("shaken")
        if not left:
            break
    return proved


def _returning(value: Any) -> Any:
    return lambda *_args, **_kwargs: value
