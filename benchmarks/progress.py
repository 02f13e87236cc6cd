"""The progress log when it is long: one durable append, and a check's round trip beside it."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.check import unit_rows
from benchmarks.rows import Row, timed
from kit.content import load_units
from kit.home import make_home, open_home
from kit.model import Attempt, Unit
from kit.progress import ProgressLog
from kit.progress.lines import encoded, new_id
from kit.progress.log import now

GOAL_SECONDS = 0.005
LINES = 20_000
APPENDS = 100


def rows(rounds: int) -> list[Row]:
    """An append behind 20,000 lines, then the checks of each unit with such a log."""
    found = [_appends()]
    for unit in load_units().values():
        with tempfile.TemporaryDirectory() as folder:
            home = open_home(Path(folder) / "home", "en")
            make_home(home)
            fill(home.progress_file, unit)
            everything, *_ = unit_rows(unit, home, rounds)
            found.append(replace(everything, what=f"{everything.what}, log of {LINES:,} lines"))
    return found


def fill(path: Path, unit: Unit) -> None:
    """A log of years: checks of one unit, some passed, some not."""
    lines = []
    for number in range(LINES):
        exercise = unit.exercises[number % len(unit.exercises)].id
        outcome = "passed" if number % 3 == 0 else "incorrect"
        attempt = Attempt(now(), "check", unit.id, exercise, outcome, version=unit.version)
        lines.append(b"\n" + encoded(replace(attempt, id=new_id())) + b"\n")
    path.write_bytes(b"".join(lines))


def _appends() -> Row:
    unit = next(iter(load_units().values()))
    attempt = Attempt(now(), "check", unit.id, unit.exercises[0].id, "passed")
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        # beside the checkout: a folder for temporary files may lie in memory, where fsync is free
        path, plain = Path(folder) / "progress.jsonl", Path(folder) / "plain"
        fill(path, unit)
        log = ProgressLog(path)
        ours, peer = [], []
        for _ in range(APPENDS):
            ours.append(timed(lambda: log.append(attempt)))
            peer.append(timed(lambda: _write_through(plain, encoded(attempt))))
    what = f"append to a log of {LINES:,} lines, on disk"
    return Row(what, ours, "the same bytes, written and fsynced", peer, GOAL_SECONDS)


def _write_through(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
