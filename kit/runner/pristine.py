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
import os
import sys
import tempfile
import threading
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

from kit.runner.plain_types import asking_types, plain_types

# what tests are written with: a learner who imports it first could change it before it is pictured
JUDGES = (
    "numpy.testing", "numpy.linalg", "numpy.random", "pandas.testing", "pytest", "unittest.mock",
    "unittest.async_case", "doctest", "math", "cmath", "statistics", "inspect", "ast", "copy",
    "csv", "dataclasses", "decimal", "difflib", "fractions", "hashlib", "html.parser", "io", "json",
    "operator", "pathlib", "pickle", "pprint", "random", "re", "sqlite3", "string", "textwrap",
    "urllib.parse", "xml.etree.ElementTree",
)  # fmt: skip
# of an installation: what lies there came with it
_INSTALLED = tuple({sys.prefix, sys.base_prefix, sys.exec_prefix})
_HEAP = 1 << 9
_SHELL = ("ast_transformers", "input_transformers_post")
_CONSTANTS = (int, float, complex, bool, str, bytes, frozenset, type(None))


class Pristine:
    """A picture of this process, by reference: nothing is copied but tables of names."""

    def __init__(self) -> None:
        for name in JUDGES:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        # a fork has a folder of its own for temporary files
        tempfile.tempdir = None
        self.builtins = dict(vars(builtins))
        self.modules, self._all = dict(sys.modules), sys.modules
        self._names = [
            (vars(module), _working(vars(module)))
            for module in self.modules.values()
            if isinstance(module, ModuleType) and module.__name__ != "__main__"
        ]
        # all that live; their ids stay theirs because they are held
        self._held = _types(object)
        self.types = {id(one) for one in self._held}
        self.plain, self.asking = plain_types(self._held), asking_types(self._held)
        self._members = [
            (one, _parts(one), one.__bases__)
            for one in self._held
            if type.__dict__["__flags__"].__get__(one) & _HEAP
        ]
        gc.unfreeze()
        found = [one for one in gc.get_objects() if type(one) is FunctionType]
        self._functions = [(f, f.__code__, f.__defaults__, f.__kwdefaults__) for f in found]
        # such as the function inside a decorator's
        self._cells = [(c, held) for f in found for c in f.__closure__ or () for held in _held(c)]
        self.functions = {id(one) for one in found}
        self._finders = (list(sys.meta_path), list(sys.path_hooks), list(sys.path))
        self._hooks = (sys.displayhook, sys.excepthook)

    def restore(self, shell: Any, beside: str = "") -> None:
        """Put back what a learner's code may have changed, in this process.

        ``beside`` is the folder of the trainer's own modules, "" for none.
        """
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
        for cell, held in self._cells:
            if next(iter(_held(cell)), None) is not held:
                cell.cell_contents = held
        for one, old, bases in self._members:
            if one.__bases__ != bases:
                one.__bases__ = bases
            _put_back(one, old)
        self._restore_imports(beside)
        gc.callbacks.clear()
        sys.settrace(None)
        sys.setprofile(None)
        threading.settrace(None)
        sys.displayhook, sys.excepthook = self._hooks
        _restore_shell(shell)

    def _restore_imports(self, beside: str) -> None:
        sys.modules = self._all
        sys.meta_path[:], sys.path_hooks[:], path = (
            self._finders[0],
            self._finders[1],
            list(self._finders[2]),
        )
        sys.path_importer_cache.clear()
        # what a learner compiled for a module stands beside its file
        sys.pycache_prefix, sys.dont_write_bytecode = os.devnull, True
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if name not in self.modules and not self._came_with_it(name, module):
                del sys.modules[name]
        sys.modules.update(self.modules)
        # what lies beside the notebook comes last, the trainer's files before the learner's
        sys.path[:] = [*path, *filter(None, [beside]), ""]

    def _came_with_it(self, name: str, module: Any) -> bool:
        """Whether a module that was imported later is one of an installed package's."""
        package = name.partition(".")[0]
        if package not in self.modules and not any(
            finder.find_spec(package, None) for finder in sys.meta_path
        ):
            return False
        return self._installed(module)

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
    """What can be called, modules, and constants; a module's state is not put back."""
    ours = str(names.get("__name__")).startswith("kit.")
    return {
        name: value
        for name, value in names.items()
        if callable(value)
        or isinstance(value, ModuleType)
        or (type(value) in _CONSTANTS and (ours or name[0] != "_"))
    }


def _held(cell: CellType) -> list[Any]:
    try:
        return [cell.cell_contents]
    except ValueError:
        return []


def _parts(one: type) -> dict[str, Any]:
    return {
        name: value
        for name, value in type.__dict__["__dict__"].__get__(one).items()
        if callable(value) or hasattr(type(value), "__get__") or type(value) in _CONSTANTS
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
