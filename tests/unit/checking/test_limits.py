"""A time limit stops what does not come back, and nothing else."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from kit.checking import limits
from kit.checking.limits import CodeQuit, TimeLimitPassed, no_limit, time_limit


def test_what_comes_back_in_time_is_left_alone() -> None:
    with time_limit(30):
        result = sum(range(10))
    assert result == 45


def test_what_does_not_come_back_is_stopped() -> None:
    with pytest.raises(TimeLimitPassed), time_limit(0.1):
        while True:
            time.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="no call is woken there")
@pytest.mark.parametrize(
    "wait",
    [
        lambda: time.sleep(600),
        lambda: subprocess.run(["sleep", "600"], check=False),
        lambda: socket.create_server(("127.0.0.1", 0)).accept(),
        lambda: queue.Queue().get(),
    ],
    ids=["a pause", "a program", "a connection", "another thread"],
)
def test_what_waits_is_stopped(wait: Callable[[], object]) -> None:
    with pytest.raises(TimeLimitPassed), time_limit(0.2):
        wait()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks there")
def test_a_fork_is_stopped_whatever_its_parents_clock_was_doing() -> None:
    # as a fork finds it while the clock's thread looks
    with limits._watchdog.lock:
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            try:
                with time_limit(0.2):
                    time.sleep(600)
            except TimeLimitPassed:
                os._exit(7)
            finally:
                os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_no_interrupt_arrives_after_the_block() -> None:
    for _ in range(20):
        with time_limit(0.02):
            pass
    # a timer that was not stopped would interrupt this wait
    time.sleep(0.1)


def test_a_real_ctrl_c_stays_a_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), time_limit(30), no_limit():
        signal.raise_signal(signal.SIGINT)


class Unspeakable(BaseException):
    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit, Unspeakable])
@pytest.mark.parametrize("limit", [lambda: time_limit(30), no_limit], ids=["timed", "untimed"])
def test_code_that_ends_python_by_itself_is_told_from_a_person(
    kind: type[BaseException], limit: Callable[[], time_limit]
) -> None:
    with pytest.raises(CodeQuit) as raised, limit():
        raise kind
    assert type(raised.value.error) is kind


def test_code_that_goes_on_after_a_ctrl_c_and_then_interrupts_is_still_the_persons() -> None:
    with pytest.raises(KeyboardInterrupt), time_limit(30):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("again") from None


def test_a_ctrl_c_of_before_is_no_excuse_for_code_of_now() -> None:
    with pytest.raises(KeyboardInterrupt), no_limit():
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(CodeQuit), no_limit():
        raise KeyboardInterrupt


def test_code_in_another_thread_interrupts_only_itself() -> None:
    seen: list[BaseException] = []

    def run() -> None:
        try:
            with time_limit(30):
                raise KeyboardInterrupt
        except BaseException as error:
            seen.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert [type(error) for error in seen] == [CodeQuit]


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


def busy(seconds: float) -> None:
    """What ends by itself, so that a test of a broken limit fails instead of hanging."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_the_inner_of_two_limits_stops_its_own_block_only() -> None:
    with time_limit(30):
        with pytest.raises(TimeLimitPassed), time_limit(0.1):
            busy(10)
        after = "still allowed"
    assert after == "still allowed"


def test_an_outer_limit_stops_what_an_inner_one_would_still_allow() -> None:
    seen: list[str] = []
    with pytest.raises(TimeLimitPassed), time_limit(0.2):
        try:
            with time_limit(30):
                busy(10)
        except TimeLimitPassed:
            seen.append("taken for the inner one")
    assert seen == []


def test_an_outer_limit_counts_the_time_of_every_block_in_it() -> None:
    with pytest.raises(TimeLimitPassed), time_limit(0.3):
        for _ in range(100):
            with time_limit(30):
                busy(0.1)


def test_code_that_swallows_an_interrupt_is_interrupted_again() -> None:
    swallowed = 0
    with pytest.raises(TimeLimitPassed), time_limit(0.1):
        for _ in range(2):
            try:
                busy(4)
            except BaseException:
                swallowed += 1
        busy(4)
    assert swallowed == 2


def test_an_error_that_a_library_makes_of_the_interrupt_is_still_the_limit() -> None:
    with pytest.raises(TimeLimitPassed), time_limit(0.1):
        try:
            busy(10)
        except BaseException as error:
            raise RuntimeError("wrapped") from error


def test_a_ctrl_c_of_a_person_reaches_their_own_handler() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: seen.append(number))
    try:
        with time_limit(30), time_limit(20):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [signal.SIGINT] * 2


def test_many_limits_that_end_as_they_pass_leave_nothing_behind() -> None:
    ended = 0
    for _ in range(15):
        try:
            # about as long as the limit: some pass, some do not, none may leak out
            with time_limit(0.05):
                busy(0.1)
        except TimeLimitPassed:
            pass
        ended += 1
    busy(0.3)
    assert ended == 15
