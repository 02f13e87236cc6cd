"""Notebook files as plain dictionaries: find cells, translate prose, archive texts.

Uses the standard library only, since importing nbformat costs a kernel seconds.
A cell of ours has ``metadata.kit = {"id": exercise, "role": role}``; ``role`` is
``prose``, ``setup``, ``ask``, ``answer``, ``check`` or ``manual`` as the author wrote it.
An update adds two: ``notice`` (what changed in a task) and ``archive``, a text of the
learner's that has no place any more, with ``from`` (version) and ``was`` (cell type).
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import HomeError
from kit.files import write_text
from kit.i18n import Translator, mark

Notebook = dict[str, Any]
Cell = dict[str, Any]
# "" when a notebook may be replaced, else the reason why not, to be translated
IsOpen = Callable[[Path], str]

# reset needs answers that can be read; a file out of the way is replaced by start
_BEYOND_REPAIR = mark(
    "Keep what can still be read of it: upskill update. Or restore a checkpoint in JupyterLab."
)
_HALF = re.compile("[\ud800-\udfff]")
# strings are passed over whole: a bracket in one is text
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')
# copying takes several frames of Python for each; no tool of Jupyter comes near it
_NESTED = 100
_FENCE = re.compile(r"^\s*(```|~~~)")
ARCHIVE = "archive"
# roles of cells in which a learner answers
ANSWERED = ("answer", "manual")
# roles that an exercise may have more than once
REPEATED = ("prose", "setup")
_TYPES = ("code", "markdown", "raw")
_FORMAT = 4
_ARCHIVE_HEAD = mark(
    "## Archive\n\nWhat you wrote and what has no place in this notebook any more. Nothing here "
    "is run, checked or graded; delete what you do not need."
)


def read_notebook(path: Path) -> Notebook:
    """The notebook in ``path``: one in which ``flaw`` finds nothing.

    HomeError that names the way back for a file that is missing, damaged or unreadable.
    """
    try:
        notebook = load_notebook(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HomeError(
            "The notebook is not there.", where=str(path), fix="upskill start puts it back."
        ) from None
    except OSError as error:
        raise unreadable(path, error) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise HomeError(
            "The notebook is damaged from line {line} on and was left as it is.",
            where=str(path),
            fix=_BEYOND_REPAIR,
            line=_line(error),
        ) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise HomeError("The file is not a notebook.", where=str(path), fix=_BEYOND_REPAIR)
    place = flaw(notebook)
    if place is not None:
        damaged = mark("The notebook is damaged in its cell {n} and was left as it is.")
        around = mark("The notebook is damaged around its cells and was left as it is.")
        what = damaged if place else around
        raise HomeError(what, where=str(path), fix=_BEYOND_REPAIR, n=place)
    return notebook


def unreadable(path: Path, error: OSError) -> HomeError:
    """What to say of a notebook's place at which the system gives no file."""
    if path.is_dir():
        return HomeError(
            "There is a folder where the notebook should be.",
            where=str(path),
            fix="Move this folder somewhere else. Then upskill start puts a new notebook there.",
        )
    return HomeError(
        "The notebook cannot be read: {reason}",
        where=str(path),
        fix="Make the file readable for yourself, then run this command again.",
        reason=error.strerror or error,
    )


def flaw(notebook: Notebook) -> int | None:
    """Where a notebook, whose ``cells`` are a list, lacks what every reader relies on.

    The number of its first such cell, from 1; 0 for what stands around the cells; None where
    nothing is wrong. The whole schema would cost more than all the rest of ``upskill status``.
    """
    metadata = notebook.get("metadata")
    numbered = type(notebook.get("nbformat_minor", 0)) is int
    if notebook.get("nbformat") != _FORMAT or not numbered or not isinstance(metadata, dict):
        return 0
    if not all(
        isinstance(metadata.get(name, {}), dict) for name in ("kit", "kernelspec", "language_info")
    ):
        return 0
    cells = enumerate(notebook["cells"], 1)
    return next((number for number, cell in cells if not _is_sound(cell)), None)


def _is_sound(cell: Any) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _TYPES:
        return False
    metadata, text = cell.get("metadata"), cell.get("source")
    if not isinstance(metadata, dict) or not isinstance(cell.get("id", ""), str):
        return False
    return _are_texts(text if isinstance(text, list) else [text]) and (
        # absent in most cells
        "tags" not in metadata
        or (isinstance(metadata["tags"], list) and _are_texts(metadata["tags"]))
    )


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _line(error: json.JSONDecodeError | UnicodeDecodeError) -> int:
    # the parser's own words are English, and no learner's
    if isinstance(error, json.JSONDecodeError):
        return error.lineno
    return error.object.count(b"\n", 0, error.start) + 1


def load_notebook(text: str) -> Any:
    """The JSON value of a notebook's text. ValueError when it is none that we could write again.

    Half of a surrogate pair, which no tool of Jupyter could save again, is written out as
    ``\\ud800``: Python reads the same in it. More than ``_NESTED`` brackets in one another
    are refused.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise _too_deep(text) from None
    if is_deep(value):
        raise _too_deep(text)
    # only an escape can bring one in
    return json.loads(_dumped(value)) if "\\u" in text else value


def is_deep(value: Any) -> bool:
    """Whether a JSON value nests deeper than ``load_notebook`` takes."""
    level = [value]
    for _ in range(_NESTED + 1):
        nested = [one for one in level if isinstance(one, (dict, list))]
        if not nested:
            return False
        inner = (one.values() if isinstance(one, dict) else one for one in nested)
        level = [one for many in inner for one in many]
    return True


def _too_deep(text: str) -> json.JSONDecodeError:
    """The error at the first bracket that stands in too many others."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(found[0], 0)
        if depth > _NESTED:
            return json.JSONDecodeError("nested too deeply", text, found.start())
    return json.JSONDecodeError("nested too deeply", text, 0)


def dump_notebook(notebook: Notebook) -> str:
    """A notebook's text, as Jupyter writes it. Any text can be written, see ``load_notebook``."""
    return _dumped(notebook, indent=1, sort_keys=True) + "\n"


def _dumped(value: Any, **layout: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, **layout)
    return _HALF.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text)


def write_notebook(path: Path, notebook: Notebook) -> None:
    """Write a notebook atomically."""
    write_text(path, dump_notebook(notebook))


def refuse_open(paths: Iterable[Path], is_open: IsOpen) -> None:
    """HomeError for the first that is open: Lab would write its own copy over what we write."""
    for path in paths:
        if reason := is_open(path):
            raise HomeError(
                reason,
                where=str(path),
                fix="Save it and close it there: File, Close and Shut Down Notebook. "
                "Or stop JupyterLab. Then run this command again.",
            )


def source(cell: Cell) -> str:
    """A cell's source as one string; files may hold a list of lines."""
    value = cell.get("source", "")
    return "".join(value) if isinstance(value, list) else str(value)


def kit_metadata(cell: Cell) -> dict[str, str]:
    """The kit's metadata of a cell or notebook, empty for a cell that the learner added.

    Total: takes any JSON value, and leaves out what is no text.
    """
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    value = metadata.get("kit") if isinstance(metadata, dict) else None
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(text, str)}


def told(notebook: Any, key: str) -> str:
    """What a notebook's own metadata say, such as its ``version``; "" where they say nothing.

    Total: takes any JSON value.
    """
    return kit_metadata(notebook).get(key, "")


def counting(cells: Iterable[Cell], key: Callable[[Cell], Hashable]) -> dict[Hashable, int]:
    """Place of the cell that counts under each key: of several copies the last, as in nbgrader."""
    return {key(cell): place for place, cell in enumerate(cells)}


def find_cell(notebook: Notebook, exercise: str, role: str) -> Cell | None:
    """The cell of an exercise with a role, of several copies the one that counts; or None.

    Of the roles that an exercise may have more than once it is the first.
    """
    cells: list[Cell] = notebook["cells"]
    if role in REPEATED:
        cells = cells[::-1]
    place = counting(cells, _said).get((exercise, role))
    return None if place is None else cells[place]


def _said(cell: Cell) -> Hashable:
    data = kit_metadata(cell)
    return str(data.get("id")), str(data.get("role"))


def blocks(text: str) -> Iterator[str]:
    """Markdown paragraphs, split at blank lines outside code fences: the units of translation."""
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        if not line.strip() and not fenced:
            if lines:
                yield "\n".join(lines)
                lines = []
        else:
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def translated(notebook: Notebook, translate: Translator) -> Notebook:
    """A copy with prose cells in the translator's language; code stays to the byte."""
    result = copy.deepcopy(notebook)
    for cell in result["cells"]:
        if cell["cell_type"] == "markdown" and kit_metadata(cell).get("role") == "prose":
            cell["source"] = "\n\n".join(translate(block) for block in blocks(source(cell)))
    result["metadata"].setdefault("kit", {})["language"] = translate.language
    return result


def refresh_prose(learner: Notebook, content: Notebook) -> Notebook:
    """The learner's notebook with the prose of ``content``; nothing else changes."""
    fresh = {
        cell["id"]: source(cell)
        for cell in content["cells"]
        if kit_metadata(cell).get("role") == "prose"
    }
    result = copy.deepcopy(learner)
    for cell in result["cells"]:
        if kit_metadata(cell).get("role") == "prose" and cell.get("id") in fresh:
            cell["source"] = fresh[cell["id"]]
    language = content["metadata"].get("kit", {}).get("language")
    result["metadata"].setdefault("kit", {})["language"] = language
    return result


@dataclass(frozen=True)
class Archived:
    """A text of the learner's on its way into the archive section.

    ``version`` is that of the notebook it comes from, ``was`` the type of its cell.
    """

    exercise: str
    version: str
    was: str
    text: str


def archive(notebook: Notebook, texts: Iterable[Archived]) -> Notebook:
    """A copy with ``texts`` in the archive section, which is made at the end if there is none.

    Each stands to the byte in a raw cell: never run, and nothing that nbgrader knows. What
    the section holds of an exercise already is not added again.
    """
    cells = list(notebook["cells"])
    ids = {cell.get("id") for cell in cells}
    section = [place for place, cell in enumerate(cells) if is_archived(cell)]
    held = {(kit_metadata(cells[place]).get("id"), source(cells[place])) for place in section}
    added = []
    for one in texts:
        if (one.exercise, one.text) not in held:
            held.add((one.exercise, one.text))
            told = {"id": one.exercise, "role": ARCHIVE, "from": one.version, "was": one.was}
            added.append(_archive_cell("raw", _archive_id(one), told, one.text, ids))
    if added and not section:
        say = Translator(str(kit_metadata(notebook).get("language", "")))
        told = {"id": "unit", "role": ARCHIVE}
        added.insert(0, _archive_cell("markdown", "unit-archive", told, say(_ARCHIVE_HEAD), ids))
    end = section[-1] + 1 if section else len(cells)
    return {**notebook, "cells": [*cells[:end], *added, *cells[end:]]}


def _archive_id(one: Archived) -> str:
    # notebooks may hold halves of surrogate pairs, which are no UTF-8
    data = f"{one.exercise}\0{one.text}".encode("utf-8", "surrogatepass")
    return f"archive-{hashlib.sha256(data).hexdigest()[:12]}"


def is_archived(cell: Cell) -> bool:
    """Whether a cell belongs to the archive section."""
    return kit_metadata(cell).get("role") == ARCHIVE


def _archive_cell(
    kind: str, cell_id: str, told: dict[str, str], text: str, ids: set[str | None]
) -> Cell:
    free, number = cell_id, 1
    # the learner may have changed an earlier text under its id
    while free in ids:
        number += 1
        free = f"{cell_id}-{number}"
    ids.add(free)
    return {"cell_type": kind, "id": free, "metadata": {"kit": told}, "source": text}
