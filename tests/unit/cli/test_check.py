"""``upskill check`` runs the whole workbook afresh and says what each check said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings

import kit.grading.outcomes
from kit.cli.check import NOT_PASSED, _begun, _row, check_workbook, run_check_command
from kit.cli.execute import _without_outputs
from kit.errors import HomeError, UsageError
from kit.home import LearnerHome
from kit.i18n import Translator
from kit.model import OUTCOME_MIME, Exercise, ExerciseKind, Part, Reality, Unit
from kit.notebooks import find_cell, flaw, read_notebook, source, write_notebook
from kit.progress import ProgressLog
from tests.cells import DAMAGES, damaged, worked

pytestmark = pytest.mark.usefixtures("kernels_see_tiny")


SHAPE: dict[str, Any] = {
    "kind": ExerciseKind.PROCEDURE,
    "reality": Reality.SIMULATED,
    "minutes": 10,
    "points": 0,
}


def answer(home: LearnerHome, unit: Unit, **sources: str) -> Path:
    path = home.notebook(unit, Part.PRACTICE)
    notebook = read_notebook(path)
    for exercise, text in sources.items():
        cell = find_cell(notebook, exercise, "answer")
        assert cell is not None
        cell["source"] = text
    write_notebook(path, notebook)
    return path


def outcomes(home: LearnerHome, unit: Unit) -> dict[str, str]:
    return {row.id: row.outcome for row in check_workbook(home, unit, lambda *_: None)}


def test_each_check_speaks_for_itself_and_the_file_stays(
    tiny: Unit, tiny_home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    path = answer(tiny_home, tiny, count="count = len(disks)", total="total = 1 + sum(disks)")
    before = path.read_bytes()
    with pytest.raises(SystemExit) as stopped:
        run_check_command("tiny", tiny_home.root, "en", as_json=True)
    assert stopped.value.code == NOT_PASSED
    told = json.loads(capsys.readouterr().out)
    assert told["unit"] == "tiny"
    rows = told["exercises"]
    assert [(r["id"], r["outcome"], r["label"]) for r in rows] == [
        ("count", "passed", ""),
        ("total", "incorrect", "wrong_sum"),
    ]
    assert rows[1]["message"].endswith("that is not their sum.")
    assert path.read_bytes() == before


def test_all_passed_exits_with_zero_and_is_progress(
    tiny: Unit, tiny_home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(tiny_home, tiny, count="count = len(disks)", total="total = sum(disks)")
    run_check_command("tiny", tiny_home.root, "en", as_json=False)
    shown = capsys.readouterr().out
    assert "2 of 2 exercises passed" in shown
    assert "Count the disks" in shown
    written = ProgressLog(tiny_home.progress_file).read()
    assert [(a.event, a.exercise, a.outcome) for a in written] == [
        ("check", "count", "passed"),
        ("check", "total", "passed"),
    ]


def test_a_cell_that_stops_does_not_hide_the_others(tiny: Unit, tiny_home: LearnerHome) -> None:
    answer(tiny_home, tiny, count="count = 1 / 0", total="total = sum(disks)")
    rows = check_workbook(tiny_home, tiny, lambda *_: None)
    assert [(row.outcome, row.message) for row in rows] == [
        ("error", "ZeroDivisionError: division by zero"),
        ("passed", ""),
    ]


def test_a_blank_that_is_used_is_no_error_of_the_learners(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    answer(tiny_home, tiny, count="from kit import ____\ncount = int(____)")
    count, total = check_workbook(tiny_home, tiny, lambda *_: None)
    assert (count.outcome, total.outcome) == ("not_attempted", "not_attempted")
    assert "Replace ____" in count.message


def test_what_builds_on_an_unfinished_exercise_waits_in_one_line() -> None:
    exercises = [
        Exercise(id=name, title=title, part=Part.PRACTICE, **SHAPE)
        for name, title in (("repair", "Repair the series"), ("rule", "Choose the rule"))
    ]
    error = UsageError(
        "“{title}” has not passed yet, and this step builds on it.",
        where="repair",
        fix='Finish it, or go on with the intermediate result: wb.take("{id}")',
        title="Repair the series",
        id="repair",
    )
    output = {"output_type": "error", "ename": "UsageError", "evalue": str(error)}
    cells = [{"metadata": {"kit": {"id": "rule", "role": "setup"}}, "outputs": [output]}]
    row = _row(exercises[1], cells, Translator("en"), exercises)
    assert row.message == "Waits for “Repair the series”."
    assert _row(exercises[0], cells, Translator("en"), exercises).message == ""


@pytest.mark.parametrize("broken", ["total = (1 +", "total = 1 / 0"])
def test_an_error_is_told_of_the_exercise_whose_cell_has_it_and_of_no_other(
    tiny: Unit, tiny_home: LearnerHome, broken: str
) -> None:
    answer(tiny_home, tiny, total=broken)
    count, total = check_workbook(tiny_home, tiny, lambda *_: None)
    assert (count.outcome, total.outcome) == ("not_attempted", "error")
    assert re.search("line 1: SyntaxError: |^ZeroDivisionError: ", total.message)
    assert "Error" not in count.message


def test_what_uses_a_name_of_a_broken_exercise_waits_for_that(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    answer(tiny_home, tiny, count="count = (", total="total = sum(disks) * count / count")
    count, total = check_workbook(tiny_home, tiny, lambda *_: None)
    assert "SyntaxError" in count.message
    assert total.message == f"Waits for “{tiny.exercises[0].title}”."


def test_an_error_in_a_cell_of_the_learners_own_is_told_where_it_stands(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    path = answer(tiny_home, tiny)
    notebook = read_notebook(path)
    at = next(i for i, c in enumerate(notebook["cells"]) if c["id"] == "total-answer")
    own = {"cell_type": "code", "id": "own", "metadata": {}, "source": "1 / 0", "outputs": []}
    notebook["cells"].insert(at + 1, {**own, "execution_count": None})
    write_notebook(path, notebook)
    count, total = check_workbook(tiny_home, tiny, lambda *_: None)
    # the answer itself is the starter still
    assert total.outcome == "not_attempted"
    assert "ZeroDivisionError" in total.message
    assert "ZeroDivisionError" not in count.message


def test_a_workbook_that_does_not_open_is_told_of_every_exercise(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    path = tiny_home.notebook(tiny, Part.PRACTICE)
    notebook = read_notebook(path)
    opening = find_cell(notebook, "unit", "setup")
    assert opening is not None
    opening["source"] = "import no_such_module"
    write_notebook(path, notebook)
    for row in check_workbook(tiny_home, tiny, lambda *_: None):
        assert (row.outcome, "no_such_module" in row.message) == ("not_run", True)


def test_a_dead_kernel_is_told_and_earns_nothing(tiny: Unit, tiny_home: LearnerHome) -> None:
    answer(tiny_home, tiny, count="count = len(disks)", total="import os; os._exit(1)")
    rows = check_workbook(tiny_home, tiny, lambda *_: None)
    assert [row.outcome for row in rows] == ["passed", "not_run"]
    assert "DeadKernelError" in rows[1].message


def test_an_outcome_saved_in_the_file_does_not_pass_for_this_run(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    path = answer(tiny_home, tiny, count="import os; os._exit(1)", total="total = sum(disks)")
    notebook = read_notebook(path)
    cell = find_cell(notebook, "total", "check")
    assert cell is not None
    saved = {OUTCOME_MIME: {"exercise": "total", "kind": "passed", "label": "", "message": ""}}
    cell["outputs"] = [{"output_type": "display_data", "data": saved, "metadata": {}}]
    write_notebook(path, notebook)
    assert outcomes(tiny_home, tiny) == {"count": "not_run", "total": "not_run"}


def test_messages_are_in_the_language_asked_for(
    tiny: Unit, tiny_home: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(tiny_home, tiny, count="count = 99")
    with pytest.raises(SystemExit):
        run_check_command("tiny", tiny_home.root, "ko", as_json=True)
    first = json.loads(capsys.readouterr().out)["exercises"][0]
    assert first["title"] == "디스크 세기"
    assert first["message"] == "디스크를 99개로 셌지만 목록과 다릅니다."


def test_without_a_workbook_the_error_names_the_way_back(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    tiny_home.notebook(tiny, Part.PRACTICE).unlink()
    with pytest.raises(HomeError, match="upskill start"):
        check_workbook(tiny_home, tiny, lambda *_: None)


@pytest.mark.parametrize("damage", [*DAMAGES, "folder"])
def test_a_damaged_workbook_is_named_with_the_way_back_and_stays(
    tiny: Unit, tiny_home: LearnerHome, damage: str
) -> None:
    path = tiny_home.notebook(tiny, Part.PRACTICE)
    notebook = read_notebook(path)
    path.unlink()
    if damage == "folder":
        path.mkdir()
    else:
        DAMAGES[damage](notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(HomeError, match=r"upskill (update|start)") as caught:
        check_workbook(tiny_home, tiny, lambda *_: None)
    assert caught.value.where == str(path)
    assert damage == "folder" or json.loads(path.read_text(encoding="utf-8")) == notebook


@settings(deadline=None)
@given(damaged(worked()))
def test_a_workbook_that_is_read_can_be_run(notebook: dict[str, Any]) -> None:
    if not isinstance(notebook.get("cells"), list) or flaw(notebook) is not None:
        return
    made = nbformat.reads(json.dumps(_without_outputs(notebook)), as_version=4)
    assert [source(cell) for cell in made.cells] == [source(c) for c in notebook["cells"]]
    # what nbclient asks of a notebook and each of its cells
    for cell in made.cells:
        assert "skip-execution" not in cell.metadata.get("tags", [])
    assert made.metadata.get("kernelspec", {}).get("name", "") == ""
    _begun([], notebook, worked())


def test_check_and_grading_read_the_same_type() -> None:
    assert kit.grading.outcomes.MIME == OUTCOME_MIME


def test_what_passed_on_an_earlier_visit_does_not_help_a_fresh_run(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    path = answer(tiny_home, tiny, count="count = len(disks)", total="total = sum(disks)")
    assert set(outcomes(tiny_home, tiny).values()) == {"passed"}
    notebook = read_notebook(path)
    opening = find_cell(notebook, "unit", "setup")
    late = find_cell(notebook, "count", "answer")
    assert opening is not None and late is not None
    opening["source"] = f"{source(opening)}\nwb.resume()"
    # the answer now comes behind its check, as no grader would find it either
    notebook["cells"].remove(late)
    notebook["cells"].append(late)
    write_notebook(path, notebook)
    assert outcomes(tiny_home, tiny) == {"count": "not_attempted", "total": "passed"}
