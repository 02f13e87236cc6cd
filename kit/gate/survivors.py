"""Mutants that pass a check, and the reasons for it that an author gives in ``mutants.toml``.

    [[equivalent]]              # both give the same on 1,000 random inputs
    exercise = "memory"         # one exercise, or a list of those that share the answer
    was = "if len(here) < 0.9 * 4032:"
    now = "if len(here) <= 0.9 * 4032:"
    because = "0.9 * 4032 is no whole number"

    [[other_answer]]            # a right answer too
    exercise = "audit"
    was = '…'
    now = '…'
    because = "one of six faults is missed"
    property = "F1 of 0.8 or more passes"

``was`` and ``now`` are lines of the model answer, without their indentation. A survivor of a
function is equivalent when ``INPUTS`` of ``solution.py``, a function from a random generator to
arguments for each function by name, shows no difference. ``property`` says by which property
the check takes it, and may be left out where the exercise declares the name under ``decides``.
"""

from __future__ import annotations

import ast
import contextlib
import io
import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.checking import unit_module
from kit.checking.work import copied
from kit.content import read_toml
from kit.errors import ContentError
from kit.gate.findings import line_of_key
from kit.gate.mutants import Mutant, bound
from kit.model import Unit

FILE = "mutants.toml"
# decisions.md 26: equivalence is shown on this many random inputs
INPUTS = 1_000
EQUIVALENT, OTHER = "equivalent", "other_answer"
_KEYS = {"exercise", "was", "now", "because", "property"}
Names = Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """Why a mutant may pass; ``line`` is where it stands in ``mutants.toml``."""

    kind: str
    exercises: tuple[str, ...]
    was: str
    now: str
    because: str
    property: str
    line: int

    def explains(self, mutant: Mutant) -> bool:
        """Whether it is this change that the reason speaks of."""
        same = (_flat(self.was), _flat(self.now)) == (_flat(mutant.was), _flat(mutant.now))
        return same and mutant.exercise in self.exercises


def reasons_of(unit: Unit) -> tuple[Reason, ...]:
    """The reasons in a unit's ``mutants.toml``; none without the file. ContentError by its line."""
    path = unit.folder / FILE
    if not path.is_file():
        return ()
    table = read_toml(path)
    return tuple(
        _reason(path, kind, number, row)
        for kind in (EQUIVALENT, OTHER)
        for number, row in enumerate(table.get(kind, ()))
    )


def _reason(path: Path, kind: str, number: int, row: Mapping[str, Any]) -> Reason:
    line = line_of_key(path, f"{kind}[{number}].was")
    wrong = row.keys() - _KEYS or (_KEYS - {"property"}) - row.keys()
    if wrong:
        raise ContentError(
            f"A reason of [[{kind}]] has a key too many or too few: {', '.join(sorted(wrong))}.",
            where=f"{path}:{line}",
            fix=f"Keys are {', '.join(sorted(_KEYS))}.",
        )
    named = row["exercise"]
    return Reason(
        kind=kind,
        exercises=(named,) if isinstance(named, str) else tuple(named),
        was=str(row["was"]),
        now=str(row["now"]),
        because=str(row["because"]),
        property=str(row.get("property", "")),
        line=line,
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


# --- where a change is ----------------------------------------------------------------


def statement_at(code: str, line: int) -> ast.stmt | None:
    """The top-level statement of an answer that a line belongs to."""
    inside = [s for s in ast.parse(code).body if s.lineno <= line <= (s.end_lineno or s.lineno)]
    return inside[0] if inside else None


def function_at(code: str, line: int) -> str:
    """The top-level function that a line belongs to; empty where it is in none."""
    found = statement_at(code, line)
    return found.name if isinstance(found, ast.FunctionDef) else ""


def decided_at(code: str, line: int, decides: tuple[str, ...]) -> bool:
    """Whether a line belongs to a value that the learner is free to choose."""
    found = statement_at(code, line)
    return found is not None and bool(bound(found) & set(decides))


# --- the same result ------------------------------------------------------------------


class ModelOutputs:
    """Functions of a model answer on random inputs, to hold beside those of its mutants.

    ``model`` are the names after the answer. What it gives is worked out once for all mutants.
    """

    def __init__(self, unit: Unit, model: Names) -> None:
        self._inputs = getattr(unit_module(unit, "solution"), "INPUTS", {})
        self._model = model
        self._known: dict[str, list[tuple[tuple[Any, ...], Any]]] = {}

    def difference(self, name: str, mutant: Names) -> str:
        """Where the function differs from the mutant's; empty where it never does."""
        if name not in self._inputs:
            return f"`INPUTS` of solution.py makes no arguments for `{name}`."
        for number, (arguments, given) in enumerate(self._results(name)):
            if not same(given, _called(mutant[name], arguments)):
                return f"On input {number} of {INPUTS:,} `{name}` gives something else."
        return ""

    def _results(self, name: str) -> Iterator[tuple[tuple[Any, ...], Any]]:
        import numpy as np

        known = self._known.setdefault(name, [])
        yield from known
        for number in range(len(known), INPUTS):
            arguments = self._inputs[name](np.random.default_rng([number, len(name)]))
            known.append((arguments, _called(self._model[name], arguments)))
            yield known[-1]


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    with warnings.catch_warnings(action="ignore"), contextlib.redirect_stdout(io.StringIO()):
        try:
            return function(*map(copied, arguments))
        except Exception as error:
            return type(error)


def same(one: Any, two: Any) -> bool:
    """Equal in type and value, through containers, arrays and frames; NaN equals itself."""
    if type(one) is not type(two):
        return False
    if isinstance(one, Mapping):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, float):
        # sums in another order differ in their last digit
        return math.isclose(one, two, rel_tol=1e-12) or (math.isnan(one) and math.isnan(two))
    if hasattr(one, "equals"):
        # a frame's or a series' own notion: index, columns, types and values
        return bool(one.equals(two)) and same(list(one.axes[0]), list(two.axes[0]))
    if hasattr(one, "tolist"):
        return one.shape == two.shape and same(one.tolist(), two.tolist())
    return bool(one == two)


def same_answer(names: tuple[str, ...], model: Names, mutant: Names) -> bool:
    """Whether all values among ``names`` are equal; functions are not compared."""
    return all(
        callable(model.get(name)) or same(model.get(name), mutant.get(name)) for name in names
    )


def unknown_exercises(unit: Unit) -> Iterator[tuple[Reason, str]]:
    """Reasons that name an exercise which the unit does not have."""
    known = {exercise.id for exercise in unit.exercises}
    for reason in reasons_of(unit):
        for name in reason.exercises:
            if name not in known:
                yield reason, name
