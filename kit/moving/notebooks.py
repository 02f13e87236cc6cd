"""Two copies of a notebook become one: who wrote something keeps it, and nothing blends."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from kit.content import load_units
from kit.errors import HomeError
from kit.home import LearnerHome, starter
from kit.model import Part, Unit
from kit.moving.bundle import Bundle
from kit.notebooks import (
    Archived,
    Cell,
    Notebook,
    archive,
    dump_notebook,
    flaw,
    is_archived,
    kit_metadata,
    load_notebook,
    read_notebook,
    refresh_prose,
    source,
)

# what the kit writes and may write anew
_OURS = ("prose", "setup", "check", "ask", "notice")
Text = tuple[str, str]


def merged_notebook(
    home: LearnerHome, bundle: Bundle, of: tuple[Unit, Part | None], theirs: bytes
) -> tuple[str, bytes | None]:
    """What becomes of a notebook: ``("taken", …)``, ``("mine", None)`` or ``("both", …)``.

    Untouched here: theirs, in this home's language. Both touched: mine stays, answers that
    are blank here are filled from theirs, and their other texts go to the archive section.
    HomeError when mine is damaged.
    """
    unit, part = of
    path = home.notebook(unit, part) if part else home.live_notebook(unit)
    ours, other = read_notebook(path), _parsed(theirs)
    if other is None:
        # damaged there: not a word of it is lost
        text = theirs.decode("utf-8", "replace")
        return _both(ours, archive(ours, [Archived("unit", bundle.day, "notebook", text)]))
    given = _given(home, bundle, unit, part)
    if not set(_texts(other)) - given:
        return "mine", None
    if not set(_texts(ours)) - given:
        told = _in_language(home, unit, part, other)
        return "taken", theirs if told is other else dump_notebook(told).encode("utf-8")
    filled = _filled(ours, other, given)
    kept = given | set(_texts(filled))
    lost = [cell for cell in _written(other) if not _is_kept(cell, kept)]
    return _both(ours, archive(filled, [_archived(cell, bundle.day) for cell in lost]))


def _both(ours: Notebook, merged: Notebook) -> tuple[str, bytes | None]:
    if merged == ours:
        return "mine", None
    return "both", dump_notebook(merged).encode("utf-8")


def touched(home: LearnerHome) -> bool:
    """Whether somebody has written into a notebook of this home; damaged ones count."""
    for unit in load_units().values():
        for part in (*Part, None):
            path = home.notebook(unit, part) if part else home.live_notebook(unit)
            if not path.is_file():
                continue
            try:
                mine = read_notebook(path)
            except HomeError:
                return True
            if set(_texts(mine)) - _given(home, None, unit, part):
                return True
    return False


def _given(home: LearnerHome, bundle: Bundle | None, unit: Unit, part: Part | None) -> set[Text]:
    """The texts that a learner was given: now, in this home, and where the export came from."""
    found: set[Text] = set()
    if home.content_notebook(unit, part).is_file():
        found |= set(_texts(starter(home, unit, part)))
    base = home.base_notebook(unit, part)
    if base.is_file():
        found |= set(_texts(_parsed(base.read_bytes()) or {"cells": []}))
    theirs = (bundle.files if bundle else {}).get(f"base/{unit.id}/{base.name}")
    if theirs is not None:
        found |= set(_texts(_parsed(theirs) or {"cells": []}))
    return found


def _parsed(data: bytes) -> Notebook | None:
    try:
        notebook = load_notebook(data.decode("utf-8"))
    except ValueError:
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return notebook if isinstance(cells, list) and flaw(notebook) is None else None


def _texts(notebook: Notebook) -> Iterator[Text]:
    for cell in _written(notebook):
        yield _key(cell), source(cell)


def _written(notebook: Notebook) -> Iterator[Cell]:
    """What may be the learner's: answers, cells of their own, and what is archived of both."""
    for cell in notebook["cells"]:
        heading = is_archived(cell) and cell.get("cell_type") == "markdown"
        if kit_metadata(cell).get("role") not in _OURS and source(cell).strip() and not heading:
            yield cell


def _key(cell: Cell) -> str:
    # an archived text is the same wherever it stands
    return "" if is_archived(cell) else str(kit_metadata(cell).get("id") or "")


def _filled(ours: Notebook, theirs: Notebook, given: set[Text]) -> Notebook:
    """Ours with their answers where ours are as they were given."""
    answers = {
        (cell.get("id"), _key(cell)): source(cell)
        for cell in theirs["cells"]
        if kit_metadata(cell).get("role") in ("answer", "manual")
    }
    result = copy.deepcopy(ours)
    for cell in result["cells"]:
        text = answers.get((cell.get("id"), _key(cell)), "")
        untouched = not source(cell).strip() or (_key(cell), source(cell)) in given
        if text.strip() and untouched and (_key(cell), text) not in given:
            cell["source"] = text
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
    return result


def _is_kept(cell: Cell, kept: set[Text]) -> bool:
    text = source(cell)
    if is_archived(cell):
        # archived there because it stands here
        return any(text == held for _, held in kept)
    # archived here, or in a cell of the learner's own
    return (_key(cell), text) in kept or ("", text) in kept


def _archived(cell: Cell, day: str) -> Archived:
    exercise = str(kit_metadata(cell).get("id") or "unit")
    return Archived(exercise, day, str(cell.get("cell_type", "")), source(cell))


def _in_language(
    home: LearnerHome, unit: Unit, part: Part | None, notebook: Notebook
) -> dict[str, Any]:
    told = notebook.get("metadata", {}).get("kit", {})
    if told.get("language") == home.language or not home.content_notebook(unit, part).is_file():
        return notebook
    return refresh_prose(notebook, starter(home, unit, part))
