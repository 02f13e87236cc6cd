"""Shares are rounded as people expect, and never up to a goal that was missed."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.reports.wording import broken, moment, percent, whole_percent, width

shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (7 / 9, "78%"), (2 / 7, "29%"), (4 / 6, "67%"), (11.2 / 24, "47%"), (0.29, "29%"),
        (0.125, "13%"), (0.0, "0%"), (1.0, "100%"), (0.996, "99%"), (math.nan, ""),
    ],
)  # fmt: skip
def test_a_share_is_rounded_to_the_nearest_percent(value: float, shown: str) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.597, "59%"), (0.6, "60%"), (0.1 + 0.2 + 0.3, "60%"), (0.607, "61%"), (0.557, "56%")],
)
def test_short_of_what_a_rule_wants_it_is_not_shown_as_met(value: float, shown: str) -> None:
    assert percent(value, 0.6) == shown


@given(shares, st.integers(1, 100))
def test_the_goal_is_shown_exactly_when_it_is_reached(value: float, goal: int) -> None:
    reached = value * 100 + 1e-7 >= goal
    assert (whole_percent(value, goal / 100) >= goal) == reached
    assert abs(whole_percent(value, goal / 100) - value * 100) < 1


def test_a_unit_without_a_rule_has_no_goal_to_miss() -> None:
    assert percent(0.597, math.inf) == "60%"


def test_a_time_is_told_in_the_zone_asked_for() -> None:
    value = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert moment(value) == "2026-11-20 15:30"
    assert moment(value, "Asia/Seoul") == "2026-11-21 00:30"
    assert moment(None, "Asia/Seoul") == ""


@pytest.mark.parametrize(
    "text", ["Three futures and what flips the decision", "세 가지 미래와 결정이 바뀌는 곳"]
)
def test_a_long_title_is_broken_at_its_spaces_and_nothing_of_it_is_lost(text: str) -> None:
    lines = broken(text, 22).split("\n")
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert max(width(line) for line in lines) <= 24
