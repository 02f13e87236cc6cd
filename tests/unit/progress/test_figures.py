"""Minutes of work without breaks, and how much was done alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.model import Attempt, Unit
from kit.progress import Independence, independence, minutes_by_exercise

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def at(
    minutes: float,
    exercise: str = "count",
    event: str = "check",
    outcome: str = "",
) -> Attempt:
    time = (START + timedelta(minutes=minutes)).isoformat()
    return Attempt(time, event, "tiny", exercise, outcome)


@pytest.mark.parametrize(
    ("moments", "spent"),
    [
        ([0, 4, 9], 9.0),
        ([0, 15], 15.0),
        # an honest first try, and a night: how much of either was work nobody can tell
        ([0, 18], 15.0),
        ([0, 900, 903], 18.0),
        # entries of two machines, or of a clock that was set back
        ([0, 9, 4], 9.0),
    ],
)
def test_minutes_leave_out_what_is_longer_than_a_break(moments, spent):
    found = minutes_by_exercise([at(m) for m in moments])
    assert found.get("count", 0.0) == spent


def test_the_time_belongs_to_the_exercise_of_the_later_event():
    log = [at(0, "count"), at(4, "total"), at(5, "", "submit"), at(7, "count")]
    assert minutes_by_exercise(log) == {"total": 4.0, "count": 2.0}


def test_a_time_that_cannot_be_read_costs_nothing_else():
    broken = Attempt("yesterday", "check", "tiny", "count")
    naive = Attempt("2026-11-02T09:02:00", "check", "tiny", "count")
    assert minutes_by_exercise([at(0), broken, at(3)]) == {"count": 3.0}
    assert minutes_by_exercise([at(0), naive]) == {}


def run_at(minutes: float, **outcomes: str) -> list[Attempt]:
    """A run of the whole workbook: a check a second."""
    return [
        at(minutes + number / 60, name, outcome=outcome)
        for number, (name, outcome) in enumerate(outcomes.items())
    ]


def test_the_time_before_a_run_of_the_workbook_goes_to_what_changed():
    log = [
        at(0, "count", outcome="passed"),
        *run_at(12, count="passed", total="incorrect", case="not_attempted"),
    ]
    assert minutes_by_exercise(log) == {"total": 12.0}
    log += run_at(22, count="incorrect", total="passed", case="not_attempted")
    found = minutes_by_exercise(log)
    # from the last check of the run before; what took long cannot be told apart
    assert found == pytest.approx({"total": 12 + 5 - 1 / 60, "count": 5 - 1 / 60})


def test_a_run_that_finds_nothing_new_is_time_on_what_was_worked_on_last():
    log = [at(0, "count", outcome="passed"), at(5, "total", "hint")]
    log += run_at(11, count="passed", total="not_attempted")
    assert minutes_by_exercise(log) == {"total": 11.0}


def test_running_all_after_a_break_is_no_work():
    log = [at(0, "count", outcome="passed"), at(5, "total", outcome="passed")]
    log += run_at(900, count="passed", total="passed")
    assert minutes_by_exercise(log) == {"total": 5.0}


EVENTS = st.builds(
    at,
    minutes=st.floats(-90, 90) | st.integers(0, 40).map(lambda n: n / 10),
    exercise=st.sampled_from(["count", "total", "case", ""]),
    event=st.sampled_from(["check", "check", "hint", "submit"]),
    outcome=st.sampled_from(["passed", "incorrect", "not_attempted", ""]),
)


@given(st.lists(EVENTS, max_size=20))
def test_minutes_are_never_negative_nor_more_than_the_time_that_passed(log):
    minutes = list(minutes_by_exercise(log).values())
    assert all(value >= 0 for value in minutes)
    moments = [datetime.fromisoformat(a.time) for a in log]
    span = (max(moments) - min(moments)).total_seconds() / 60 if log else 0.0
    assert sum(minutes) <= span + 1e-6
    assert sum(minutes) <= 15 * len(log) + 1e-6


@given(st.lists(EVENTS, max_size=12, unique_by=lambda a: a.time), st.randoms())
def test_the_order_in_which_a_log_holds_its_events_does_not_matter(log, random):
    mixed = list(log)
    random.shuffle(mixed)
    assert minutes_by_exercise(mixed) == minutes_by_exercise(log)


def test_independence_tells_alone_from_helped(tiny: Unit):
    log = [
        at(0, "count", outcome="passed"),
        # after the pass: curiosity, no help
        at(1, "count", "taken"),
        at(2, "total", "hint"),
        at(3, "total", "hint"),
        at(4, "total", "coach"),
        at(5, "total", outcome="passed"),
        at(6, "case", "taken"),
        at(7, "gone", outcome="passed"),
    ]
    found = independence(log, tiny)
    assert found == Independence(
        solved=2, unaided=1, hints=2, deepest_hint=2, taken=1, coach_turns=1
    )
    assert found.unaided_share == 0.5


def test_the_coach_is_help(tiny: Unit):
    log = [at(0, "count", "coach"), at(1, "count", outcome="passed")]
    assert independence(log, tiny).unaided == 0


def test_before_the_first_pass_there_is_no_share(tiny: Unit):
    assert independence([], tiny).unaided_share is None
