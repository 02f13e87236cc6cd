"""Looking at a learner's value without trusting it."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from decimal import Decimal
from math import inf, isnan
from typing import TypeVar

from kit.blank import BlankUsed
from kit.checking.limits import CodeQuit, TimeLimitPassed, time_limit
from kit.checking.mistakes import LearnerError, Mistake, NotAttempted
from kit.i18n import mark

READ_SECONDS = 5.0
T = TypeVar("T")


def read(name: str, look: Callable[[], T]) -> T:
    """What ``look`` makes of a learner's value; whatever that value does is not the check's fault.

    An expectation brings the value into a plain form in here and judges that form outside.
    NotAttempted for a blank, LearnerError when it never ends, else Mistake ``unreadable``.
    """
    try:
        with time_limit(READ_SECONDS):
            return look()
    except (Mistake, NotAttempted, LearnerError):
        raise
    except BlankUsed:
        raise NotAttempted(name) from None
    except TimeLimitPassed:
        raise LearnerError(name, "", slow=READ_SECONDS) from None
    except Exception as error:
        raised = error.error if isinstance(error, CodeQuit) else error
        raise Mistake(
            "unreadable",
            mark("`{name}` cannot be looked at: that stops with {error}."),
            required=mark("A plain value, as the exercise asks for it."),
            name=name,
            error=type(raised).__name__,
        ) from None


def real(value: object) -> float | None:
    """``value`` as a float if it is one number, infinite ones too; None for all else and NaN."""
    value = scalar(value)
    if isinstance(value, bool) or not isinstance(value, numbers.Real | Decimal):
        return None
    try:
        result = float(value)
    except OverflowError:
        # a whole number may have more digits than a float can have
        return -inf if str(value).startswith("-") else inf
    return None if isnan(result) else result


def scalar(value: object) -> object:
    """One value of numpy's as Python's own; everything else as it is."""
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value


def plain_text(value: str) -> str:
    """The characters of a text, whatever class of its own it has."""
    return str.__str__(value)
