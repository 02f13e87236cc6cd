"""What a locked cell's verdict rests on: looked at while the cell runs, see ``proving``."""

from __future__ import annotations

import gc
import math
import sys
from collections.abc import Callable
from types import (
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import Any
from weakref import ReferenceType

from kit.runner.pristine import Pristine

# a class of the learner's own with others than these decides what is equal, true or large
_HARMLESS = {
    "__module__", "__qualname__", "__doc__", "__dict__", "__weakref__", "__slots__", "__init__",
    "__new__", "__annotations__", "__repr__", "__str__", "__init_subclass__", "__match_args__",
    "__call__", "__enter__", "__exit__", "__iter__", "__next__", "__post_init__",
    "__orig_bases__", "__parameters__", "__static_attributes__", "__firstlineno__",
    "__getnewargs__", "__abstractmethods__", "__replace__", "__del__", "__hash__",
}  # fmt: skip
_OPERATORS = (
    "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift",
    "rshift", "and", "or", "xor",
)  # fmt: skip
# a class of a package's that has one of these decides, too
_DECIDING = {
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__len__",
    "__length_hint__", "__contains__", "__getitem__", "__getattr__", "__class__", "__int__",
    "__float__", "__complex__", "__index__", "__neg__", "__pos__", "__abs__", "__invert__",
    "__round__", "__trunc__", "__floor__", "__ceil__", "__array__", "__array_ufunc__",
    "__array_function__", "__array_interface__", "__array_struct__", "__array_namespace__",
    "__buffer__", "__dataframe__", "__instancecheck__", "__subclasscheck__",
    *(f"__{side}{name}__" for name in _OPERATORS for side in ("", "r", "i")),
}  # fmt: skip
_PLAIN = {int, float, complex, bool, str, bytes, bytearray, range, slice, type(None), type(...)}
# they make a new thing, which is looked at itself
_EXEMPT = {
    list, tuple, set, frozenset, dict, sorted, map, filter, zip, enumerate, iter, next, len, str,
    repr, print, type, id, hasattr, callable, getattr, setattr, delattr, float, int, reversed,
    isinstance, issubclass,
}  # fmt: skip
# equal to nothing but itself, whatever it leads to
_LEAVES = (
    type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, GeneratorType, CoroutineType,
    FrameType, CodeType, TracebackType, BaseException,
)  # fmt: skip
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
        # what the cell itself had made, such as pytest.approx(9); held, so that its id stays its
        self._made: dict[int, Any] = {}
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

    def members(self, value: Any, line: int) -> Any:
        """What something is looked for in; one by one where that is all it can be asked for."""
        self._look(value, line)
        kind = type(value)
        one_by_one = hasattr(kind, "__next__") or id(kind) not in self._pristine.plain
        if one_by_one and hasattr(kind, "__iter__") and not hasattr(kind, "__contains__"):
            return (self.operand(one, line) for one in value)
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

    def callee(self, called: Any, line: int, made: bool = False, _judges: bool = False) -> Any:
        """What is called by its name; ``made``: by one that only the trainer can have bound."""
        if not made and not self._pristine.trusts(called):
            return called
        return self._watched(called, line, made=made)

    def method(
        self, owner: Any, name: str, line: int, made: bool = False, judges: bool = False
    ) -> Any:
        """What is called as a part of something; ``judges``: its result is a verdict."""
        called, kind = getattr(owner, name), type(owner)
        if issubclass(kind, ModuleType):
            if sys.modules.get(owner.__name__) is not owner:
                self._doubt("replaced", line, owner.__name__)
        elif issubclass(kind, type) or id(owner) in self._made or self._trainers(kind):
            pass
        elif not self._pristine.knows(kind):
            return self._watched(called, line, kind, judges)
        elif name in _instance(owner) and any(name in vars(one) for one in _mro(kind)):
            self._doubt("replaced", line, name)
        elif id(kind) in self._pristine.plain and name not in _instance(owner):
            return self._watched(called, line, inside=owner)
        elif name in _instance(owner) or self._own_parts(kind):
            return self._watched(called, line, kind, judges)
        return self.callee(called, line, made)

    def _trainers(self, kind: type) -> bool:
        return id(kind) in self._asked or self._ours(kind)

    def _watched(
        self,
        called: Any,
        line: int,
        owner: type | None = None,
        judges: bool = False,
        *,
        inside: Any = None,
        made: bool = False,
    ) -> Callable[..., Any]:
        """``owner`` may decide for itself; ``inside`` is plain, and what it holds may decide."""

        def watched(*args: Any, **named: Any) -> Any:
            values = [*args, *named.values()]
            liars = [kind for one in values if (kind := self._liar(one))]
            result = called(*args, **named)
            kind = type(result)
            true = kind is bool or _name(kind) in ("bool_", "bool")
            if owner is not None and values and (true or judges):
                # such as result.equals(expected)
                self._doubt("own", line, _name(owner))
            if made and self._own_parts(kind) and not any(map(self._opaque, values)):
                self._made[id(result)] = result
            if not liars and inside is not None and _asks(inside, result):
                liars = [liar] if (liar := self._liar(inside)) else []
            if not liars or self._exempt(called, liars):
                return result
            if owner is not None and not self._pristine.knows(owner):
                # the learner's own code, on the learner's own object
                return result
            if true or result is None or len(values) > 1 or hasattr(called, "__self__"):
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

    def _liar(self, value: Any, opaque: bool = False) -> type | None:
        """A class that says itself what it equals; None where there is none.

        With ``opaque`` any class will do that is no plain data, or could hide anything.
        """
        left, seen = [(value, 0)], set()
        while left:
            one, depth = left.pop()
            kind = type(one)
            if kind in _PLAIN:
                continue
            if depth > _DEPTH:
                return kind
            if id(one) in seen or id(one) in self._made:
                continue
            seen.add(id(one))
            if depth and kind is ReferenceType:
                continue
            if opaque and (
                id(kind) not in self._pristine.plain or callable(one) or hasattr(kind, "__next__")
            ):
                return kind
            if self._own_parts(kind) or self._bent(one, kind):
                return kind
            left += [(inner, depth + 1) for inner in self._inside(one, kind)]
        return None

    def _opaque(self, value: Any) -> type | None:
        return self._liar(value, opaque=True)

    def _own_parts(self, kind: type) -> set[str]:
        """What a class that is no plain data defines of the methods by which it could decide."""
        if id(kind) in self._pristine.plain:
            return set()
        known, found = self._pristine.knows(kind), set()
        asked: set[str] = set()
        given: dict[str, set[int]] = {}
        for one in reversed(_mro(kind)):
            parts = type.__dict__["__dict__"].__get__(one)
            # an enumeration is given the very methods of its base
            there = {name for name, part in parts.items() if id(part) not in given.get(name, ())}
            if id(one) in self._pristine.plain:
                for name, part in parts.items():
                    given.setdefault(name, set()).add(id(part))
                asked |= there if id(one) in self._pristine.asking else set()
            elif self._pristine.knows(one):
                found |= there & _DECIDING
            elif not self._ours(one):
                found |= {name for name in there if name[:2] == "__" == name[-2:]} - _HARMLESS
                # what a class of numpy's or pandas' looks up in what it is compared with
                found |= (there & asked) - _HARMLESS
        if not known and id(type(kind)) not in self._pristine.plain:
            found |= self._own_parts(type(kind))
        return found

    def _bent(self, one: Any, kind: type) -> bool:
        """Whether something was hung onto plain data in place of a method of its class."""
        there = _instance(one) if id(kind) in self._pristine.asking else {}
        return any(
            type(part) is FunctionType
            for name in there
            for base in _mro(kind)
            if (part := vars(base).get(name)) is not None
        )

    def _ours(self, kind: type) -> bool:
        """Whether the cell itself made a class."""
        parts = type.__dict__["__dict__"].__get__(kind).values()
        files = [one.__code__.co_filename for one in parts if type(one) is FunctionType]
        return bool(files) and set(files) == {self._file}

    def _inside(self, one: Any, kind: type) -> list[Any]:
        """What plain data holds, asked of no code of its own; of what is no plain data nothing."""
        numpy = sys.modules.get("numpy")
        if numpy and issubclass(kind, numpy.ndarray | numpy.void):
            array = numpy.ndarray.view(numpy.asarray(one), numpy.ndarray)
            return list(array.ravel().tolist()) if array.dtype.hasobject else []
        if issubclass(kind, _LEAVES) or not any(
            id(base) in self._pristine.plain for base in _mro(kind)[:-1]
        ):
            return []
        return gc.get_referents(one)


def _asks(inside: Any, result: Any) -> bool:
    """Whether a method may have compared what it belongs to; one of a dict finds what is there."""
    return result is not None and type(result) is not str and not isinstance(inside, dict)


def _instance(one: Any) -> dict[str, Any]:
    try:
        found = object.__getattribute__(one, "__dict__")
    except AttributeError:
        return {}
    return found if type(found) is dict else {}


def _mro(kind: type) -> tuple[type, ...]:
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return found


def _name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))
