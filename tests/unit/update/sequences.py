"""Random learners and random authors: notebooks of a small unit, edited in every way."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

Notebook = dict[str, Any]
Cell = dict[str, Any]
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
# what an exercise is made of; its answer is the third
KINDS = {
    "code": ("prose", "setup", "answer", "check", "prose"),
    "short": ("prose", "answer", "check"),
    "judged": ("prose", "manual", "check"),
}
TYPES = {"prose": "markdown", "setup": "code", "answer": "code", "check": "code", "manual": "code"}
TEXTS = (
    "x = 3",
    "",
    "def f(a):\n    return a\n",
    "가나다",
    "a\r\nb",
    "\ud800",
    "`" * 4,
    "x = ____",
)
RUBBISH: tuple[Any, ...] = (None, 5, "kit", [], {"id": 3}, {"id": "e9", "role": "answer"}, [1])


def content_cell(exercise: str, role: str, n: int, text: str) -> Cell:
    name = f"{exercise}-{role}" + (f"-{n}" if n > 1 else "")
    metadata: dict[str, Any] = {"kit": {"id": exercise, "role": role}, "deletable": False}
    if role != "prose":
        metadata["nbgrader"] = {
            "schema_version": 3,
            "grade": role == "check",
            "solution": role in ("answer", "manual"),
            "locked": role not in ("answer", "manual"),
            "task": False,
            "grade_id": exercise if role == "check" else name,
            "cell_type": TYPES[role],
        }
        if role == "check":
            metadata["nbgrader"]["points"] = 1
    cell: Cell = {"cell_type": TYPES[role], "id": name, "metadata": metadata, "source": text}
    if TYPES[role] == "code":
        cell |= {"outputs": [], "execution_count": None}
    return cell


def content(plan: list[tuple[str, str, str]], version: str) -> Notebook:
    """A unit's notebook: for each exercise its id, its kind and what its texts say."""
    cells = []
    for exercise, kind, words in plan:
        seen: dict[str, int] = {}
        for role in KINDS[kind]:
            seen[role] = seen.get(role, 0) + 1
            text = f"{role} {seen[role]} of {exercise}: {words}"
            text = f'wb.check("{exercise}")' if role == "check" else text
            cells.append(content_cell(exercise, role, seen[role], text))
    kit = {"unit": "u", "part": "practice", "version": version, "language": "en"}
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}, "kit": kit}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


exercises = st.tuples(
    st.sampled_from([f"e{n}" for n in range(1, 6)]),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["old", "new", "other"]),
)
# two versions of a unit share most of it, and differ in any way that an author can think of
plans = st.lists(exercises, min_size=1, max_size=4, unique_by=lambda exercise: exercise[0])


@st.composite
def versions(draw: st.DrawFn) -> tuple[Notebook, Notebook]:
    """What a learner was given, and what comes."""
    old = draw(plans)
    new = list(old)
    for change in draw(st.lists(st.sampled_from("rwkma"), max_size=4)):
        at = draw(st.integers(0, 3))
        if change == "a":
            fresh = draw(exercises)
            if fresh[0] not in {name for name, _, _ in new}:
                new.insert(at, fresh)
        elif new:
            at %= len(new)
            name, kind, words = new.pop(at)
            if change == "m":
                new.append((name, kind, words))
            elif change == "w":
                new.insert(at, (name, kind, words + "!"))
            elif change == "k":
                new.insert(at, (name, draw(st.sampled_from(sorted(KINDS))), words))
    return content(old, "1"), content(new, "2")


texts = st.sampled_from(TEXTS) | st.text(max_size=30)
own_cells = st.builds(
    lambda kind, text, name: (
        {"cell_type": kind, "id": name, "metadata": {}, "source": text}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
    ),
    st.sampled_from(["code", "markdown", "raw"]),
    texts,
    st.sampled_from(["mine", "mine-2", "e1-answer", "e2-notice", "unit-archive"]),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = ("cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments")
METADATA = ("kit", "nbgrader", "tags", "name", "collapsed", "scrolled", "jupyter", "execution")


@st.composite
def edits(draw: st.DrawFn, given: Notebook) -> Notebook:
    """The notebook after anything that a learner, or their editor, may have done to it."""
    notebook = copy.deepcopy(given)
    for kind in draw(st.lists(st.sampled_from(sorted(EDITS)), max_size=8)):
        cells = notebook["cells"]
        if cells or kind == "add":
            EDITS[kind](draw, cells, draw(st.integers(0, max(0, len(cells) - 1))))
    if draw(st.integers(0, 9)) == 0:
        notebook["metadata"] = draw(json_values | st.fixed_dictionaries({"kit": json_values}))
    return notebook


def _type(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    written = [c for c in cells if isinstance(c, dict) and _writable(c)] or [cells[at]]
    cell = written[at % len(written)]
    if isinstance(cell, dict):
        text = draw(texts)
        cell["source"] = text.splitlines(keepends=True) if draw(st.booleans()) else text


def _writable(cell: Cell) -> bool:
    metadata = cell.get("metadata")
    kit = metadata.get("kit") if isinstance(metadata, dict) else None
    return isinstance(kit, dict) and kit.get("role") in ("answer", "manual")


def _write_anywhere(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    if isinstance(cells[at], dict):
        cells[at]["source"] = draw(texts)


def _run(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    cell = cells[at]
    if isinstance(cell, dict) and cell.get("cell_type") == "code":
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
        cell["execution_count"] = 1


def _delete(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    del cells[at]


def _add(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    cells.insert(at, draw(own_cells))


def _double(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    twin = copy.deepcopy(cells[at])
    if isinstance(twin, dict) and draw(st.booleans()):
        twin["id"] = "copied"
    cells.insert(draw(st.integers(0, len(cells))), twin)


def _move(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    cells.insert(draw(st.integers(0, len(cells))), cells.pop(at))


def _change_type(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    if isinstance(cells[at], dict):
        cells[at]["cell_type"] = draw(st.sampled_from(["code", "markdown", "raw", "heading"]))


def _damage_metadata(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    if isinstance(cells[at], dict) and isinstance(cells[at].get("metadata"), dict):
        key = draw(st.sampled_from(METADATA))
        cells[at]["metadata"][key] = draw(st.sampled_from(RUBBISH) | json_values)


def _damage_cell(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    if isinstance(cells[at], dict) and draw(st.booleans()):
        cells[at][draw(st.sampled_from(KEYS))] = draw(json_values)
    elif isinstance(cells[at], dict):
        cells[at].pop(draw(st.sampled_from(KEYS)), None)


def _drop_ids(draw: st.DrawFn, cells: list[Any], at: int) -> None:
    for cell in cells:
        if isinstance(cell, dict):
            cell.pop("id", None)


EDITS = {
    "type": _type,
    "write": _write_anywhere,
    "run": _run,
    "delete": _delete,
    "add": _add,
    "double": _double,
    "move": _move,
    "change type": _change_type,
    "damage metadata": _damage_metadata,
    "damage cell": _damage_cell,
    "drop ids": _drop_ids,
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[Notebook, Notebook, Notebook]:
    """Base, mine and theirs."""
    base, theirs = draw(versions())
    return base, draw(edits(base)), theirs


@st.composite
def files(draw: st.DrawFn) -> tuple[Notebook, Notebook, bytes, Notebook]:
    """Base, mine, the file that holds mine or what is left of it, and theirs."""
    base, mine, theirs = draw(histories())
    return base, mine, draw(damages(as_file(mine))), theirs


@st.composite
def damages(draw: st.DrawFn, data: bytes) -> bytes:
    """The file as it was, or its JSON broken: torn, written into, saved by another editor."""
    match draw(st.sampled_from(["none", "none", "torn", "written into", "cut out", "editor"])):
        case "torn":
            return broken(data, draw(places), draw(st.binary(max_size=5)))
        case "written into":
            at = draw(places) % len(data)
            return data[:at] + draw(st.binary(min_size=1, max_size=5)) + data[at:]
        case "cut out":
            at = draw(places) % len(data)
            return data[:at] + data[at + draw(st.integers(1, 200)) :]
        case "editor":
            text = data.decode("utf-8")
            return text.encode(draw(st.sampled_from(["utf-8-sig", "utf-16"])))
    return data


places = st.integers(0, 100_000)


def broken(data: bytes, at: int, junk: bytes) -> bytes:
    """A file that was torn at a place, with junk behind it."""
    return data[: at % (len(data) + 1)] + junk


def as_file(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode("utf-8")
