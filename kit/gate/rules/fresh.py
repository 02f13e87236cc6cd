"""What a check computes of fresh data: the right values that no name of the model answer holds.

A check calls the learner's functions with inputs of its own. The same calls to the model
answer's functions tell what would have been right there, and a message may not say it.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kit.checking.work import copied
from kit.gate.rehearse import Stage
from kit.gate.rules.leaks import MANY, near, values_of

# a check that tries hundreds of inputs speaks of the last ones
LAST = 20
# one name is what any message may speak of
LISTED = 2
# what stands between the texts of a list
_BETWEEN = r"\W{1,4}(?:(?:and|or)\W{1,3})?"


@dataclass(frozen=True)
class Call:
    """A check's call of a learner's function; ``result`` is what came back."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    result: Any


def calls_of(stage: Stage, names: Mapping[str, Any], last: int = LAST) -> list[Call]:
    """The last calls that the check makes on its way to its verdict on ``names``."""
    calls: list[Call] = []
    functions = {name: _heard(name, value, calls) for name, value in names.items()
                 if inspect.isfunction(value)}  # fmt: skip
    stage.judged({**names, **functions})
    return calls[-last:]


def _heard(name: str, function: Callable[..., Any], calls: list[Call]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = _copies(args, kwargs)
        result = function(*args, **kwargs)
        calls.append(Call(name, *given, copied(result)))
        return result

    return call


class FreshResults:
    """A check's calls beside the same calls to the model answer's functions."""

    def __init__(self, calls: Iterable[Call], solved: Mapping[str, Any]) -> None:
        self._right: list[float] = []
        self._theirs: list[float] = []
        self._texts: list[_Texts] = []
        for call in calls:
            right = _right(call, solved)
            self._right += values_of(right)
            texts = _Texts(right, call)
            # one by one, since a long series tells nothing
            for value in texts.all_theirs:
                self._theirs += values_of(value)
            self._texts.append(texts)

    def right(self, number: float) -> bool:
        """Whether it is what the model answer returns, and nothing that the learner's work has."""
        return any(near(number, value) for value in self._right) and not any(
            near(number, value) for value in self._theirs
        )

    def listed(self, said: str, known: str) -> str:
        """A right series of texts that ``said`` lists whole; "" for none.

        Texts that stand in ``known`` are no secret, and a series that is all of what the learner
        gave or was given may be shown.
        """
        for texts in self._texts:
            for right in texts.right:
                if not _lists(said, right):
                    continue
                told = {text for text in right if not holds(known, text)}
                if len(told) < LISTED:
                    continue
                # one that is missing, apart from what they listed, is an example
                news = told.difference(*texts.own)
                if len(news) < LISTED and not _in_a_row(said, right):
                    continue
                if not any(series >= right and _lists(said, series) for series in texts.theirs):
                    return ", ".join(sorted(told))
        return ""

    def named(self, said: str, known: str) -> str:
        """The one text that a call should have returned, and did not, if ``said`` has it."""
        for texts in self._texts:
            one = texts.returned
            if not isinstance(one, str) or not one.strip() or one == texts.call.result:
                continue
            if holds(said, one) and not holds(known, one):
                return one
        return ""


@dataclass(frozen=True)
class _Texts:
    """What a call should have returned and did return, and the series of texts in either."""

    returned: Any
    call: Call

    @property
    def all_theirs(self) -> tuple[Any, ...]:
        """What they were given, and what they returned there or elsewhere."""
        return (*self.call.args, *self.call.kwargs.values(), self.call.result)

    @cached_property
    def right(self) -> Collection[frozenset[str]]:
        """The series that should have come back."""
        return series_of(self.returned)

    @cached_property
    def own(self) -> Collection[frozenset[str]]:
        """The series that did."""
        return series_of(self.call.result)

    @cached_property
    def theirs(self) -> Collection[frozenset[str]]:
        """The series that they had before them."""
        return series_of(self.all_theirs)


def _right(call: Call, solved: Mapping[str, Any]) -> Any:
    # the model answer may not know what a wrong one led to, and may not change what it was given
    with contextlib.suppress(Exception):
        args, kwargs = _copies(call.args, call.kwargs)
        return solved[call.name](*args, **kwargs)
    return None


def _copies(
    args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return tuple(map(copied, args)), {name: copied(value) for name, value in kwargs.items()}


def holds(said: str, text: str) -> bool:
    """Whether ``text`` stands in ``said`` for itself; a Korean particle may follow."""
    found = rf"(?<![\w-]){re.escape(text)}(?![A-Za-z0-9_]|-\w)"
    return text in said and bool(re.search(found, said))


def _lists(said: str, series: Iterable[str]) -> bool:
    return all(holds(said, text) for text in series)


def _in_a_row(said: str, series: Iterable[str]) -> bool:
    one = f"(?:{'|'.join(sorted(map(re.escape, series), key=len, reverse=True))})"
    rows = re.finditer(rf"{one}(?:{_BETWEEN}{one})+", said)
    return any(_lists(row[0], series) for row in rows)


def series_of(value: Any) -> Collection[frozenset[str]]:
    """Each list, column, index, or set of keys in a value that holds texts alone."""
    found: set[frozenset[str]] = set()
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, Mapping):
            parts: list[Any] = [list(one), list(one.values())]
        elif type(one).__module__.partition(".")[0] == "pandas" and hasattr(one, "index"):
            columns = [one[name] for name in one] if hasattr(one, "columns") else [one]
            parts = [
                c.tolist() for c in (*columns, one.index) if c.ndim == 1 and _may_hold_texts(c)
            ]
        elif isinstance(one, (list, tuple, set, frozenset)):
            parts = [list(one)]
        elif hasattr(one, "tolist"):
            parts = [list(one)] if getattr(one, "ndim", 1) and _may_hold_texts(one) else []
        else:
            continue
        for part in parts:
            if texts := _texts_of(part):
                found.add(texts)
            # records: one list for each key
            elif part and all(isinstance(record, Mapping) for record in part):
                keys = {key for record in part for key in record}
                stack += [[r[key] for r in part if key in r] for key in keys]
            else:
                stack += [inner for inner in part[:MANY] if not isinstance(inner, str)]
    return found


def _may_hold_texts(column: Any) -> bool:
    """Whether a column or an array is of a type other than numbers and times."""
    kind: str = getattr(getattr(column, "dtype", None), "kind", "O")
    return kind not in "biufcmM"


def _texts_of(part: list[Any]) -> frozenset[str]:
    """What a list holds where it is texts alone, none of them empty; else nothing."""
    if not part or not isinstance(part[0], str):
        return frozenset()
    try:
        found = frozenset(part)
    except TypeError:
        # something in it that no text is
        return frozenset()
    whole = all(isinstance(text, str) and text.strip() for text in found)
    return found if whole else frozenset()
