"""Delete what a home holds of one unit, or of everything; and backups that have grown old."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kit.checking.report import REPORTS
from kit.content import load_units
from kit.errors import HomeError
from kit.files import write_bytes
from kit.home import STATE, LearnerHome
from kit.model import Part, Unit
from kit.progress import ProgressLog

# a change is regretted within weeks, and a backup holds what was meant to be gone
BACKUP_DAYS = 180


def forgotten(home: LearnerHome, unit: Unit | None) -> list[Path]:
    """What ``forget`` would delete: files and folders that exist, the log aside."""
    places = _of_unit(home, unit) if unit else _of_everything(home)
    return [path for path in dict.fromkeys(places) if path.exists() or path.is_symlink()]


def _of_unit(home: LearnerHome, unit: Unit) -> Iterator[Path]:
    state = home.state
    for part in Part:
        name = unit.assignment(part)
        yield home.root / name
        yield state / "outgoing" / name
        # every step of nbgrader has a folder: STEP/LEARNER/ASSIGNMENT or STEP/ASSIGNMENT
        for pattern in (f"*/{name}", f"*/*/{name}", f"*/*/*/{name}"):
            yield from sorted((state / "course").glob(pattern))
        yield from sorted((home.root / "earlier").glob(f"*/{name}"))
    yield home.live_notebook(unit)
    yield home.artefacts(unit)
    yield from (state / folder / unit.id for folder in ("undo", "base", "settings"))
    yield state / "results" / f"{unit.id}.json"
    yield from sorted((state / REPORTS).glob(f"{unit.id}-*"))
    # grades of other units come back when they are handed in again
    yield from (state / "course" / name for name in ("gradebook.db", "registered.json"))
    # whole homes as they were: nothing in them can be left out
    yield from (state / "undo" / "all", state / "update", state / "moved")
    yield from sorted((home.root / "earlier").glob("*/progress.jsonl"))
    yield from sorted((home.root / "earlier").glob(f"*/result-{unit.id}.json"))


def _of_everything(home: LearnerHome) -> Iterator[Path]:
    for unit in load_units().values():
        yield from (home.assignment_folder(unit, part) for part in Part)
    yield from (home.root / name for name in ("live", "artefacts", "inbox", "earlier", STATE))


def forget(home: LearnerHome, unit: Unit | None) -> int:
    """Delete what ``forgotten`` lists, and the unit's events; returns how many events went.

    No kernel may be at work: its next event would come into a log that is gone. HomeError
    when something cannot be deleted; doing it again goes on.
    """
    log = ProgressLog(home.progress_file)
    gone = len(log.read())
    try:
        if unit is not None:
            gone = _forget_events(home, log, unit)
        for path in forgotten(home, unit):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError as error:
        raise HomeError(
            "Not everything could be deleted: {reason}",
            where=str(error.filename or home.root),
            fix="Close what uses the file, then run the command again.",
            reason=error.strerror or error,
        ) from None
    return gone


def _forget_events(home: LearnerHome, log: ProgressLog, unit: Unit) -> int:
    """Write the log anew without the unit, in the order in which it is read."""
    rows = {record.id: record.row for record in log.records()}
    order = [attempt.id for attempt in log.read() if attempt.id in rows]
    # lines of later versions have no place in the order
    names = [*order, *(name for name in rows if name not in set(order))]
    kept = [name for name in names if rows[name].get("unit") != unit.id]
    if len(kept) < len(names):
        lines = [
            json.dumps({**rows[name], "id": name}, ensure_ascii=False).encode(
                "utf-8", "backslashreplace"
            )
            for name in kept
        ]
        write_bytes(home.progress_file, b"".join(b"\n" + line + b"\n" for line in lines))
    return len(names) - len(kept)


def prune_backups(home: LearnerHome, moment: datetime | None = None) -> list[Path]:
    """Delete backups of resets, updates and imports older than 180 days; returns which."""
    before = (moment or datetime.now(UTC)) - timedelta(days=BACKUP_DAYS)
    gone = []
    for pattern in ("undo/*/*", "update/*", "moved/*"):
        for folder in sorted(home.state.glob(pattern)):
            if folder.is_dir() and folder.stat().st_mtime < before.timestamp():
                shutil.rmtree(folder, ignore_errors=True)
                gone.append(folder)
    return gone
