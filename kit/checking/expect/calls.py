"""A learner's function, called on fresh inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kit.checking.mistakes import Mistake

if TYPE_CHECKING:
    from kit.checking.work import Work


def function(
    work: Work, name: str, *, on: Iterable[Any], gives: Callable[..., Mistake | None]
) -> list[Any]:
    """What the learner's function returns for each of ``on``, in order.

    Each of ``on`` is a tuple of arguments; anything else is the one argument. Each call gets
    copies and has a time limit. ``gives(result, *arguments)`` is the property that must hold:
    it returns a Mistake, or raises one as an expectation does.
    """
    call = work.function(name)
    results = []
    for given in on:
        arguments = given if isinstance(given, tuple) else (given,)
        result = call(*arguments)
        mistake = gives(result, *arguments)
        if mistake is not None:
            raise mistake
        results.append(result)
    return results
