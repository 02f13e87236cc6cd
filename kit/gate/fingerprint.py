"""What a built notebook says of its cells, so that an edit by hand is seen as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from kit.notebooks import Cell, Notebook, blocks, kit_metadata, source

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
