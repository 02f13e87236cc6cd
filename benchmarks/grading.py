"""``upskill grade`` beside ``nbgrader autograde`` on the same submissions of a plain course.

Start-up is what grading a single submission takes: what is left for the others is the
throughput. CPU is that of all processes, those of forked kernels too, where the system
can count them by a control group. Both gradebooks must hold the same scores.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from benchmarks.grading_course import ASSIGNMENT, LEARNERS, sources, write_course
from benchmarks.rows import Row, timed

WHOLE_TIMES, LATER_TIMES, GOAL_CPU, GOAL_EXTRA = 15, 25, 0.120, 0.020
OURS, PEER = "upskill grade", "nbgrader autograde"
COMMANDS = {
    OURS: ["-m", "kit", "grade", ASSIGNMENT],
    PEER: ["-m", "nbgrader", "autograde", ASSIGNMENT],
}
# version 1 and 2: where groups are made, how a process enters, what counts, in which unit
_GROUPS = (
    ("/sys/fs/cgroup/cpuacct", "tasks", "cpuacct.usage", 1e9),
    ("/sys/fs/cgroup", "cgroup.procs", "cpu.stat", 1e6),
)
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


def rows(rounds: int) -> list[Row]:
    """nbgrader once, since it takes minutes; ours before and after it, and the median of these."""
    times = min(rounds, 3)
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = _both(Path(folder), LEARNERS, times)
        ours_one, peer_one = _both(Path(folder), 1, times)
    work = [_own_work() for _ in range(times)]
    start, start_cpu = (statistics.median(one) for one in zip(*map(astuple, ours_one), strict=True))
    later = [one.seconds - start for one in ours]
    cells = min(work)
    extra = [(one.cpu - start_cpu) / (LEARNERS - 1) - cells for one in ours]
    peer_extra = (peer.cpu - peer_one.cpu) / (LEARNERS - 1) - cells
    shares = f"{statistics.median(extra) / cells:.0f} and {peer_extra / cells:.0f}"
    cpu = [one.cpu / LEARNERS for one in ours]
    return [
        _row(f"{LEARNERS} submissions", [one.seconds for one in ours], peer.seconds, WHOLE_TIMES),
        _row("of these without start-up", later, peer.seconds - peer_one.seconds, LATER_TIMES),
        Row(f"CPU a submission{_counted()}", cpu, PEER, [peer.cpu / LEARNERS], GOAL_CPU),
        Row("the cells' own work in it", work, "", []),
        Row(f"overhead: {shares} times that", extra, PEER, [peer_extra], GOAL_EXTRA),
    ]


def _row(what: str, ours: list[float], peer: float, times: int) -> Row:
    told = f"{what}: {peer / statistics.median(ours):.1f} times as fast"
    return Row(told, ours, PEER, [peer], peer / times)


def _both(base: Path, learners: int, times: int) -> tuple[list[Used], Used]:
    """Ours and the peer's on copies of one course; RuntimeError when their scores differ."""
    course = base / f"course-{learners}"
    course.mkdir()
    write_course(course, learners)
    used: dict[str, list[Used]] = {OURS: [], PEER: []}
    scores = []
    for at, name in enumerate([OURS, PEER, *[OURS] * (times - 1)]):
        copy = base / f"{at}-{learners}"
        shutil.copytree(course, copy)
        used[name].append(_used([sys.executable, *COMMANDS[name]], copy))
        scores.append(_scores(copy / "gradebook.db"))
    if any(one != scores[0] for one in scores) or len(scores[0]) < learners:
        raise RuntimeError(f"The gradebooks differ: {scores}")
    return used[OURS], used[PEER][0]


def _scores(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT s.student_id, c.name, g.auto_score FROM grade g"
        " JOIN base_cell c ON c.id = g.cell_id"
        " JOIN submitted_notebook n ON n.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = n.assignment_id ORDER BY 1, 2"
    ).fetchall()
    connection.close()
    return rows


def _used(command: Sequence[str], folder: Path) -> Used:
    dropped = ("JUPYTER", "UPSKILL_", "NBGRADER")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    with _group() as group, (folder.parent / "log").open("ab") as log:
        enter = f'echo $$ > "{group[0]}" && exec "$@"' if group else 'exec "$@"'
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = timed(
            lambda: subprocess.run(
                ["sh", "-c", enter, "sh", *command],
                check=True,
                cwd=folder,
                env={**kept, "HOME": str(folder.parent)},
                stdout=log,
                stderr=log,
            )
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        waited = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Used(seconds, _cpu(*group[1:]) if group else waited)


@contextmanager
def _group() -> Iterator[tuple[Path, Path, float] | None]:
    """A control group of our own: where to enter, what counts, and its unit."""
    for root, entry, counter, unit in _GROUPS:
        group = Path(root) / f"upskill-bench-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            if (group / counter).is_file():
                yield group / entry, group / counter, unit
                return
        finally:
            _remove(group)
    yield None


def _remove(group: Path) -> None:
    # what the command left behind ends a moment later
    for _ in range(100):
        with suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)


def _cpu(counter: Path, unit: float) -> float:
    # one number, or a first line "usage_usec NUMBER"
    return int(counter.read_text("utf-8").splitlines()[0].split()[-1]) / unit


def _counted() -> str:
    with _group() as group:
        return "" if group else " (without forks, which cannot be counted here)"


def _own_work() -> float:
    code = _OWN_WORK.format(sources=list(sources()))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)
