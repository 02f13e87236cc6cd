"""A learner's work in one process, its check in another.

    the learner's kernel                            the process that judges
    answer(names, text)  ◀── text of a question ──  FarNames, Far: ask, and take plain data

A question is ``("get", name)``, ``("names",)`` or ``("call", number, args, kwargs)``; its answer
``("ok", value)`` or how it failed. Both travel as ``plain`` texts. Whoever runs the learner's
code may answer anything: whatever it is becomes a value or an error of theirs, nothing else.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from kit.blank import BlankUsed
from kit.checking.limits import CodeQuit, TimeLimitPassed, time_limit
from kit.checking.mistakes import RaisedElsewhere
from kit.checking.plain import Callables, Far, NotPlain, decode, encode
from kit.checking.work import CALL_SECONDS, learner_trace
from kit.errors import CheckError

OK, MISSING, BLANKED, SLOW, RAISED = "ok", "missing", "blank", "slow", "raised"
# what a kernel that has ended would have said
GONE = encode((RAISED, "The kernel died."))
STUCK = encode((SLOW,))
# a recursion without end has a thousand frames
_TRACE_LENGTH = 100_000
_held: list[Any] = []


def answer(names: Mapping[str, Any], text: str) -> str:
    """Answer a question about ``names``, in the learner's process. Never raises an Exception."""
    callables = Callables(hold=_hold, held=_held.__getitem__)
    try:
        asked, *told = decode(text, callables)
        with contextlib.redirect_stdout(io.StringIO()), time_limit(CALL_SECONDS):
            if asked == "get":
                found = (OK, names[told[0]]) if told[0] in names else (MISSING,)
            elif asked == "names":
                found = (OK, [name for name in names if isinstance(name, str)])
            else:
                number, args, kwargs = told
                found = (OK, _held[number](*args, **kwargs))
        with time_limit(CALL_SECONDS):
            return encode(found, callables)
    except BlankUsed:
        return encode((BLANKED,))
    except TimeLimitPassed:
        return STUCK
    except CodeQuit as ended:
        return encode((RAISED, learner_trace(ended.error)[-_TRACE_LENGTH:]))
    except Exception as error:
        return encode((RAISED, learner_trace(error)[-_TRACE_LENGTH:]))


def _hold(function: Any) -> int:
    for number, held in enumerate(_held):
        if held is function:
            return number
    _held.append(function)
    return len(_held) - 1


class FarNames(Mapping[str, Any]):
    """The names of a notebook that runs elsewhere; each is asked for once.

    ``ask`` takes the text of a question there and brings the answer's.
    """

    def __init__(self, ask: Callable[[str], str]) -> None:
        self._ask = ask
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._answer("get", name)
        status, *told = self._known[name]
        if status == OK and told:
            return told[0]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        status, *told = self._answer("names")
        listed = told[0] if status == OK and told else []
        return iter([name for name in listed if isinstance(name, str)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _answer(self, *question: Any) -> tuple[Any, ...]:
        callables = Callables(hold=_number_of, call=self._call)
        try:
            told = decode(self._ask(encode(question, callables)), callables)
        except NotPlain:
            told = None
        if isinstance(told, tuple) and told and isinstance(told[0], str):
            return told
        return (RAISED, "The kernel gave no answer.")

    def _call(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        status, *told = self._answer("call", number, args, kwargs)
        if status != OK or not told:
            _raise(status, told)
        return told[0]


def _number_of(function: Any) -> int:
    if isinstance(function, Far):
        return function.number
    raise CheckError("A check gives a learner's function plain values: a function is none.")


def _raise(status: str, told: list[Any]) -> NoReturn:
    if status == BLANKED:
        raise BlankUsed
    if status == SLOW:
        raise TimeLimitPassed(f"{CALL_SECONDS:g} seconds")
    trace = told[0] if told and isinstance(told[0], str) else ""
    raise RaisedElsewhere(trace[-_TRACE_LENGTH:].strip() or "The kernel gave no answer.")
