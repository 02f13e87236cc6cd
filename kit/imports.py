"""Libraries imported without what they would build and nobody here uses.

altair and nbgrader import jsonschema, which imports ``rfc3987_syntax`` where that happens to
be installed (Jupyter installs it), which builds forty grammars of addresses: one to two
seconds of each process, for a check of IRIs that no chart and no notebook makes. jsonschema
is written to do without it.

Of its other formats, that of durations and that of addresses without foreign letters, the
same is true: a tenth of a second.

nbgrader imports, whatever of it is used, a Jupyter server for its four extensions, setuptools
for the archives that a trainer may collect, a client of HTTP for JupyterHub, and through
nbconvert what makes Markdown into HTML: a third of a second.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_GRAMMARS = "rfc3987_syntax"
_UNWANTED = (_GRAMMARS, "isoduration", "rfc3986_validator")
# the same for all that a kernel imports, as its first line
FIRST_LINE = f"import sys; sys.modules.setdefault({_GRAMMARS!r}, None)"

_EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")
# what nbgrader takes at its own import from modules that are needed when it is called, if ever
_LATER = {
    "setuptools.archive_util": ("unpack_archive", "unpack_tarfile", "unpack_zipfile"),
    "requests": ("request",),
    "nbconvert.filters.markdown_mistune": (
        "markdown2html_mistune",
        "IPythonRenderer",
        "MarkdownWithMath",
    ),
    **{
        f"nbgrader.server_extensions.{name}": ("load_jupyter_server_extension",)
        for name in _EXTENSIONS
    },
}


@contextmanager
def lean_imports() -> Iterator[None]:
    """What is imported inside checks no rare formats; afterwards they are there for others.

    nbgrader, if it is, comes without the modules that it does not call by itself.
    """
    with _without_formats(), _nothing_for_later(), no_collecting():
        yield


@contextmanager
def no_collecting() -> Iterator[None]:
    """Where all that is made stays: to look for garbage among it takes a tenth of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            if not gc.get_freeze_count():
                # as old as can be: else the next new object has all of it looked through
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@contextmanager
def _nothing_for_later() -> Iterator[None]:
    wanted = {} if "nbgrader" in sys.modules else _LATER
    made = {name: _stand_in(name, wanted[name]) for name in wanted if name not in sys.modules}
    sys.modules.update(made)
    try:
        yield
    finally:
        for name, module in made.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _stand_in(name: str, functions: tuple[str, ...]) -> ModuleType:
    """A module whose functions import the real one when they are called."""
    module = ModuleType(name)
    for function in functions:

        def call(*args: Any, _function: str = function, **named: Any) -> Any:
            return getattr(import_module(name), _function)(*args, **named)

        setattr(module, function, call)
    return module


@contextmanager
def _without_formats() -> Iterator[None]:
    modules: Any = sys.modules
    names = () if "jsonschema" in modules else [n for n in _UNWANTED if n not in modules]
    # Python's way to say that there is no such module
    modules.update(dict.fromkeys(names))
    try:
        yield
    finally:
        for name in names:
            del modules[name]
