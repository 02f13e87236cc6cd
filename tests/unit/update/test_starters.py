"""Which cell is an answer: a reset, an update, a check and nbgrader take the same one."""

from __future__ import annotations

import copy

import nbformat
import pytest

from kit.checking.again import names_saved
from kit.cli.check import check_workbook
from kit.cli.reset import run_reset
from kit.grading.preprocessors import grade_id, tidy
from kit.home import starter
from kit.model import Part
from kit.notebooks import (
    Archived,
    Cell,
    Notebook,
    archive,
    find_cell,
    is_archived,
    kit_metadata,
    source,
    write_notebook,
)
from kit.update.match import name_of
from kit.update.run import apply_update, plan_update
from kit.update.starters import answer_places, bring_back, reset_answers
from tests.cells import content, worked
from tests.unit.update.conftest import Learner

MINE = "count = 98  # tried first, 시험\n\n\tprint('é')  "
COUNTS = "count = len(disks)"


def texts(notebook: Notebook) -> list[str]:
    return [source(cell) for cell in notebook["cells"]]


def test_reset_of_one_exercise_leaves_the_others_and_added_cells() -> None:
    after, before = reset_answers(worked(), content(), "count"), worked()
    assert after["cells"][1] == content()["cells"][1]
    assert [*after["cells"][:1], *after["cells"][2:]] == [before["cells"][0], *before["cells"][2:]]


def test_reset_of_all_includes_manual_answers_and_still_keeps_added_cells() -> None:
    after = texts(reset_answers(worked(), content(), None))
    assert after.pop(2) == "print(count)"
    assert after == texts(content())


def test_a_reset_leaves_the_archive_alone() -> None:
    put_by = archive(worked(), [Archived("count", "1.0", "code", "count = 3")])
    assert reset_answers(put_by, content(), None)["cells"][-1] == put_by["cells"][-1]


@pytest.mark.parametrize("damage", ["no id", "no metadata", "no kit", "twice", "gone"])
def test_what_a_reset_took_comes_back_whatever_became_of_the_cells(damage: str) -> None:
    before = worked()
    answer = before["cells"][1]
    if damage == "no id":
        before["cells"][2].pop("id")
    elif damage == "no metadata":
        answer["metadata"] = {}
    elif damage == "no kit":
        answer["metadata"]["kit"] = "garbage"
    elif damage == "twice":
        before["cells"].append({**answer, "source": "count = 8"})
    places = sorted(answer_places(before, content(), None))
    after = reset_answers(before, content(), None)
    assert len(places) == 3
    if damage == "gone":
        del after["cells"][1]
    back = texts(bring_back(after, before, places))
    assert set(texts(before)) <= set(back)
    if damage != "gone":
        assert back == texts(before)


@pytest.fixture(params=["same id", "id of its own"])
def copied(request: pytest.FixtureRequest, behind: Learner) -> Learner:
    """Two answer cells of one exercise, as copying makes them; a new version is out."""
    notebook = behind.notebook()
    place = next(i for i, c in enumerate(notebook["cells"]) if c["id"] == "count-answer")
    twin = copy.deepcopy(notebook["cells"][place])
    notebook["cells"][place]["source"], twin["source"] = MINE, COUNTS
    if request.param == "id of its own":
        twin["id"] = "as-lab-gives-it"
    notebook["cells"].insert(place + 1, twin)
    write_notebook(behind.path, notebook)
    return behind


def answers(cells: list[Cell]) -> list[str]:
    return [source(c) for c in cells if name_of(c) == ("count", "answer")]


def test_of_copies_an_update_takes_the_last_and_keeps_the_other_as_the_learners(
    copied: Learner,
) -> None:
    apply_update(plan_update(copied.home, [copied.unit], lambda _: ""), lambda _: "")
    cells = copied.notebook()["cells"]
    assert answers(cells) == [COUNTS]
    (other,) = [c for c in cells if source(c) == MINE]
    assert (kit_metadata(other), "nbgrader" in other["metadata"]) == ({}, False)


def test_of_copies_nbgrader_grades_the_same_one(copied: Learner) -> None:
    mine = nbformat.from_dict(copied.notebook()).cells
    shipped = nbformat.from_dict(starter(copied.home, copied.unit, Part.PRACTICE)).cells
    done = tidy(mine, shipped)
    assert [source(c) for c in done if grade_id(c) == "count-answer"] == [COUNTS]
    assert MINE in map(source, done)


def test_of_copies_a_reset_takes_the_same_one_and_undo_brings_it_back(copied: Learner) -> None:
    before = copied.notebook()
    run_reset("tiny:count", copied.home.root, undo=False)
    taken = answers(copied.notebook()["cells"])
    assert taken[0] == MINE
    assert taken[1].startswith("count = ____")
    later = copied.notebook()
    next(c for c in later["cells"] if source(c) == MINE)["source"] = "count = 97"
    write_notebook(copied.path, later)
    run_reset("tiny:count", copied.home.root, undo=True)
    assert answers(copied.notebook()["cells"]) == ["count = 97", COUNTS]
    assert len(copied.notebook()["cells"]) == len(before["cells"])
    assert not any(map(is_archived, copied.notebook()["cells"]))


def test_of_copies_a_check_and_a_later_visit_see_the_same_one(
    copied: Learner, kernels_see_tiny: None
) -> None:
    found = find_cell(copied.notebook(), "count", "answer")
    assert found is not None
    assert source(found) == COUNTS
    names = names_saved(copied.path, "count", {"disks": [1, 2, 3]})
    assert names["count"] == 3
    rows = check_workbook(copied.home, copied.unit, lambda *_: None)
    assert (rows[0].id, rows[0].outcome) == ("count", "passed")
