"""What an update makes of any notebook is handed in and graded by the real nbgrader."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from grading_helpers import RIGHT, cell_of, submit
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kit.home import LearnerHome, starter
from kit.model import Part, Unit
from kit.notebooks import Notebook, find_cell, source, write_notebook
from kit.update import merge
from kit.update.salvage import salvage
from tests.unit.update.sequences import as_file, edits

pytestmark = pytest.mark.grading


@pytest.fixture(scope="module")
def home(new_home: Any) -> LearnerHome:
    """One home for all: its course is made once."""
    made: LearnerHome = new_home()
    return made


def older(notebook: Notebook) -> Notebook:
    """The version before: other texts, another starter, and an exercise that is gone now."""
    base = copy.deepcopy(notebook)
    base["metadata"]["kit"]["version"] = "0"
    gone = []
    for cell in base["cells"]:
        kit = cell["metadata"]["kit"]
        if kit["role"] == "prose" or (kit["id"], kit["role"]) == ("count", "answer"):
            cell["source"] = "# before\n" + source(cell)
        if kit["id"] == "total":
            twin = json.loads(json.dumps(cell).replace("total", "gone"))
            gone.append(twin)
    base["cells"] += gone
    return base


def answered(base: Notebook) -> Notebook:
    mine = copy.deepcopy(base)
    for exercise, text in {**RIGHT, "gone": "gone = 1"}.items():
        cell = find_cell(mine, exercise, "answer")
        assert cell is not None
        cell["source"] = text
    return mine


@settings(
    max_examples=20,
    deadline=None,
    # each costs a run of nbgrader: a failure is shown as it was drawn
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_any_updated_notebook_is_graded_and_a_right_answer_earns_its_point(
    home: LearnerHome, content: Unit, data: st.DataObject
) -> None:
    theirs = starter(home, content, Part.PRACTICE)
    base = older(theirs)
    written = as_file(data.draw(edits(answered(base))))
    torn = data.draw(st.sampled_from([0, 0, 0, 300]))
    mine, _ = salvage(written[: len(written) - torn])
    result = merge(base, mine, theirs).notebook
    write_notebook(home.notebook(content, Part.PRACTICE), result)
    graded = submit(home, content)
    kept = {e: source(find_cell(result, e, "answer") or {}) for e in RIGHT}
    if all(text == source(find_cell(theirs, e, "answer") or {}) for e, text in kept.items()):
        # nothing is left that could be handed in
        return
    for exercise, right in RIGHT.items():
        row = cell_of(graded, exercise)
        assert row["outcome"] in ("passed", "incorrect", "not_attempted", "error")
        if kept[exercise] == right:
            assert row["points"] == 1.0
    practice = next(a for a in graded["assignments"] if a["part"] == "practice")
    assert practice["max_score"] == 2.0
