"""Work that a person judged, handed in again: who is asked again, and what stays."""

from __future__ import annotations

import pytest
from course_helpers import CASE, answered, grades, hand_in, judge, make_course

from kit.grading.course import Course
from kit.model import Part, Unit

pytestmark = [pytest.mark.grading]
MEMO = "The biggest disk decides."
WRONG = "def largest(disks):\n    return min(disks)"
# learner: the code and the memo of the first hand-in, and of the one after it was judged
WORK = {
    "same": ((CASE, MEMO), (CASE, MEMO)),
    "spaces": ((CASE, MEMO), (CASE, f"\n{MEMO}\n")),
    "changed": ((CASE, MEMO), (CASE, "The smallest disk decides.")),
    "mended": ((WRONG, MEMO), (CASE, MEMO)),
    "broke": ((CASE, MEMO), (WRONG, MEMO)),
    "unjudged": ((CASE, MEMO), (CASE, MEMO)),
}
LATER = "2026-11-21 10:00:00.000000 UTC"


def autograde(course: Course, *learners: str) -> None:
    """By nbgrader itself, in this process: it knows the fixture unit."""
    from nbgrader.converters import Autograde

    with course.at_work("nbgrader autograde"):
        for learner in learners:
            course.convert(Autograde, "tiny", learner)


@pytest.fixture(scope="module")
def course(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Everybody was graded, all but one judged, and all handed in and were graded again."""
    made = make_course(tmp_path_factory.mktemp("judged") / "course", content)
    for learner, ((case, memo), _) in WORK.items():
        hand_in(
            made,
            content,
            learner,
            answered(content, Part.GRADED, case=case, memo=memo),
            Part.GRADED,
        )
    autograde(made, *WORK)
    for learner in WORK.keys() - {"unjudged"}:
        judge(made, "tiny", learner, "memo", 3.0)
    for learner, (_, (case, memo)) in WORK.items():
        book = answered(content, Part.GRADED, case=case, memo=memo)
        hand_in(made, content, learner, book, Part.GRADED, at=LATER)
    autograde(made, *WORK)
    return made


@pytest.mark.parametrize("learner", ["same", "spaces"])
def test_unchanged_work_keeps_its_score_and_is_not_judged_again(
    course: Course, learner: str
) -> None:
    assert grades(course, "tiny", learner)["memo"] == (None, 3.0, False)


def test_changed_work_is_judged_again_beside_its_old_score(course: Course) -> None:
    assert grades(course, "tiny", "changed")["memo"] == (None, 3.0, True)


def test_work_that_a_check_held_down_is_judged_again_when_it_passes(course: Course) -> None:
    assert grades(course, "tiny", "mended")["memo"] == (None, 3.0, True)


def test_unchanged_work_whose_check_fails_now_is_judged_again(course: Course) -> None:
    assert grades(course, "tiny", "broke")["memo"] == (None, 3.0, True)


def test_what_nobody_judged_yet_waits_on(course: Course) -> None:
    assert grades(course, "tiny", "unjudged")["memo"] == (None, None, True)


def test_another_run_changes_nothing_of_it(course: Course) -> None:
    autograde(course, "same", "changed")
    assert grades(course, "tiny", "same")["memo"] == (None, 3.0, False)
    # still to be judged, though its text is now that of the last run
    assert grades(course, "tiny", "changed")["memo"] == (None, 3.0, True)


def test_work_that_was_judged_anew_and_then_changed_back_is_judged_again(
    course: Course, content: Unit
) -> None:
    judge(course, "tiny", "changed", "memo", 6.0)
    book = answered(content, Part.GRADED, case=CASE, memo=MEMO)
    hand_in(course, content, "changed", book, Part.GRADED, at="2026-11-22 10:00:00.000000 UTC")
    autograde(course, "changed")
    assert grades(course, "tiny", "changed")["memo"] == (None, 6.0, True)
