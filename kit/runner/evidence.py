"""What a locked cell's verdict rests on: looked at while the cell runs, see ``proving``."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from kit.runner.pristine import Pristine

# a class of the learner's own with others than these decides what is equal, true or large
_HARMLESS = {
    "__module__", "__qualname__", "__doc__", "__dict__", "__weakref__", "__slots__", "__init__",
    "__new__", "__annotations__", "__repr__", "__str__", "__init_subclass__", "__match_args__",
    "__call__", "__enter__", "__exit__", "__iter__", "__next__", "__post_init__",
    "__orig_bases__", "__parameters__", "__static_attributes__", "__firstlineno__",
    "__getnewargs__", "__abstractmethods__", "__replace__", "__del__", "__hash__",
}  # fmt: skip
_PLAIN = {int, float, complex, bool, str, bytes, bytearray, range, slice, type(None), type(...)}
# they make a new thing, which is looked at itself
_EXEMPT = {
    list, tuple, set, frozenset, dict, sorted, map, filter, zip, enumerate, iter, next, len, str,
    repr, print, type, id, hasattr, callable, getattr, setattr, delattr, float, int, reversed,
    isinstance, issubclass,
}  # fmt: skip
_DEPTH = 60
_DOUBTS = 20
_NAME = 80


class Evidence:
    """Reports of one cell's run. Its methods named in ``instrument.ROLES`` are what it calls."""

    def __init__(
        self, pristine: Pristine, names: dict[str, Any], classes: list[str], file: str
    ) -> None:
        self._pristine, self._names = pristine, names
        self._asked = {id(names[name]) for name in classes if isinstance(names.get(name), type)}
        self._file = file
        self._true: set[int] = set()
        self._false: list[int] = []
        self._reached = -1
        self._doubts: list[dict[str, Any]] = []
        self._value: dict[str, Any] = {"kind": "none"}

    def report(self) -> dict[str, Any]:
        """All of it, as plain data."""
        return {
            "true": sorted(self._true),
            "false": self._false,
            "reached": self._reached,
            "doubts": self._doubts,
            "value": self._value,
        }

    def operand(self, value: Any, line: int) -> Any:
        """What is compared, computed with, or decides a branch."""
        self._look(value, line)
        return value

    def truth(self, value: Any, number: int, line: int) -> bool:
        """What is asserted."""
        self._look(value, line)
        if value:
            self._true.add(number)
            return True
        self._false.append(line)
        return False

    def reached(self, number: int) -> None:
        """The end of a statement."""
        self._reached = number

    def space(self) -> dict[str, Any]:
        """The notebook's names."""
        return self._names

    def star(self, module: str) -> None:
        """``from module import *``"""
        exec(f"from {module} import *", self._names)

    def value(self, value: Any, line: int) -> None:
        """What the cell ends in, and Jupyter would show."""
        kind = type(value)
        if value is None:
            return
        number = kind in (int, float) or (
            self._pristine.knows(kind) and kind.__module__ == "numpy" and hasattr(value, "item")
        )
        plain = value.item() if number and kind not in (int, float) and value.ndim == 0 else value
        if type(plain) in (int, float):
            told = float(plain) if math.isfinite(plain) else str(plain)
            self._value = {"kind": "number", "number": told}
        elif kind is bool or type(plain) is bool:
            self._value = {"kind": "bool", "number": bool(plain)}
        else:
            if not self._pristine.knows(kind):
                self._doubt("own", line, _name(kind))
            self._value = {"kind": "other"}

    def callee(self, called: Any, line: int) -> Any:
        """What is called by its name."""
        if not self._pristine.trusts(called):
            return called
        return self._watched(called, line)

    def method(self, owner: Any, name: str, line: int) -> Any:
        """What is called as a part of something."""
        called, kind = getattr(owner, name), type(owner)
        if isinstance(owner, ModuleType):
            if sys.modules.get(owner.__name__) is not owner:
                self._doubt("replaced", line, owner.__name__)
        elif self._pristine.knows(kind) and kind is not type:
            hung = type(called) is FunctionType and name in getattr(owner, "__dict__", {})
            if hung and not self._pristine.trusts(called):
                self._doubt("replaced", line, name)
        elif id(kind) not in self._asked and not issubclass(kind, type) and not self._ours(kind):
            return self._watched(called, line, kind)
        return self.callee(called, line)

    def _watched(self, called: Any, line: int, owner: type | None = None) -> Callable[..., Any]:
        def watched(*args: Any, **named: Any) -> Any:
            values = [*args, *named.values()]
            liars = [kind for one in values if (kind := self._liar(one))]
            result = called(*args, **named)
            true = type(result) is bool or _name(type(result)) in ("bool_", "bool")
            several = len(values) > 1 or hasattr(called, "__self__")
            if owner is not None and values and true:
                # such as result.equals(expected)
                self._doubt("own", line, _name(owner))
            if owner is not None or not liars or self._exempt(called, liars):
                return result
            if true or result is None or several:
                self._doubt("own", line, _name(liars[0]))
            return result

        return watched

    def _exempt(self, called: Any, liars: list[type]) -> bool:
        if called is isinstance or called is issubclass:
            return not any("__class__" in self._own_parts(kind) for kind in liars)
        return isinstance(called, type | type(len)) and called in _EXEMPT

    def _look(self, value: Any, line: int) -> None:
        if liar := self._liar(value):
            self._doubt("own", line, _name(liar))

    def _doubt(self, what: str, line: int, name: str) -> None:
        told = {"what": what, "line": line, "name": str(name)[:_NAME]}
        if told not in self._doubts and len(self._doubts) < _DOUBTS:
            self._doubts.append(told)

    def _liar(self, value: Any) -> type | None:
        """The class of the learner's that says itself what it equals; None where there is none."""
        left, seen = [(value, 0)], set()
        while left:
            one, depth = left.pop()
            kind = type(one)
            if kind in _PLAIN:
                continue
            if depth > _DEPTH:
                return kind
            if not self._pristine.knows(kind) and self._own_parts(kind):
                return kind
            if id(one) in seen:
                continue
            seen.add(id(one))
            left += [(inner, depth + 1) for inner in self._inside(one, kind)]
        return None

    def _own_parts(self, kind: type) -> set[str]:
        """Special methods that a class of the learner's defines, its metaclass's too."""
        found: set[str] = set()
        for one in (*_mro(kind), *_mro(type(kind))):
            if not self._pristine.knows(one) and not self._ours(one):
                there = type.__dict__["__dict__"].__get__(one)
                found |= {name for name in there if name[:2] == "__" == name[-2:]} - _HARMLESS
        return found

    def _ours(self, kind: type) -> bool:
        """Whether the cell itself made a class."""
        parts = type.__dict__["__dict__"].__get__(kind).values()
        files = [one.__code__.co_filename for one in parts if type(one) is FunctionType]
        return bool(files) and set(files) == {self._file}

    def _inside(self, one: Any, kind: type) -> list[Any]:
        if issubclass(kind, dict):
            return [*dict.keys(one), *dict.values(one)]
        for base in (list, tuple, set, frozenset):
            if issubclass(kind, base):
                return list(base.__iter__(one))
        return self._objects(one, kind)

    def _objects(self, one: Any, kind: type) -> list[Any]:
        """Elements of arrays and tables that hold any object."""
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy and issubclass(kind, numpy.ndarray):
            array = numpy.ndarray.view(one, numpy.ndarray)
            return list(array.ravel().tolist()) if array.dtype == object else []
        if pandas and issubclass(kind, pandas.DataFrame):
            return [one.index, one.columns, *(one.iloc[:, n] for n in range(one.shape[1]))]
        if pandas and issubclass(kind, pandas.Series | pandas.Index):
            objects = one.dtype == object
            inside = list(one.array) if objects else []
            return [*inside, one.index] if issubclass(kind, pandas.Series) else inside
        return []


def _mro(kind: type) -> tuple[type, ...]:
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return found


def _name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))
