"""Merging two logs: nothing lost, nothing twice, in whatever order it is done."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kit.model import Attempt
from kit.progress import merge_logs

# few moments, so that many events share one
EVENTS = [
    Attempt(f"2026-11-02T09:0{n % 4}:00+00:00", "check", "u", data={"n": n}, id=f"{n:04x}")
    for n in range(12)
]


def in_time(attempt: Attempt) -> tuple[str, str]:
    return attempt.time, attempt.id


LOGS = st.lists(st.sampled_from(EVENTS), unique_by=lambda a: a.id).map(
    lambda log: sorted(log, key=in_time)
)


@given(LOGS, LOGS)
def test_every_event_of_both_is_there_once_in_the_order_of_time(mine, theirs):
    merged = merge_logs(mine, theirs)
    assert {a.id for a in merged} == {a.id for a in (*mine, *theirs)}
    assert merged == sorted(merged, key=in_time)
    assert len(merged) == len({a.id for a in merged})


@given(LOGS, LOGS, LOGS)
def test_how_often_in_which_order_and_grouping_makes_no_difference(a, b, c):
    assert merge_logs(a, a) == a
    assert merge_logs(merge_logs(a, b), b) == merge_logs(a, b)
    assert merge_logs(a, b) == merge_logs(b, a)
    assert merge_logs(merge_logs(a, b), c) == merge_logs(a, merge_logs(b, c))


def test_a_log_that_meets_an_empty_one_keeps_its_own_order():
    back_in_time = [EVENTS[3], EVENTS[0]]
    assert merge_logs(back_in_time, []) == merge_logs([], back_in_time) == back_in_time
