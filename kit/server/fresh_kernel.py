"""Says "run the cells above" where a fresh kernel would show a NameError's traceback.

The home's kernelspec loads this as an IPython extension. Coming back to an exercise
starts a new kernel; a name that an earlier cell defines is then not a mistake of the
learner's. The output stays an error, so that running on stops and graders see it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import HomeError
from kit.i18n import Translator, mark, resolve_language
from kit.notebooks import read_notebook, source

_TEXT = mark(
    "`{name}` is not there yet: the cells above have not run since the kernel started. "
    "In the menu: Run → Run All Above Selected Cell. Then run this cell again."
)


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython when a kernel starts."""
    shell.set_custom_exc((NameError,), _show)


def names_above(cells: list[dict[str, Any]], cell_id: str) -> set[str]:
    """Names that code cells bind before ``cell_id``; before the end if there is no such cell."""
    names: set[str] = set()
    for cell in cells:
        if cell_id and cell.get("id") == cell_id:
            break
        if cell.get("cell_type") == "code":
            names.update(_bound(source(cell)))
    return names


def _bound(code: str) -> Iterator[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        # half-written, or one of IPython's own commands: it binds nothing that we know
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            # what the body binds is not the notebook's
            yield node.name
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id
            elif isinstance(inner, ast.alias):
                yield (inner.asname or inner.name).partition(".")[0]


def _show(shell: Any, kind: Any, error: Any, trace: Any, tb_offset: int | None = None) -> None:
    name = str(getattr(error, "name", None) or "")
    # a local name that a function reads too early is the learner's own
    if kind is NameError and name and name in _names_here(shell):
        text = Translator(resolve_language())(_TEXT, name=name)
        error._render_traceback_ = lambda: [text]
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _names_here(shell: Any) -> set[str]:
    # Jupyter tells a kernel its notebook by this variable
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))
    try:
        cells = read_notebook(path)["cells"] if path.suffix == ".ipynb" else []
    except (HomeError, OSError):
        return set()
    parent = shell.kernel.get_parent() if hasattr(shell, "kernel") else {}
    return names_above(cells, str(parent.get("metadata", {}).get("cellId", "")))
