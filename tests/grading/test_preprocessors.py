"""What an update has put by passes grading as it is and counts for nothing."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.grading.preprocessors import take_roles, tidied, tidy
from kit.notebooks import Archived, archive, find_cell

pytestmark = pytest.mark.grading


def answer(text: str) -> Any:
    data = {"grade": False, "solution": True, "locked": False, "grade_id": "count-answer"}
    kit = {"id": "count", "role": "answer"}
    return nbformat.v4.new_code_cell(text, metadata={"kit": kit, "nbgrader": data})


def handed_in() -> Any:
    """A notebook with an answer and, behind it, an earlier one in the archive section."""
    nb = nbformat.v4.new_notebook(cells=[answer("count = 3")])
    return nbformat.from_dict(archive(nb, [Archived("count", "1.0", "code", "count = 2")]))


def test_the_archive_section_passes_untouched() -> None:
    nb = handed_in()
    before = copy.deepcopy(nb.cells[1:])
    assert tidy(nb.cells, [answer("count = ____")])[1:] == before


def test_an_archived_text_is_never_taken_for_the_answer() -> None:
    nb, source = handed_in(), [answer("count = ____")]
    # somebody's tool may copy a cell with all that it carries
    nb.cells[-1].metadata["nbgrader"] = copy.deepcopy(source[0].metadata["nbgrader"])
    assert tidied(nb.cells, source) == []
    after = tidy(nb.cells, source)
    counts = [c.source for c in after if c.metadata.get("nbgrader", {}).get("grade_id")]
    assert counts == ["count = 3"]
    assert after[-1].source == "count = 2"


def check(text: str) -> Any:
    data = {"grade": True, "solution": False, "locked": True, "grade_id": "count"}
    kit = {"id": "count", "role": "check"}
    return nbformat.v4.new_code_cell(text, metadata={"kit": kit, "nbgrader": data})


def test_a_missing_answer_and_an_edited_check_are_named() -> None:
    source = [answer("count = ____"), check('wb.check("count")')]
    assert tidied([answer("count = 3"), check('  wb.check("count")\n')], source) == []
    assert tidied([check('wb.check("count")')], source) == ["Answer cells were missing: count."]
    assert tidied([answer("count = 3"), check("1")], source) == [
        "Checks had been changed, and the originals were used: count."
    ]
    # the last of two copies is the one that counts
    twice = [check("1"), answer("count = 3"), check('wb.check("count")')]
    assert tidied(twice, source) == ["Cells were there twice, and the last one counts: count."]


def test_of_copied_cells_the_last_one_counts_for_every_tool() -> None:
    source = [answer("count = ____"), check('wb.check("count")')]
    copied = [answer("count = 1"), answer("count = 3"), *source[1:], answer("count = 5")]
    after = tidy(copied, source)
    assert [c.source for c in after if "nbgrader" in c.metadata] == [
        'wb.check("count")',
        "count = 5",
    ]
    found = find_cell({"cells": after}, "count", "answer")
    assert found is not None
    assert found["source"] == "count = 5"


def test_what_was_deleted_comes_back_behind_its_neighbour() -> None:
    source = [answer("count = ____"), check('wb.check("count")')]
    own = nbformat.v4.new_code_cell("print(count)")
    after = tidy([answer("count = 1"), own, answer("count = 3"), own.copy()], source)
    assert [c.source for c in after][2:4] == ["count = 3", 'wb.check("count")']
    assert tidy([own], [answer("count = ____")]) == [own]


@pytest.mark.parametrize("role", ["check", "archive"])
def test_the_role_of_a_cell_is_the_trainers_word(role: str, tmp_path: Path) -> None:
    theirs, mine = check("1"), check("1")
    del theirs.metadata["kit"]
    nbformat.write(nbformat.v4.new_notebook(cells=[theirs]), tmp_path / "book.ipynb")
    mine.metadata["kit"] = {"id": "x", "role": role}
    own = nbformat.v4.new_code_cell("1", metadata={"kit": {"role": role}})
    take_roles([mine, own], tmp_path / "book.ipynb")
    assert "kit" not in mine.metadata
    assert own.metadata["kit"] == {"role": role}
    mine.metadata["kit"] = {"id": "x", "role": role}
    take_roles([mine], tmp_path / "none.ipynb")
    assert "kit" not in mine.metadata


def test_a_role_that_the_trainer_gave_stays(tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[check("1")]), tmp_path / "book.ipynb")
    mine = check("1")
    mine.metadata["kit"] = {"id": "other", "role": "archive"}
    take_roles([mine], tmp_path / "book.ipynb")
    assert mine.metadata["kit"] == check("1").metadata["kit"]
