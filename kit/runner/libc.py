"""System calls that Python does not offer."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from functools import lru_cache
from typing import Any

_PR_SET_PDEATHSIG = 1


@lru_cache(maxsize=1)
def libc() -> Any:
    """The C library of this process. Loaded when it is first called: Windows has none."""
    return ctypes.CDLL(None, use_errno=True)


def called(result: int) -> int:
    """What a call gave; OSError with its reason when it failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def end_with_parent() -> None:
    """End this process when the one that made it ends, however that ends. Linux only."""
    if sys.platform == "linux":
        called(libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL))
