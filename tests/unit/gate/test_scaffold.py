"""The scaffold is a unit that already works, so that an author changes rather than begins."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from kit.blank import BLANK
from kit.checking import Work, load_checks, run_check, unit_module
from kit.content import load_unit
from kit.errors import UsageError
from kit.gate.build import build_unit, stale
from kit.gate.scaffold import write_scaffold
from kit.i18n import Translator
from kit.model import Outcome, Unit
from kit.notebooks import find_cell, read_notebook, source

FIXTURES = Path(__file__).parents[2] / "fixtures" / "units"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(FIXTURES, tmp_path / "content")


@pytest.fixture
def unit(root: Path) -> Unit:
    return load_unit(write_scaffold("demo/disks", root)[0].parent)


def outcome(unit: Unit, exercise: str, text: str) -> Outcome:
    names: dict[str, Any] = {"____": BLANK}
    exec(text, names)
    declared = next(e for e in unit.exercises if e.id == exercise)
    case = unit_module(unit, "case").build_case(1, declared.part.value)
    work = Work(names, case=case, seed=2)
    return run_check(load_checks(unit)[exercise], declared, work, Translator("en"))


def test_scaffold_takes_the_next_number_and_builds(unit: Unit) -> None:
    assert unit.folder.name == "03_disks"
    build_unit(unit)
    assert stale(unit) == []


def test_starter_is_not_attempted_and_the_solution_passes(unit: Unit) -> None:
    build_unit(unit)
    answers = unit_module(unit, "solution").ANSWERS
    starter = find_cell(read_notebook(unit.folder / "workbook.ipynb"), "sum", "answer")
    assert starter is not None
    assert outcome(unit, "sum", source(starter)).kind == "not_attempted"
    for exercise in ("sum", "case"):
        assert outcome(unit, exercise, answers[exercise]).kind == "passed"


def test_its_misconception_gets_its_own_label(unit: Unit) -> None:
    text = (unit.folder / "misconceptions" / "sum_sums_all.py").read_text(encoding="utf-8")
    found = outcome(unit, "sum", text)
    assert found.kind == "incorrect"
    assert found.feedback is not None
    assert found.feedback.label == "sums_all"


def test_a_constant_is_no_answer(unit: Unit) -> None:
    assert outcome(unit, "sum", "def in_use(disks):\n    return 0").kind == "incorrect"


@pytest.mark.parametrize("target", ["disks", "demo/Disks", "demo/a b", "demo/x-practice", "../x/y"])
def test_a_name_that_cannot_be_carried_is_refused(root: Path, target: str) -> None:
    with pytest.raises(UsageError, match="not TRACK/UNIT"):
        write_scaffold(target, root)


def test_an_id_is_never_used_twice(root: Path) -> None:
    with pytest.raises(UsageError, match="already"):
        write_scaffold("other/tiny", root)
