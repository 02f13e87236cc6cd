"""Lists of values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Any

from kit.checking.expect.reading import plain_text, read, real, scalar
from kit.checking.expect.words import short
from kit.checking.mistakes import Mistake
from kit.i18n import mark

# an object may go on giving entries for ever
_MOST = 5_000_000


def sequence(
    value: object,
    name: str,
    *,
    length: int | None = None,
    of: type | None = float,
    ascending: bool = False,
    unique: bool = False,
) -> list[Any]:
    """A list, tuple, range, Series, Index or array with one dimension, as a plain list.

    ``of`` is float, int, str, or None for anything; numbers come back as plain floats or
    ints. ``ascending`` allows equals beside each other, ``unique`` forbids them anywhere.
    """
    items = read(name, lambda: _items(value))
    if items is None:
        raise Mistake(
            "not_a_list",
            mark("`{name}` is {kind}, not a list."),
            required=mark("A list, or a column of a data frame."),
            name=name,
            kind=type(value).__name__,
        )
    if length is not None and len(items) != length:
        raise Mistake(
            "wrong_length",
            mark("`{name}` has {count} entries."),
            required=mark("{length} entries."),
            name=name,
            count=len(items),
            length=length,
        )
    plain = [] if not items else read(name, lambda: [_plain(item, of) for item in items])
    _each_is(plain, items, name, of)
    if ascending:
        _ascends(plain, name)
    if unique:
        _repeats_nothing(plain, name)
    return plain


class _Wrong:
    """Stands for an entry that is not of the kind that was asked for."""


def _items(value: object) -> list[Any] | None:
    if getattr(value, "ndim", None) == 1 and hasattr(value, "tolist"):
        # an array's own numbers become Python's
        value = value.tolist()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return None
    return list(islice(iter(value), _MOST))


def _plain(item: object, of: type | None) -> Any:
    if of is None:
        return scalar(item)
    if of is str:
        return plain_text(item) if isinstance(item, str) else _Wrong
    number = real(item)
    if number is None or number in (float("inf"), float("-inf")):
        return _Wrong
    if of is int:
        return int(number) if number.is_integer() else _Wrong
    return number


_KINDS = {float: mark("a number"), int: mark("a whole number"), str: mark("a text")}


def _each_is(plain: Sequence[Any], items: Sequence[Any], name: str, of: type | None) -> None:
    wrong = next((at for at, item in enumerate(plain) if item is _Wrong), None)
    if wrong is not None:
        raise Mistake(
            "wrong_entry",
            mark("`{name}[{at}]` is {value}, not {kind}."),
            required=mark("Each entry is {kind}."),
            name=name,
            at=wrong,
            value=short(items[wrong]),
            kind=_KINDS[of or float],
        )


def _ascends(plain: Sequence[Any], name: str) -> None:
    falls = read(
        name, lambda: next((n for n, (a, b) in enumerate(pairwise(plain), 1) if b < a), None)
    )
    if falls is not None:
        raise Mistake(
            "not_ascending",
            mark("`{name}[{at}]` is {value}, smaller than the entry before it."),
            required=mark("Entries in ascending order."),
            name=name,
            at=falls,
            value=short(plain[falls]),
        )


def _repeats_nothing(plain: Sequence[Any], name: str) -> None:
    twice = read(name, lambda: _first_twice(plain))
    if twice is not None:
        raise Mistake(
            "repeated",
            mark("`{name}` holds {value} more than once."),
            required=mark("Each entry once."),
            name=name,
            value=twice,
        )


def _first_twice(plain: Sequence[Any]) -> str | None:
    seen: set[Any] = set()
    for item in plain:
        key = item if isinstance(item, int | float | str) else repr(item)
        if key in seen:
            return short(item)
        seen.add(key)
    return None
