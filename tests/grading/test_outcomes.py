"""Only a check's own word on its own exercise counts."""

from __future__ import annotations

from typing import Any

import pytest

from kit.grading.outcomes import MIME, UNKNOWN, is_check, read_outcome

SAID = {"exercise": "count", "kind": "passed", "label": "", "message": "", "score": 1.0}


def cell(*outputs: dict[str, Any], grade: bool = True, role: str = "check") -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {
            "nbgrader": {"grade": grade, "grade_id": "count"},
            "kit": {"id": "count", "role": role},
        },
        "outputs": list(outputs),
    }


def shown(**values: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {MIME: {**SAID, **values}}}


def test_check_cells_are_graded_and_carry_the_kits_role() -> None:
    assert is_check(cell())
    assert not is_check(cell(grade=False))
    assert not is_check(cell(role="manual"))
    assert not is_check({"metadata": {}, "outputs": []})


def test_word_on_another_exercise_is_no_word_on_this_one() -> None:
    assert read_outcome(cell(shown(exercise="total"))).kind == UNKNOWN


def test_last_word_counts() -> None:
    outcome = read_outcome(cell(shown(), shown(kind="incorrect", score=0.0, message="No.")))
    assert (outcome.kind, outcome.share, outcome.message) == ("incorrect", 0.0, "No.")


@pytest.mark.parametrize(("score", "share"), [(0.5, 0.5), (7, 1.0), (-1, 0.0), (None, 0.0)])
def test_share_stays_between_none_and_all(score: float | None, share: float) -> None:
    assert read_outcome(cell(shown(score=score))).share == share


@pytest.mark.parametrize("score", ["much", [1], {"a": 1}])
def test_score_that_is_no_number_proves_nothing(score: object) -> None:
    outcome = read_outcome(cell(shown(score=score)))
    assert (outcome.kind, outcome.share) == (UNKNOWN, 0.0)


def test_a_kind_that_no_check_has_is_the_learners_and_proves_nothing() -> None:
    outcome = read_outcome(cell(shown(kind="hidden 71 42")))
    assert (outcome.kind, outcome.share) == (UNKNOWN, 0.0)


@pytest.mark.parametrize("kind", ["not_attempted", "error", "passed", "uncheckable"])
def test_only_a_wrong_answer_is_a_common_mistake(kind: str) -> None:
    wrong = read_outcome(cell(shown(kind="incorrect", label="mean_rule", score=0.0)))
    assert wrong.label == "mean_rule"
    assert read_outcome(cell(shown(kind=kind, label=kind, score=0.0))).label == ""


def test_uncheckable_has_no_share_at_all() -> None:
    assert read_outcome(cell(shown(kind="uncheckable", score=None))).share is None


def test_silence_names_the_error_that_caused_it() -> None:
    error = {"output_type": "error", "ename": "NameError", "evalue": "wb"}
    outcome = read_outcome(cell(error))
    assert (outcome.kind, outcome.message) == (UNKNOWN, "NameError: wb")
