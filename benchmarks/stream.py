"""A CSV of 2 GB, streamed: seconds and highest memory, beside DuckDB's own reading of the file.

The file is generated, and removed at the end; twice its size of free disk is needed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.rows import Row, timed

GIGABYTES = 2.0
GOAL_SECONDS = 300.0
GOAL_MB = 600
CHILD = """
import resource, sys
from pathlib import Path
from kit.data.stream import store
stored = store(Path(sys.argv[1]), Path(sys.argv[2]), {})
stored.frame("web-007")
print(stored.ledger.read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
PEER = """
import duckdb, sys
db = duckdb.connect(config={"memory_limit": "256MB", "threads": 2, "temp_directory": sys.argv[2]})
db.execute(f"copy (from read_csv('{sys.argv[1]}')) to '{sys.argv[2]}/peer.parquet'")
"""


def rows(rounds: int) -> list[Row]:
    """One reading, whatever ``rounds`` says: it takes minutes. Prints memory on the way."""
    del rounds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        write(path)
        said: list[str] = []
        ours = timed(lambda: said.append(_run(CHILD, path, Path(folder) / "stored")))
        (Path(folder) / "peer").mkdir()
        peer = timed(lambda: _run(PEER, path, Path(folder) / "peer"))
    count, kilobytes = map(int, said[0].split())
    unit = 1024 if sys.platform != "darwin" else 1024**2
    print(f"{count:,} records, highest memory {kilobytes / unit:,.0f} MB (goal {GOAL_MB})")
    name = f"stream a CSV of {GIGABYTES:g} GB ({kilobytes / unit:,.0f} MB of memory)"
    return [Row(name, [ours], "DuckDB to Parquet, unchecked", [peer], GOAL_SECONDS)]


def write(path: Path) -> None:
    """An hour of 200 machines again and again, a line each minute."""
    minutes = pd.date_range("2024-01-01", periods=60, freq="min").astype(str)
    block = "".join(
        f"{minute},web-{at:03d},{(at * 13 + n * 7) % 1000 / 10},{(at * 17 + n) % 900 / 10}\n"
        for n, minute in enumerate(minutes)
        for at in range(200)
    )
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("timestamp,server,cpu_percent,memory_percent\n")
        while stream.tell() < GIGABYTES * 1e9:
            stream.write(block)


def _run(code: str, path: Path, folder: Path) -> str:
    command = [sys.executable, "-c", code, str(path), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
