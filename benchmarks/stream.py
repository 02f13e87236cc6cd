"""A large CSV, streamed: seconds and highest memory, beside pandas.read_csv on a piece of it.

Once as measurements, and once row by row, by the columns of a contract.
The file is generated in a temporary folder and removed at the end; three times its size of free
disk is needed. ``--gigabytes 2`` is the size that the kit promises to read.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.rows import Row

# plain ``make bench`` must stay bearable
GIGABYTES = 0.2
# pandas holds the whole file: a piece tells its pace, and what the rest would take
PIECE = 0.2
GOAL_MB = 600
OURS = """
from pathlib import Path
from kit.data.stream import store
stored = store(Path(sys.argv[1]), Path(sys.argv[2]), {})
stored.frame("web-007")
records = stored.ledger.read
"""
ROWWISE = """
from pathlib import Path
from kit.data.own.contract import TableRule
from kit.data.own.stored import store_columns
columns = [
    {"id": "timestamp", "type": "time"},
    {"id": "server", "type": "text"},
    *({"id": name, "type": "number"} for name in ("cpu_percent", "memory_percent")),
]
roles = {one["id"]: one["id"] for one in columns}
rule = TableRule.model_validate(
    {"id": "load", "title": "Load", "reader": "columns", "columns": columns}
)
stored = store_columns(Path(sys.argv[1]), Path(sys.argv[2]), rule, roles, None)
assert sum(map(len, stored.pieces())) == stored.ledger.read
records = stored.ledger.read
"""
PEER = """
import pandas
records = len(pandas.read_csv(sys.argv[1]))
"""
WORKS = {"as measurements": OURS, "row by row": ROWWISE}
# seconds for each gigabyte
GOALS = {"as measurements": 150.0, "row by row": 300.0}
CHILD = """
import resource, sys, time
begin = time.perf_counter()
{work}
unit = 1024 if sys.platform != "darwin" else 1024**2
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
print(records, time.perf_counter() - begin, peak)
"""


def rows(rounds: int, gigabytes: float = GIGABYTES) -> list[Row]:
    """One reading, whatever ``rounds`` says: a large one takes minutes. Prints the memory."""
    del rounds
    with tempfile.TemporaryDirectory() as folder:
        path, piece = Path(folder) / "large.csv", Path(folder) / "piece.csv"
        size, part = write(path, gigabytes), write(piece, min(PIECE, gigabytes))
        peer = _run(PEER, piece, Path(folder))
        found = {kind: _run(work, path, Path(folder)) for kind, work in WORKS.items()}
    print(
        f"pandas.read_csv of {part:.2f} GB: {peer[1]:,.1f} s, {peer[2]:,.0f} MB, so "
        f"{peer[2] * size / part:,.0f} MB for {size:.2f} GB."
    )
    return [_row(kind, ours, size, peer[1] * size / part, part) for kind, ours in found.items()]


def _row(kind: str, ours: tuple[float, float, float], size: float, peer: float, part: float) -> Row:
    records, seconds, megabytes = ours
    print(
        f"CSV of {size:.2f} GB {kind}: {records:,.0f} records judged in {seconds:,.1f} s, "
        f"highest memory {megabytes:,.0f} MB (goal {GOAL_MB})."
    )
    name = f"stream a CSV of {size:.2f} GB {kind} ({megabytes:,.0f} MB of memory)"
    what = f"pandas.read_csv, from {part:.2f} GB of it"
    return Row(name, [seconds], what, [peer], GOALS[kind] * size)


def write(path: Path, gigabytes: float) -> float:
    """An hour of 200 machines again and again, a line each minute; returns the gigabytes."""
    minutes = pd.date_range("2024-01-01", periods=60, freq="min").astype(str)
    block = "".join(
        f"{minute},web-{at:03d},{(at * 13 + n * 7) % 1000 / 10},{(at * 17 + n) % 900 / 10}\n"
        for n, minute in enumerate(minutes)
        for at in range(200)
    )
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("timestamp,server,cpu_percent,memory_percent\n")
        while stream.tell() < gigabytes * 1e9:
            stream.write(block)
    return path.stat().st_size / 1e9


def _run(work: str, path: Path, folder: Path) -> tuple[float, float, float]:
    """Records, seconds and megabytes of a process of its own."""
    command = [sys.executable, "-c", CHILD.format(work=work), str(path), str(folder / "stored")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    records, seconds, megabytes = map(float, done.stdout.split())
    return records, seconds, megabytes
