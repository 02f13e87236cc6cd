"""The most memory that a program ever had in use."""

from __future__ import annotations

import sys
from pathlib import Path


def peak() -> int:
    """Bytes of this process alone, from its start until now."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":
        # getrusage would tell the peak of whoever started this program, too
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
