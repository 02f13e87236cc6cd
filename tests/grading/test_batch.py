"""A whole batch through nbgrader in worker processes: bad work is named, the rest is graded."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import typer
from course_helpers import CASE, RIGHT, answered, grades, hand_in, judge, make_course

from kit.cli.grade import run_grade
from kit.errors import GradingError, UsageError
from kit.grading import store, tables
from kit.grading.batch import Graded, grade
from kit.grading.course import Course
from kit.grading.read import read_cohort
from kit.model import Part, Unit
from kit.notebooks import Notebook, find_cell

pytestmark = [pytest.mark.grading]
PRACTICE = {
    "schema": 1,
    "unit": "tiny",
    "exercises": {"count": {"attempts": 3, "first": "incorrect", "passed": True, "minutes": 4}},
}
STUBBORN = """\
import time
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""


def without(notebook: Notebook, exercise: str, role: str) -> Notebook:
    cell = find_cell(notebook, exercise, role)
    assert cell is not None
    notebook["cells"].remove(cell)
    return notebook


def doubled(notebook: Notebook) -> Notebook:
    notebook["cells"] += [dict(cell, id=f"c{i}") for i, cell in enumerate(notebook["cells"])]
    return notebook


@pytest.fixture(scope="module")
def course(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with one submission of every make."""
    course = make_course(tmp_path_factory.mktemp("batch") / "course", content)
    right = answered(content, **RIGHT)
    whole = json.dumps(right).encode()
    loop = answered(content, count="count = len(disks)", total="while True: pass")
    works = {
        "right": right,
        "wrong": answered(content, count="count = 99", total="total = sum(disks)"),
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "list": b"[1, 2]",
        "binary": b"\x89PNG\x80\x81",
        "invalid": json.dumps({"cells": [{"cell_type": "poem"}], "nbformat": 4}).encode(),
        "deleted": without(right.copy() | {"cells": list(right["cells"])}, "total", "check"),
        "doubled": doubled(answered(content, **RIGHT)),
        "dead": answered(content, count="count = len(disks)", total="import os; os._exit(1)"),
        "loop": loop,
        "stubborn": answered(content, count="count = len(disks)", total=STUBBORN),
        "loud": answered(content, count="print('x' * 30_000_000)\ncount = len(disks)"),
    }
    for learner, work in works.items():
        hand_in(course, content, learner, work)
    folder = hand_in(course, content, "missing", None)
    (folder / "other.ipynb").write_bytes(whole)
    said = json.dumps({"declared": {"use": "draft", "note": "the table"}})
    # it is said to be as long, and takes no room
    os.truncate(hand_in(course, content, "huge", whole) / "workbook.ipynb", 200 * 2**20)
    hand_in(course, content, "right", right, practice=json.dumps(PRACTICE), answers=said)
    hand_in(course, content, "cut", works["cut"], practice=json.dumps(PRACTICE))
    hand_in(course, content, "wrong", works["wrong"], practice="{]", answers='{"declared": 7}')
    full = answered(content, Part.GRADED, case=CASE, memo="Since.")
    hand_in(course, content, "right", full, Part.GRADED)
    return course


@pytest.fixture(scope="module")
def graded(course: Course, content: Unit) -> dict[tuple[str, str], Graded]:
    seen: list[tuple[int, int, str]] = []
    results = grade(course, content, jobs=2, progress=lambda *step: seen.append(step))
    assert [step[0] for step in seen] == list(range(len(results) + 1))
    assert {step[1] for step in seen} == {len(results)}
    return {(one.learner, one.assignment): one for one in results}


def of(graded: dict[tuple[str, str], Graded], learner: str) -> Graded:
    return graded[learner, "tiny-practice"]


@pytest.mark.parametrize(
    ("learner", "score"),
    [
        ("right", 2.0),
        ("wrong", 1.0),
        ("deleted", 2.0),
        ("doubled", 2.0),
        ("dead", 1.0),
        ("loop", 1.0),
        ("stubborn", 1.0),
        ("loud", 1.0),
    ],
)
def test_what_can_run_is_graded(
    graded: dict[tuple[str, str], Graded], learner: str, score: float
) -> None:
    one = of(graded, learner)
    assert (one.state, one.score, one.max_score) == ("graded", score, 2.0)


@pytest.mark.parametrize(
    ("learner", "why"),
    [
        ("cut", "workbook.ipynb cannot be read: damaged or cut off in line 1"),
        ("empty", "workbook.ipynb is empty (0 bytes)"),
        ("huge", "workbook.ipynb is too big (200 MB)"),
        ("list", "workbook.ipynb is not a notebook"),
        ("binary", "workbook.ipynb cannot be read: it is not text"),
        ("missing", "workbook.ipynb is missing; handed in: other.ipynb"),
    ],
)
def test_what_cannot_run_is_named_with_its_reason(
    course: Course, graded: dict[tuple[str, str], Graded], learner: str, why: str
) -> None:
    one = of(graded, learner)
    assert (one.state, one.why, one.score) == ("failed", why, 0.0)
    assert any(learner in note and why in note for note in read_cohort(course).notes)


def test_practice_that_came_with_a_broken_notebook_is_kept(course: Course, graded: object) -> None:
    practice = store.handins(course, "tiny-practice")["cut"].practice
    assert practice is not None
    assert practice.exercises["count"].attempts == 3


def test_a_notebook_that_nbgrader_refuses_is_named_with_nbgraders_reason(
    graded: dict[tuple[str, str], Graded],
) -> None:
    one = of(graded, "invalid")
    assert one.state == "failed"
    assert one.why.startswith("nbgrader stopped at it: ")
    assert "Error" in one.why


def test_a_run_that_ended_early_says_so(graded: dict[tuple[str, str], Graded]) -> None:
    assert "kernel died" in of(graded, "dead").why
    assert of(graded, "loop").why == "total: stopped after 4 seconds."


def test_cells_that_were_doubled_or_deleted_are_remarked(
    course: Course, graded: dict[tuple[str, str], Graded]
) -> None:
    assert of(graded, "deleted").why == "Cells were deleted and have been put back: total."
    assert of(graded, "doubled").why.startswith("Cells were there twice, and the last one counts: ")
    assert "total" in of(graded, "doubled").why
    assert of(graded, "right").why == ""
    kept = course.autograded("deleted", "tiny-practice") / "workbook.ipynb"
    assert "put back" not in kept.read_text(encoding="utf-8")


def test_what_a_cell_prints_is_kept_within_limits(course: Course, graded: object) -> None:
    path = course.autograded("loud", "tiny-practice") / "workbook.ipynb"
    assert path.stat().st_size < 1_000_000


def test_outcomes_and_what_came_along_are_kept(course: Course, graded: object) -> None:
    said = {o.exercise: o for o in store.outcomes(course, "tiny-practice", "wrong")}
    assert (said["count"].kind, said["total"].kind) == ("incorrect", "passed")
    rows = store.handins(course, "tiny-practice")
    declared, practice = rows["right"].declared, rows["right"].practice
    assert declared is not None
    assert (declared.use, declared.note) == ("draft", "the table")
    assert practice is not None
    assert practice.exercises["count"].attempts == 3
    assert rows["right"].version
    assert rows["wrong"].practice is None
    assert "practice.json is damaged" in rows["wrong"].reason
    assert "answers.json says something impossible" in rows["wrong"].reason


def test_a_persons_cell_waits_for_a_person(graded: dict[tuple[str, str], Graded]) -> None:
    one = graded["right", "tiny"]
    assert (one.state, one.score, one.to_grade) == ("graded", 4.0, 1)


def test_a_second_batch_keeps_what_did_not_change(
    course: Course, content: Unit, graded: object
) -> None:
    steps: list[int] = []
    results = grade(
        course, content, ["right", "wrong"], progress=lambda _d, total, _t: steps.append(total)
    )
    assert {one.state for one in results} == {"kept"}
    assert steps == [0]


def test_a_judged_answer_that_changed_is_shown_again_with_its_old_score(
    course: Course, content: Unit, graded: object
) -> None:
    judge(course, "tiny", "right", "memo", 4.5)
    assert read_cohort(course).submissions.set_index("assignment").loc["tiny", "score"] == 8.5
    again = grade(course, content, ["right"], again=True)
    assert {one.assignment: one.to_grade for one in again} == {"tiny-practice": 0, "tiny": 0}
    work = answered(content, Part.GRADED, case=CASE, memo="Because of sda.")
    hand_in(course, content, "right", work, Part.GRADED, at="2026-11-21 10:00:00.000000 UTC")
    (one,) = [g for g in grade(course, content, ["right"]) if g.assignment == "tiny"]
    assert (one.state, one.to_grade) == ("graded", 1)
    _auto, manual, waits = grades(course, "tiny", "right")["memo"]
    assert (manual, waits) == (4.5, True)


def test_the_command_exits_with_6_when_something_failed(
    course: Course,
    graded: object,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UPSKILL_LANG", "en")
    with pytest.raises(typer.Exit) as ended:
        run_grade("tiny", course.root, ["empty"], as_json=True)
    assert ended.value.exit_code == 6
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["learner"], row["state"]) == ("empty", "failed")
    run_grade("tiny", course.root, ["right"])
    assert "2 unchanged and kept" in capsys.readouterr().out


def test_nbgraders_own_command_leaves_the_same_rows(course: Course, graded: object) -> None:
    from nbgrader.converters import Autograde

    before = store.handins(course, "tiny-practice")["wrong"]
    with store.connected(course) as connection:
        for table in (tables.OUTCOME, tables.HANDIN):
            connection.execute(table.delete().where(table.c.learner == "wrong"))
    with course.at_work("nbgrader autograde"):
        course.convert(Autograde, "tiny-practice", "wrong")
    assert store.handins(course, "tiny-practice")["wrong"] == before
    assert {o.exercise for o in store.outcomes(course, "tiny-practice", "wrong")} == set(RIGHT)


def test_a_learner_who_handed_in_nothing_is_an_error(course: Course, content: Unit) -> None:
    with pytest.raises(UsageError, match="nobody"):
        grade(course, content, ["nobody"])


def test_a_unit_that_was_never_released_is_an_error(tmp_path: Path, content: Unit) -> None:
    root = tmp_path / "new"
    root.mkdir()
    config = "from kit.grading import configure\nconfigure(get_config(), course='c')\n"
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    from kit.grading.course import open_course

    with pytest.raises(GradingError, match="upskill release tiny"):
        grade(open_course(root), content)
