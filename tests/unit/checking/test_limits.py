"""A time limit stops what does not come back, and nothing else."""

from __future__ import annotations

import threading
import time

import pytest

from kit.checking.limits import TimeLimitPassed, time_limit


def test_what_comes_back_in_time_is_left_alone() -> None:
    with time_limit(30):
        result = sum(range(10))
    assert result == 45


def test_what_does_not_come_back_is_stopped() -> None:
    with pytest.raises(TimeLimitPassed), time_limit(0.1):
        while True:
            time.sleep(0.01)


def test_no_interrupt_arrives_after_the_block() -> None:
    for _ in range(20):
        with time_limit(0.02):
            pass
    # a timer that was not stopped would interrupt this wait
    time.sleep(0.1)


def test_a_real_ctrl_c_stays_a_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), time_limit(30):
        raise KeyboardInterrupt


def test_an_error_inside_passes_through_and_stops_the_clock() -> None:
    with pytest.raises(ValueError, match="mine"), time_limit(0.05):
        raise ValueError("mine")
    time.sleep(0.15)


def test_another_thread_is_not_limited() -> None:
    seen: list[str] = []

    def run() -> None:
        with time_limit(0.01):
            time.sleep(0.1)
            seen.append("done")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == ["done"]
