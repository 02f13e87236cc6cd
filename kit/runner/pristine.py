"""What the interpreter was before any code of a learner's ran, and how to have it back.

``keep`` is called in the warm process, ``restore`` in a fork that has run a learner's code
and is about to prove something. What it puts back: builtins, modules, what functions and
classes of modules do, hooks of the interpreter and of IPython's shell.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import sys
import threading
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

# what tests are written with
JUDGES = ("numpy.testing", "pandas.testing", "unittest.mock", "math", "statistics", "inspect")
# of an installation: what lies there came with it
_INSTALLED = tuple({sys.prefix, sys.base_prefix, sys.exec_prefix})
_HEAP = 1 << 9
_SHELL = ("ast_transformers", "input_transformers_post")


class Pristine:
    """A picture of this process, by reference: nothing is copied but tables of names."""

    def __init__(self) -> None:
        for name in JUDGES:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        self.builtins = dict(vars(builtins))
        self.modules = dict(sys.modules)
        self._names = [
            (vars(module), _working(vars(module)))
            for module in self.modules.values()
            if isinstance(module, ModuleType) and module.__name__ != "__main__"
        ]
        # all that live; their ids stay theirs because they are held
        self._held = _types(object)
        self.types = {id(one) for one in self._held}
        self._members = [
            (one, _parts(one))
            for one in self._held
            if type.__dict__["__flags__"].__get__(one) & _HEAP
        ]
        gc.unfreeze()
        found = [one for one in gc.get_objects() if type(one) is FunctionType]
        self._functions = [(f, f.__code__, f.__defaults__, f.__kwdefaults__) for f in found]
        self.functions = {id(one) for one in found}
        self._finders = (list(sys.meta_path), list(sys.path_hooks), list(sys.path))
        self._hooks = (sys.displayhook, sys.excepthook)

    def restore(self, shell: Any) -> None:
        """Put back what a learner's code may have changed, in this process."""
        vars(builtins).update(self.builtins)
        for there, old in self._names:
            for name, value in old.items():
                if there.get(name) is not value:
                    there[name] = value
        for function, code, defaults, named in self._functions:
            if function.__code__ is not code:
                function.__code__ = code
            if function.__defaults__ is not defaults:
                function.__defaults__ = defaults
            if function.__kwdefaults__ is not named:
                function.__kwdefaults__ = named
        for one, old in self._members:
            _put_back(one, old)
        self._restore_imports()
        sys.settrace(None)
        sys.setprofile(None)
        threading.settrace(None)
        sys.displayhook, sys.excepthook = self._hooks
        _restore_shell(shell)

    def _restore_imports(self) -> None:
        sys.meta_path[:], sys.path_hooks[:], path = (
            self._finders[0],
            self._finders[1],
            list(self._finders[2]),
        )
        # what lies beside the notebook, the trainer's files too, comes last
        sys.path[:] = [*path, ""]
        for name, module in list(sys.modules.items()):
            if name not in self.modules and not self._installed(module):
                del sys.modules[name]
        sys.modules.update(self.modules)

    def _installed(self, module: Any) -> bool:
        place = getattr(getattr(module, "__spec__", None), "origin", None) or ""
        return isinstance(module, ModuleType) and str(place).startswith(_INSTALLED)

    def knows(self, one: type) -> bool:
        """Whether a class is not the learner's."""
        if id(one) in self.types:
            return True
        home = type.__dict__["__module__"].__get__(one)
        if not isinstance(home, str) or home in self.modules:
            # those of modules that were there are known
            return False
        module = sys.modules.get(home)
        found: Any = module
        for part in type.__dict__["__qualname__"].__get__(one).split("."):
            found = getattr(found, part, None)
        return found is one and self._installed(module)

    def trusts(self, called: Any) -> bool:
        """Whether something that is called is not the learner's."""
        kind = type(called)
        if kind is MethodType:
            return self.trusts(called.__func__)
        if kind is FunctionType:
            return id(called) in self.functions or called.__code__.co_filename.startswith(
                _INSTALLED
            )
        if issubclass(kind, type):
            return self.knows(called)
        return kind is BuiltinFunctionType or self.knows(kind)


def _types(base: type) -> list[type]:
    found, left = [], [base]
    seen = set()
    while left:
        one = left.pop()
        if id(one) not in seen:
            seen.add(id(one))
            found.append(one)
            left += type.__subclasses__(one)
    return found


def _working(names: dict[str, Any]) -> dict[str, Any]:
    """What can be called, and modules; a module's state is not put back."""
    return {
        name: value
        for name, value in names.items()
        if callable(value) or isinstance(value, ModuleType)
    }


def _parts(one: type) -> dict[str, Any]:
    return {
        name: value
        for name, value in type.__dict__["__dict__"].__get__(one).items()
        if callable(value) or hasattr(type(value), "__get__")
    }


def _put_back(one: type, old: dict[str, Any]) -> None:
    there = type.__dict__["__dict__"].__get__(one)
    for name, value in old.items():
        if there.get(name) is not value:
            type.__setattr__(one, name, value)
    bases = type.__dict__["__mro__"].__get__(one)[1:]
    for name in [name for name in there if name not in old and callable(there[name])]:
        # what a class only inherited can be hidden by a name of its own
        if name[:2] == "__" or any(name in vars(base) for base in bases):
            type.__delattr__(one, name)


def _restore_shell(shell: Any) -> None:
    """IPython's shell as its class makes it: without what was hung onto the instance."""
    kind = type(shell)
    for name in [name for name in vars(shell) if callable(getattr(kind, name, None))]:
        del vars(shell)[name]
    for name in _SHELL:
        setattr(shell, name, [])
    shell.custom_exceptions = ()
    for callbacks in shell.events.callbacks.values():
        callbacks.clear()
    builtins.get_ipython = kind.get_ipython.__get__(shell)  # type: ignore[attr-defined]


_kept: list[Pristine] = []


def keep() -> None:
    """Take the picture, once in a process."""
    if not _kept:
        _kept.append(Pristine())
        # collecting would touch every page that forks share
        gc.freeze()


def kept() -> Pristine | None:
    """The picture that was taken, in this process or the one that it is a fork of."""
    return _kept[0] if _kept else None
