"""Forms go through the real nbgrader and score there as they do in the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from course_helpers import grades
from grading_helpers import cell_of, edit, submit
from lifecycle_helpers import joined_home, write_cohort

from kit.grading.batch import grade
from kit.grading.collect import collect
from kit.grading.exchange import exchange_root
from kit.grading.make_course import make_course
from kit.grading.release import release
from kit.home import LearnerHome, make_home, open_home
from kit.identity import current_identity
from kit.model import Part, Unit
from kit.notebooks import find_cell, read_notebook
from kit.workbook import Workbook
from tests.forms_unit import only_forms, plan_of, right_answers, with_forms, wrong_answers
from tests.tiny_unit import seen_by_kernels

pytestmark = [pytest.mark.grading]


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The unit of forms, as this process and every kernel see it."""
    root = tmp_path_factory.mktemp("forms") / "root"
    ipython = tmp_path_factory.mktemp("ipython")
    with seen_by_kernels(ipython, root), only_forms(root) as unit:
        yield unit


def opened(home: LearnerHome, unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """The practice as the learner's kernel has it, with a plan that passes in its cell."""
    monkeypatch.setenv("UPSKILL_HOME", str(home.root))
    wb = Workbook(unit, Part.PRACTICE, {}, current_identity())
    plan = plan_of(wb.case())
    wb.bind({"plan": plan})
    edit(home, unit, Part.PRACTICE, plan=f"plan = {plan}")
    return wb


def said(wb: Workbook, unit: Unit) -> dict[str, Any]:
    """Points and outcome of each exercise in the kernel."""
    found = {e.id: wb.outcome(e.id) for e in unit.of(Part.PRACTICE)}
    return {name: (told.score, told.kind.value) for name, told in found.items()}


def graded(result: dict[str, Any], unit: Unit) -> dict[str, Any]:
    cells = {e.id: cell_of(result, e.id) for e in unit.of(Part.PRACTICE)}
    return {name: (cell["points"], cell["outcome"]) for name, cell in cells.items()}


def test_right_wrong_and_open_forms_score_as_in_the_kernel(
    forms: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_home(tmp_path / "home", "en")
    make_home(home)
    wb = opened(home, forms, monkeypatch)
    right = right_answers(forms, wb, tmp_path / "mine")
    wrong = wrong_answers(forms, wb, tmp_path / "mine")
    for place, exercise in enumerate(with_forms(forms)):
        # a third is wrong, a third right, a third open
        value = (wrong[exercise.id][0], right[exercise.id], None)[place % 3]
        if value is not None:
            wb.answer(exercise.id, value)
    kernel = said(wb, forms)
    assert {kind for _, kind in kernel.values()} == {"passed", "incorrect", "not_attempted"}
    assert graded(submit(home, forms), forms) == kernel
    for exercise, value in right.items():
        wb.answer(exercise, value)
    kernel = said(wb, forms)
    assert set(kernel.values()) == {(1.0, "passed")}
    assert graded(submit(home, forms), forms) == kernel


def test_a_trainers_grading_reads_answers_and_files_of_the_submission(
    forms: Unit, own_user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = make_course(tmp_path / "course", "mig26", write_cohort(tmp_path / "mig26.toml"))
    release(course, forms)
    home = joined_home(course, exchange_root(course), "kim", tmp_path / "home")
    wb = opened(home, forms, monkeypatch)
    for exercise, value in right_answers(forms, wb, tmp_path / "mine").items():
        wb.answer(exercise, value)
    # a form that was answered twice keeps its count on the way
    wb.answer("who", "a")
    wb.answer("who", "b")
    submit(home, forms)
    # what the learner does now is no part of what was handed in
    wb.answer("who", "c")
    collect(course, forms)
    grade(course, forms)
    scored = grades(course, "forms-practice", "kim")
    assert scored == {e.id: (1.0, None, False) for e in forms.of(Part.PRACTICE)}
    autograded = course.root / "autograded" / "kim" / "forms-practice"
    assert (autograded / "files" / "sheet" / "디스크 목록.csv").is_file()
    notebook = read_notebook(autograded / "workbook.ipynb")
    check = find_cell(notebook, "who", "check")
    ask = find_cell(notebook, "who", "ask")
    assert check is not None and ask is not None
    assert '"attempts": 3' in str(check["outputs"]).replace("'", '"')
    assert ask["outputs"] == []
