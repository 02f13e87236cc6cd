"""``python -m tests.nbgrader_suite``: all of nbgrader's own tests with our runner.

``--runner nbgrader`` runs them without it, to know what fails anyway; ``--write`` renews the
list of cases that run a notebook.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.nbgrader_suite.cases import EXECUTING, TOLD, Case, excluded, executing, is_told, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="make nbgrader-tests", description=__doc__)
    parser.add_argument("--runner", choices=("kit", "nbgrader"), default="kit")
    parser.add_argument("--write", action="store_true", help="renew executing.txt")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.jsonl"
        cases = run((), told, os.cpu_count() or 1, options.runner)
    ran = sorted(case.name for case in cases if case.runs)
    if options.write:
        EXECUTING.write_text("".join(f"{name}\n" for name in ran), encoding="utf-8")
        executing.cache_clear()
    return 1 if told_of(cases, ran) else 0


def told_of(cases: list[Case], ran: list[str]) -> bool:
    """Print what happened; whether anything is wrong."""
    outcomes = Counter(case.outcome for case in cases)
    print(f"{len(cases)} cases of nbgrader reached: {dict(outcomes)}.")
    print(f"{len(ran)} of them ran a notebook, {sum(case.runs for case in cases)} times in all.")
    for name, reason in excluded().items():
        print(f"left out: {name}: {reason}")
    wrong = [f"{case.name}: {case.outcome}" for case in cases if case.outcome != "passed"]
    wrong += [f"{name}: in executing.txt, ran none" for name in set(executing()) - set(ran)]
    wrong += [f"{name}: ran one, not in executing.txt" for name in set(ran) - set(executing())]
    claims = f"{len(cases)} cases run with our runner", f"{len(ran)} of them run a notebook"
    wrong += [f"not in {TOLD.name}: {claim}" for claim in claims if not is_told(claim)]
    for line in wrong:
        print(line, file=sys.stderr)
    return bool(wrong) or not cases


if __name__ == "__main__":
    sys.exit(main())
