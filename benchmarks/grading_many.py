"""Many submissions: whether memory stays as it is, and what a second Dask worker adds.

Memory is the highest that the processes of ours ever took: who drives, the workers, and the
warm process; not the forks, which are learners' and end with their notebooks. Dask's workers
run on this machine, beside their scheduler and who saves the scores: with no more cores than
workers they share them, and the efficiency is a lower bound. Nothing of start-up is in it:
workers have graded before, and the clock begins when a part is done.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.grading_course import ASSIGNMENT, write_course
from benchmarks.rows import Row

# plain ``make bench`` must stay bearable; the promise is for 1,000
SUBMISSIONS, SPREAD = 200, 200
GOAL_MEMORY, GOAL_EFFICIENCY = 1.1, 0.8
# one part of so many: memory is looked at first after it, a Dask worker's clock begins
PART = 10
_WATCHED = """
import json, sys, time
from pathlib import Path
import psutil
from kit.grading.batch import grade
from kit.grading.course import any_course

def highest():
    ours = psutil.Process()
    pids = [ours.pid, *(one.pid for one in ours.children())]
    told = [Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2] for pid in pids]
    return sum(int(one.split()[0]) for one in told) / 1024

def look(done, total, _text):
    if done in (total // int(sys.argv[2]), total):
        print(json.dumps([highest(), time.perf_counter() - begin]), flush=True)

begin = time.perf_counter()
grade(any_course(Path(".")), sys.argv[1], progress=look)
"""
_SPREAD = """
import json, sys, time
from pathlib import Path
import distributed
from kit.grading.batch import grade
from kit.grading.course import any_course

def clock(done, total, _text):
    if done in (total // int(sys.argv[2]), total):
        print(json.dumps(time.perf_counter()), flush=True)

address, workers = sys.argv[3], int(sys.argv[4])
with distributed.Client(address) as client:
    client.wait_for_workers(workers)
grade(any_course(Path("../few")), sys.argv[1], dask=address)
grade(any_course(Path(".")), sys.argv[1], dask=address, progress=clock)
"""


def rows(rounds: int, submissions: int = SUBMISSIONS) -> list[Row]:
    """Each once, whatever ``rounds`` says; Dask's part with no more than ``SPREAD``."""
    del rounds
    with tempfile.TemporaryDirectory() as folder:
        found = [_memory(Path(folder), submissions)] if sys.platform == "linux" else []
        return [*found, _efficiency(Path(folder), min(submissions, SPREAD))]


def _memory(base: Path, submissions: int) -> Row:
    course = _course(base / "many", submissions)
    (early, _), (late, seconds) = _told(course, _WATCHED)
    what = f"{submissions:,} submissions: {late / early:.2f} times the memory"
    told = f"{early:,.0f} MB after {submissions // PART}, {late:,.0f} MB at the end"
    return Row(f"{what} (goal {GOAL_MEMORY}; {told})", [seconds], "", [])


def _efficiency(base: Path, submissions: int) -> Row:
    took = []
    for workers in (1, 2):
        place = base / f"spread-{workers}"
        _course(place / "few", 4 * workers)
        course = _course(place / "many", submissions)
        with _cluster(workers, place) as address:
            begin, end = _told(course, _SPREAD, address, str(workers))
        took.append(end - begin)
    one, two = took
    what = f"{submissions - submissions // PART} submissions by 2 Dask workers"
    told = f"{what}: efficiency {one / two / 2:.2f} (goal {GOAL_EFFICIENCY})"
    return Row(told, [two], "1 Dask worker", [one], one / 2 / GOAL_EFFICIENCY)


def _course(root: Path, learners: int) -> Path:
    root.mkdir(parents=True)
    write_course(root, learners)
    return root


def _told(course: Path, code: str, *more: str) -> list[Any]:
    """What a process of its own says, line by line."""
    command = [sys.executable, "-c", code, ASSIGNMENT, str(PART), *more]
    done = subprocess.run(command, cwd=course, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def _cluster(workers: int, folder: Path) -> Iterator[str]:
    """A scheduler with so many workers of one thread; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with ExitStack() as stack, (folder / "log").open("ab") as log:

        def start(*told: str) -> None:
            command = [sys.executable, "-m", "dask", *told, "--no-dashboard"]
            begun = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
            stack.enter_context(begun)
            stack.callback(begun.terminate)

        host, port = address.split(":")
        start("scheduler", "--host", host, "--port", port)
        for _ in range(workers):
            start("worker", f"tcp://{address}", "--nthreads", "1", "--host", host)
        yield f"tcp://{address}"
