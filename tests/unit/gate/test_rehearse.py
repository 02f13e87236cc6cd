"""A unit's notebook in plain Python: one learner, answers put in, forms among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import load_unit
from kit.errors import ContentError
from kit.gate.rehearse import Stage, answers_of, only_bindings, rehearse
from kit.model import OutcomeKind, Part, Unit
from tests.good_unit import build, edit


@pytest.fixture
def unit(good: Path) -> Unit:
    return load_unit(good)


def stages(unit: Unit, *, displays: bool = True) -> dict[str, Stage]:
    return {s.exercise: s for s in rehearse(unit, Part.PRACTICE, "a", displays=displays)}


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("x = 1\nx", "x = 1"),
        ("display(wb.tools.table(x))", ""),
        ("wb.tools.chart(x)\nwb.items('pre')", ""),
        ("shown = display(x)", "shown = display(x)"),
        # what is called may change something that later cells use
        ("rows.append(1)\nrandom.seed(3)", "rows.append(1)\nrandom.seed(3)"),
        ("import math\n\n\ndef f():\n    return 1", "import math\n\ndef f():\n    return 1"),
        ("if x:\n    y = 1", "if x:\n    y = 1"),
    ],
)
def test_what_only_shows_is_left_out(code: str, left: str) -> None:
    assert only_bindings(code) == left


@pytest.mark.parametrize("displays", [True, False])
def test_each_exercise_is_reached_with_the_earlier_ones_solved(unit: Unit, displays: bool) -> None:
    seen = []
    for stage in rehearse(unit, Part.PRACTICE, "a", displays=displays):
        seen.append(stage.exercise)
        assert stage.outcome(stage.starter).kind is OutcomeKind.NOT_ATTEMPTED
        assert stage.outcome(answers_of(unit)[stage.exercise]).kind is OutcomeKind.PASSED
        assert stage.solved().kind is OutcomeKind.PASSED
    assert seen == ["used", "who"]


def test_a_form_is_answered_in_code_and_forgets_between_tries(unit: Unit) -> None:
    who = stages(unit)["who"]
    wrong, right = 'wb.answer("who", "a")', 'wb.answer("who", "b")'
    assert [who.outcome(code).kind for code in (wrong, right, wrong, "")] == [
        OutcomeKind.INCORRECT,
        OutcomeKind.PASSED,
        OutcomeKind.INCORRECT,
        OutcomeKind.NOT_ATTEMPTED,
    ]


def test_nothing_is_written_where_the_gate_was_started(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "answers.json").write_text('{"exercises": {"who": {"value": "b"}}}', encoding="utf-8")
    who = stages(unit)["who"]
    assert who.outcome("").kind is OutcomeKind.NOT_ATTEMPTED
    assert who.outcome('wb.answer("who", "a")').kind is OutcomeKind.INCORRECT
    assert [path.name for path in here.iterdir()] == ["answers.json"]


def test_an_answer_leaves_nothing_behind_for_the_next(unit: Unit) -> None:
    used = stages(unit)["used"]
    assert used.outcome(answers_of(unit)["used"]).kind is OutcomeKind.PASSED
    assert used.outcome("pass").kind is OutcomeKind.NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("file", "old", "cell"),
    [
        ("workbook.md", "wb.tools.table(disks)", ":kit: used.setup"),
        ("workbook.md", 'wb.items("post")', ":kit: unit.setup"),
    ],
)
def test_a_cell_that_stops_is_named_by_file_and_line(
    good: Path, file: str, old: str, cell: str
) -> None:
    edit(good / file, old, "1 / 0")
    unit = build(good)
    with pytest.raises(ContentError, match="ZeroDivisionError") as caught:
        stages(unit)
    path, _, line = caught.value.where.rpartition(":")
    lines = (good / file).read_text(encoding="utf-8").splitlines()
    assert Path(path) == good / file
    assert lines[int(line) - 1] == cell
    assert "1 / 0" in lines[int(line) : int(line) + 3]


def test_a_quick_rehearsal_asks_again_when_what_was_handed_in_is_another(unit: Unit) -> None:
    for stage in rehearse(unit, Part.PRACTICE, "a", displays=False):
        if stage.exercise == "who":
            names = dict(stage.names)
            stage.workbook.look_at(names)
            assert stage.workbook.outcome("used").kind is OutcomeKind.PASSED
            names["in_use"] = lambda disks: 1
            assert stage.workbook.outcome("used").kind is OutcomeKind.INCORRECT
