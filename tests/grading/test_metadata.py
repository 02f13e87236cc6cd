"""nbgrader's look at its metadata, cheaper: what it refuses is refused in its words."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import CheckCellMetadata

from kit.grading.metadata import CheckMetadata

GOOD = {
    "schema_version": 3,
    "grade": True,
    "solution": False,
    "locked": True,
    "task": False,
    "grade_id": "a",
    "points": 1,
}


def said(step: Any, *cells: dict[str, object], kind: str = "code") -> str:
    made = [nbformat.v4.new_code_cell(id=f"c{n}") for n, _ in enumerate(cells)]
    for cell, told in zip(made, cells, strict=True):
        cell.cell_type = kind
        cell.metadata["nbgrader"] = nbformat.from_dict(told)
    try:
        step.preprocess(nbformat.v4.new_notebook(cells=made), {})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def test_good_metadata_passes() -> None:
    assert said(CheckMetadata(), GOOD, {**GOOD, "grade_id": "b"}) == ""


def test_nothing_is_added_to_what_is_looked_at() -> None:
    cell = nbformat.v4.new_code_cell(id="c")
    told = {name: value for name, value in GOOD.items() if name != "task"}
    cell.metadata["nbgrader"] = nbformat.from_dict(told)
    CheckMetadata().preprocess(nbformat.v4.new_notebook(cells=[cell]), {})
    assert cell.metadata["nbgrader"] == told


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 2},
        {"schema_version": 4},
        {"grade": "yes"},
        {"points": -1},
        {"points": "many"},
        {"grade_id": ""},
        {"more": 1},
        {"grade_id": None},
    ],
    ids=str,
)
def test_what_nbgrader_refuses_is_refused_in_its_words(change: dict[str, object]) -> None:
    ours = said(CheckMetadata(), {**GOOD, **change})
    assert ours == said(CheckCellMetadata(), {**GOOD, **change})
    assert ours


def test_two_cells_of_one_id_and_a_locked_text_are_refused_too() -> None:
    for cells, kind in (((GOOD, GOOD), "code"), ((GOOD,), "markdown")):
        assert said(CheckMetadata(), *cells, kind=kind) == said(
            CheckCellMetadata(), *cells, kind=kind
        )
        assert said(CheckMetadata(), *cells, kind=kind)
