"""A time limit on the learner's code that also works on Windows."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_POLL_SECONDS = 0.1
_IDLE_SECONDS = 2.0


class TimeLimitPassed(Exception):
    """The code inside ``time_limit`` did not come back in time."""


class _Watchdog:
    """One thread that interrupts the main thread when its deadline passes.

    A thread for each call would cost more than most of the calls that it guards.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._deadline: float | None = None
        self._fired = False

    def arm(self, seconds: float) -> None:
        with self._lock:
            self._deadline, self._fired = time.monotonic() + seconds, False
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()

    def disarm(self) -> bool:
        """Stop watching; True if the interrupt was sent."""
        with self._lock:
            self._deadline = None
            return self._fired

    def _watch(self) -> None:
        idle_since = time.monotonic()
        while True:
            time.sleep(_POLL_SECONDS)
            with self._lock:
                now = time.monotonic()
                if self._deadline is not None:
                    idle_since = now
                    if now >= self._deadline:
                        self._deadline, self._fired = None, True
                        _thread.interrupt_main()
                elif now - idle_since > _IDLE_SECONDS:
                    self._thread = None
                    return


_watchdog = _Watchdog()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitPassed when the block runs longer than ``seconds``, to a tenth of one.

    Interrupts the main thread as Ctrl-C does; a block in another thread is not limited,
    and limits do not nest.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _interruptible():
        _watchdog.arm(seconds)
        try:
            yield
        except KeyboardInterrupt:
            if _watchdog.disarm():
                raise TimeLimitPassed from None
            raise
        finally:
            if _watchdog.disarm():
                _absorb_late_interrupt()


@contextmanager
def _interruptible() -> Iterator[None]:
    # a process started in the background of a shell ignores interrupts: nothing would stop it
    before = signal.getsignal(signal.SIGINT)
    if before not in (signal.SIG_IGN, signal.SIG_DFL):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _absorb_late_interrupt() -> None:
    # sent in the instant in which the block ended: it belongs to the limit, not to the caller
    try:
        time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        return
