"""A large table at work: memory, disk, and processes that end in the middle."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.data.readers import read_export
from kit.data.readers import source as reader_source
from kit.data.readers.source import is_large
from kit.data.stream import store
from kit.errors import DataError

Save = Callable[..., Path]
ROOT = Path(__file__).parents[3]
TABLE = """\
timestamp,server,cpu_percent,memory_used_mb
2024-03-04 09:00:00,web-01,12.5,4000
2024-03-04 09:05:00,db-01,50,8000
2024-03-04 09:10:00,web-01,13,4100
"""
CHILD = """
import sys
from pathlib import Path
from kit.data.stream import store
from tests.peak import peak
stored = store(Path(sys.argv[1]), Path(sys.argv[2]), {})
frame = stored.frame("web-001")
print(stored.ledger.read, stored.ledger.rejected, len(frame), sorted(set(frame["metric"])))
print(peak())
"""


def printed(command: list[str]) -> list[str]:
    """The lines that a child says."""
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()


def write_large(path: Path, megabytes: int, encoding: str) -> int:
    """Write a table of 100 machines, each with one fault in a hundred; returns its rows."""
    machines = [f"web-{number:03d}" for number in range(99)] + ["서버-099"]
    lines = [
        f"{minute},{name},{(at * 7) % 100}.25,{at if at else 'x'}\n"
        for minute in pd.date_range("2024-01-01", periods=100, freq="min").astype(str)
        for at, name in enumerate(machines)
    ]
    block = "".join(lines).encode(encoding)
    times = megabytes * 1_000_000 // len(block) + 1
    with path.open("wb") as stream:
        stream.write("일시,서버,CPU 사용률(%),메모리 사용률(%)\n".encode(encoding))
        for _ in range(times):
            stream.write(block)
    return times * len(lines)


@pytest.mark.parametrize(("megabytes", "encoding"), [(100, "utf-8"), (30, "cp949")])
def test_a_large_file_is_read_in_bounded_memory(
    tmp_path: Path, megabytes: int, encoding: str
) -> None:
    path = tmp_path / "large.csv"
    rows = write_large(path, megabytes, encoding)
    run = [sys.executable, "-c", CHILD, str(path), str(tmp_path / "out")]
    said = printed(run)
    assert (
        said[0] == f"{2 * rows} {rows // 100} {2 * rows // 100} ['cpu_percent', 'memory_percent']"
    )
    assert int(said[1]) / 2**20 < 600


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.csv", tmp_path / "out"
    rows = write_large(path, 20, "utf-8")
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(folder)], cwd=ROOT)
    while not (folder / "work").exists() and child.poll() is None:
        time.sleep(0.01)
    time.sleep(random.Random(seed).uniform(0, 2))
    child.send_signal(signal.SIGKILL) if os.name == "posix" else child.kill()
    child.wait()
    stored = store(path, folder, {})
    assert stored.ledger.read == 2 * rows
    assert not (folder / "work").exists()


def test_two_readers_of_one_file_do_not_disturb_each_other(tmp_path: Path, save: Save) -> None:
    path, work = save("a.csv", TABLE), tmp_path / "out" / "work"
    work.mkdir(parents=True)
    hold = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    )
    lock = str(work / "lock.duckdb")
    with subprocess.Popen(
        [sys.executable, "-c", hold, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(DataError, match="another notebook"):
            store(path, tmp_path / "out", {})
        assert work.exists()
        other.communicate(b"\n")
    assert len(store(path, tmp_path / "out", {}).frame()) == 6


def test_a_disk_without_room_is_told_before_anything_is_written(
    tmp_path: Path, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save("a.csv", TABLE)
    full = shutil_usage(free=10)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: full)
    with pytest.raises(DataError, match="free disk"):
        store(path, tmp_path / "out", {})
    assert list((tmp_path / "out").iterdir()) == []


def shutil_usage(free: int) -> object:
    import collections

    return collections.namedtuple("usage", "total used free")(100, 100 - free, free)


def archive(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("head", "tail", "kind"),
    [(b"PK\x03\x04", archive("xl/workbook.xml"), "xlsx workbook"), (b' {"a": [', b"", "JSON")],
)
def test_large_files_that_cannot_be_read_in_pieces_are_refused_at_once(
    tmp_path: Path, head: bytes, tail: bytes, kind: str
) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(head)
    # A file with a hole takes no disk.
    os.truncate(path, reader_source.LARGE + 1)
    with path.open("ab") as stream:
        stream.write(tail)
    assert is_large(path)
    with pytest.raises(DataError, match=kind) as refused:
        read_export(path)
    assert "CSV" in refused.value.fix


FIXTURES = Path(__file__).parents[2] / "fixtures" / "exports"
PEAK = """
import sys
from pathlib import Path
from kit.data.readers import read_export
from kit.errors import DataError
from tests.peak import peak
before = peak()
try:
    read_export(Path(sys.argv[1]))
except DataError as error:
    print(error.what, error.fix, sep=chr(10))
print(peak() - before)
"""


@pytest.mark.parametrize(
    ("fixture", "label", "command"),
    [
        ("nmon/app-03.nmon", "nmon", "nmon -f -s 300"),
        ("atop/atop-P.txt", "atop", "atop -r FILE -b 09:00"),
        ("sar/sadf-d.csv", "sysstat (sar)", "sadf -d 600"),
        ("esxtop/esxtop.csv", "VMware esxtop", "esxtop -b -a -d 300"),
        ("perfmon/relog-english.csv", "Windows PerfMon", "relog collected.blg -t 12"),
    ],
)
def test_large_exports_of_tools_without_a_plain_table_are_refused_in_little_memory(
    tmp_path: Path, fixture: str, label: str, command: str
) -> None:
    path = tmp_path / Path(fixture).name
    path.write_bytes((FIXTURES / fixture).read_bytes())
    # A gigabyte with a hole: read whole it would be seen.
    os.truncate(path, 2**30)
    run = [sys.executable, "-c", PEAK, str(path)]
    said = printed(run)
    assert f"an export of {label} of 1,074 MB" in said[0] and command in said[1]
    # pandas itself, and a look at the first lines
    assert int(said[2]) < 300 * 2**20


def test_duckdb_is_loaded_by_reading_alone() -> None:
    code = "import sys, kit, kit.data.stream; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
