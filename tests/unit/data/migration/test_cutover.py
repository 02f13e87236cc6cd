"""The rehearsal: the clock, the failure, the point of no return, the window."""

from __future__ import annotations

import time

import pytest

from kit.data.migration.cutover import InstantClock, Outcome, ScaledClock, Step, Window, rehearse
from kit.errors import LabError, UsageError

STEPS = (
    Step("freeze the source", 5, "operations"),
    Step("load the delta", 20, "database"),
    Step("prove", 15, "database"),
    Step("reopen on the target", 5, "operations", reopens=True),
    Step("smoke tests", 10, "business"),
)
WINDOW = Window(
    freeze=5, delta_rows=40_000, rows_per_minute=2_000, validate=15, smoke=10, switch=5,
    rollback=30, buffer=15,
)  # fmt: skip


def test_steps_follow_each_other_in_planned_minutes() -> None:
    timeline = rehearse(STEPS, InstantClock())
    assert [(e.began, e.ended) for e in timeline.entries] == [
        (0, 5), (5, 25), (25, 40), (40, 45), (45, 55)
    ]  # fmt: skip
    assert timeline.minutes == 55
    assert timeline.reopened_at == 45
    assert timeline.failed_at is None


@pytest.mark.parametrize(
    ("minute", "failed", "reopened"), [(0, 0, None), (30, 2, None), (40, 2, None), (50, 4, 45)]
)
def test_a_failure_ends_the_step_in_which_its_minute_falls(
    minute: int, failed: int, reopened: float | None
) -> None:
    timeline = rehearse(STEPS, InstantClock(), fails_at=minute, note="the disk is full")
    outcomes = [entry.outcome for entry in timeline.entries]
    assert outcomes[:failed] == [Outcome.DONE] * failed
    assert outcomes[failed] is Outcome.FAILED
    assert outcomes[failed + 1 :] == [Outcome.NOT_BEGUN] * (len(STEPS) - failed - 1)
    assert timeline.failed_at == timeline.minutes == minute
    assert timeline.entries[failed].note == "the disk is full"
    assert timeline.reopened_at == reopened


def test_work_is_done_and_its_error_is_a_failure() -> None:
    done: list[str] = []

    def breaks() -> None:
        raise LabError("no answer")

    steps = (Step("a", 1, work=lambda: done.append("a")), Step("b", 1, work=breaks), STEPS[0])
    timeline = rehearse(steps, InstantClock())
    assert done == ["a"]
    assert timeline.entries[1].outcome is Outcome.FAILED
    assert timeline.entries[1].note == "no answer"
    assert timeline.entries[2].began is None


def test_the_scaled_clock_takes_its_share_of_real_time() -> None:
    begin = time.monotonic()
    timeline = rehearse(STEPS, ScaledClock(0.004), fails_at=30)
    real = time.monotonic() - begin
    assert real >= 30 * 0.004
    assert 30 <= timeline.minutes <= real / 0.004
    with pytest.raises(UsageError, match="must take some time"):
        ScaledClock(0)


def test_the_window_holds_the_way_back() -> None:
    """By hand: 5 + 40,000/2,000 + 15 + 10 + 5 = 55; and 30 back and 15 to spare make 100."""
    assert WINDOW.forward == 55
    assert WINDOW.needed == 100
    assert WINDOW.latest_approval(120) == 75
    assert WINDOW.may_roll_back(75, 120)
    assert not WINDOW.may_roll_back(75.1, 120)
    # in the least window the approval falls on the very end of the way forward
    assert WINDOW.latest_approval(WINDOW.needed) == WINDOW.forward
    assert WINDOW.latest_approval(40) < 0


def test_a_throughput_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="moves nothing"):
        assert Window(1, 1, 0, 1, 1, 1, 1, 1).needed
