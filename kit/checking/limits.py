"""A time limit on the learner's code that also works on Windows."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TimeLimitPassed(Exception):
    """The code inside ``time_limit`` did not come back in time."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitPassed when the block runs longer than ``seconds``.

    Interrupts the main thread as Ctrl-C does; a block in another thread is not limited.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    fired = threading.Event()

    def interrupt() -> None:
        fired.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
        timer.cancel()
        timer.join()
    except KeyboardInterrupt:
        if fired.is_set():
            raise TimeLimitPassed from None
        raise
    finally:
        timer.cancel()
