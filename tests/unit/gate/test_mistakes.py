"""Common mistakes as changes of the model answer: they fit it, or the gate says where not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.content import find_unit
from kit.errors import ContentError
from kit.gate.mistakes import (
    Misconception,
    PatchError,
    few_because,
    misfits_of,
    mistakes_of,
    patched,
)
from kit.gate.rehearse import answers_of
from kit.model import Part, Unit

ANSWER = """
def add(values):
    total = 0
    for value in values:
        total += value
    return total


def mean(values):
    return add(values) / len(values)
"""
UNIT = find_unit("rightsizing")


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    folder = tmp_path / "sums"
    (folder / "misconceptions").mkdir(parents=True)
    answers = {"sum": ANSWER, "again": ANSWER.replace("total = 0", "total = 0.0")}
    (folder / "solution.py").write_text(f"ANSWERS = {answers!r}\n", encoding="utf-8")
    return replace(UNIT, id="sums", folder=folder)


def write(unit: Unit, rows: str, head: str = 'exercise = "sum"\n') -> Path:
    path = unit.folder / "misconceptions" / "sum.toml"
    path.write_text(head + rows, encoding="utf-8")
    return path


def row(**values: object) -> str:
    told = {"name": "skips", "label": "skips"} | values
    return "\n[[mistakes]]\n" + "".join(
        f"{key} = {value}\n" if key == "replace" else f"{key} = {value!r}\n"
        for key, value in told.items()
    )


# --- the change itself ----------------------------------------------------------------


def test_new_lines_take_the_indentation_of_their_place() -> None:
    code = patched(ANSWER, [["total += value", "if value > 0:\n    total += value"]])
    assert "\n        if value > 0:\n            total += value\n" in code


def test_several_lines_are_found_without_their_common_indentation() -> None:
    code = patched(ANSWER, [["for value in values:\n    total += value", "total = sum(values)"]])
    assert code == ANSWER.replace(
        "    for value in values:\n        total += value\n", "    total = sum(values)\n"
    )


def test_nothing_in_its_place_deletes_the_line() -> None:
    assert "total += value" not in patched(ANSWER, [["total += value", ""]])


def test_changes_are_made_in_order() -> None:
    first = ["total = 0", "total = 1"]
    assert "total = 2" in patched(ANSWER, [first, ["total = 1", "total = 2"]])
    with pytest.raises(PatchError):
        patched(ANSWER, [["total = 1", "total = 2"], first])


@pytest.mark.parametrize(("old", "often"), [("total = 9", "not"), ("return", "not")])
def test_a_line_that_is_not_there_is_refused(old: str, often: str) -> None:
    with pytest.raises(PatchError, match=f"stands {often} in"):
        patched(ANSWER, [[old, "pass"]])


def test_a_line_that_stands_there_twice_is_refused() -> None:
    twice = ANSWER + "\ntotal = 0\n"
    with pytest.raises(PatchError, match="stands 2 times"):
        patched(twice, [["total = 0", "total = 1"]])


# --- the file -------------------------------------------------------------------------


def test_a_mistake_tells_its_line_and_is_made_in_other_exercises_too(unit: Unit) -> None:
    rows = row(replace='[["total += value", "total = value"]]')
    path = write(unit, rows, 'exercise = "sum"\nalso = ["again"]\n')
    (found,) = mistakes_of(unit)
    assert (found.key, found.line) == ("sum/skips", 5)
    assert path.read_text(encoding="utf-8").splitlines()[found.line - 1] == "name = 'skips'"
    assert found.code_in("sum") == found.code
    assert "total = 0.0" in str(found.code_in("again"))
    assert found.code_in("third") is None


def test_a_change_that_does_not_fit_another_exercise_is_left_out_there(unit: Unit) -> None:
    rows = row(replace='[["total = 0", "total = 1"]]')
    write(unit, rows, 'exercise = "sum"\nalso = ["again"]\n')
    (found,) = mistakes_of(unit)
    assert found.also == ()
    assert misfits_of(unit) == ()


def test_a_mistake_may_be_made_in_its_own_exercise_only(unit: Unit) -> None:
    rows = row(replace='[["total += value", "total = value"]]') + "also = []\n"
    write(unit, rows, 'exercise = "sum"\nalso = ["again"]\n')
    assert mistakes_of(unit)[0].also == ()


def test_a_changed_solution_shows_the_mistakes_that_no_longer_fit(unit: Unit) -> None:
    good = row(replace='[["total += value", "total = value"]]')
    bad = row(name="gone", replace='[["total =+ value", "total = value"]]')
    path = write(unit, good + bad)
    assert [m.name for m in mistakes_of(unit)] == ["skips"]
    (misfit,) = misfits_of(unit)
    assert (misfit.path, misfit.line) == (path, 9)
    assert "'gone': a line to replace stands not in the model answer" in misfit.what


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (row(code="pass") + row(code="pass"), "missing or stands twice"),
        (row(code="pass", answer="b"), "one of"),
        (row(), "one of"),
        (row(code="pass", lable="skips"), "Unknown key 'lable'"),
    ],
)
def test_a_row_that_is_no_mistake_is_told_as_what_it_is(unit: Unit, rows: str, told: str) -> None:
    write(unit, rows)
    assert told in misfits_of(unit)[0].what


def test_a_mistake_of_no_exercise_is_told(unit: Unit) -> None:
    write(unit, row(code="pass"), 'exercise = "summ"\n')
    assert "'summ'" in misfits_of(unit)[0].what


def test_a_form_other_than_code_is_given_an_answer(unit: Unit) -> None:
    write(unit, row(answer="b"))
    (found,) = mistakes_of(unit)
    assert (found.answer, found.code) == ("b", "wb.answer('sum', 'b')")


def test_why_an_exercise_has_few_mistakes_is_read_from_its_file(unit: Unit) -> None:
    write(unit, "", 'exercise = "sum"\nfew_because = "There is one way to add."\n')
    assert few_because(unit, "sum") == "There is one way to add."
    assert few_because(unit, "again") == ""


@pytest.mark.parametrize(
    ("head", "line"),
    [('exercise = "sum"\nalos = ["again"]\n', ""), ("also = []\n", ""), ("x = =\n", ":1")],
)
def test_a_file_that_cannot_be_read_is_the_authors_error(unit: Unit, head: str, line: str) -> None:
    path = write(unit, "", head)
    with pytest.raises(ContentError) as told:
        mistakes_of(unit)
    assert told.value.where == f"{path}{line}"


# --- the first unit -------------------------------------------------------------------


def test_every_mistake_of_the_first_unit_fits_its_model_answer() -> None:
    assert misfits_of(UNIT) == ()
    mistakes = mistakes_of(UNIT)
    assert len({m.key for m in mistakes}) == len(mistakes)
    assert {m.exercise for m in mistakes} == {e.id for e in UNIT.of(Part.PRACTICE)}
    answers = answers_of(UNIT)
    assert all(m.code != answers[m.exercise] for m in mistakes)


def test_most_mistakes_of_practice_are_tried_on_the_graded_part() -> None:
    def tried(known: Misconception) -> bool:
        return bool(known.also)

    assert sum(map(tried, mistakes_of(UNIT))) > 60
