"""A learner's answer after a restart of the kernel: its cells, run again as they were saved."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.checking.limits import no_limit
from kit.errors import KitError
from kit.notebooks import kit_metadata, read_notebook, source


def names_saved(path: Path, exercise: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """``names`` and what ``run_saved`` adds to them; the mapping given stays as it is."""
    scope = dict(names)
    run_saved(path, exercise, scope)
    return scope


def run_saved(path: Path, exercise: str, scope: dict[str, Any]) -> None:
    """Run this exercise's cells, up to its answer, in ``scope``; nothing is shown.

    A cell that raises, and a notebook that cannot be read, leave out what they would have
    defined.
    """
    from IPython.utils.capture import capture_output

    with contextlib.suppress(KitError), capture_output():
        for cell in read_notebook(path)["cells"]:
            told = kit_metadata(cell)
            if told.get("id") != exercise or told.get("role") not in ("setup", "answer", "manual"):
                continue
            # a chart that needs more than a fresh kernel has costs the answer nothing
            with contextlib.suppress(Exception), no_limit():
                exec(compile(source(cell), f"<cell {exercise}>", "exec"), scope)
            if told["role"] != "setup":
                # cells behind the answer look at it; they would ask for it again
                break
