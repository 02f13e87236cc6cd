from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.content import load_programme, load_units
from kit.errors import HomeError
from kit.home import LearnerHome, content_notebook, make_home, open_home
from kit.model import Attempt, Part, Unit
from kit.notebooks import read_notebook, write_notebook
from kit.progress import ProgressLog
from kit.server.page import render_home
from kit.server.standing import read_standing
from tests.cells import cell, damaged, notebook

SHIPPED = load_units()[load_programme().units[0]]


def states(home: LearnerHome) -> dict[str, tuple[str, str]]:
    return {e.id: (e.state, e.help) for e in read_standing(home).units[0].practice}


def test_an_untouched_unit_is_to_do_and_starts_at_its_first_exercise(home, diary):
    standing = read_standing(home)
    assert states(home) == {"count": ("todo", ""), "total": ("todo", "")}
    assert standing.last is None
    assert (standing.next.kind, standing.next.title) == ("practice", "Count the disks")


def test_a_pass_without_help_is_unaided_and_moves_on(home, diary):
    diary("check", "count", "passed")
    assert states(home)["count"] == ("passed", "unaided")
    assert read_standing(home).units[0].passed == 1
    assert read_standing(home).next.title == "Add the sizes"


def test_a_hint_before_the_pass_makes_it_assisted(home, diary):
    diary("hint", "count")
    diary("check", "count", "passed")
    assert states(home)["count"] == ("passed", "assisted")


def test_a_wrong_answer_wants_another_check(home, diary):
    diary("check", "count", "incorrect")
    assert states(home)["count"] == ("again", "")


def test_a_pass_that_a_later_check_broke_wants_another_check_and_still_counts(home, diary):
    diary("check", "count", "passed")
    diary("check", "count", "incorrect")
    assert states(home)["count"] == ("again", "unaided")
    assert read_standing(home).units[0].passed == 1


def practice_graded(
    outcome: str, at: str = "2026-11-02T10:00:00.123456+00:00"
) -> dict[str, object]:
    """The practice handed in after all that a diary holds, with one exercise graded."""
    cell = {"exercise": "count", "points": 1, "max_points": 1, "outcome": outcome}
    row = {"name": "tiny-practice", "part": "practice", "submitted_at": at, "cells": [cell]}
    return {"assignments": [row], "not_ready": []}


@pytest.mark.parametrize(
    ("before", "help_"), [(("check", "passed"), "unaided"), (("hint", ""), "assisted")]
)
def test_a_submission_that_passed_later_ends_the_advice_to_check_again(
    home, diary, put_result, before, help_
):
    diary(before[0], "count", before[1])
    diary("check", "count", "incorrect")
    put_result(**practice_graded("incorrect"))
    assert states(home)["count"][0] == "again"
    put_result(**practice_graded("passed"))
    assert states(home)["count"] == ("passed", help_)
    assert read_standing(home).units[0].passed == 1
    assert read_standing(home).next.title == "Add the sizes"


def test_a_check_after_the_submission_holds_against_it(home, diary, put_result):
    put_result(**practice_graded("passed", at="2026-11-02T09:01:30+00:00"))
    diary("check", "count", "passed")
    diary("check", "count", "incorrect")
    assert states(home)["count"] == ("again", "unaided")


def test_a_reset_is_not_undone_by_an_old_grade(home, diary, put_result):
    diary("check", "count", "passed")
    put_result(**practice_graded("passed", at="2026-11-02T09:01:30+00:00"))
    diary("reset", "count")
    assert states(home)["count"] == ("todo", "")
    assert read_standing(home).next.title == "Count the disks"


def test_a_grade_that_is_newer_than_the_reset_counts(home, diary, put_result):
    diary("reset", "count")
    put_result(**practice_graded("passed"))
    assert states(home)["count"] == ("passed", "")


def test_a_reset_that_was_undone_leaves_the_grade_in_force(home, diary, put_result):
    put_result(**practice_graded("passed", at="2026-11-02T09:00:30+00:00"))
    diary("reset", "count")
    diary("undo", states={"count": {}})
    assert states(home)["count"] == ("passed", "")


def test_a_reset_of_everything_that_was_undone_leaves_all_grades_in_force(home, diary, put_result):
    put_result(**practice_graded("passed", at="2026-11-02T09:00:30+00:00"))
    diary("reset", scope="all")
    assert states(home)["count"] == ("todo", "")
    diary("undo", scope="all", states={})
    assert states(home)["count"] == ("passed", "")


def test_a_pass_that_only_a_grade_tells_of_counts_and_claims_no_help(home, diary, put_result):
    put_result(**practice_graded("passed"))
    unit = read_standing(home).units[0]
    assert states(home) == {"count": ("passed", ""), "total": ("todo", "")}
    assert (unit.passed, unit.checked, unit.verified) == (1, 0, None)
    assert read_standing(home).next.title == "Add the sizes"


def test_a_submission_without_a_readable_time_changes_nothing(home, diary, put_result):
    diary("check", "count", "incorrect")
    put_result(**practice_graded("passed", at="yesterday"))
    assert states(home)["count"] == ("again", "")


def test_a_blank_answer_is_still_to_do(home, diary):
    diary("check", "count", "not_attempted")
    assert states(home)["count"] == ("todo", "")


def test_a_taken_result_shows_as_taken_and_is_not_a_pass(home, diary):
    diary("taken", "count")
    assert states(home)["count"] == ("taken", "")
    assert read_standing(home).units[0].passed == 0
    assert read_standing(home).next.title == "Add the sizes"


@pytest.mark.parametrize(
    ("event", "outcome", "sentence"),
    [
        ("check", "passed", "You passed “Count the disks”."),
        ("check", "error", "You were working on “Count the disks”; a cell stopped with an error."),
        ("hint", "", "You took a hint for “Count the disks”."),
        ("unheard-of", "", "You worked on “A tiny unit”."),
    ],
)
def test_the_return_card_tells_the_last_thing_done(home, diary, event, outcome, sentence):
    diary("check", "total", "incorrect")
    diary(event, "count", outcome)
    last = read_standing(home).last
    assert last is not None
    assert last.text == sentence
    assert last.time.startswith("2026-11-02T09:02")


def finish_practice(diary: Callable[..., None]) -> None:
    diary("check", "count", "passed")
    diary("check", "total", "passed")


def test_after_practice_the_graded_assignment_is_next(home, diary):
    finish_practice(diary)
    step = read_standing(home).next
    assert (step.kind, step.path, step.minutes) == ("graded", "tiny/assignment.ipynb", 7)


def test_handed_in_manual_work_waits_for_the_learners_own_rating(home, diary, put_result):
    finish_practice(diary)
    put_result(rated=None)
    assert read_standing(home).next.kind == "rate"
    put_result(rated=2)
    assert read_standing(home).next.kind == "graded"


def test_a_complete_unit_leads_to_the_learners_own_data_then_ends(home, diary, put_result):
    finish_practice(diary)
    put_result(rated=2, complete=True)
    assert read_standing(home).next.kind == "live"
    assert read_standing(home).next.path == "live/tiny.ipynb"
    assert read_standing(home).units[0].complete
    diary("applied")
    assert read_standing(home).next.kind == "done"


def test_who_has_done_nothing_yet_lands_on_the_notebooks_top(home, unit: Unit, diary):
    path: Path = home.notebook(unit, Part.PRACTICE)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_notebook(path, notebook(cell("markdown", "", "c-9", id="count")))
    assert read_standing(home).next.fragment == ""
    diary("item", "a", stage="pre", pair="a", right=True, confidence=80)
    assert read_standing(home).next.fragment == "cell-id=c-9"


def test_the_next_step_names_the_exercises_cell(home: LearnerHome, unit: Unit, diary):
    path = home.notebook(unit, Part.PRACTICE)
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [cell("markdown", "", "other"), cell("markdown", "", "c-9", id="count")]
    write_notebook(path, notebook(*cells))
    diary("check", "count", "incorrect")
    assert read_standing(home).next.fragment == "cell-id=c-9"


def test_a_damaged_notebook_still_leaves_a_link_to_it(home: LearnerHome, unit: Unit, diary):
    path: Path = home.notebook(unit, Part.PRACTICE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{", encoding="utf-8")
    diary("check", "count", "incorrect")
    step = read_standing(home).next
    assert (step.path, step.fragment) == ("tiny-practice/workbook.ipynb", "")


def test_questions_and_the_learners_own_lines_come_back(home, diary):
    for item, right in (("a", True), ("b", False)):
        diary("item", item, stage="pre", pair=item, right=right, confidence=80)
    diary("reflection", context="an old line")
    diary("reflection", context="A renewal in May", decision="Ask the owner first")
    unit = read_standing(home).units[0]
    ((_, before),) = unit.measures
    assert (before.n, before.right, before.confidence) == (2, 0.5, 0.8)
    assert unit.reflection == ("A renewal in May", "Ask the owner first")


def test_work_that_lies_with_a_trainer_leads_to_own_data_then_waits(home, diary, put_result):
    for exercise in ("count", "total"):
        diary("check", exercise, "passed")
    row = {"name": "tiny", "part": "graded", "state": "handed in", "receipt": "ab12"}
    put_result(assignments=[{**row, "submitted_at": "2026-11-02T10:00:00+00:00"}])
    assert read_standing(home).next.kind == "live"
    diary("applied")
    standing = read_standing(home)
    assert standing.next.kind == "waiting"
    assert standing.units[0].result is not None
    assert standing.units[0].result.assignments[0].receipt == "ab12"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> LearnerHome:
    """A home of the programme as it ships, one exercise checked."""
    home = open_home(tmp_path_factory.mktemp("damaged") / "home", "en")
    make_home(home)
    first = SHIPPED.of(Part.PRACTICE)[0]
    log = ProgressLog(home.progress_file)
    log.append(Attempt("2026-11-02T09:00:00+00:00", "check", SHIPPED.id, first.id, "incorrect"))
    return home


@settings(max_examples=60, deadline=None)
@given(
    made=st.sampled_from(Part).flatmap(
        lambda part: st.tuples(
            st.just(part), damaged(read_notebook(content_notebook(SHIPPED, part)))
        )
    )
)
def test_no_damage_of_a_notebook_hides_where_a_learner_stands(
    begun: LearnerHome, made: tuple[Part, Any]
) -> None:
    part, value = made
    path = begun.notebook(SHIPPED, part)
    whole = path.read_bytes()
    try:
        path.write_text(json.dumps(value), encoding="utf-8")
        expected = []
        try:
            read_notebook(path)
        except HomeError as error:
            expected.append(error.text())
        standing = read_standing(begun)
        assert [error.text() for error in standing.units[0].damaged] == expected
        page = render_home(begun, "/", "token")
        assert (str(path) in page) == bool(expected)
        assert standing.next.kind == "practice"
    finally:
        path.write_bytes(whole)


def test_a_folder_in_a_notebooks_place_is_told_and_the_rest_is_shown(home, unit: Unit, diary):
    path = home.notebook(unit, Part.PRACTICE)
    path.unlink()
    path.mkdir()
    diary("check", "count", "incorrect")
    standing = read_standing(home)
    (error,) = standing.units[0].damaged
    assert "folder" in error.what
    assert standing.next.title == "Count the disks"
