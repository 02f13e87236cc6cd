"""A notebook's edits back into the Markdown that it was built from.

Prose and locked code come back. Answers, outputs and cells that the Markdown does not
know are refused: they are written in the Markdown or belong to nobody but a learner.
Only the lines of changed cells are replaced, and the result is built once more before
it is written: what Markdown would read as something else is refused too.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.errors import ContentError
from kit.files import write_bytes
from kit.gate.build import build_notebook, targets
from kit.gate.fingerprint import KEY, edited, fingerprint, plain
from kit.model import Part, Unit
from kit.notebooks import Cell, Notebook, kit_metadata, read_notebook, source

_LEARNERS = ("answer", "manual")
_OPENING = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class _Place:
    """Where a cell's text stands: lines ``start`` to ``end``, after ``head`` if it is fenced."""

    start: int
    end: int
    head: int | None = None


@dataclass(frozen=True)
class _Sides:
    """The cells as the Markdown means them, and as they stand in the author's notebook."""

    path: Path
    built: list[Cell]
    mine: list[Cell]

    @property
    def changed(self) -> list[str]:
        """Ids of cells that differ or stand on one side only, in the notebook's order."""
        there = {str(cell.get("id")): _told(cell) for cell in self.built}
        here = {str(cell.get("id")): _told(cell) for cell in self.mine}
        return [cell for cell in {**here, **there} if there.get(cell) != here.get(cell)]

    def refused(self, what: str, cells: Collection[str], fix: str) -> ContentError:
        return ContentError(f"{what}: {', '.join(cells)}.", where=str(self.path), fix=fix)


def import_notebook(
    unit: Unit, part: Part | None, notebook: Path, into: Path | None = None
) -> list[str]:
    """Bring the edits of ``notebook`` into the unit's Markdown; returns the ids of changed cells.

    ``into``, a file that is not there yet, takes the result instead. Raises ContentError,
    naming the cells, for what does not belong into the Markdown, and where the Markdown has
    changed as well since the notebook was built; then nothing is written.
    """
    markdown = next(t.source for t in targets(unit) if t.part == part)
    found = _english(read_notebook(notebook), notebook)
    sides = _Sides(notebook, build_notebook(unit, part, markdown)["cells"], found["cells"])
    changed = sides.changed
    if kit_metadata(found).get(KEY) != fingerprint(sides.built) and changed:
        if edited(found) is False:
            # the Markdown alone has moved on, and nothing is to be brought back
            return []
        raise sides.refused(
            f"The notebook and {markdown.name} have both changed since it was built",
            changed,
            f"Copy the notebook's texts into {markdown} by hand, delete the notebook, then: "
            f"upskill author build {unit.id}",
        )
    _prove_texts_only(sides, changed, markdown)
    if changed:
        write_bytes(into or markdown, _brought(sides, changed, unit, part, markdown))
    return changed


def _english(notebook: Notebook, path: Path) -> Notebook:
    language = kit_metadata(notebook).get("language", "en")
    if language != "en":
        raise ContentError(
            f"The prose of this notebook is a translation ({language}).",
            where=str(path),
            fix="Edit the English notebook, and translations in locale/ko.po.",
        )
    return notebook


def _told(cell: Cell) -> tuple[str, str]:
    return cell["cell_type"], plain(cell)


def _prove_texts_only(sides: _Sides, changed: list[str], markdown: Path) -> None:
    by_hand = f"Write it in {markdown} instead, and take it out of the notebook."
    known = [str(cell["id"]) for cell in sides.built]
    ids = [str(cell.get("id")) for cell in sides.mine]
    if new := [cell for cell in ids if cell not in known]:
        raise sides.refused("The Markdown has no such cell", new, by_hand)
    if gone := [cell for cell in known if cell not in ids]:
        raise sides.refused(
            "The notebook lacks a cell", gone, f"If it is to go, delete it in {markdown}."
        )
    if ids != known:
        moved = [cell for cell, place in zip(ids, known, strict=False) if cell != place]
        raise sides.refused("Cells stand elsewhere or twice", moved, f"Move them in {markdown}.")
    answers = [str(c["id"]) for c in sides.mine if kit_metadata(c).get("role") in _LEARNERS]
    if mine := [cell for cell in changed if cell in answers]:
        raise sides.refused("An answer is not the starter any more", mine, by_hand)
    if shown := [str(c["id"]) for c in sides.mine if c.get("outputs") or c.get("attachments")]:
        raise sides.refused(
            "Outputs and attachments do not go into Markdown",
            shown,
            "In JupyterLab: Edit > Clear Outputs of All Cells, save, then again.",
        )


def _brought(
    sides: _Sides, changed: list[str], unit: Unit, part: Part | None, markdown: Path
) -> bytes:
    """The Markdown with the changed texts, proved to mean the notebook's cells."""
    text = markdown.read_bytes().decode("utf-8")
    wanted = {str(cell["id"]): cell for cell in sides.mine if cell["id"] in changed}

    def tried(cells: Collection[str]) -> bytes | None:
        edits = {cell: _written(wanted[cell]) for cell in cells}
        data = _spliced(text, [str(cell["id"]) for cell in sides.built], edits).encode("utf-8")
        expected = [wanted[c["id"]] if c["id"] in edits else c for c in sides.built]
        return data if _means(data, expected, unit, part, markdown.name) else None

    whole = tried(changed)
    if whole is None:
        raise sides.refused(
            "Markdown would not read this text back as it is here",
            [cell for cell in changed if tried([cell]) is None] or changed,
            f"Write it in {markdown} by hand; a line +++ or an open ``` begins another cell.",
        )
    return whole


def _means(data: bytes, cells: list[Cell], unit: Unit, part: Part | None, name: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            again = build_notebook(unit, part, path)["cells"]
        except ContentError:
            return False
    return fingerprint(again) == fingerprint(cells)


def _written(cell: Cell) -> list[str]:
    """The lines that the Markdown gets; blank ones around prose are no part of it."""
    text = source(cell)
    if cell["cell_type"] == "markdown":
        text = re.sub(r"\A(?:[^\S\n]*\n)+", "", text).rstrip()
    return text.split("\n") if text else []


def _spliced(text: str, ids: list[str], edits: Mapping[str, list[str]]) -> str:
    """The Markdown with other lines in some cells; every other line stays to the byte."""
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    places = zip(ids, _places(text), strict=True)
    # from the end, so that the places before it stay right
    for cell, place in reversed(list(places)):
        if cell not in edits:
            continue
        new = edits[cell]
        if place.head is not None:
            _lengthen_fence(lines, place, new)
        lines[place.start : place.end] = [line + ending for line in new]
    return "".join(lines)


def _places(text: str) -> list[_Place]:
    from jupytext.myst import myst_to_notebook

    parsed = myst_to_notebook(text, add_source_map=True)
    lines = text.splitlines()
    starts = parsed["metadata"]["source_map"]
    return [
        _code_place(lines, start)
        if cell["cell_type"] == "code"
        else _prose_place(lines, start, cell["source"])
        for cell, start in zip(parsed["cells"], starts, strict=True)
    ]


def _prose_place(lines: list[str], start: int, text: str) -> _Place:
    while not lines[start]:
        start += 1
    return _Place(start, start + text.count("\n") + 1)


def _code_place(lines: list[str], start: int) -> _Place:
    """The code between its options and the closing fence, as jupytext reads them."""
    head = start - 1
    closing = re.compile(rf" {{0,3}}{_fence(lines[head])}+\s*")
    if lines[start].startswith("---"):
        start = next(n for n in range(start + 1, len(lines)) if lines[n].startswith("---")) + 1
    while lines[start].lstrip().startswith(":"):
        start += 1
    end = next((n for n in range(start, len(lines)) if closing.fullmatch(lines[n])), len(lines))
    # one blank line may stand between options and code
    if start < end and not lines[start].strip():
        start += 1
    return _Place(start, end, head)


def _fence(line: str) -> str:
    found = _OPENING.match(line)
    return found[1] if found else "```"


def _lengthen_fence(lines: list[str], place: _Place, code: list[str]) -> None:
    """Make the fence longer than any run of its marks that begins a line of ``code``."""
    assert place.head is not None
    fence = _fence(lines[place.head])
    runs = [found[1] for line in code if (found := _OPENING.match(line))]
    longest = max((len(run) for run in runs if run[0] == fence[0]), default=0)
    if longest >= len(fence):
        for at in (place.head, place.end):
            lines[at] = lines[at].replace(fence, fence[0] * (longest + 1), 1)
