"""``import kit`` in fresh interpreters, beside ``import pandas``."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.rows import Row

GOAL_SECONDS = 0.15
SCRIPT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"


def rows(rounds: int) -> list[Row]:
    """What a kernel pays for the module, and for the name that opens a workbook."""
    ours, opened, peer = [], [], []
    for _ in range(rounds * 3):
        ours.append(_seconds("import kit"))
        opened.append(_seconds("from kit import ____, open_workbook"))
        peer.append(_seconds("import pandas"))
    return [
        Row("import kit", ours, "import pandas", peer, GOAL_SECONDS),
        Row("from kit import ____, open_workbook", opened, "import pandas", peer, GOAL_SECONDS),
    ]


def _seconds(statement: str) -> float:
    command = [sys.executable, "-c", SCRIPT.format(statement)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
