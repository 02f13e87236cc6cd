"""What fences add to a forked kernel, from its request to its end, beside a fork without them."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.rows import Row
from kit.grading.room import Room, room
from kit.runner.isolate import Fence
from kit.runner.level import found
from kit.runner.levels import Level
from kit.runner.spawn import OPEN, WARM

GOAL_SECONDS = 0.020


def rows(rounds: int) -> list[Row]:
    """Both take turns; nothing runs in either, so that only making and ending them is left."""
    if found().level is not Level.FENCES:
        return []
    WARM.load([])
    try:
        with tempfile.TemporaryDirectory() as handed_in, room(Path(handed_in)) as made:
            _seconds(made, OPEN)
            times = [(_seconds(made, made.fence), _seconds(made, OPEN)) for _ in range(rounds * 10)]
    finally:
        WARM.close()
    added = [fenced - plain for fenced, plain in times]
    return [
        Row("fences around a forked kernel", added, "a fork", [b for _, b in times], GOAL_SECONDS)
    ]


def _seconds(made: Room, fence: Fence) -> float:
    begin = time.perf_counter()
    fork = WARM.fork(made.folder, made.environment, made.log.fileno(), fence)
    fork.kill()
    fork.close()
    return time.perf_counter() - begin
