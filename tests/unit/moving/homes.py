"""What tests of moving house do with a home."""

from __future__ import annotations

from pathlib import Path

from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.notebooks import Notebook, find_cell, read_notebook, write_notebook


def answer(home: LearnerHome, unit: Unit, exercise: str, text: str) -> None:
    """Type an answer into the workbook."""
    path = home.notebook(unit, Part.PRACTICE)
    notebook = read_notebook(path)
    cell = find_cell(notebook, exercise, "answer")
    assert cell is not None
    cell["source"] = text
    write_notebook(path, notebook)


def add_cell(home: LearnerHome, unit: Unit, text: str) -> None:
    """Add a cell of one's own at the end of the workbook."""
    path = home.notebook(unit, Part.PRACTICE)
    notebook = read_notebook(path)
    notebook["cells"].append(
        {"cell_type": "markdown", "id": f"own-{len(text)}", "metadata": {}, "source": text}
    )
    write_notebook(path, notebook)


def workbook(home: LearnerHome, unit: Unit) -> Notebook:
    return read_notebook(home.notebook(unit, Part.PRACTICE))


def nobody(_path: Path) -> str:
    """No notebook is open."""
    return ""


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
