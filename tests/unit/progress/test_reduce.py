"""The log, folded: what is passed, what was helped, what comes next."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kit.model import Attempt, Unit
from kit.progress import ExerciseState, reduce_progress


def line(event: str, exercise: str = "", outcome: str = "", **rest: Any) -> Attempt:
    return Attempt("t", event, rest.pop("unit", "tiny"), exercise, outcome, data=rest)


def check(outcome: str, exercise: str = "count") -> Attempt:
    return line("check", exercise, outcome)


def test_a_pass_stays_a_pass() -> None:
    progress = reduce_progress([check("passed"), check("incorrect")], "tiny")
    state = progress.state("count")
    assert (state.passed, state.attempts, state.last_outcome) == (True, 2, "incorrect")


def test_only_what_was_attempted_counts_as_an_attempt() -> None:
    outcomes = ["not_attempted", "uncheckable", "incorrect", "error", "passed"]
    progress = reduce_progress([check(o) for o in outcomes], "tiny")
    assert progress.state("count").attempts == 3


def test_help_is_a_hint_or_a_taken_result() -> None:
    log = [check("passed", "a"), line("hint", "b"), line("taken", "c")]
    progress = reduce_progress(log, "tiny")
    assert [progress.state(e).assisted for e in "abc"] == [False, True, True]
    assert not progress.state("c").passed


def test_other_units_are_another_matter() -> None:
    log = [check("passed"), line("check", "count", "passed", unit="huge")]
    assert set(reduce_progress(log, "huge").exercises) == {"count"}
    assert reduce_progress(log, "none").exercises == {}


def test_a_reset_forgets_what_came_before_it_and_nothing_later() -> None:
    log = [check("passed", "a"), check("passed", "b"), line("reset", "a")]
    progress = reduce_progress(log, "tiny")
    assert not progress.state("a").passed
    assert progress.state("b").passed
    assert reduce_progress([*log, check("passed", "a")], "tiny").state("a").passed
    assert reduce_progress([*log, line("reset")], "tiny").exercises == {}


def test_undo_brings_back_what_the_reset_took() -> None:
    before = reduce_progress([line("hint", "a"), check("passed", "a")], "tiny")
    log = [line("reset", "a"), line("undo", states={"a": asdict(before.state("a"))})]
    assert reduce_progress(log, "tiny").state("a") == before.state("a")


def test_an_undo_from_another_version_is_no_reason_to_fail() -> None:
    future = {**asdict(ExerciseState(passed=True)), "mood": "good"}
    log = [line("undo", states={"a": future, "b": 1}), line("undo", states=[1])]
    progress = reduce_progress(log, "tiny")
    assert progress.state("a") == ExerciseState(passed=True)
    assert progress.state("b") == ExerciseState()


def test_an_update_says_of_what_passed_that_the_task_has_changed_since() -> None:
    update = line("update", to="2", changed=["a", "b"])
    log = [check("passed", "a"), check("incorrect", "b"), check("passed", "c"), update]
    progress = reduce_progress(log, "tiny")
    assert [progress.state(e).changed for e in "abc"] == ["2", "", ""]
    assert progress.state("a").passed
    again = reduce_progress([*log, check("incorrect", "a")], "tiny").state("a")
    assert again.changed == "2"
    assert reduce_progress([*log, check("passed", "a")], "tiny").state("a").changed == ""
    undone = line("update", to="1", undone=["a"])
    assert reduce_progress([*log, undone], "tiny").state("a").changed == ""


def test_a_reset_of_everything_takes_the_use_on_own_data_and_undo_brings_it_back() -> None:
    log = [line("applied"), line("reset")]
    assert reduce_progress(log, "tiny").applied
    log.append(line("reset", scope="all"))
    assert not reduce_progress(log, "tiny").applied
    assert reduce_progress([*log, line("undo", applied=True)], "tiny").applied


def test_states_of_other_types_are_left_out_one_by_one() -> None:
    log = [line("undo", states={"a": {"passed": True, "hints": "three"}}), line("hint", "a")]
    assert reduce_progress(log, "tiny").state("a") == ExerciseState(passed=True, hints=1)


def test_the_next_exercise_is_the_first_neither_passed_nor_taken(tiny: Unit) -> None:
    def following(*log: Attempt) -> str | None:
        found = reduce_progress(log, "tiny").next_exercise(tiny)
        return found.id if found else None

    assert following() == "count"
    assert following(check("incorrect")) == "count"
    assert following(check("passed")) == "total"
    assert following(line("taken", "count")) == "total"
    assert following(check("passed"), check("passed", "total")) is None


def test_the_practised_share_counts_passed_practice_only(tiny: Unit) -> None:
    log = [check("passed"), check("passed", "case"), line("taken", "total")]
    assert reduce_progress(log, "tiny").practised_share(tiny) == 0.5


def test_applying_it_to_ones_own_data_is_remembered() -> None:
    assert reduce_progress([line("applied")], "tiny").applied
    assert not reduce_progress([check("passed")], "tiny").applied


LINES = st.lists(
    st.builds(
        line,
        st.sampled_from(
            ["check", "hint", "taken", "coach", "update", "reset", "submit", "item", "x"]
        ),
        st.sampled_from(["", "count", "total"]),
        st.sampled_from(["passed", "incorrect", "not_attempted", "nonsense", ""]),
    ),
    max_size=20,
)


@given(LINES, st.integers(0, 20))
def test_a_log_folded_in_two_steps_comes_to_the_same(log: list[Attempt], cut: int) -> None:
    first = reduce_progress(log[:cut], "tiny")
    assert reduce_progress(log[cut:], "tiny", first) == reduce_progress(log, "tiny")


@given(LINES)
def test_any_log_has_a_reduction(log: list[Attempt]) -> None:
    progress = reduce_progress(log, "tiny")
    for state in progress.exercises.values():
        assert state.attempts >= state.passed
        assert state.hints >= 0
