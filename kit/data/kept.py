"""Where the rows of a large file are kept: a folder of its own, which changes as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.data.readers.sql import parts_in
from kit.errors import DataError

if TYPE_CHECKING:
    import duckdb

SAMPLES, LISTING = "samples", "ledger.csv"
_WORK = "work"
_FRAME_MB = 4096


@contextmanager
def made_anew(
    path: Path, folder: Path, file: str, limit_mb: int
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database and an empty place to write ``SAMPLES`` and ``LISTING`` of the file ``path``.

    At the end they take the place of the folder's; after an error that stays as it was. What
    a killed run left is removed. ``file`` is the name in errors.

    DataError when the disk is too full, when another program is reading the same file into
    the folder, and for what DuckDB cannot do.
    """
    _require_room(path, folder, file)
    work = folder / _WORK
    work.mkdir(parents=True, exist_ok=True)
    with _locked(work, file), _database(work / "spill", limit_mb) as db:
        yield db, work
        shutil.rmtree(folder / SAMPLES, ignore_errors=True)
        (work / SAMPLES).replace(folder / SAMPLES)
        (work / LISTING).replace(folder / LISTING)


@contextmanager
def opened(folder: Path, limit_mb: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database whose view ``samples`` is what the folder keeps, in the order of its writing."""
    with _database(None, limit_mb + _FRAME_MB) as db:
        source = parts_in(folder / SAMPLES)
        db.execute(f"create temp view samples as select * from read_parquet({source})")
        yield db


def _require_room(path: Path, folder: Path, file: str) -> None:
    """The copy, the spilled rows and the result take at most twice the file."""
    folder.mkdir(parents=True, exist_ok=True)
    needed, free = 2 * path.stat().st_size, shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(
            "Reading {file} needs {needed:,.1f} GB of free disk; there are {free:,.1f} GB.",
            where=str(folder),
            fix="Free some space, or export a shorter period.",
            file=file,
            needed=needed / 1e9,
            free=free / 1e9,
        )


@contextmanager
def _locked(work: Path, file: str) -> Iterator[None]:
    """Hold the folder, empty it of what a killed run left, and remove it at the end.

    DuckDB locks the file of a database, on every system, and a killed process holds no lock.
    """
    import duckdb

    try:
        lock = duckdb.connect(str(work / "lock.duckdb"))
    except duckdb.IOException:
        raise DataError(
            "{file} is being read by another notebook or command.",
            where=str(work),
            fix="Wait until it is done there, then read it again.",
            file=file,
        ) from None
    try:
        for left in work.iterdir():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            elif not left.name.startswith("lock."):
                left.unlink(missing_ok=True)
        yield
    except duckdb.Error as error:
        raise DataError(
            "{file} cannot be read: {reason}",
            where=file,
            fix="Check the free disk space; if there is enough, export the file again.",
            file=file,
            reason=str(error).splitlines()[0][:200],
        ) from error
    finally:
        lock.close()
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _database(spill: Path | None, limit_mb: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills into ``spill``, if anywhere, and loads no extension."""
    import duckdb

    config: dict[str, Any] = {
        "memory_limit": f"{limit_mb}MB",
        "threads": 2,
        "temp_directory": str(spill or ""),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    db = duckdb.connect(config=config)
    # Its own bar would stand in the middle of a notebook's output, or of JSON.
    db.execute("set enable_progress_bar = false")
    try:
        yield db
    finally:
        db.close()
