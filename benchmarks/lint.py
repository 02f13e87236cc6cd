"""The quality gate on each unit: everything proved anew, then again with nothing changed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.rows import Row, timed
from kit.content import content_root, load_units
from kit.gate.lint import Options, lint_folder

GOAL_SECONDS = 60.0


def rows(rounds: int) -> list[Row]:
    """Cold once, since it takes a minute; warm each round."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        # what is kept of earlier runs stays where authors work
        root = Path(folder) / "root"
        for name in ("workbooks", "assignments"):
            shutil.copytree(content_root() / name, root / name)
        for unit in load_units(root).values():
            found += unit_rows(unit.id, unit.folder, rounds)
    load_units.cache_clear()
    return found


def unit_rows(name: str, folder: Path, rounds: int) -> list[Row]:
    """One unit with 50 seeds, as an author runs it."""

    def lint() -> None:
        lint_folder(name, folder, Options())

    cold = [timed(lint)]
    return [
        Row(f"{name}: lint, cold", cold, "", [], GOAL_SECONDS),
        Row(f"{name}: lint, nothing changed", [timed(lint) for _ in range(rounds)], "cold", cold),
    ]
