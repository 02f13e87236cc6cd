"""Markdown to notebooks: what the author writes, as the learner and nbgrader open it.

    workbook.md    the practice  -> workbook.ipynb, and a copy in assignments/source/
    assignment.md  the graded    -> assignments/source/<unit>/assignment.ipynb
    live.md        own data      -> live.ipynb, which nbgrader never sees

The source is MyST Markdown, plain enough for any editor. Every cell says what it is,
``<exercise id>.<role>``: a markdown cell in the line that opens it, a code cell in its
first line:

    +++ {"kit": "repair.prose"}

    ## Repair the series

    ```{code-cell} ipython3
    :kit: repair.answer

    clean = ____
    ```

Roles: ``prose`` (markdown, locked, translated), ``setup`` (code, locked), ``ask`` (code,
locked, ends in ``wb.ask("repair")``, which shows a form to answer in), ``answer`` (code,
the learner's), ``check`` (code, locked, ends in ``wb.check("repair")``), ``manual``
(markdown or code, the learner's, judged by the rubric). The id ``unit`` stands for what
belongs to no exercise. ``live.md`` may use ids of its own.
``tags`` may stand beside ``kit``. Markdown is one way; only ``kit.gate.bring_back`` reads
notebooks back, when an author asks for it.

The same source gives the same bytes; cell ids are exercise and role (``repair-answer``,
``repair-prose-2``), since progress and updates find cells by them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import ContentError
from kit.files import write_text
from kit.gate.fingerprint import KEY, fingerprint, refuse_loss
from kit.imports import lean_imports
from kit.model import Exercise, Form, Part, Unit
from kit.notebooks import Cell, Notebook, dump_notebook

# belongs to no exercise: the title, the first imports, the closing words
UNIT = "unit"
# what the schema of notebooks and nbgrader's schema both accept
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}")
_CELL_TYPES = {
    "prose": ("markdown",),
    "setup": ("code",),
    "ask": ("code",),
    "answer": ("code",),
    "check": ("code",),
    "manual": ("markdown", "code"),
}
_REPEATED = ("prose", "setup")
# cells that end in a call of the same name with their exercise
_CALLS = ("check", "ask")
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


@dataclass(frozen=True)
class Target:
    """One Markdown source and the notebooks that come of it; ``part`` None is the live run."""

    source: Path
    part: Part | None
    outputs: tuple[Path, ...]


@dataclass(frozen=True)
class _Piece:
    """One cell as written: ``line`` is where it starts, counted from 1."""

    path: Path
    line: int
    cell_type: str
    source: str
    exercise: str
    role: str
    tags: tuple[str, ...]

    def error(self, what: str, fix: str = "") -> ContentError:
        return ContentError(what, where=f"{self.path}:{self.line}", fix=fix)


def targets(unit: Unit) -> tuple[Target, ...]:
    """What can be built of a unit; whether a source is there is not asked here."""
    folder = unit.folder
    source = folder.parents[2] / "assignments" / "source"
    practice, graded = unit.assignment(Part.PRACTICE), unit.assignment(Part.GRADED)
    return (
        Target(
            folder / "workbook.md",
            Part.PRACTICE,
            (folder / "workbook.ipynb", source / practice / "workbook.ipynb"),
        ),
        Target(folder / "assignment.md", Part.GRADED, (source / graded / "assignment.ipynb",)),
        Target(folder / "live.md", None, (folder / "live.ipynb",)),
    )


def build_unit(unit: Unit) -> list[Path]:
    """Write the unit's notebooks that differ from their source; returns those written.

    Every source is read before anything is written, so an error leaves all as it was.
    ContentError too where it would overwrite what somebody wrote into a notebook.
    """
    changed = [(path, text) for path, text in _wanted(unit) if not _holds(path, text)]
    for path, text in changed:
        refuse_loss(path, text)
    for path, text in changed:
        write_text(path, text)
    return [path for path, _text in changed]


def stale(unit: Unit) -> list[Path]:
    """Notebooks that are not what their source says, and sources that are missing."""
    missing = [t.source for t in targets(unit) if _needed(unit, t) and not t.source.is_file()]
    return missing + [path for path, text in _wanted(unit) if not _holds(path, text)]


def _needed(unit: Unit, target: Target) -> bool:
    return target.part is not None and bool(unit.of(target.part))


def _wanted(unit: Unit) -> list[tuple[Path, str]]:
    found = [t for t in targets(unit) if t.source.is_file()]
    built = [(t, dump_notebook(build_notebook(unit, t.part, t.source))) for t in found]
    return [(path, text) for target, text in built for path in target.outputs]


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def build_notebook(unit: Unit, part: Part | None, path: Path) -> Notebook:
    """The notebook that the Markdown in ``path`` means.

    Raises ContentError, naming file and line, for a cell that is not marked or is
    of the wrong type, an id that ``workbook.toml`` does not know, a doubled cell, a
    check that does not call its exercise, and an exercise without its graded cell.
    """
    pieces = list(_pieces(path))
    for piece in pieces:
        _prove(piece, unit, part)
    _prove_whole(pieces, unit, part, path)
    cells = list(_cells(pieces, unit, part))
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": dict(_KERNEL),
            "language_info": {"name": "python"},
            "kit": {
                "unit": unit.id,
                "part": part.value if part else "live",
                "version": unit.version,
                "language": "en",
                KEY: fingerprint(cells),
            },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _pieces(path: Path) -> Iterator[_Piece]:
    try:
        with lean_imports():
            from jupytext.myst import MystMetadataParsingError, myst_to_notebook
    except ImportError:
        raise ContentError(
            "Building notebooks needs jupytext, which is not installed.",
            where=str(path),
            fix=f'In the checkout: "{sys.executable}" -m pip install ".[author]"',
        ) from None
    try:
        text = path.read_text(encoding="utf-8")
        parsed = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, UnicodeDecodeError) as error:
        raise ContentError(f"Not readable as MyST Markdown: {error}", where=str(path)) from None
    lines = text.splitlines()
    for cell, start in zip(parsed["cells"], parsed["metadata"]["source_map"], strict=True):
        yield _piece(path, _first_line(lines, start), cell)


def _first_line(lines: list[str], start: int) -> int:
    # jupytext counts from the line after the opening one, blank lines included
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start + 1


def _piece(path: Path, line: int, cell: Any) -> _Piece:
    data = dict(cell["metadata"])
    name, tags = str(data.pop("kit", "")), data.pop("tags", [])
    exercise, _, role = name.rpartition(".")
    piece = _Piece(path, line, cell["cell_type"], cell["source"], exercise, role, tuple(tags))
    if not name:
        raise piece.error(
            "A cell does not say what it is.",
            'Open it with +++ {"kit": "ID.prose"}, or a code cell with :kit: ID.answer',
        )
    if data:
        raise piece.error(f"Only kit and tags are read here, not {sorted(data)}.")
    if role not in _CELL_TYPES or not _NAME.fullmatch(exercise):
        raise piece.error(f"'{name}' is not ID.ROLE.", f"Roles: {', '.join(_CELL_TYPES)}")
    if piece.cell_type not in _CELL_TYPES[role]:
        raise piece.error(f"A {role} cell is {' or '.join(_CELL_TYPES[role])}.")
    return piece


def _prove(piece: _Piece, unit: Unit, part: Part | None) -> None:
    if piece.role in _CALLS and _called(piece) != piece.exercise:
        raise piece.error(
            f"The {piece.role} cell of '{piece.exercise}' does not end in its {piece.role}.",
            f'Let its last line be: wb.{piece.role}("{piece.exercise}")',
        )
    if part is None:
        return
    exercise = _exercise(unit, part, piece.exercise)
    if exercise is None:
        if piece.exercise == UNIT and piece.role in (*_REPEATED, "answer"):
            return
        known = ", ".join(e.id for e in unit.of(part))
        raise piece.error(
            f"The {part} part has no exercise '{piece.exercise}'.",
            f"Use one of: {known}; or unit.prose and unit.setup outside of exercises.",
        )
    if piece.role == "manual" and not exercise.manual:
        raise piece.error(
            f"'{exercise.id}' is not graded by hand.",
            "Write manual = true for it in workbook.toml, or make this an answer cell.",
        )
    if piece.role == "ask" and not _asks(exercise):
        raise piece.error(
            f"'{exercise.id}' is answered in its cell, not in a form.",
            "Write its form into workbook.toml, or make this an answer cell.",
        )


def _asks(exercise: Exercise) -> bool:
    """Whether a form waits for the answer; a text that a person judges stands in its cell."""
    in_cell = exercise.form is Form.TEXT and exercise.manual
    return exercise.form is not Form.CODE and not in_cell


def _exercise(unit: Unit, part: Part, exercise_id: str) -> Exercise | None:
    return next((e for e in unit.of(part) if e.id == exercise_id), None)


def _called(piece: _Piece) -> str | None:
    """Which exercise the cell's last line checks or asks; nbgrader scores a check by its value."""
    try:
        body = ast.parse(piece.source).body
    except SyntaxError as error:
        raise piece.error(f"The {piece.role} cell is not valid Python: {error.msg}") from None
    match body[-1:]:
        case [ast.Expr(ast.Call(func=ast.Attribute(attr=call), args=[ast.Constant(str(name))]))]:
            return name if call == piece.role else None
    return None


def _prove_whole(pieces: list[_Piece], unit: Unit, part: Part | None, path: Path) -> None:
    seen: set[str] = set()
    for piece, cell_id in zip(pieces, _ids(pieces), strict=True):
        if cell_id in seen:
            raise piece.error(
                f"There are two cells '{cell_id}'.",
                "An exercise has one answer, one check and one manual cell; number no id.",
            )
        seen.add(cell_id)
    if part is None:
        return
    there = {(piece.exercise, piece.role) for piece in pieces}
    for exercise in unit.of(part):
        needed = ["manual" if exercise.manual else "check", *(["ask"] if _asks(exercise) else [])]
        for role in needed:
            if (exercise.id, role) not in there:
                raise ContentError(
                    f"The exercise '{exercise.id}' has no {role} cell.",
                    where=str(path),
                    fix=f"Add a cell marked {exercise.id}.{role}",
                )


def _ids(pieces: Iterable[_Piece]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for piece in pieces:
        name = f"{piece.exercise}-{piece.role}"
        counts[name] += piece.role in _REPEATED
        yield f"{name}-{counts[name]}" if counts[name] > 1 else name


def _cells(pieces: list[_Piece], unit: Unit, part: Part | None) -> Iterator[Cell]:
    for piece, cell_id in zip(pieces, _ids(pieces), strict=True):
        metadata: dict[str, Any] = {"kit": {"id": piece.exercise, "role": piece.role}}
        metadata["deletable"] = False
        if piece.role not in ("answer", "manual"):
            metadata["editable"] = False
        if piece.tags:
            metadata["tags"] = list(piece.tags)
        if part and piece.role != "prose":
            exercise = _exercise(unit, part, piece.exercise)
            metadata["nbgrader"] = _nbgrader(piece, cell_id, exercise)
        cell: Cell = {
            "cell_type": piece.cell_type,
            "id": cell_id,
            "metadata": metadata,
            "source": piece.source.splitlines(keepends=True),
        }
        if piece.cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        yield cell


def _nbgrader(piece: _Piece, cell_id: str, exercise: Exercise | None) -> dict[str, Any]:
    """nbgrader's own metadata, schema version 3, which allows no further keys.

    The points lie on the check, or on the manual cell when a person judges; the
    check of such an exercise still answers the learner but earns nothing.
    """
    graded = exercise is not None and piece.role == ("manual" if exercise.manual else "check")
    solution = piece.role in ("answer", "manual")
    data: dict[str, Any] = {
        "schema_version": 3,
        "grade": graded,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "grade_id": piece.exercise if graded else cell_id,
        "cell_type": piece.cell_type,
    }
    return data | {"points": exercise.points} if graded and exercise else data
