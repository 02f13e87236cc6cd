"""Coming back: the card, and the names of what was solved, without running it again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kit.home import LearnerHome
from kit.identity import GRADING_VARIABLE
from kit.model import Attempt, Part, Unit
from kit.notebooks import find_cell, read_notebook, write_notebook
from kit.progress import ProgressLog
from kit.widgets.back import BackCard
from kit.workbook import Workbook, open_workbook
from kit.workbook.resume import FRESH_VARIABLE


def saved(home: LearnerHome, unit: Unit, **answers: str) -> None:
    """Write answers into the notebook on disk."""
    path = home.notebook(unit, Part.PRACTICE)
    notebook = read_notebook(path)
    for exercise, text in answers.items():
        cell = find_cell(notebook, exercise, "answer")
        assert cell is not None
        cell["source"] = text
    write_notebook(path, notebook)


def passed(home: LearnerHome, *exercises: str) -> None:
    log = ProgressLog(home.progress_file)
    for n, exercise in enumerate(exercises):
        log.append(Attempt(f"2026-11-02T09:0{n}:00+00:00", "check", "tiny", exercise, "passed"))


def come_back(names: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """Names of a fresh kernel after the first cell, and the card's lines by label."""
    scope: dict[str, Any] = {} if names is None else names
    card = open_workbook("tiny", names=scope).resume()
    assert card is not None
    return scope, dict(card.lines)


def test_the_names_of_what_passed_come_back_and_no_others(
    unit: Unit, tiny_home: LearnerHome
) -> None:
    saved(tiny_home, unit, count="count = 40 + 2", total="total = 7")
    passed(tiny_home, "count")
    scope, lines = come_back()
    assert scope["count"] == 42
    assert "total" not in scope
    assert lines["Here again, without running it"] == "`count`"
    assert lines["Passed"] == "1 / 2: Count the disks"


def test_the_card_says_where_somebody_stood_and_what_comes_next(
    unit: Unit, tiny_home: LearnerHome
) -> None:
    passed(tiny_home, "count")
    card = open_workbook("tiny", names={}).resume()
    assert isinstance(card, BackCard)
    assert card.title == "Welcome back to “A tiny unit”"
    lines = dict(card.lines)
    assert re.fullmatch(r"2026-11-02 \d\d:\d\d · You passed “Count the disks”.", lines["Last time"])
    assert lines["Next"] == "Add the sizes (about 2 minutes)"


def test_when_all_is_passed_the_next_thing_is_to_hand_in(
    unit: Unit, tiny_home: LearnerHome
) -> None:
    passed(tiny_home, "count", "total")
    assert come_back()[1]["Next"] == "hand in: upskill submit tiny"


def test_functions_that_come_back_see_the_notebook_as_it_goes_on(
    unit: Unit, tiny_home: LearnerHome
) -> None:
    saved(tiny_home, unit, count="def double(x):\n    return factor * x\n\ncount = 1")
    passed(tiny_home, "count")
    scope, _ = come_back()
    exec("factor = 3", scope)
    assert scope["double"](2) == 6


def test_what_the_kernel_has_already_is_newer_than_what_is_saved(
    unit: Unit, tiny_home: LearnerHome
) -> None:
    saved(tiny_home, unit, count="helper = 'saved'\ncount = 1", total="count = 2\ntotal = 3")
    passed(tiny_home, "count", "total")
    scope, _ = come_back({"helper": "typed", "count": 9})
    assert (scope["helper"], scope["count"], scope["total"]) == ("typed", 9, 3)


def test_an_answer_that_was_edited_away_is_named_and_does_no_harm(
    unit: Unit, tiny_home: LearnerHome
) -> None:
    saved(tiny_home, unit, count="count = elsewhere", total="total = 5")
    passed(tiny_home, "count", "total")
    scope, lines = come_back()
    assert lines["Run these cells to have their names"] == "Count the disks"
    assert (scope.get("count"), scope["total"]) == (None, 5)


def test_nothing_is_shown_or_recorded_while_answers_come_back(
    unit: Unit, tiny_home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(tiny_home, unit, count="print('noise')\nwb.check('total')\ncount = 1")
    passed(tiny_home, "count")
    before = tiny_home.progress_file.read_bytes()
    scope: dict[str, Any] = {}
    scope["wb"] = open_workbook("tiny", names=scope)
    assert scope["wb"].resume() is not None
    assert scope["count"] == 1
    assert tiny_home.progress_file.read_bytes() == before
    assert capsys.readouterr().out == ""
    scope["wb"].check("total")
    assert tiny_home.progress_file.read_bytes() != before


def test_an_answer_that_never_ends_is_left_out(
    unit: Unit, tiny_home: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.workbook.resume.SECONDS", 0.2)
    saved(tiny_home, unit, count="while True:\n    pass", total="total = 5")
    passed(tiny_home, "count", "total")
    scope, lines = come_back()
    assert scope["total"] == 5
    assert lines["Run these cells to have their names"] == "Count the disks"


def test_a_task_that_changed_since_is_named(unit: Unit, tiny_home: LearnerHome) -> None:
    passed(tiny_home, "count")
    data: dict[str, object] = {"from": "1", "to": "2", "changed": ["count"]}
    log = ProgressLog(tiny_home.progress_file)
    log.append(Attempt("2026-11-03T09:00:00+00:00", "update", "tiny", data=data))
    assert come_back()[1]["The task changed since you passed it"] == "Count the disks"


def test_the_first_visit_has_no_card(wb: Workbook, names: dict[str, Any]) -> None:
    assert wb.resume() is None
    assert names == {}


def test_a_graded_notebook_gets_its_own_names_alone(unit: Unit, tiny_home: LearnerHome) -> None:
    saved(tiny_home, unit, count="count = 1")
    passed(tiny_home, "count")
    scope: dict[str, Any] = {}
    card = open_workbook("tiny", part="graded", names=scope).resume()
    assert card is not None
    assert "count" not in scope
    assert dict(card.lines)["Passed"].startswith("0 / ")


def test_under_grading_and_in_a_fresh_run_answers_come_from_their_own_cells(
    unit: Unit, tiny_home: LearnerHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved(tiny_home, unit, count="count = 1")
    passed(tiny_home, "count")
    scope: dict[str, Any] = {}
    with monkeypatch.context() as patch:
        patch.setenv(FRESH_VARIABLE, "1")
        assert open_workbook("tiny", names=scope).resume() is None
    told = {"course": "c", "learner": "kim", "language": "en", "hidden_seed": 5}
    monkeypatch.setenv(GRADING_VARIABLE, json.dumps(told))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    assert open_workbook("tiny", names=scope).resume() is None
    assert scope == {}
