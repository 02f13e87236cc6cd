"""``upskill grade`` beside ``nbgrader autograde`` on the same submissions of a plain course.

Start-up is what grading a single submission takes: what is left for the others is the
throughput. CPU is that of all processes, those of forked kernels too. Both gradebooks must
hold the same in every column, and what nbgrader graded with is printed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from benchmarks import cpu
from benchmarks.gradebook import differences, everything, settings
from benchmarks.grading_course import ASSIGNMENT, LEARNERS, sources, write_course
from benchmarks.rows import Row

WHOLE_TIMES, LATER_TIMES, GOAL_CPU, GOAL_EXTRA = 15, 25, 0.120, 0.020
OURS, PEER = "upskill grade", "nbgrader autograde"
COMMANDS = {
    OURS: ["-m", "kit", "grade", ASSIGNMENT],
    PEER: ["-m", "nbgrader", "autograde", ASSIGNMENT],
}
_OWN_WORK = """
import sys, time
sources = {sources!r}
for number in range(30):
    # the first ones load what pandas loads at first use
    if number == 10:
        begin = time.process_time()
    names = {{}}
    for source in sources:
        exec(source, names)
print((time.process_time() - begin) / 20)
"""


@dataclass(frozen=True)
class Used:
    """What one command took; ``cpu`` of all its processes."""

    seconds: float
    cpu: float


def rows(rounds: int, submissions: int = LEARNERS) -> list[Row]:
    """nbgrader once, since it takes minutes; ours before and after it, and the median of these."""
    times = min(rounds, 3)
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = _both(Path(folder), submissions, times)
        ours_one, peer_one = _both(Path(folder), 1, times)
    work = [_own_work() for _ in range(times)]
    start, start_cpu = (statistics.median(one) for one in zip(*map(astuple, ours_one), strict=True))
    later = [one.seconds - start for one in ours]
    cells = min(work)
    extra = [(one.cpu - start_cpu) / (submissions - 1) - cells for one in ours]
    peer_extra = (peer.cpu - peer_one.cpu) / (submissions - 1) - cells
    shares = f"{statistics.median(extra) / cells:.0f} and {peer_extra / cells:.0f}"
    taken = [one.cpu / submissions for one in ours]
    return [
        _row(
            f"{submissions} submissions", [one.seconds for one in ours], peer.seconds, WHOLE_TIMES
        ),
        _row("of these without start-up", later, peer.seconds - peer_one.seconds, LATER_TIMES),
        Row(f"CPU a submission ({cpu.way()})", taken, PEER, [peer.cpu / submissions], GOAL_CPU),
        Row("the cells' own work in it", work, "", []),
        Row(f"overhead: {shares} times that", extra, PEER, [peer_extra], GOAL_EXTRA),
    ]


def _row(what: str, ours: list[float], peer: float, times: int) -> Row:
    told = f"{what}: {peer / statistics.median(ours):.1f} times as fast"
    return Row(told, ours, PEER, [peer], peer / times)


def _both(base: Path, learners: int, times: int) -> tuple[list[Used], Used]:
    """Ours and the peer's on copies of one course; RuntimeError when their gradebooks differ."""
    course = base / f"course-{learners}"
    course.mkdir()
    write_course(course, learners)
    used: dict[str, list[Used]] = {OURS: [], PEER: []}
    first: dict[str, dict[str, object]] = {}
    for at, name in enumerate([OURS, PEER, *[OURS] * (times - 1)]):
        copy = base / f"{at}-{learners}"
        shutil.copytree(course, copy)
        used[name].append(_used([sys.executable, *COMMANDS[name]], copy))
        if name == PEER and learners > 1:
            for setting, value in settings(copy, _environment(base)).items():
                print(f"nbgrader {setting}: {value}", flush=True)
        there = everything(copy / "gradebook.db")
        first = first or there
        if found := differences(first, there):
            raise RuntimeError("The gradebooks differ:\n" + "\n".join(found[:20]))
    if sum(place.startswith("grade ") for place in first) < learners:
        raise RuntimeError(f"The gradebook holds too little: {sorted(first)}")
    return used[OURS], used[PEER][0]


def _used(command: Sequence[str], folder: Path) -> Used:
    with cpu.own_group() as group:
        told = {"group": group, "cwd": folder, "env": _environment(folder.parent)}
        begin = time.perf_counter()
        took = cpu.cpu_of(command, **told, log=folder.parent / "log")
        return Used(time.perf_counter() - begin, took)


def _environment(home: Path) -> dict[str, str]:
    """Without settings of whoever runs this."""
    dropped = ("JUPYTER", "UPSKILL_", "NBGRADER")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    return {**kept, "HOME": str(home)}


def _own_work() -> float:
    code = _OWN_WORK.format(sources=list(sources()))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)
