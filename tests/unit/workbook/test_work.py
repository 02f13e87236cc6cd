"""The learner's way in: check, hints, carrying on, taking, asking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.errors import UsageError
from kit.home import LearnerHome
from kit.identity import GRADING_VARIABLE
from kit.model import OUTCOME_MIME, OutcomeKind, Part, Unit
from kit.notebooks import find_cell, read_notebook, write_notebook
from kit.progress import ProgressLog
from kit.server.standing import exercise_state
from kit.workbook import Workbook, open_workbook


def events(home: LearnerHome) -> list[tuple[str, str, str]]:
    return [(a.event, a.exercise, a.outcome) for a in ProgressLog(home.progress_file).read()]


def test_it_reads_the_names_of_the_notebook_that_opened_it(
    unit: Unit, tiny_home: LearnerHome
) -> None:
    scope: dict[str, Any] = {"open_workbook": open_workbook}
    exec("wb = open_workbook('tiny')\ncount = len(wb.case()['disks'])", scope)
    assert scope["wb"].outcome("count").kind is OutcomeKind.PASSED


def test_a_check_is_recorded_with_its_mistakes_label(
    wb: Workbook, names: dict[str, Any], tiny_home: LearnerHome
) -> None:
    wb.check("count")
    names["count"] = 99
    wb.check("count")
    names["count"] = len(wb.case()["disks"])
    wb.check("count")
    written = ProgressLog(tiny_home.progress_file).read()
    assert [(a.outcome, a.label) for a in written] == [
        ("not_attempted", "not_attempted"),
        ("incorrect", "miscounted"),
        ("passed", ""),
    ]
    assert {a.version for a in written} == {"1"}


def test_outcome_records_nothing(wb: Workbook, tiny_home: LearnerHome) -> None:
    wb.outcome("count")
    assert events(tiny_home) == []


def test_the_panel_carries_the_outcome_for_programs(wb: Workbook, names: dict[str, Any]) -> None:
    names["count"] = 99
    bundle, _ = wb.check("count")._repr_mimebundle_()
    assert bundle[OUTCOME_MIME]["kind"] == "incorrect"
    assert bundle[OUTCOME_MIME]["label"] == "miscounted"
    assert "You count 99 disks" in bundle["text/plain"]
    assert "You count 99 disks" in bundle["text/html"]


def test_a_case_is_a_fresh_copy_of_the_same_data(wb: Workbook, names: dict[str, Any]) -> None:
    first = wb.case()
    first["disks"].clear()
    assert wb.case()["disks"]
    names["count"] = len(wb.case()["disks"])
    assert wb.outcome("count").kind is OutcomeKind.PASSED


def test_practice_and_graded_have_cases_of_their_own(unit: Unit, tiny_home: LearnerHome) -> None:
    practice, graded = open_workbook("tiny"), open_workbook("tiny", part="graded")
    assert practice.case() != graded.case()
    assert open_workbook("tiny").case() == practice.case()


def test_an_unknown_exercise_is_answered_with_those_that_exist(wb: Workbook) -> None:
    with pytest.raises(UsageError, match="count, total"):
        wb.check("cuont")


def test_a_unit_whose_checks_do_not_load_is_our_fault(
    unit: Unit, wb: Workbook, tiny_home: LearnerHome
) -> None:
    (unit.folder / "checks.py").write_text("raise RuntimeError('broken')", encoding="utf-8")
    outcome = wb.outcome("count")
    assert (outcome.kind, outcome.score) == (OutcomeKind.UNCHECKABLE, None)
    assert "broken" in outcome.report


def test_our_fault_leaves_a_file_to_hand_over_and_the_panel_names_it(
    wb: Workbook, names: dict[str, Any], tiny_home: LearnerHome
) -> None:
    names["total"] = -1
    said = wb.check("total").forms()["text/plain"]
    path = tiny_home.state / "reports" / "tiny-total-1.txt"
    assert str(path) in said
    text = path.read_text(encoding="utf-8")
    assert 'raise RuntimeError("this check is broken")' in text
    assert "tiny 1" in text


def test_where_no_file_can_be_written_the_panel_still_holds_the_report(
    wb: Workbook, names: dict[str, Any], tiny_home: LearnerHome
) -> None:
    names["total"] = -1
    # a file where the folder should be
    (tiny_home.state / "reports").write_text("", encoding="utf-8")
    panel = wb.check("total")
    assert "RuntimeError" in panel.view["report"]
    assert "reports" not in panel.forms()["text/plain"]


def test_hints_open_rung_by_rung_and_are_noted_once(
    wb: Workbook, tiny_home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    wb.hint("count")
    wb.hint("count")
    assert capsys.readouterr().out.count("1. Count what the list holds.") == 2
    assert events(tiny_home) == [("hint", "count", "")]


def test_where_there_are_no_hints_the_reason_is_given(
    wb: Workbook, capsys: pytest.CaptureFixture[str], tiny_home: LearnerHome
) -> None:
    wb.hint("case")
    assert capsys.readouterr().out.strip() == "This part is graded."
    assert events(tiny_home) == []


def test_the_panels_button_opens_a_hint(
    wb: Workbook, names: dict[str, Any], tiny_home: LearnerHome
) -> None:
    names["count"] = 99
    panel = wb.check("count")
    assert panel.view["hints"] == []
    panel._receive(panel, {"action": "hint"}, [])
    assert panel.view["hints"] == ["Count what the list holds."]
    assert panel.view["hints_left"] == 0
    assert events(tiny_home)[-1] == ("hint", "count", "")


def test_a_passed_result_is_carried_on(wb: Workbook, names: dict[str, Any]) -> None:
    names["count"] = len(wb.case()["disks"])
    assert wb.carry("count") == names["count"]


def test_what_has_not_passed_is_not_carried_and_the_way_on_is_named(wb: Workbook) -> None:
    with pytest.raises(UsageError, match=r'wb\.take\("count"\)'):
        wb.carry("count")


def test_taking_gives_the_truth_is_noted_and_can_be_carried(
    wb: Workbook, names: dict[str, Any], tiny_home: LearnerHome
) -> None:
    names["count"] = 99
    truth = len(wb.case()["disks"])
    assert wb.take("count") == truth
    assert wb.carry("count") == truth
    assert events(tiny_home) == [("taken", "count", "")]
    assert wb.progress().state("count").assisted
    assert not wb.progress().state("count").passed


def test_taking_after_a_pass_is_no_help(
    wb: Workbook, names: dict[str, Any], tiny_home: LearnerHome
) -> None:
    names["count"] = len(wb.case()["disks"])
    wb.check("count")
    wb.take("count")
    state = wb.progress().state("count")
    assert state.taken and state.passed and not state.assisted


def passed_then_restarted(home: LearnerHome, unit: Unit, saved: str) -> Workbook:
    """A workbook in a fresh kernel: passed before, ``saved`` in the notebook, no names."""
    names: dict[str, Any] = {}
    before = open_workbook("tiny", names=names)
    names["count"] = len(before.case()["disks"])
    before.check("count")
    define(home, unit, saved)
    return open_workbook("tiny", names={"disks": before.case()["disks"]})


def test_after_a_restart_the_saved_answer_is_carried(
    wb: Workbook, unit: Unit, tiny_home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    again = passed_then_restarted(tiny_home, unit, "print('noise')\ncount = len(disks)")
    assert again.carry("count") == len(again.case()["disks"])
    assert capsys.readouterr().out == ""
    assert not again.work().has("count"), "nothing appears in the kernel unasked"


def test_a_passed_answer_that_is_gone_is_said_to_have_passed_and_can_be_taken(
    wb: Workbook, unit: Unit, tiny_home: LearnerHome
) -> None:
    again = passed_then_restarted(tiny_home, unit, "count = elsewhere")
    day = again.progress().state("count").passed_time[:10]
    with pytest.raises(UsageError, match=rf"passed on {day}") as told:
        again.carry("count")
    assert "Run All Above" in told.value.fix and 'wb.take("count")' in told.value.fix
    assert again.take("count") == again.carry("count") == len(again.case()["disks"])
    assert again.progress().state("count").passed


def test_a_check_in_a_fresh_kernel_leaves_a_pass_as_it_is(
    wb: Workbook, unit: Unit, tiny_home: LearnerHome
) -> None:
    again = passed_then_restarted(tiny_home, unit, "count = len(disks)")
    panel = again.check("count")
    state = again.progress().state("count")
    assert (state.passed, state.last_outcome) == (True, "passed")
    assert "You passed this on" in panel.forms()["text/plain"]
    assert exercise_state(state) == "passed"


def test_where_there_is_no_intermediate_result_taking_says_so(wb: Workbook) -> None:
    with pytest.raises(UsageError, match="total"):
        wb.take("total")


def test_under_grading_a_failed_step_costs_its_own_points_only(
    unit: Unit, tiny_home: LearnerHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = {"course": "c", "learner": "kim", "language": "en", "hidden_seed": 5}
    monkeypatch.setenv(GRADING_VARIABLE, json.dumps(told))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"count": 99}
    wb = open_workbook("tiny", names=names)
    assert wb.carry("count") == len(wb.case()["disks"])
    assert wb.check("count") == 0.0
    names["count"] = len(wb.case()["disks"])
    assert wb.check("count") == 1.0
    assert isinstance(wb.check("count"), float)
    assert events(tiny_home) == []
    assert wb.items("pre") is None


def define(home: LearnerHome, unit: Unit, text: str) -> None:
    path = home.notebook(unit, Part.PRACTICE)
    notebook = read_notebook(path)
    cell = find_cell(notebook, "count", "answer")
    assert cell is not None
    cell["source"] = text
    write_notebook(path, notebook)


def test_mine_brings_what_the_practice_defined(
    wb: Workbook, unit: Unit, tiny_home: LearnerHome
) -> None:
    define(tiny_home, unit, "count = 40 + 2")
    assert wb.mine("count") == 42


def test_mine_of_something_blank_names_the_exercise(
    wb: Workbook, unit: Unit, tiny_home: LearnerHome
) -> None:
    define(tiny_home, unit, "from kit import ____\ncount = ____")
    with pytest.raises(UsageError, match=r'wb\.check\("count"\)'):
        wb.mine("count")


def test_mine_of_a_name_that_nobody_asked_for_is_refused(wb: Workbook) -> None:
    with pytest.raises(UsageError, match="asks for 'disks'"):
        wb.mine("disks")
