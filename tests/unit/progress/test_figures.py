"""Minutes of work without breaks, and how much was done alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.model import Attempt, Unit
from kit.progress import Independence, independence, minutes_by_exercise

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def at(minutes: float, exercise: str = "count", event: str = "check", outcome: str = "") -> Attempt:
    return Attempt(
        (START + timedelta(minutes=minutes)).isoformat(), event, "tiny", exercise, outcome
    )


@pytest.mark.parametrize(
    ("moments", "spent"),
    [
        ([0, 4, 9], 9.0),
        ([0, 15], 15.0),
        # a break, and a clock that was set back, are no work
        ([0, 16], 0.0),
        ([0, -5], 0.0),
        ([0, 60, 63], 3.0),
    ],
)
def test_minutes_leave_idle_time_out(moments, spent):
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


@given(st.lists(st.integers(-60, 60), max_size=20))
def test_no_event_adds_more_than_a_break_and_none_takes_away(gaps):
    moment, log = 0, []
    for gap in gaps:
        moment += gap
        log.append(at(moment))
    expected = sum(gap for gap in gaps[1:] if 0 <= gap <= 15)
    assert minutes_by_exercise(log).get("count", 0.0) == pytest.approx(expected)


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
