"""What a built notebook says of its cells, so that an edit by hand is seen as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from kit.errors import ContentError, HomeError
from kit.notebooks import Cell, Notebook, blocks, kit_metadata, read_notebook, source

# under metadata.kit of the notebook
KEY = "source"


def plain(cell: Cell) -> str:
    """A cell's text as Markdown can hold it: in prose, blank lines count no more than once.

    A home joins the translated paragraphs of prose again, so its blank lines tell nothing.
    """
    if cell["cell_type"] != "markdown":
        return source(cell)
    return "\n\n".join(blocks(source(cell))).rstrip()


def fingerprint(cells: Iterable[Cell]) -> str:
    """The same for the same cells in the same order, whatever they have put out."""
    told = [[cell.get("id"), cell["cell_type"], plain(cell)] for cell in cells]
    return hashlib.sha256(json.dumps(told).encode("utf-8")).hexdigest()


def edited(notebook: Notebook) -> bool | None:
    """Whether somebody changed the cells since they were built; None where nothing tells."""
    recorded = kit_metadata(notebook).get(KEY)
    return None if recorded is None else recorded != fingerprint(notebook["cells"])


def refuse_loss(path: Path, built: str) -> None:
    """ContentError where writing ``built`` to ``path`` would lose an edit made there by hand.

    Outputs are no edit; a file that is no notebook, such as one with a merge's marks, has
    nothing to lose.
    """
    try:
        mine = read_notebook(path)
    except HomeError:
        return
    if edited(mine) and fingerprint(mine["cells"]) != fingerprint(json.loads(built)["cells"]):
        raise ContentError(
            "This notebook was edited by hand, and building it would lose that.",
            where=str(path),
            fix=f"Bring the edits back: upskill author import {path}. Or delete the notebook.",
        )
