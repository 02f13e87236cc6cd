"""What the buttons of an exercise's panel do to the work, the progress and the page."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kit.cli.reset import run_reset
from kit.content import load_units
from kit.gate.build import build_unit
from kit.home import LearnerHome, make_home, open_home
from kit.identity import GRADING_VARIABLE
from kit.model import Part, Unit
from kit.notebooks import find_cell, read_notebook, source, write_notebook
from kit.progress import ProgressLog
from kit.widgets.panel import ExercisePanel
from kit.workbook import Workbook, open_workbook
from tests.forms_unit import only_forms

TYPED = "count = 1 + 1  # not saved yet"


def events(home: LearnerHome) -> list[tuple[str, str, str]]:
    return [(a.event, a.exercise, a.outcome) for a in ProgressLog(home.progress_file).read()]


def in_page(home: LearnerHome, unit: Unit, text: str = TYPED) -> dict[str, Any]:
    """The answer cell as a page shows it."""
    cell = find_cell(read_notebook(home.notebook(unit, Part.PRACTICE)), "count", "answer")
    assert cell is not None
    kept = {name: cell[name] for name in ("id", "cell_type", "metadata")}
    return {**kept, "source": text}


def press(panel: ExercisePanel, action: str, *cells: dict[str, Any]) -> list[dict[str, str]]:
    """Press a button; returns the texts that the page is given."""
    sent: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel, "send", sent.append)
        panel._receive(panel, {"action": action, "cells": list(cells)}, [])
    assert panel.heard["fault"] == ""
    return [text for message in sent for text in message["texts"]]


@pytest.fixture
def wrong(wb: Workbook, names: dict[str, Any]) -> ExercisePanel:
    """The panel of a wrong answer."""
    names["count"] = 99
    panel: ExercisePanel = wb.check("count")
    return panel


def test_check_again_judges_what_is_in_the_kernel_now_and_is_an_attempt(
    wb: Workbook, names: dict[str, Any], wrong: ExercisePanel, tiny_home: LearnerHome
) -> None:
    names["count"] = len(wb.case()["disks"])
    press(wrong, "check")
    assert (wrong.view["kind"], wrong.forms()["text/plain"].splitlines()[0]) == (
        "passed",
        "✓ Count the disks: Passed",
    )
    assert events(tiny_home) == [("check", "count", "incorrect"), ("check", "count", "passed")]
    assert wb.progress().state("count").attempts == 2


def test_under_nbgrader_there_is_no_panel(
    wb: Workbook, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NBGRADER_EXECUTION", GRADING_VARIABLE):
        monkeypatch.setenv(name, "autograde")
    names["count"] = 99
    assert wb.check("count") == 0.0


def test_taking_from_the_panel_is_noted_and_said(
    wb: Workbook, wrong: ExercisePanel, tiny_home: LearnerHome
) -> None:
    press(wrong, "take")
    assert wrong.view["heading"] == "Taken"
    assert wrong.view["take_label"] == ""
    assert events(tiny_home)[-1] == ("taken", "count", "")


def test_a_panel_drawn_anew_shows_hints_and_what_was_taken(
    wb: Workbook, wrong: ExercisePanel, unit: Unit
) -> None:
    press(wrong, "hint")
    press(wrong, "take")
    # another kernel
    view = open_workbook("tiny", names={}).check("count").view
    assert view["hints"] == ["Count what the list holds."]
    assert view["heading"] == "Taken"


def test_starting_again_forgets_answer_progress_and_names(
    wb: Workbook, names: dict[str, Any], wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    press(wrong, "hint")
    cell = in_page(tiny_home, unit)
    assert press(wrong, "reset", cell) == [{"id": cell["id"], "source": "count = ____"}]
    assert (wrong.view["kind"], wrong.view["hints"]) == ("not_attempted", [])
    assert "count" not in names
    assert "count" not in wb.progress().exercises
    assert events(tiny_home)[-1][:2] == ("reset", "count")


def test_the_text_in_the_page_is_on_disk_before_the_starter_goes_to_it(
    wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    press(wrong, "reset", in_page(tiny_home, unit))
    folder = tiny_home.state / "undo" / "tiny" / "0001"
    assert str(folder.relative_to(tiny_home.root)) in wrong.view["lines"][0][1]
    kept = find_cell(read_notebook(folder / "workbook.ipynb"), "count", "answer")
    assert source(kept or {}) == TYPED


def test_undo_brings_text_names_and_progress_back_and_keeps_what_came_since(
    wb: Workbook, names: dict[str, Any], wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    before = wb.progress().exercises
    cell = in_page(tiny_home, unit)
    press(wrong, "reset", cell)
    since = {**cell, "source": "count = 'since'"}
    assert press(wrong, "undo", since) == [{"id": cell["id"], "source": TYPED}]
    assert names["count"] == 99
    assert wb.progress().exercises == before
    assert (wrong.view["kind"], wrong.view["undo_label"]) == ("incorrect", "")
    folder = tiny_home.state / "undo" / "tiny" / "0001-undone"
    assert str(folder.relative_to(tiny_home.root)) in wrong.view["lines"][1][1]
    kept = find_cell(read_notebook(folder / "since.ipynb"), "count", "answer")
    assert source(kept or {}) == "count = 'since'"


def test_undo_says_nothing_of_what_came_since_when_nothing_did(
    wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    press(wrong, "reset", in_page(tiny_home, unit))
    press(wrong, "undo", in_page(tiny_home, unit, "count = ____"))
    assert "in between" not in wrong.forms()["text/plain"]


def test_undo_is_offered_by_a_panel_of_another_kernel_until_the_exercise_passes(
    wb: Workbook, names: dict[str, Any], wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    press(wrong, "reset", in_page(tiny_home, unit))
    again: dict[str, Any] = {}
    other = open_workbook("tiny", names=again)
    assert other.check("count").view["undo_label"]
    again["count"] = len(other.case()["disks"])
    assert other.check("count").view["undo_label"] == ""


def test_a_terminal_undoes_what_a_panel_has_reset(
    wb: Workbook, wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    cell = in_page(tiny_home, unit)
    (text,) = press(wrong, "reset", cell)
    # the page has saved the starter
    path = tiny_home.notebook(unit, Part.PRACTICE)
    notebook = read_notebook(path)
    answer = find_cell(notebook, "count", "answer")
    assert answer is not None
    answer["source"] = text["source"]
    write_notebook(path, notebook)
    run_reset("tiny:count", tiny_home.root, undo=True)
    assert source(find_cell(read_notebook(path), "count", "answer") or {}) == TYPED
    assert wb.progress().state("count").attempts == 1


def test_a_page_that_cannot_be_reached_gets_the_texts_of_the_saved_notebook(
    wrong: ExercisePanel, tiny_home: LearnerHome
) -> None:
    assert [text["source"] for text in press(wrong, "reset")] == ["count = ____"]
    assert [text["source"] for text in press(wrong, "undo")] == ["count = ____"]


def test_a_damaged_notebook_stops_a_new_start_before_anything_is_forgotten(
    wb: Workbook, wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    cell = in_page(tiny_home, unit)
    tiny_home.notebook(unit, Part.PRACTICE).write_text("{ not json", encoding="utf-8")
    wrong._receive(wrong, {"action": "reset", "cells": [cell]}, [])
    assert "damaged" in wrong.heard["fault"]
    assert wb.progress().state("count").attempts == 1
    assert not (tiny_home.state / "undo").exists()


def test_an_exercise_of_the_other_notebook_has_no_new_start(
    wb: Workbook, unit: Unit, tiny_home: LearnerHome
) -> None:
    assert wb.check("count").view["reset_label"] == "Start again"
    assert wb.check("case").view["reset_label"] == ""


def test_an_answer_given_in_a_form_is_reset_and_comes_back(tmp_path: Any, own_home: Any) -> None:
    with only_forms(tmp_path / "content") as unit:
        home = open_home(own_home, "en")
        make_home(home)
        wb = open_workbook(unit.id, names={})
        wb.answer("who", "b")
        panel = wb.check("who")
        given = wb._answer_file()
        assert panel.view["kind"] == "passed"
        assert press(panel, "reset") == []
        assert (given.given("who"), panel.view["kind"]) == (None, "not_attempted")
        assert "Run the cell of the form again" in panel.forms()["text/plain"]
        press(panel, "undo")
        assert (given.given("who"), panel.view["kind"]) == ("b", "passed")


@pytest.fixture
def building(unit: Unit) -> Unit:
    """The unit in which the second exercise builds on the first."""
    text = unit.folder / "workbook.md"
    told = text.read_text(encoding="utf-8")
    text.write_text(told.replace("total = ____", 'n = wb.carry("count")\ntotal = ____'), "utf-8")
    load_units.cache_clear()
    built = load_units()["tiny"]
    build_unit(built)
    return built


def test_a_panel_says_which_exercise_it_waits_for_until_that_is_done(
    building: Unit, tiny_home: LearnerHome, names: dict[str, Any]
) -> None:
    wb = open_workbook("tiny", names=names)
    assert "This builds on “Count the disks”" in wb.check("total").forms()["text/plain"]
    assert wb.check("count").view["waits"] == ""
    wb.take("count")
    assert wb.check("total").view["waits"] == ""


def test_a_notebook_that_the_page_is_just_saving_is_waited_for(
    wrong: ExercisePanel, tiny_home: LearnerHome, unit: Unit
) -> None:
    cell, path = in_page(tiny_home, unit), tiny_home.notebook(unit, Part.PRACTICE)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[: len(whole) // 2], encoding="utf-8")
    saving = threading.Timer(0.3, path.write_text, [whole], {"encoding": "utf-8"})
    saving.start()
    assert press(wrong, "reset", cell)
    saving.join()
