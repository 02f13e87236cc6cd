"""Where a surviving mutant stands, which reason is meant for it, and what shows it equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.mutants import Mutant
from kit.gate.survivors import (
    INPUTS,
    ModelOutputs,
    Reason,
    decided_at,
    function_at,
    same_answer,
    statement_at,
)
from kit.model import Unit

ANSWER = """limit = 5
chosen, other = limit, 2


def top(rows):
    # the highest
    return max(rows)
"""


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [(1, "Assign", ""), (4, "", ""), (5, "FunctionDef", "top"), (7, "FunctionDef", "top")],
)
def test_a_line_belongs_to_its_top_level_statement(line: int, kind: str, name: str) -> None:
    found = statement_at(ANSWER, line)
    assert (type(found).__name__ if found else "") == kind
    assert function_at(ANSWER, line) == name


def test_a_decision_is_a_name_that_the_line_binds() -> None:
    assert decided_at(ANSWER, 1, ("limit",))
    assert decided_at(ANSWER, 2, ("other",))
    # it is used there, not chosen
    assert not decided_at(ANSWER, 2, ("limit",))
    assert not decided_at(ANSWER, 1, ())


def mutant(exercise: str = "used", now: str = "limit = 6") -> Mutant:
    return Mutant(exercise, "constant", 1, "limit = 5", now, ANSWER)


def test_a_reason_is_meant_for_its_change_in_its_exercises() -> None:
    reason = Reason("equivalent", ("used", "top"), "limit  =  5", " limit = 6", "so", "", 3)
    assert reason.explains(mutant()) and reason.explains(mutant("top"))
    assert not reason.explains(mutant("who"))
    assert not reason.explains(mutant(now="limit = 7"))


def test_values_are_compared_and_functions_are_not() -> None:
    model = {"limit": 5, "top": max}
    assert same_answer(("limit", "top"), model, {"limit": 5, "top": min})
    assert not same_answer(("limit",), model, {"limit": 6})
    assert not same_answer(("limit",), model, {})


@pytest.fixture
def unit(good: Path) -> Unit:
    (good / "solution.py").open("a", encoding="utf-8").write(
        "\nINPUTS = {'top': lambda rng: (list(map(int, rng.integers(0, 9, 3))),)}\n"
    )
    return load_unit(good)


def test_the_model_answer_is_run_once_for_all_its_mutants(unit: Unit) -> None:
    calls = []

    def top(rows: list[int]) -> int:
        calls.append(rows)
        return max(rows)

    outputs = ModelOutputs(unit, {"top": top})
    assert "On input 0 of" in outputs.difference("top", {"top": lambda _rows: -1})
    assert len(calls) == 1
    assert outputs.difference("top", {"top": lambda rows: sorted(rows)[-1]}) == ""
    assert outputs.difference("top", {"top": lambda rows: -min(-row for row in rows)}) == ""
    assert len(calls) == INPUTS


def test_what_a_mutant_does_to_its_arguments_stays_with_it(unit: Unit) -> None:
    def spoils(rows: list[int]) -> int:
        found = max(rows)
        rows.clear()
        return found

    outputs = ModelOutputs(unit, {"top": max})
    assert outputs.difference("top", {"top": spoils}) == ""
    assert outputs.difference("top", {"top": max}) == ""
