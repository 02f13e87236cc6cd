"""A learner's answer after a restart of the kernel: its cells, run again as they were saved."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.checking.limits import no_limit
from kit.errors import KitError
from kit.notebooks import ANSWERED, Cell, kit_metadata, read_notebook, source


def names_saved(path: Path, exercise: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """``names`` and what ``run_saved`` adds to them; the mapping given stays as it is."""
    scope = dict(names)
    run_saved(path, exercise, scope)
    return scope


def run_saved(path: Path, exercise: str, scope: dict[str, Any]) -> None:
    """Run this exercise's cells, up to the answer that counts, in ``scope``; nothing is shown.

    A cell that raises, and a notebook that cannot be read, leave out what they would have
    defined.
    """
    from IPython.utils.capture import capture_output

    with contextlib.suppress(KitError), capture_output():
        cells = read_notebook(path)["cells"]
        roles = [_role(cell, exercise) for cell in cells]
        # cells behind the answer look at it; they would ask for it again
        end = max((at for at, role in enumerate(roles) if role in ANSWERED), default=len(cells))
        for cell, role in zip(cells[: end + 1], roles, strict=False):
            if role != "setup" and role not in ANSWERED:
                continue
            # a chart that needs more than a fresh kernel has costs the answer nothing
            with contextlib.suppress(Exception), no_limit():
                exec(compile(source(cell), f"<cell {exercise}>", "exec"), scope)


def _role(cell: Cell, exercise: str) -> str:
    told = kit_metadata(cell)
    return str(told.get("role", "")) if told.get("id") == exercise else ""
