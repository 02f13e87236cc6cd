"""What a learner says is kept: answers, the log, the declaration; nothing while grading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.progress import ProgressLog
from kit.workbook import Workbook, open_workbook


def test_an_answered_question_is_stored_once_and_judged_in_the_log_only(
    wb: Workbook, tiny_home: LearnerHome, unit: Unit
) -> None:
    widget = wb.items("pre")
    widget._receive(widget, {"item": "pre-1", "option": "b", "confidence": 80}, [])
    widget._receive(widget, {"item": "pre-1", "option": "a", "confidence": 10}, [])
    (attempt,) = ProgressLog(tiny_home.progress_file).read()
    assert attempt.data == {"stage": "pre", "pair": "p", "right": True, "confidence": 80}
    path = tiny_home.assignment_folder(unit, Part.PRACTICE) / "answers.json"
    stored = json.loads(path.read_text(encoding="utf-8"))["items"]["pre-1"]
    assert stored == {"option": "b", "confidence": 80, "attempts": 1}
    assert "right" not in json.dumps(widget.get_state(["questions", "answers", "words"]))


def test_progress_survives_a_new_kernel(
    unit: Unit, tiny_home: LearnerHome, names: dict[str, Any], wb: Workbook
) -> None:
    names["count"] = len(wb.case()["disks"])
    wb.check("count")
    again = open_workbook("tiny", names={})
    assert again.progress().state("count").passed


def test_its_name_is_shown_instead_of_an_address(wb: Workbook) -> None:
    assert repr(wb) == "A tiny unit (tiny, practice)"


def test_a_declaration_lies_with_the_part_it_is_about(
    unit: Unit, tiny_home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    open_workbook("tiny", part="graded", names={}).declare("explain", "the rule")
    told = tiny_home.assignment_folder(unit, Part.GRADED) / "answers.json"
    assert json.loads(told.read_text("utf-8"))["declared"] == {"use": "explain", "note": "the rule"}
    assert "explain" in capsys.readouterr().out


def test_grading_leaves_a_declaration_as_it_was_handed_in(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = open_workbook("tiny", part="graded", names={})
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    workbook.declare("anything at all")
    assert not list(tmp_path.rglob("answers.json"))


def test_what_was_set_comes_back_in_another_kernel_and_is_never_handed_in(
    unit: Unit, tiny_home: LearnerHome, wb: Workbook
) -> None:
    assert wb.remembered("rule") is None
    wb.remember("rule", {"q": 95.0})
    wb.remember("curve", {"on_share": 0.5})
    wb.remember("rule", {"q": 99.5})
    again = open_workbook("tiny", names={})
    assert (again.remembered("rule"), again.remembered("curve")) == ({"q": 99.5}, {"on_share": 0.5})
    # the other part is another piece of work
    assert open_workbook("tiny", part="graded", names={}).remembered("rule") is None
    handed = tiny_home.assignment_folder(unit, Part.PRACTICE)
    assert [path for path in handed.rglob("*") if "99.5" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("text", ["{", "[1]", "3"])
def test_settings_of_another_shape_are_none_and_are_replaced(
    tiny_home: LearnerHome, wb: Workbook, text: str
) -> None:
    wb.remember("rule", 1)
    (path,) = (tiny_home.state / "settings" / "tiny").iterdir()
    path.write_text(text, encoding="utf-8")
    assert wb.remembered("rule") is None
    wb.remember("rule", 2)
    assert wb.remembered("rule") == 2


def test_nothing_is_remembered_while_grading(
    unit: Unit, tiny_home: LearnerHome, wb: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    wb.remember("rule", 1)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    graded = open_workbook("tiny", names={})
    graded.remember("rule", 2)
    assert graded.remembered("rule") is None
    assert wb.remembered("rule") == 1
