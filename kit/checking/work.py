"""The read-only view of a learner's work that a check receives."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, cast

from kit.answers import FILES
from kit.blank import BlankUsed, has_blank
from kit.checking.limits import CodeQuit, TimeLimitPassed, time_limit
from kit.checking.mistakes import LearnerError, Mistake, NotAttempted, RaisedElsewhere
from kit.i18n import mark

if TYPE_CHECKING:
    import numpy as np

CALL_SECONDS = 5.0


@dataclass(frozen=True)
class Work:
    """A learner's names, their case, and fresh randomness; a check cannot change any of it.

    ``case`` is built by the unit from the learner's seed, never taken from the
    notebook. ``answers`` are what widgets wrote, as ``answers.json`` holds it; ``folder``
    is the assignment's, where that file lies. ``seed`` drives ``fresh``: open in practice,
    hidden when graded.
    """

    names: Mapping[str, Any]
    case: Any = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    language: str = "en"
    folder: Path | None = None

    def has(self, name: str) -> bool:
        """Whether the learner defined ``name`` with something that is not blank."""
        return name in self.names and not _blank(self.names[name])

    def value(self, name: str) -> Any:
        """A copy of a value; NotAttempted while it is missing or blank."""
        if not self.has(name):
            raise NotAttempted(name)
        value = self.names[name]
        if _is_plain(value):
            return copy.copy(value)
        try:
            with time_limit(CALL_SECONDS):
                return copy.deepcopy(value)
        except TimeLimitPassed:
            raise LearnerError(name, "", slow=CALL_SECONDS) from None
        except Exception:
            # a generator or an open file cannot be copied; hand it over as it is
            return value

    def function(self, name: str) -> Callable[..., Any]:
        """The learner's function, guarded: copied arguments, time limit, their errors named."""
        if not self.has(name):
            raise NotAttempted(name)
        function = self.names[name]
        if not callable(function):
            raise Mistake(
                "not_a_function",
                mark("`{name}` is {kind}, not a function."),
                required=mark("Keep the line that starts with `def {name}(` and fill in its body."),
                name=name,
                kind=type(function).__name__,
            )
        return guarded(name, function)

    def answer(self, exercise: str) -> Any:
        """A copy of what was given in the form of an exercise; NotAttempted before that."""
        given = self.answers.get("exercises")
        told = given.get(exercise) if isinstance(given, Mapping) else None
        value = told.get("value") if isinstance(told, Mapping) else None
        if value is None:
            raise NotAttempted(exercise, form=True)
        return copy.deepcopy(value)

    def file(self, exercise: str) -> Path:
        """The file handed in for an exercise, to be read only; NotAttempted before that.

        The form's answer is its name, or holds it under ``name``.
        """
        told = self.answer(exercise)
        name = told.get("name") if isinstance(told, dict) else told
        # the answers travel with a submission: a name must not lead out of its folder
        if self.folder is None or not isinstance(name, str) or not _plain(name):
            raise NotAttempted(exercise, form=True)
        path = self.folder / FILES / exercise / name
        if path.is_symlink() or not path.is_file():
            raise NotAttempted(exercise, form=True)
        return path

    def fresh(self, salt: int = 0) -> np.random.Generator:
        """A random generator for fresh data; the same ``salt`` gives the same stream."""
        import numpy as np

        return np.random.default_rng([self.seed & (2**63 - 1), salt])


# looking at these, or copying them, runs no code of a learner and ends
_PLAIN = frozenset({bool, int, float, complex, str, bytes, type(None)})


def _is_plain(value: object) -> bool:
    """Whether it is one plain value or a flat list, tuple or dictionary of such."""
    kind = type(value)
    if kind is dict:
        pairs = cast("dict[object, object]", value)
        return _PLAIN.issuperset(map(type, pairs)) and _PLAIN.issuperset(map(type, pairs.values()))
    if kind is list or kind is tuple:
        return _PLAIN.issuperset(map(type, cast("list[object]", value)))
    return kind in _PLAIN


def copied(value: Any) -> Any:
    """A deep copy, sooner: a function is called a thousand times, mostly on plain numbers."""
    return copy.copy(value) if _is_plain(value) else copy.deepcopy(value)


def _blank(value: object) -> bool:
    if _is_plain(value):
        return False
    try:
        with time_limit(CALL_SECONDS):
            return has_blank(value)
    except Exception:
        # an object that cannot even be looked at is no blank; an expectation says what it is
        return False


def _plain(name: str) -> bool:
    kinds = (PurePosixPath, PureWindowsPath)
    return name not in ("", ".", "..") and all(kind(name).name == name for kind in kinds)


def guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Call the learner's ``function`` so that its faults are told from ours."""

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            with time_limit(CALL_SECONDS):
                result = function(*map(copied, args), **{k: copied(v) for k, v in kwargs.items()})
        except BlankUsed:
            raise NotAttempted(name) from None
        except TimeLimitPassed:
            raise LearnerError(name, "", slow=CALL_SECONDS) from None
        except CodeQuit as ended:
            # exit() in a function would otherwise end the kernel's cell without a word
            raise LearnerError(name, learner_trace(ended.error)) from None
        except Exception as error:
            raise LearnerError(name, learner_trace(error)) from None
        if _blank(result):
            raise NotAttempted(name)
        return result

    return call


def learner_trace(error: BaseException) -> str:
    """The error with the learner's own frames only, newest last."""
    if isinstance(error, RaisedElsewhere):
        return error.trace
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "ipykernel" in frame.filename or frame.filename.startswith(("<ipython", "<cell", "In ["))
    ]
    lines = [f"line {frame.lineno}: {frame.line or ''}".rstrip(": ") for frame in frames]
    last = traceback.format_exception_only(error)[-1].strip()
    return "\n".join([*lines, last])
