"""What a check computes of fresh data: the right values that no name of the model answer holds.

A check calls the learner's functions with inputs of its own. The same calls to the model
answer's functions tell what would have been right there, and a message may not say it.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.gate.rehearse import Stage
from kit.gate.rules.leaks import near, values_of

# a check that tries hundreds of inputs speaks of the last ones
LAST = 20


@dataclass(frozen=True)
class Call:
    """A check's call of a learner's function; ``result`` is what came back."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    result: Any


def calls_of(stage: Stage, names: Mapping[str, Any]) -> list[Call]:
    """The last calls that the check makes on its way to its verdict on ``names``."""
    calls: list[Call] = []
    functions = {name: _heard(name, value, calls) for name, value in names.items()
                 if inspect.isfunction(value)}  # fmt: skip
    stage.judged({**names, **functions})
    return calls[-LAST:]


def _heard(name: str, function: Callable[..., Any], calls: list[Call]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = copy.deepcopy((args, kwargs))
        result = function(*args, **kwargs)
        calls.append(Call(name, *given, copy.deepcopy(result)))
        return result

    return call


class Compared:
    """A check's calls beside the same calls to the model answer's functions."""

    def __init__(self, calls: Iterable[Call], solved: Mapping[str, Any]) -> None:
        self._right: list[float] = []
        self._theirs: list[float] = []
        for call in calls:
            self._right += _right(call, solved)
            # what they were given, and what they returned there or elsewhere; one by one, since
            # a long series tells nothing
            for value in (*call.args, *call.kwargs.values(), call.result):
                self._theirs += values_of(value)

    def right(self, number: float) -> bool:
        """Whether it is what the model answer returns, and nothing that the learner's work has."""
        return any(near(number, value) for value in self._right) and not any(
            near(number, value) for value in self._theirs
        )


def _right(call: Call, solved: Mapping[str, Any]) -> Collection[float]:
    # the model answer may not know what a wrong one led to
    with contextlib.suppress(Exception):
        return values_of(solved[call.name](*call.args, **call.kwargs))
    return ()
