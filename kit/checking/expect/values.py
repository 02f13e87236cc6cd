"""Numbers, choices and mappings."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from kit.checking.expect.words import short
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
    """``value`` as a float within [low, high]; bool, NaN and text are refused."""
    import numbers

    if isinstance(value, bool) or not isinstance(value, numbers.Real) or math.isnan(float(value)):
        raise Mistake(
            "not_a_number",
            mark("`{name}` is {value}, not a number."),
            required=mark("A number in {unit}.") if unit else mark("A number."),
            name=name,
            value=short(value),
            unit=unit,
        )
    result = float(value)
    if not low <= result <= high:
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
    if math.isinf(high):
        return mark("At least {low:g} ({unit}).") if unit else mark("At least {low:g}.")
    if math.isinf(low):
        return mark("At most {high:g} ({unit}).") if unit else mark("At most {high:g}.")
    return (
        mark("Between {low:g} and {high:g} ({unit}).")
        if unit
        else mark("Between {low:g} and {high:g}.")
    )


def one_of(value: object, name: str, allowed: Collection[object]) -> None:
    """``value`` is one of ``allowed``."""
    try:
        known = value in allowed
    except TypeError:
        known = False
    if not known:
        raise Mistake(
            "unknown_value",
            mark("`{name}` is {value}."),
            required=mark("One of: {allowed}."),
            name=name,
            value=short(value),
            allowed=", ".join(str(a) for a in allowed),
        )


def mapping(value: object, name: str, keys: Collection[str]) -> dict[str, Any]:
    """A dictionary (or a pandas Series) with exactly these keys."""
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        raise Mistake(
            "not_a_dict",
            mark("`{name}` is {kind}, not a dictionary."),
            required=mark("One entry for each of: {keys}."),
            name=name,
            kind=type(value).__name__,
            keys=", ".join(keys),
        )
    missing = [key for key in keys if key not in value]
    if missing:
        raise Mistake(
            "missing_keys",
            mark("`{name}` has no entry for {missing}."),
            required=mark("One entry for each of: {keys}."),
            name=name,
            missing=", ".join(missing),
            keys=", ".join(keys),
        )
    extra = [str(key) for key in value if key not in keys]
    if extra:
        raise Mistake(
            "unknown_keys",
            mark("`{name}` has entries that nobody asked for: {extra}."),
            required=mark("One entry for each of: {keys}."),
            name=name,
            extra=", ".join(extra),
            keys=", ".join(keys),
        )
    return dict(value)
