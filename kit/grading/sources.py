"""An assignment as the gradebook knows it, read once for all its submissions.

nbgrader asks the gradebook for every cell of every submission; here its own steps ask
this picture instead, which holds no connection and travels to other processes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NoReturn

from nbgrader.api import (
    Assignment,
    BaseCell,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    TaskCell,
)
from nbgrader.preprocessors import NbGraderPreprocessor, OverwriteCells, OverwriteKernelspec
from sqlalchemy import select

Resources = dict[str, Any]


@dataclass(frozen=True)
class KnownCell:
    """A cell of the trainer's version. ``points`` is None for one that earns none."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str | None
    points: float | None
    kinds: frozenset[str]


@dataclass(frozen=True)
class KnownNotebook:
    """A notebook of an assignment: its kernel as JSON, and its cells in order."""

    name: str
    kernelspec: str | None
    cells: tuple[KnownCell, ...]


def read_sources(connection: Any, assignment: str) -> dict[str, KnownNotebook]:
    """The notebooks of an assignment by name; empty when the gradebook does not know it."""
    book, one = Notebook.__table__, Assignment.__table__
    rows = connection.execute(
        select(book).join(one, book.c.assignment_id == one.c.id).where(one.c.name == assignment)
    ).all()
    return {
        row.name: KnownNotebook(row.name, row.kernelspec, tuple(_cells(connection, row.id)))
        for row in rows
    }


def _cells(connection: Any, notebook: str) -> list[KnownCell]:
    base, cell = BaseCell.__table__, SourceCell.__table__
    kinds: dict[str, set[str]] = {}
    named = connection.execute(select(base).where(base.c.notebook_id == notebook)).all()
    for row in named:
        kinds.setdefault(row.name, set()).add(row.type)
    graded = {
        row.id: row.max_score
        for kind in (GradeCell, TaskCell)
        for row in connection.execute(
            select(kind.__table__.c.id, kind.__table__.c.max_score).where(
                kind.__table__.c.id.in_([row.id for row in named])
            )
        )
    }
    points = {row.name: graded[row.id] for row in named if row.id in graded}
    rows = connection.execute(select(cell).where(cell.c.notebook_id == notebook))
    return [
        KnownCell(
            row.name, row.cell_type, row.locked, row.source, row.checksum,
            points.get(row.name), frozenset(kinds.get(row.name, ())),
        )
        for row in rows
    ]  # fmt: skip


class Picture:
    """What nbgrader's steps before a run ask of a Gradebook, answered without one."""

    def __init__(self, notebook: KnownNotebook) -> None:
        self._cells = {cell.name: cell for cell in notebook.cells}
        by_kind = {
            kind.__mapper_args__["polymorphic_identity"]: [
                SimpleNamespace(name=cell.name, max_score=cell.points)
                for cell in notebook.cells
                if kind.__mapper_args__["polymorphic_identity"] in cell.kinds
            ]
            for kind in (GradeCell, SolutionCell, TaskCell)
        }
        self._notebook = SimpleNamespace(
            name=notebook.name,
            source_cells=list(notebook.cells),
            grade_cells=by_kind["GradeCell"],
            solution_cells=by_kind["SolutionCell"],
            task_cells=by_kind["TaskCell"],
        )

    def find_notebook(self, _name: str, _assignment: str) -> Any:
        """The notebook, with its cells by kind."""
        return self._notebook

    def find_source_cell(self, name: str, *_place: str) -> KnownCell:
        """A cell of the trainer's version; MissingEntry for an unknown one."""
        if name not in self._cells:
            _missing(name)
        return self._cells[name]

    def find_graded_cell(self, name: str, *_place: str) -> Any:
        """An object with ``max_score``; MissingEntry for a cell that earns nothing."""
        cell = self._cells.get(name)
        if cell is None or cell.points is None:
            _missing(name)
        return SimpleNamespace(max_score=cell.points)


def _missing(name: str) -> NoReturn:
    raise MissingEntry(f"No such cell: {name}")


class KnownKernelspec(OverwriteKernelspec):  # type: ignore[misc]
    """nbgrader's step, without a gradebook. Set ``known`` before it is used."""

    known: Mapping[str, KnownNotebook]

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called with the submitted notebook."""
        kernelspec = self.known[resources["nbgrader"]["notebook"]].kernelspec
        if told := json.loads(kernelspec) if kernelspec else None:
            nb.metadata["kernelspec"] = told
        return nb, resources


class KnownCells(OverwriteCells):  # type: ignore[misc]
    """nbgrader's step, without a gradebook. Set ``known`` before it is used."""

    known: Mapping[str, KnownNotebook]

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called with the submitted notebook."""
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.gradebook = Picture(self.known[self.notebook_id])
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources
