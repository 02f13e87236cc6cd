"""The first process of a run's namespace: it buries what ends there, and ends with the kernel.

A process whose parent has ended becomes the first one's child. Were that the kernel itself,
a learner's code could not wait for its own subprocesses and leave the others' remains.
"""

from __future__ import annotations

import os
import signal
from typing import NoReturn

# more than a process of ours ever has open
_FILES = 65_536


def bury(kernel: int) -> NoReturn:
    """Wait for every process; end as ``kernel`` does, with all that are left.

    An interrupt is passed on: whoever drives the run knows only this process.
    """
    signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
    # the kernel's socket closes when the kernel closes it
    os.closerange(0, _FILES)
    while True:
        ended, status = os.wait()
        if ended == kernel:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
