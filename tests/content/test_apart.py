"""A check says the same of work in another process: of model answers, starters and mistakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kit.checking import load_checks, run_check
from kit.checking.apart import FarNames, answer
from kit.content import find_exercise, load_units
from kit.gate.mistakes import mistakes_of
from kit.gate.rehearse import Stage, rehearse
from kit.model import Outcome, Part

pytestmark = pytest.mark.content

UNITS = load_units()


def outcome(stage: Stage, names: dict[str, Any], *, apart: bool) -> Outcome:
    """The outcome with these names, here or as plain data of somewhere else."""
    book = stage.workbook
    book.look_at(names)
    work = book.work()
    if apart:
        work = replace(work, names=FarNames(lambda text: answer(names, text)))
    check = load_checks(book.unit)[stage.exercise]
    told = run_check(check, find_exercise(book.unit, stage.exercise), work, book.translate)
    # frames of our own fault lie in other files
    return replace(told, report="")


@pytest.mark.parametrize("part", list(Part))
@pytest.mark.parametrize("unit_id", UNITS)
def test_what_is_judged_apart_is_told_the_very_same(unit_id: str, part: Part) -> None:
    unit = UNITS[unit_id]
    known, kinds = mistakes_of(unit), set()
    for stage in rehearse(unit, part, "apart", displays=False):
        tried = [code for m in known if (code := m.code_in(stage.exercise)) is not None]
        tried.append("def clean(*a): 1 / 0\nnpv = pick_size = classify = memory_need = clean")
        worlds = [stage.names, *(stage.run(code) for code in (stage.starter, *tried))]
        worlds.append(dict(stage.go_on()))
        for names in worlds:
            here = outcome(stage, names, apart=False)
            assert outcome(stage, names, apart=True) == here
            kinds.add(here.kind.value)
    assert {"passed", "incorrect", "not_attempted", "error"} <= kinds
