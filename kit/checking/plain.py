"""A learner's values as plain data: out of the process that runs their code, into another.

    text = encode(value)      # JSON; in the learner's process
    value = decode(text)      # in the one that judges: no code of theirs runs, no class of theirs

None, numbers, texts, bytes, lists, tuples, dicts, sets, dates and times come back as they were,
so do numpy's scalars and arrays and pandas' series, indexes and frames (``tables``). A chart
becomes what ``expect.chart`` looks at. A class of their own that is a list, a dict or a text
becomes the plain one; any other object an ``Opaque`` with its type's name and its ``repr``.
Functions stay where they are: the other side gets a reference.

Nothing is pickled. In JSON, an array is a kind and its parts: ``["tuple", 1, 2]``; a text,
a number, true, false and null stand for themselves; there are no JSON objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from kit.blank import BLANK
from kit.errors import KitError

# of the text; more than any exercise asks for
LIMIT = 64 * 2**20
DEPTH = 60
# of an object that is not plain, as messages show it
_SHOWN = 200
_WORD = 2**63
_NAME = re.compile(r"[^\W\d]\w{0,99}")
Node = Any


class NotPlain(ValueError):
    """A text that ``encode`` did not write."""


class TooMuch(Exception):
    """A value that is larger, or nested deeper, than ``encode`` goes."""


class Opaque:
    """Something that is no plain data. Only what a message shows of it came along."""

    __slots__ = ("_shown",)

    def __init__(self, shown: str) -> None:
        self._shown = shown

    def __repr__(self) -> str:
        return self._shown


@lru_cache(maxsize=256)
def _named(name: str, base: type) -> type:
    # messages name the type of what they saw
    return type(name, (base,), {"__slots__": (), "__module__": __name__})


class Far:
    """A function that stays in the learner's process; ``number`` names it there."""

    def __init__(self, number: int, name: str, text: str, call: Callable[..., Any]) -> None:
        self.number, self._call = number, call
        self.__name__ = self.__qualname__ = name
        self.__doc__ = text

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What it returns there."""
        return self._call(self.number, args, kwargs)

    def __deepcopy__(self, _memo: object) -> Far:
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__name__}>"


@dataclass(frozen=True)
class Callables:
    """What becomes of functions on one side of the conversation.

    ``hold`` gives a function's number where it lives. ``call(number, args, kwargs)`` runs it
    from the other side; None where the numbers name functions of this side: ``held``.
    """

    hold: Callable[[Any], int] | None = None
    held: Callable[[int], Any] | None = None
    call: Callable[..., Any] | None = None


def encode(value: object, callables: Callables = Callables()) -> str:
    """The JSON text of a value; an ``Opaque`` of one that is too large or cannot be looked at."""
    try:
        return json.dumps(Writer(callables).node(value, 0))
    except (KitError, MemoryError):
        raise
    except Exception:
        return json.dumps(["opaque", _type_name(value), f"<{_type_name(value)}>"])


def decode(text: str, callables: Callables = Callables()) -> Any:
    """The value of a text by ``encode``. NotPlain for any other text, whatever it holds."""
    if len(text) > LIMIT:
        raise NotPlain("too long")
    try:
        return Reader(callables).value(json.loads(text), 0)
    except NotPlain:
        raise
    except (Exception, RecursionError) as error:
        raise NotPlain(f"{type(error).__name__}: {error}"[:_SHOWN]) from None


@dataclass
class Writer:
    """Makes nodes of values; ``room`` is how many characters are left, roughly."""

    callables: Callables
    room: int = LIMIT // 2

    def node(self, value: Any, depth: int) -> Node:
        """The JSON of one value. TooMuch when it is too large or nested too deep."""
        if depth > DEPTH:
            raise TooMuch
        self.take(8)
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is str:
            return self.text(value)
        if kind is int and -_WORD <= value < _WORD:
            return value
        if value is BLANK:
            return ["blank"]
        try:
            return self._object(value, depth)
        except (TooMuch, KitError, RecursionError, MemoryError):
            raise
        except Exception:
            # whatever it does when it is looked at, it is only shown as what it is
            return self.opaque(value)

    def take(self, length: int) -> None:
        """Use up some of the room; TooMuch when there is none left."""
        self.room -= length
        if self.room < 0:
            raise TooMuch

    def text(self, value: str) -> str:
        """A text, counted."""
        self.take(len(value))
        return value

    def nodes(self, values: Iterable[Any], depth: int) -> list[Node]:
        """The JSON of several values, one level deeper."""
        return [self.node(value, depth + 1) for value in values]

    def _object(self, value: Any, depth: int) -> Node:
        from kit.checking import tables

        if (node := tables.node_of(self, value, depth)) is not None:
            return node
        for kinds, make in _KINDS:
            if isinstance(value, kinds):
                return make(self, value, depth)
        if callable(value):
            return self._function(value)
        return self._chart(value) or self.opaque(value)

    def _function(self, value: Any) -> Node:
        if self.callables.hold is None:
            return self.opaque(value)
        name, text = (getattr(value, part, None) for part in ("__name__", "__doc__"))
        told = [str(one)[:_SHOWN] if isinstance(one, str) else "" for one in (name, text)]
        return ["function", self.callables.hold(value), _type_name(value), *told]

    def _chart(self, value: Any) -> Node:
        from kit.checking.expect.charts import drawn_in

        layers = drawn_in(value)
        return ["chart", *(self.node(one.plain(), 0) for one in layers)] if layers else None

    def opaque(self, value: Any) -> Node:
        """What a message shows of an object."""
        try:
            shown = repr(value)[:_SHOWN]
        except Exception:
            shown = f"<{_type_name(value)}>"
        return ["opaque", _type_name(value), self.text(shown)]


def _type_name(value: object) -> str:
    # the class itself may answer otherwise
    return str(type.__dict__["__name__"].__get__(type(value)))


def _zone(value: datetime | time) -> str | None:
    return getattr(value.tzinfo, "key", None)


def _moment(kind: str) -> Callable[[Writer, Any, int], Node]:
    def make(_writer: Writer, value: Any, _depth: int) -> Node:
        plain = value.replace(tzinfo=None) if _zone(value) else value
        return [kind, plain.isoformat(), value.fold, _zone(value)]

    return make


def _members(kind: str, base: Any) -> Callable[[Writer, Any, int], Node]:
    def make(writer: Writer, value: Any, depth: int) -> Node:
        # the plain class's own way: a subclass may say something else each time it is asked
        return [kind, *writer.nodes(base.__iter__(value), depth)]

    return make


def _pairs(writer: Writer, value: dict[Any, Any], depth: int) -> Node:
    return ["dict", *writer.nodes((x for pair in dict.items(value) for x in pair), depth)]


def _other_pairs(writer: Writer, value: Mapping[Any, Any], depth: int) -> Node:
    return _pairs(writer, {key: value[key] for key in value}, depth)


def _whole(writer: Writer, value: int, _depth: int) -> Node:
    number = int.__index__(value)
    if -_WORD <= number < _WORD:
        return number
    # no limit of digits in this notation
    return ["int", writer.text(hex(number))]


_KINDS: tuple[tuple[Any, Callable[[Writer, Any, int], Node]], ...] = (
    (str, lambda writer, value, _: writer.text(str.__str__(value))),
    (bytes, lambda writer, value, _: ["bytes", writer.text(bytes.hex(value))]),
    (int, _whole),
    (float, lambda _writer, value, _: float.__float__(value)),
    (complex, lambda _writer, value, _: ["complex", value.real, value.imag]),
    (list, _members("list", list)),
    (tuple, _members("tuple", tuple)),
    (dict, _pairs),
    (set, _members("set", set)),
    (frozenset, _members("frozenset", frozenset)),
    (range, lambda _writer, value, _: ["range", value.start, value.stop, value.step]),
    (datetime, _moment("datetime")),
    (date, lambda _writer, value, _: ["date", value.isoformat()]),
    (time, _moment("time")),
    (
        timedelta,
        lambda _writer, value, _: ["timedelta", value.days, value.seconds, value.microseconds],
    ),
    (Decimal, lambda _writer, value, _: ["decimal", str(value)]),
    (Fraction, lambda w, value, d: ["fraction", *w.nodes((value.numerator, value.denominator), d)]),
    (PurePath, lambda writer, value, _: ["path", writer.text(str(value))]),
    (Mapping, _other_pairs),
    (bytearray | memoryview, lambda writer, value, _: writer.opaque(value)),
    (Sequence, lambda writer, value, depth: ["list", *writer.nodes(value, depth)]),
)


@dataclass
class Reader:
    """Makes values of nodes; whatever is no node of ``Writer`` raises."""

    callables: Callables
    _makers: Mapping[str, Callable[..., Any]] = field(default_factory=lambda: _MAKERS)

    def value(self, node: Node, depth: int) -> Any:
        """The value of one node."""
        if depth > 2 * DEPTH:
            raise NotPlain("nested too deep")
        if not isinstance(node, list):
            if isinstance(node, dict):
                raise NotPlain("an object")
            return node
        from kit.checking import tables

        make = self._makers.get(node[0]) or tables.MAKERS.get(node[0])
        if make is None:
            raise NotPlain("an unknown kind")
        return make(self, depth + 1, *node[1:])

    def values(self, nodes: Iterable[Node], depth: int) -> list[Any]:
        """The values of several nodes of the same depth."""
        return [self.value(node, depth) for node in nodes]


def _make_dict(reader: Reader, depth: int, *nodes: Node) -> dict[Any, Any]:
    values = reader.values(nodes, depth)
    return dict(zip(values[::2], values[1::2], strict=True))


def _make_moment(kind: Any) -> Callable[..., Any]:
    def make(_reader: Reader, _depth: int, text: str, fold: int, zone: str | None) -> Any:
        from zoneinfo import ZoneInfo

        made = kind.fromisoformat(text).replace(fold=fold)
        return made.replace(tzinfo=ZoneInfo(zone)) if zone else made

    return make


def _make_function(
    reader: Reader, _depth: int, number: int, kind: str, name: str, text: str
) -> Any:
    if type(number) is not int:
        raise NotPlain("no number")
    if reader.callables.held is not None:
        return reader.callables.held(number)
    if reader.callables.call is None:
        return _make_opaque(reader, 0, kind, f"<{kind} {name}>")
    return _named(_plain_name(kind), Far)(number, str(name), str(text), reader.callables.call)


def _make_opaque(_reader: Reader, _depth: int, kind: str, shown: str) -> Opaque:
    made: Opaque = _named(_plain_name(kind), Opaque)(str(shown)[:_SHOWN])
    return made


def _plain_name(kind: object) -> str:
    return kind if isinstance(kind, str) and _NAME.fullmatch(kind) else "object"


def _make_chart(reader: Reader, depth: int, *nodes: Node) -> Any:
    from kit.checking.expect.charts import Drawn, DrawnChart

    return DrawnChart(tuple(Drawn.of(plain) for plain in reader.values(nodes, depth)))


def _make_int(_reader: Reader, _depth: int, text: str) -> int:
    return int(text, 16)


_MAKERS: dict[str, Callable[..., Any]] = {
    "blank": lambda _reader, _depth: BLANK,
    "bytes": lambda _reader, _depth, text: bytes.fromhex(text),
    "int": _make_int,
    "complex": lambda _reader, _depth, real, imag: complex(real, imag),
    "list": lambda reader, depth, *nodes: reader.values(nodes, depth),
    "tuple": lambda reader, depth, *nodes: tuple(reader.values(nodes, depth)),
    "dict": _make_dict,
    "set": lambda reader, depth, *nodes: set(reader.values(nodes, depth)),
    "frozenset": lambda reader, depth, *nodes: frozenset(reader.values(nodes, depth)),
    "range": lambda _reader, _depth, *ends: range(*ends),
    "datetime": _make_moment(datetime),
    "date": lambda _reader, _depth, text: date.fromisoformat(text),
    "time": _make_moment(time),
    "timedelta": lambda _reader, _depth, *parts: timedelta(*parts),
    "decimal": lambda _reader, _depth, text: Decimal(text),
    "fraction": lambda reader, depth, *parts: Fraction(*reader.values(parts, depth)),
    "path": lambda _reader, _depth, text: Path(text),
    "function": _make_function,
    "opaque": _make_opaque,
    "chart": _make_chart,
}
