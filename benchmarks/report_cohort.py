"""A report on a big cohort, beside nbgrader's own listing of the same gradebook.

The peer is what Formgrader's pages list submissions with, ``Gradebook.submission_dicts``,
for one assignment of all; it is cut off after ``PEER_LIMIT``, and the ratio is then an
upper bound. Both run in fresh processes; imports of nbgrader count for neither.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.cohort_file import LEARNERS, UNITS, assignments, gradebook_file
from benchmarks.rows import Row

GOAL_SECONDS = 2.0
PEER_LIMIT = 120.0
ROOT = Path(__file__).parents[1]
_TIMED = """
import json, resource, time, warnings
warnings.simplefilter("ignore")
{setup}
begin = time.perf_counter()
{work}
took = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([took, peak]))
"""
_READ = """
import sys
from pathlib import Path
import nbgrader.api, pydantic_core
from kit.grading.course import Course
from kit.grading.read import read_cohort
course = Course(Path({root!r}), "bench")
"""
_PAGE = """
from benchmarks.cohort_file import programme
from kit.reports.page import render_html
units, plan = programme()
"""
_PEER = """
from nbgrader.api import Gradebook
book = Gradebook({url!r}, "bench")
names = {names!r}
"""


def rows(rounds: int) -> list[Row]:
    """Reading alone, with the page where the kit has one, and nbgrader's listing once."""
    root = gradebook_file()
    names = [name for name, _, _ in assignments()]
    read = _READ.format(root=str(root))
    peer_setup = _PEER.format(url=f"sqlite:///{root / 'gradebook.db'}", names=names)
    peer_name = f"nbgrader lists 1 of {len(names)} assignments"
    try:
        # minutes at each run: once tells enough
        peer = [_run(peer_setup, "book.submission_dicts(names[0])", PEER_LIMIT)]
    except subprocess.TimeoutExpired:
        peer, peer_name = [(PEER_LIMIT, 0)], f"{peer_name}, cut off"
    told = f"{LEARNERS:,} learners, {UNITS} units"
    works = {
        f"{told}: tables": (read, "read_cohort(course, settled=True)"),
        f"{told}: page": (
            read + _PAGE,
            "render_html(read_cohort(course, settled=True), units, plan, 'en')",
        ),
    }
    found = []
    for what, (setup, work) in works.items():
        ours = [_run(setup, work) for _ in range(rounds)]
        peaks = f", peak {max(p for _, p in ours) // 1024} MB"
        seconds, theirs = [s for s, _ in ours], [s for s, _ in peer]
        found.append(Row(what + peaks, seconds, peer_name, theirs, GOAL_SECONDS))
    return found


def _run(setup: str, work: str, limit: float | None = None) -> tuple[float, int]:
    """Seconds and peak memory (KB) of some work in a process of its own."""
    code = _TIMED.format(setup=setup, work=work)
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=limit,
    )
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), int(peak)
