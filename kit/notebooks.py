"""Notebook files as plain dictionaries: find cells, translate prose, reset answers.

Uses the standard library only, since importing nbformat costs a kernel seconds.
A cell of ours has ``metadata.kit = {"id": exercise, "role": role}``; ``role`` is
``prose``, ``setup``, ``answer``, ``check`` or ``manual``.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import HomeError
from kit.files import write_text
from kit.i18n import Translator, mark

Notebook = dict[str, Any]
Cell = dict[str, Any]

# reset needs answers that can be read; a file out of the way is replaced by start
_BEYOND_REPAIR = mark(
    "Restore a checkpoint in JupyterLab, or rename this file: upskill start puts a fresh one there."
)
_FENCE = re.compile(r"^\s*(```|~~~)")


def read_notebook(path: Path) -> Notebook:
    """The notebook in ``path``; a broken file is an error that names the way back."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HomeError(
            "The notebook is not there.", where=str(path), fix="upskill start puts it back."
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise HomeError(
            "The notebook is damaged from line {line} on and was left as it is.",
            where=str(path),
            fix=_BEYOND_REPAIR,
            line=_line(error),
        ) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise HomeError("The file is not a notebook.", where=str(path), fix=_BEYOND_REPAIR)
    return notebook


def _line(error: json.JSONDecodeError | UnicodeDecodeError) -> int:
    # the parser's own words are English, and no learner's
    if isinstance(error, json.JSONDecodeError):
        return error.lineno
    return error.object.count(b"\n", 0, error.start) + 1


def dump_notebook(notebook: Notebook) -> str:
    """A notebook's text, as Jupyter writes it."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_notebook(path: Path, notebook: Notebook) -> None:
    """Write a notebook atomically."""
    write_text(path, dump_notebook(notebook))


def source(cell: Cell) -> str:
    """A cell's source as one string; files may hold a list of lines."""
    value = cell.get("source", "")
    return "".join(value) if isinstance(value, list) else str(value)


def kit_metadata(cell: Cell) -> dict[str, str]:
    """The kit's metadata of a cell, empty for a cell that the learner added."""
    value = cell.get("metadata", {}).get("kit", {})
    return value if isinstance(value, dict) else {}


def find_cell(notebook: Notebook, exercise: str, role: str) -> Cell | None:
    """First cell of an exercise with a role, or None."""
    for cell in notebook["cells"]:
        data = kit_metadata(cell)
        if data.get("id") == exercise and data.get("role") == role:
            return cell  # type: ignore[no-any-return]
    return None


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


def reset_answers(learner: Notebook, content: Notebook, exercise: str | None) -> Notebook:
    """The learner's notebook with the starter text in the answer cells of one or all exercises.

    Cells that the learner added stay where they are.
    """
    starters = {
        cell["id"]: source(cell)
        for cell in content["cells"]
        if kit_metadata(cell).get("role") in ("answer", "manual")
        and exercise in (None, kit_metadata(cell).get("id"))
    }
    result = copy.deepcopy(learner)
    for cell in result["cells"]:
        if cell.get("id") in starters:
            cell["source"] = starters[cell["id"]]
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
    return result
