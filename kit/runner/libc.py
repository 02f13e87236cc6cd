"""System calls that Python does not offer."""

from __future__ import annotations

import ctypes
import os
from functools import lru_cache
from typing import Any


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
