"""From nothing to a finding: ``upskill quick example``, also from a fresh clone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.rows import Row, timed

ROOT = Path(__file__).parents[1]


def rows(rounds: int) -> list[Row]:
    """A process of its own with an empty home each time; the peer only loads the libraries."""
    ours, peer = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours.append(timed(lambda: _find([sys.executable, "-m", "kit"], Path(folder))))
        libraries = [sys.executable, "-c", "import pandas, altair, vl_convert, openpyxl"]
        peer.append(timed(lambda: subprocess.run(libraries, check=True)))  # noqa: B023
    return [Row("upskill quick example → finding", ours, "import its libraries", peer)]


def from_clone() -> list[Row]:
    """git clone, make's installation, the finding: once, since it takes minutes."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"

        def everything() -> None:
            subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
            clean = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
            subprocess.run(
                ["make", "--silent", "-C", clone, ".venv/installed"], check=True, env=clean
            )
            _find([str(clone / ".venv" / "bin" / "upskill")], Path(folder))

        return [Row("git clone → install → finding", [timed(everything)], "", [])]


def _find(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "HOME": str(folder), "UPSKILL_HOME": str(folder / "home")}
    subprocess.run(
        [*command, "quick", "example", "--out", str(folder / "out"), "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
        env=environment,
    )
