"""Limits around a learner's code, one inside the other, that also work on Windows.

Code of the main thread is stopped, as by Ctrl-C, also while it sleeps or waits (but on Windows).
A call that computes inside a C library is stopped when it comes back; other threads are not
stopped at all. What neither reaches is ended by grading, which limits the whole process.
"""

from __future__ import annotations

import _thread
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

_POLL_SECONDS = 0.1
_IDLE_SECONDS = 2.0
# code that swallows the interrupt is interrupted again
_AGAIN_SECONDS = 1.0


class TimeLimitPassed(Exception):
    """The code inside ``time_limit`` did not come back in time."""


class CodeQuit(Exception):
    """The code inside ``time_limit`` raised what ends Python, by itself: ``exit()`` or the like.

    ``error`` is what it raised, a KeyboardInterrupt of its own among them.
    """

    def __init__(self, error: BaseException) -> None:
        self.error = error
        super().__init__(type(error).__name__)


class _Interrupt(KeyboardInterrupt):
    """A Ctrl-C that comes from a limit; no ``except Exception`` of a learner holds it up."""


@dataclass(eq=False)
class _Limit:
    """One limit that runs now; ``due`` is when it interrupts next, ``passed`` that it did.

    ``by_person``: somebody pressed Ctrl-C meanwhile.
    """

    due: float
    passed: bool = False
    by_person: bool = False


@dataclass
class _Watchdog:
    """One thread that interrupts the main thread when a deadline passes.

    A thread for each call would cost more than most of the calls that it guards.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    running: list[_Limit] = field(default_factory=list)
    thread: threading.Thread | None = None
    # an interrupt is on its way to the main thread; Python makes one of several
    sent: bool = False

    def arm(self, seconds: float) -> _Limit:
        limit = _Limit(time.monotonic() + seconds)
        with self.lock:
            self.running.append(limit)
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._watch, daemon=True)
                self.thread.start()
        return limit

    def disarm(self, limit: _Limit) -> None:
        with self.lock:
            self.running.remove(limit)

    def _watch(self) -> None:
        idle_since = time.monotonic()
        while True:
            time.sleep(_POLL_SECONDS)
            with self.lock:
                now = time.monotonic()
                if self.running:
                    idle_since = now
                    self._interrupt(now)
                elif now - idle_since > _IDLE_SECONDS:
                    self.thread = None
                    return

    def _interrupt(self, now: float) -> None:
        # of two that are due the inner one stops what runs; the outer one's turn comes after
        limit = next((limit for limit in reversed(self.running) if limit.due <= now), None)
        if limit is not None:
            limit.passed, limit.due = True, now + _AGAIN_SECONDS
            self.sent = True
            _send()


def _send() -> None:
    """Interrupt the main thread; where the system can, also while it sleeps or waits."""
    if sys.platform != "win32" and signal.getsignal(signal.SIGINT) is _handle:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


_watchdog = _Watchdog()


def _begin_anew() -> None:
    # the thread stays behind, maybe with the lock in hand
    _watchdog.lock, _watchdog.thread = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


class time_limit:
    """Raise TimeLimitPassed when the block runs longer than ``seconds``, to a tenth of one.

    Limits nest: each stops its own block, and an outer one also what an inner one would still
    allow. A block in another thread than the main one is not limited. What is no Exception is
    raised as CodeQuit, but for the KeyboardInterrupt of a person's Ctrl-C, which stays.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._limit: _Limit | None = None
        self._handler: _Handler | None = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._handler = _take_over()
            self._limit = _watchdog.arm(self._seconds)

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if self._limit is not None:
            _watchdog.disarm(self._limit)
            if self._limit.passed:
                # the system hands over here what is still on its way
                time.sleep(0)
            _give_back(self._handler)
            # a library may have made another error of the interrupt
            if self._limit.passed and error is not None:
                raise TimeLimitPassed(f"{self._seconds:g} seconds") from error
        if error is not None and _is_its_own(error, self._limit):
            raise CodeQuit(error) from error


def no_limit() -> time_limit:
    """As ``time_limit``, without a clock: the code may take as long as it likes."""
    return time_limit(math.inf)


def _is_its_own(error: BaseException, limit: _Limit | None) -> bool:
    if isinstance(error, KeyboardInterrupt):
        # no signal arrives in another thread, where there is no limit
        ours = isinstance(error, _Interrupt)
        return not ours and not (limit is not None and limit.by_person)
    return not isinstance(error, Exception)


_Handler = Callable[[int, FrameType | None], Any] | int
_real: _Handler = signal.default_int_handler


def _take_over() -> _Handler | None:
    """Let ``_handle`` have the interrupts; None where it has them, or Python may not."""
    global _real
    before = signal.getsignal(signal.SIGINT)
    if before is None or before is _handle:
        return None
    _real, _watchdog.sent = before, False
    signal.signal(signal.SIGINT, _handle)
    return before


def _give_back(before: _Handler | None) -> None:
    if before is not None:
        # what is still on its way is handled by this call, before it changes anything
        signal.signal(signal.SIGINT, before)


def _handle(number: int, frame: FrameType | None) -> None:
    if not _watchdog.sent:
        for limit in _watchdog.running:
            limit.by_person = True
        if callable(_real):
            _real(number, frame)
        elif _real != signal.SIG_IGN:
            raise KeyboardInterrupt
        return
    _watchdog.sent = False
    passed = [limit for limit in _watchdog.running if limit.passed]
    if passed and _in_here(frame):
        # between a block and its limit nobody would catch it; if it goes on, it is sent again
        passed[-1].due = time.monotonic()
    elif passed:
        raise _Interrupt


def _in_here(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == __file__:
            return True
        frame = frame.f_back
    return False
