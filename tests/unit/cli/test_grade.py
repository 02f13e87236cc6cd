"""What ``upskill grade`` tells a trainer to do next."""

from __future__ import annotations

from dataclasses import replace

from kit.cli.grade import summary
from kit.grading.batch import Graded
from kit.i18n import Translator, phrase

ENGLISH, KOREAN = Translator("en"), Translator("ko")
FENCED = "Learners' code ran behind fences: no network, nobody else's files."


def graded(learner: str, state: str = "graded", why: str = "", to_grade: int = 0) -> Graded:
    return Graded("tiny", learner, state, why, 1.0, 2.0, to_grade, 0.5, "fences")


def test_failures_come_with_their_reasons_in_the_trainers_language() -> None:
    why = phrase("{name} is empty (0 bytes)", name="workbook.ipynb")
    work = [graded("kim", "failed", why), graded("lee"), graded("park", "kept")]
    assert summary(work, ENGLISH) == [
        "1 graded, 1 unchanged and kept, 1 not graded.",
        FENCED,
        "1 needs you:",
        "  kim tiny: workbook.ipynb is empty (0 bytes)",
    ]
    told = "\n".join(summary(work, KOREAN))
    assert "workbook.ipynb 파일이 비어 있습니다" in told


def test_cells_that_wait_for_a_person_name_the_command() -> None:
    work = [graded("kim", to_grade=2), graded("lee", "kept", to_grade=3)]
    assert summary(work, ENGLISH)[-1] == "5 cells wait for your judgement: upskill formgrader"


def test_one_cell_is_one() -> None:
    told = summary([graded("kim", to_grade=1)], ENGLISH)[-1]
    assert told == "1 cell waits for your judgement: upskill formgrader"


def test_a_remark_is_no_failure() -> None:
    lines = summary([graded("kim", why="The kernel died.")], ENGLISH)
    assert lines[1:] == [FENCED, "Graded, with a remark:", "  kim tiny: The kernel died."]


def test_nothing_handed_in_names_the_next_step() -> None:
    assert summary([], ENGLISH) == ["Nothing was handed in yet. Next: upskill collect UNIT"]


def test_code_that_ran_without_a_sandbox_is_said_to_have() -> None:
    work = [replace(graded("kim"), sandbox="none"), graded("lee")]
    assert summary(work, ENGLISH)[1:] == [
        FENCED,
        "Learners' code ran with your rights, without a sandbox.",
    ]
