"""The shipped double says what a live kernel says, and leaves nothing behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kit
from kit.cli.execute import execute
from kit.content import load_units
from kit.double import COURSE, Notebook
from kit.errors import UsageError
from kit.gate.build import build_unit
from kit.home import LearnerHome, make_home
from kit.identity import GRADING_VARIABLE
from kit.model import OUTCOME_MIME, OutcomeKind, Part, Unit
from kit.notebooks import Cell, kit_metadata, read_notebook
from tests.forms_unit import only_forms

# what a learner may write: right, each mistake of the unit, a stop, a stub, our own fault
ANSWERS = {
    "count": [
        "count = len(disks)",
        "count = len(disks) - 1",
        "count = disks",
        "count = 1 / 0",
        "count = ____",
        "del wb\ncount = True",
        "count = float('inf')",
    ],
    "total": ["total = sum(disks)", "total = 0", "total = -1", "total = 'a lot'", "totel = 3"],
}
GRADED = [
    "def largest(disks):\n    return max(disks)",
    "def largest(disks):\n    return disks[0]",
    "def largest(disks):\n    return disks[len(disks)]",
    "def largest(disks):\n    return ____",
    "largest = 3",
    "def largest(disks):\n    raise SystemExit",
    "def largest(disks):\n    raise KeyboardInterrupt",
]
# an answer may have taken the workbook away
CHECK = 'import kit\nkit.open_workbook("tiny", part="{part}").check("{id}")'


@pytest.fixture(autouse=True)
def not_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (GRADING_VARIABLE, "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)


def cell_of(code: str, name: str) -> Cell:
    return {"cell_type": "code", "id": name, "metadata": {}, "source": code, "outputs": []}


def live(home: LearnerHome, unit: Unit, part: Part, answers: dict[str, list[str]]) -> list[Any]:
    """Kind and label of each answer in a real kernel; every one is checked after it was run."""
    path = home.notebook(unit, part)
    notebook = read_notebook(path)
    cells: list[Cell] = []
    for cell in notebook["cells"]:
        told = kit_metadata(cell)
        if told.get("role") == "answer" and told["id"] in answers:
            for at, code in enumerate(answers[told["id"]]):
                again = f"globals().pop({told['id']!r}, None)\n{code}"
                check = CHECK.format(part=part, id=told["id"])
                cells.append(cell_of(again, f"a-{told['id']}-{at}"))
                cells.append(cell_of(check, f"c-{told['id']}-{at}"))
        elif told.get("role") != "check":
            cells.append(cell)
    done = execute(home, path.parent, {**notebook, "cells": cells}, lambda *_: None)
    return [
        (output["data"][OUTCOME_MIME]["kind"], output["data"][OUTCOME_MIME]["label"])
        for cell in done
        for output in cell.get("outputs", [])
        if OUTCOME_MIME in output.get("data", {})
    ]


def doubled(unit: Unit, part: Part, answers: dict[str, list[str]]) -> list[Any]:
    """The same in the double, a fresh one for each answer."""
    found = []
    for exercise, codes in answers.items():
        for code in codes:
            notebook = Notebook(unit, part)
            notebook.setup(exercise)
            notebook.run(code)
            outcome = notebook.check(exercise)
            assert outcome.exercise == exercise
            found.append((outcome.kind.value, outcome.feedback.label if outcome.feedback else ""))
    return found


@pytest.mark.parametrize(
    ("part", "answers"), [(Part.PRACTICE, ANSWERS), (Part.GRADED, {"case": GRADED})], ids=str
)
def test_the_double_says_what_a_live_kernel_says(
    tiny: Unit, own_home: Path, kernels_see_tiny: None, part: Part, answers: dict[str, list[str]]
) -> None:
    home = LearnerHome(own_home, "double", COURSE, "en")
    make_home(home)
    told = live(home, tiny, part, answers)
    assert len(told) == sum(map(len, answers.values()))
    assert len({kind for kind, _label in told}) >= 4
    assert doubled(tiny, part, answers) == told


def test_an_error_of_a_cell_is_kept_and_what_it_defined_stays(tiny: Unit) -> None:
    notebook = Notebook("tiny")
    notebook.run("a = 1\nb = a / 0")
    assert isinstance(notebook.error, ZeroDivisionError)
    assert notebook.names["a"] == 1
    notebook.run("display(a)\nexit_code = a + 1")
    assert (notebook.error, notebook.names["exit_code"]) == (None, 2)
    for kind in (SystemExit, KeyboardInterrupt):
        notebook.run(f"raise {kind.__name__}")
        assert isinstance(notebook.error, kind)


def test_a_persons_ctrl_c_ends_a_test_that_runs_cells(tiny: Unit) -> None:
    with pytest.raises(KeyboardInterrupt):
        Notebook("tiny").run("import signal\nsignal.raise_signal(signal.SIGINT)")


def test_a_cell_sees_this_workbook_and_others_see_their_own_again(tiny: Unit) -> None:
    before = kit.open_workbook
    notebook = Notebook("tiny", learner="somebody", language="ko")
    notebook.setup("count")
    assert notebook.names["wb"] is notebook.workbook
    assert kit.open_workbook is before
    assert notebook.check("count").feedback.seen == "`count`: 아직 없거나 빈칸이 남아 있습니다."


def test_two_learners_have_two_cases_and_one_has_the_same_twice(tiny: Unit) -> None:
    def disks(learner: str) -> Any:
        notebook = Notebook("tiny", learner=learner)
        notebook.setup("count")
        return notebook.names["disks"]

    assert disks("one") == disks("one") != disks("two")


CARRY = 'CARRY = {"count": (lambda work: work.value("count"), lambda case: len(case["disks"]))}\n'


@pytest.fixture
def carrying(tiny: Unit) -> Unit:
    """The tiny unit whose second exercise starts from the result of the first."""
    case = tiny.folder / "case.py"
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace("CARRY: dict[str, object] = {}\n", CARRY), encoding="utf-8")
    source = tiny.folder / "workbook.md"
    setup = '```{code-cell} ipython3\n:kit: total.setup\n\nn = wb.carry("count")\n```\n\n'
    answer = "```{code-cell} ipython3\n:kit: total.answer"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace(answer, setup + answer), encoding="utf-8")
    load_units.cache_clear()
    unit = load_units()["tiny"]
    build_unit(unit)
    return unit


def test_a_later_exercise_is_reached_without_any_answer(carrying: Unit) -> None:
    notebook = Notebook(carrying)
    notebook.setup("total")
    assert notebook.error is None
    assert notebook.names["n"] == len(notebook.names["disks"])


def test_a_result_that_passes_is_carried_as_it_is(carrying: Unit) -> None:
    notebook = Notebook(carrying)
    notebook.setup("count")
    notebook.run("count = float(len(disks))")
    notebook.setup("total")
    assert isinstance(notebook.names["n"], float)


def test_the_error_of_a_locked_cell_is_told(tiny: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = Notebook(tiny)
    monkeypatch.setattr(notebook.workbook, "case", None)
    notebook.setup("count")
    assert isinstance(notebook.error, TypeError)


def test_an_unknown_exercise_is_refused_with_those_that_exist(tiny: Unit) -> None:
    with pytest.raises(UsageError, match="count"):
        Notebook(tiny).setup("nothing")


def test_its_own_home_goes_with_it_and_a_given_one_stays(tiny: Unit, tmp_path: Path) -> None:
    notebook = Notebook(tiny)
    home = notebook.workbook._identity.home
    assert home is not None and home.root.is_dir()
    del notebook
    gc.collect()
    assert not home.root.exists()
    kept = Notebook(tiny, root=tmp_path / "home")
    kept.workbook.record("check", "count")
    del kept
    gc.collect()
    assert (tmp_path / "home" / ".upskill" / "progress.jsonl").is_file()


@pytest.fixture
def forms(tmp_path: Path) -> Iterator[Unit]:
    with only_forms(tmp_path / "content") as unit:
        yield unit


def test_forms_are_answered_as_by_their_widgets(forms: Unit) -> None:
    notebook = Notebook(forms)
    assert notebook.check("who").kind is OutcomeKind.NOT_ATTEMPTED
    notebook.answer("who", "a")
    assert notebook.check("who").kind is OutcomeKind.INCORRECT
    notebook.answer("who", "b")
    assert notebook.check("who").kind is OutcomeKind.PASSED
    with pytest.raises(UsageError):
        notebook.answer("who", "z")


def test_a_file_is_handed_in_and_read_by_the_check(forms: Unit) -> None:
    notebook = Notebook(forms)
    assert notebook.check("sheet").kind is OutcomeKind.NOT_ATTEMPTED
    path = notebook.file("sheet", "mine.csv", b"disk\nx\n")
    assert path.read_bytes() == b"disk\nx\n"
    assert notebook.check("sheet").kind is OutcomeKind.INCORRECT
    with pytest.raises(UsageError):
        notebook.file("sheet", "mine.exe", b"x")
