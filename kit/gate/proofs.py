"""Proofs that run a unit's exercises. Each is one job in a process of its own."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from kit.checking import load_checks, unit_module
from kit.content import find_exercise, find_unit
from kit.gate.findings import Report
from kit.gate.messages import released_files
from kit.gate.mistakes import mistakes_of
from kit.gate.rehearse import Stage, answers_of, rehearse
from kit.model import Outcome, OutcomeKind, Part, Unit

MIN_MISTAKES = 5
# packages whose functions reach the learner and compute something
_RELEASED = ("kit.data", "kit.quick", "kit.checking", "kit.artefacts")


def _say(outcome: Outcome) -> str:
    text = outcome.feedback.seen if outcome.feedback else ""
    return f"{outcome.kind.value}: {text} {outcome.report[-300:]}".strip()


def prove_seed(unit_id: str, seed: int) -> Report:
    """For one learner: each starter is not attempted, each model answer passes."""
    unit = find_unit(unit_id)
    report = Report(unit_id)
    answers = answers_of(unit)
    for part in Part:
        for stage in rehearse(unit, part, f"seed-{seed}"):
            who = f"'{stage.exercise}', seed {seed}"
            solved = stage.outcome(answers[stage.exercise])
            if solved.kind is not OutcomeKind.PASSED:
                report.add("solution", unit.folder / "solution.py",
                           f"{who}: the model answer does not pass: {_say(solved)}")  # fmt: skip
            empty = stage.outcome(stage.starter)
            if empty.kind is not OutcomeKind.NOT_ATTEMPTED:
                report.add("starter", unit.folder / "checks.py",
                           f"{who}: the untouched starter is not 'not attempted': "
                           f"{_say(empty)}")  # fmt: skip
            report.counts["answers"] = report.counts.get("answers", 0) + 1
    return report


def prove_mistakes(unit_id: str) -> Report:
    """Each common mistake earns its own message; each practice exercise has at least five."""
    unit = find_unit(unit_id)
    report = Report(unit_id)
    mistakes = mistakes_of(unit)
    for exercise in unit.of(Part.PRACTICE):
        known = [m for m in mistakes if m.exercise == exercise.id]
        few = unit.folder / "misconceptions" / f"{exercise.id}_FEW.txt"
        if len(known) < MIN_MISTAKES and not few.is_file():
            report.add("mistakes", unit.folder / "misconceptions",
                       f"'{exercise.id}' has {len(known)} common mistakes, fewer than "
                       f"{MIN_MISTAKES}.", f"Add some, or say why in {few.name}.")  # fmt: skip
    reached = set()
    for part in Part:
        for stage in rehearse(unit, part, "mistakes"):
            for mistake in mistakes:
                if mistake.exercise != stage.exercise:
                    continue
                reached.add(mistake.path)
                outcome = stage.outcome(mistake.code)
                got = outcome.feedback.label if outcome.feedback else ""
                if outcome.kind is not OutcomeKind.INCORRECT or got != mistake.label:
                    report.add("mistakes", mistake.path,
                               f"It should be told '{mistake.label}', but is told "
                               f"'{got}': {_say(outcome)}")  # fmt: skip
                report.counts["mistakes"] = report.counts.get("mistakes", 0) + 1
    for mistake in mistakes:
        if mistake.path not in reached:
            report.add("mistakes", mistake.path, f"No exercise '{mistake.exercise}' was reached.")
    return report


def prove_paste(unit_id: str) -> Report:
    """No function that the learner has passes when it is pasted as an answer."""
    unit = find_unit(unit_id)
    report = Report(unit_id)
    answers = answers_of(unit)
    released, checks = list(_released_functions(unit)), load_checks(unit)
    for stage in rehearse(unit, Part.PRACTICE, "paste"):
        solved = dict(stage.names)
        exec(compile(answers[stage.exercise], "<answer>", "exec"), solved)
        whole = Stage(stage.exercise, stage.starter, solved, stage.workbook)
        for name in find_exercise(unit, stage.exercise).names:
            if not inspect.isfunction(solved.get(name)):
                continue
            for label, candidate in released:
                if not _fits(candidate, solved[name]):
                    continue
                report.counts["pastes"] = report.counts.get("pastes", 0) + 1
                with warnings.catch_warnings(action="ignore"):
                    pasted = whole.outcome_with(**{name: candidate})
                if pasted.kind is OutcomeKind.PASSED:
                    check = checks[stage.exercise].function
                    report.add("paste", Path(inspect.getfile(check)),
                               f"`{label}` passes '{stage.exercise}' when pasted as `{name}`.",
                               "Check by a property instead of by a function.",
                               line=inspect.getsourcelines(check)[1])  # fmt: skip
    return report


def _fits(candidate: Callable[..., Any], answer: Callable[..., Any]) -> bool:
    arity = len(inspect.signature(answer).parameters)
    try:
        inspect.signature(candidate).bind(*range(arity))
    except (TypeError, ValueError):
        return False
    return True


def _released_functions(unit: Unit) -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in _released_modules(unit):
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__:
                yield f"{module.__name__}.{name}", value


def _released_modules(unit: Unit) -> Iterator[ModuleType]:
    for path in released_files(unit):
        if path.stem != "__init__":
            yield unit_module(unit, ".".join(path.relative_to(unit.folder).with_suffix("").parts))
    for package in _RELEASED:
        root = importlib.import_module(package)
        yield root
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            yield importlib.import_module(info.name)
