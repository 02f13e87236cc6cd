"""``python -m benchmarks``: run the timings and print one table."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from functools import partial

from benchmarks import (
    check,
    finding,
    grading,
    grading_many,
    imports,
    isolation,
    kernel,
    lab,
    lint,
    migration,
    progress,
    report_cohort,
    start,
    stream,
    widgets,
)
from benchmarks.rows import Row, show

PARTS: dict[str, Callable[[int], list[Row]]] = {
    "start": start.rows,
    "import": imports.rows,
    "kernel": kernel.rows,
    "check": check.rows,
    "progress": progress.rows,
    "finding": finding.rows,
    "lint": lint.rows,
    "lab": lab.rows,
    "migration": migration.rows,
    "report": report_cohort.rows,
    "grading": grading.rows,
    "many": grading_many.rows,
    "isolation": isolation.rows,
    "stream": stream.rows,
    "widgets": widgets.rows,
}


def main() -> None:
    """Parse the options, run the parts one after the other, print the table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part; repeatable")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions; medians are printed")
    parser.add_argument(
        "--gigabytes", type=float, default=stream.GIGABYTES, help="of the CSV that is streamed"
    )
    parser.add_argument(
        "--submissions", type=int, help="of the parts 'grading', at least 2, and 'many'"
    )
    parser.add_argument("--no-clone", action="store_true", help="leave out the fresh clone")
    options = parser.parse_args()
    rows: list[Row] = []
    parts = PARTS | {"stream": partial(stream.rows, gigabytes=options.gigabytes)}
    if options.submissions:
        for name in ("grading", "many"):
            parts[name] = partial(parts[name], submissions=options.submissions)
    for name in options.only or parts:
        print(f"Timing: {name} …", file=sys.stderr, flush=True)
        rows += parts[name](options.rounds)
    if not options.no_clone and not options.only:
        print("Timing: clone …", file=sys.stderr, flush=True)
        rows += finding.from_clone()
    show(rows)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{os.cpu_count()} cores{load}, Python {platform.python_version()}, {platform.system()}")


if __name__ == "__main__":
    main()
