"""The author's screen is true: its example runs, and every call on it is one that there is."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import Any

import pytest

import kit.checking
from kit.checking import Work, expect
from kit.checking.engine import CHECK_SECONDS
from kit.checking.work import CALL_SECONDS
from kit.model import OutcomeKind

SCREEN = inspect.getdoc(kit.checking) or ""
BLOCKS = re.findall(r"(?:^    .*\n|^\n(?=    ))+", SCREEN, re.MULTILINE)
EXAMPLE, SEEN, EXPECTED = (textwrap.dedent(block).strip() for block in BLOCKS)


def calls_in(code: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]


@pytest.mark.parametrize(
    ("size", "kind", "label"),
    [
        ("lambda cpu, vcpu: max(cpu)", OutcomeKind.PASSED, ""),
        ("lambda cpu, vcpu: 10", OutcomeKind.INCORRECT, "too_small"),
        ("lambda cpu, vcpu: sum(cpu) / 4", OutcomeKind.INCORRECT, "mean_rule"),
        ("lambda cpu, vcpu: 99", OutcomeKind.INCORRECT, "out_of_range"),
        ("lambda cpu, vcpu: cpu[9]", OutcomeKind.ERROR, "exception"),
        ("____", OutcomeKind.NOT_ATTEMPTED, "not_attempted"),
    ],
)
def test_the_example_runs_and_ends_as_it_says(
    run: Any, size: str, kind: OutcomeKind, label: str
) -> None:
    scope: dict[str, Any] = {}
    exec(EXAMPLE, scope)
    names = {"pick_size": eval(size, {"____": kit.____})}
    outcome = run(scope["rule"], names, case={"cpu": [2.0, 4.0, 6.0, 12.0]})
    assert (outcome.kind, outcome.feedback.label if outcome.feedback else "") == (kind, label)


def test_everything_that_a_check_sees_is_there_under_that_name() -> None:
    told = {node.attr for node in ast.walk(ast.parse(SEEN)) if isinstance(node, ast.Attribute)}
    public = {name for name in dir(Work({})) if not name.startswith("_")}
    # what the engine itself needs of it stands beside
    assert told | {"function"} == public - {"names", "answers", "seed", "language", "folder"}
    for call in calls_in(SEEN):
        inspect.signature(getattr(Work({}), call.func.attr)).bind(*call.args)


def test_every_expectation_is_on_the_screen_and_takes_what_is_said() -> None:
    told = [call for call in calls_in(EXPECTED) if ast.unparse(call.func).startswith("expect.")]
    for call in told:
        function = getattr(expect, ast.unparse(call.func).removeprefix("expect."))
        values = [ast.unparse(argument) for argument in call.args]
        named = {str(word.arg): ast.unparse(word.value) for word in call.keywords}
        inspect.signature(function).bind(*values, **named)
    assert {ast.unparse(call.func).removeprefix("expect.") for call in told} == set(expect.__all__)


def test_every_option_of_an_expectation_is_on_the_screen() -> None:
    told: dict[str, set[str]] = {}
    for call in calls_in(EXPECTED):
        words = {str(word.arg) for word in call.keywords}
        told.setdefault(ast.unparse(call.func).removeprefix("expect."), set()).update(words)
    for name in expect.__all__:
        options = inspect.signature(getattr(expect, name)).parameters.values()
        assert {o.name for o in options if o.kind is o.KEYWORD_ONLY} <= told[name] | {
            "grace",
            "within",
        }


def test_the_limits_that_it_names_are_those_that_hold() -> None:
    assert f"{CALL_SECONDS:g} seconds" in EXAMPLE
    assert f"over {CHECK_SECONDS:g} seconds" in SCREEN


def test_it_fits_on_a_screen() -> None:
    lines = SCREEN.splitlines()
    assert len(lines) <= 70
    assert max(map(len, lines)) <= 100
