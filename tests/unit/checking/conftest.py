"""An exercise, and a way to run a check on a learner's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kit.checking import Check, Work, run_check
from kit.i18n import Translator
from kit.model import Exercise, ExerciseKind, Outcome, Part, Reality

EXERCISE = Exercise(
    id="rule",
    title="The rule",
    part=Part.PRACTICE,
    kind=ExerciseKind.PROCEDURE,
    reality=Reality.SIMULATED,
    minutes=5,
    points=1,
    at_work="It is what a colleague would ask first.",
)
Run = Callable[..., Outcome]


@pytest.fixture
def run() -> Run:
    """``run(check, names, case=...)``: the outcome, in English; engine's options too."""

    def outcome(check: Check, names: Mapping[str, Any] | None = None, **told: Any) -> Outcome:
        options = {name: told.pop(name) for name in ("seconds", "on_broken") if name in told}
        return run_check(check, EXERCISE, Work(names or {}, **told), Translator("en"), **options)

    return outcome
