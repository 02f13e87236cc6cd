"""Numbers, choices and mappings."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from kit.checking.expect.reading import plain_text, read, real, scalar
from kit.checking.expect.words import listed, short
from kit.checking.mistakes import Mistake
from kit.i18n import mark


def number(
    value: object,
    name: str,
    *,
    unit: str = "",
    low: float = -math.inf,
    high: float = math.inf,
) -> float:
    """``value`` as a finite float within [low, high]; bool, NaN and text are refused."""
    # what is a float already runs no code of anybody's: no limit is needed to look at it
    result = real(value) if type(value) is float else read(name, lambda: real(value))
    if result is None:
        raise Mistake(
            "not_a_number",
            mark("`{name}` is {value}, not a number."),
            required=mark("A number in {unit}.") if unit else mark("A number."),
            name=name,
            value=short(value),
            unit=unit,
        )
    if math.isinf(result) or not low <= result <= high:
        raise Mistake(
            "out_of_range",
            mark("`{name}` is {value:,.6g} {unit}: that cannot be.")
            if unit
            else mark("`{name}` is {value:,.6g}: that cannot be."),
            required=_bounds(low, high, unit),
            name=name,
            value=result,
            unit=unit,
            low=low,
            high=high,
        )
    return result


def _bounds(low: float, high: float, unit: str) -> str:
    """The template for what was allowed; an open end is left unsaid."""
    if math.isinf(low) and math.isinf(high):
        return mark("A finite number.")
    if math.isinf(high):
        return mark("At least {low:g} ({unit}).") if unit else mark("At least {low:g}.")
    if math.isinf(low):
        return mark("At most {high:g} ({unit}).") if unit else mark("At most {high:g}.")
    return (
        mark("Between {low:g} and {high:g} ({unit}).")
        if unit
        else mark("Between {low:g} and {high:g}.")
    )


def close(
    value: object,
    name: str,
    *,
    to: float,
    within: float = 0.01,
    grace: float = 0.0,
    unit: str = "",
    required: str = "",
) -> float:
    """``value`` as a float, no farther from ``to`` than the share ``within`` of it.

    ``to`` is what the check recomputes from the learner's own inputs; no message says it.
    ``grace`` is how far off is allowed at least, for a ``to`` near 0. ``required`` states the
    rule in the author's words.
    """
    result = number(value, name, unit=unit)
    if abs(result - to) <= max(within * abs(to), grace):
        return result
    raise Mistake(
        "not_close",
        mark("`{name}` is {value:,.6g} {unit}: your own inputs do not give that.")
        if unit
        else mark("`{name}` is {value:,.6g}: your own inputs do not give that."),
        required=required or mark("What follows from your own inputs, computed again."),
        name=name,
        value=result,
        unit=unit,
    )


def one_of(value: object, name: str, allowed: Collection[object]) -> None:
    """``value`` is one of ``allowed``: texts, numbers, None or a tuple of such."""
    if not read(name, lambda: any(_same(value, other) for other in allowed)):
        raise Mistake(
            "unknown_value",
            mark("`{name}` is {value}."),
            required=mark("One of: {allowed}."),
            name=name,
            value=short(value),
            allowed=", ".join(str(a) for a in allowed),
        )


def _same(value: object, other: object) -> bool:
    # the value's own class is not asked: it might call itself equal to everything
    if isinstance(other, str):
        return isinstance(value, str) and plain_text(value) == other
    value = scalar(value)
    if isinstance(other, bool) or other is None:
        return value is other
    if isinstance(other, int | float):
        return real(value) == other
    return type(value) is type(other) and value == other


def mapping(value: object, name: str, keys: Collection[str]) -> dict[str, Any]:
    """A dictionary (or a pandas Series) with exactly these keys, as a plain dictionary."""
    found = read(name, lambda: _entries(value))
    if found is None:
        raise Mistake(
            "not_a_dict",
            mark("`{name}` is {kind}, not a dictionary."),
            required=mark("One entry for each of: {keys}."),
            name=name,
            kind=type(value).__name__,
            keys=", ".join(keys),
        )
    entries, others = found
    missing = [key for key in keys if key not in entries]
    if missing:
        raise Mistake(
            "missing_keys",
            mark("`{name}` has no entry for {missing}."),
            required=mark("One entry for each of: {keys}."),
            name=name,
            missing=", ".join(missing),
            keys=", ".join(keys),
        )
    extra = [*(key for key in entries if key not in keys), *others]
    if extra:
        raise Mistake(
            "unknown_keys",
            mark("`{name}` has entries that nobody asked for: {extra}."),
            required=mark("One entry for each of: {keys}."),
            name=name,
            extra=listed(extra),
            keys=", ".join(keys),
        )
    return entries


def _entries(value: object) -> tuple[dict[str, Any], list[str]] | None:
    """What a mapping or a Series holds by text, and its other keys; None for all else."""
    # a class, too, has a method of this name, and a whole frame is no mapping
    if hasattr(value, "to_dict") and getattr(value, "ndim", 2) == 1:
        value = value.to_dict()
    if not isinstance(value, Mapping):
        return None
    # whatever class a text is of, it is looked up by its characters
    entries = {plain_text(key): value[key] for key in value if isinstance(key, str)}
    return entries, [short(key) for key in value if not isinstance(key, str)]
