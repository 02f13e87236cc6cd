"""The append-only progress log: JSON Lines, one attempt a line, see ``lines``."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kit.errors import HomeError
from kit.model import Attempt
from kit.progress.lines import MOVED, LineParser, Record, carried, encoded, new_id, row_of
from kit.progress.merge import merge_logs
from kit.progress.reduce import Progress, reduce_progress

# enough of what was read last to know the file again
_MARK_BYTES = 64
_WRITES = 2
# within what a lock can name on Windows, and behind any log
_LOCKED_BYTE = 0x7FFF0000


def now() -> str:
    """This moment, UTC, ISO 8601 to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class ProgressLog:
    """Appends and reads attempts. Several kernels may append at once, on a local disk.

    Each attempt is one ``write`` of a line with a line end before and after it: a line that
    somebody's crash tore takes no neighbour with it. It is on disk when ``append`` returns.
    Reading again parses only what is new.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # widgets may ask while a cell runs
        self._lock = threading.Lock()
        self._begin()

    def append(self, attempt: Attempt) -> Attempt:
        """Write one attempt durably; returns it with its id.

        HomeError when it could not be written: then it does not count.
        """
        named = attempt if attempt.id else replace(attempt, id=new_id())
        try:
            self._write(b"\n" + encoded(named) + b"\n")
        except OSError as error:
            raise HomeError(
                "Your progress could not be saved: {reason}",
                where=str(self.path),
                fix="Make room on the disk, or make the folder writable. Then do it again.",
                reason=error.strerror or error,
            ) from None
        return named

    def take_in(self, records: Iterable[Record], **origin: object) -> int:
        """Take in the records of another log that this one lacks; returns how many.

        They become one line, so that all of them are in or none; ``origin`` is kept with it.
        """
        known = {record.id for record in self.records()}
        fresh = {record.id: record for record in records if record.id not in known}
        if fresh:
            # an id beside the row, for those that have it from their place in an older log
            rows: list[object] = [{**record.row, "id": name} for name, record in fresh.items()]
            self.append(Attempt(now(), MOVED, "", data={**origin, "rows": rows}))
        return len(fresh)

    def read(self) -> list[Attempt]:
        """All attempts in order; a damaged line is left out, never the rest."""
        with self._lock:
            self._follow()
            return list(self._attempts)

    def progress(self, unit: str) -> Progress:
        """Where the learner stands in one unit; folds only what is new."""
        with self._lock:
            self._follow()
            done, so_far = self._folded.get(unit, (0, Progress()))
            progress = reduce_progress(self._attempts[done:], unit, so_far)
            self._folded[unit] = (len(self._attempts), progress)
            return progress

    def records(self) -> list[Record]:
        """All whole lines, those of later schemas included; what an import brought stands alone."""
        data = self.path.read_bytes() if self.path.is_file() else b""
        return parse_log(data)

    # --- reading ----------------------------------------------------------------------

    def _begin(self) -> None:
        self._offset, self._mark, self._file = 0, b"", (0, 0)
        self._parser = LineParser()
        self._known: set[str] = set()
        self._attempts: list[Attempt] = []
        self._folded: dict[str, tuple[int, Progress]] = {}

    def _follow(self) -> None:
        try:
            data = self._unread()
        except FileNotFoundError:
            self._begin()
            return
        end = data.rfind(b"\n") + 1
        if row_of(data[end:]) is not None:
            # an object that ends is whole: only its line end is missing, or still to come
            end = len(data)
        self._offset += end
        self._mark = (self._mark + data[:end])[-_MARK_BYTES:]
        for record in self._parser.records(data[:end].split(b"\n")):
            self._take(record)

    def _unread(self) -> bytes:
        with self.path.open("rb") as file:
            status = os.fstat(file.fileno())
            identity = (status.st_dev, status.st_ino)
            file.seek(self._offset - len(self._mark))
            # put back from a copy, or cut: what was read says nothing about this file
            if identity != self._file or file.read(len(self._mark)) != self._mark:
                self._begin()
                self._file = identity
                file.seek(0)
            return file.read()

    def _take(self, record: Record) -> None:
        arrived = [r for r in carried(record.attempt) if r.id not in self._known]
        if record.id in self._known or record.attempt is None:
            return
        self._known.update([record.id, *(r.id for r in arrived)])
        if arrived:
            theirs = [r.attempt for r in arrived if r.attempt is not None]
            self._attempts = merge_logs(self._attempts, theirs)
            # the past has changed
            self._folded.clear()
        self._attempts.append(_light(record.attempt))

    # --- writing ----------------------------------------------------------------------

    def _write(self, frame: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not self.path.exists()
        # without the last flag Windows would change line ends
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, flags, 0o600)
        try:
            with _alone(descriptor):
                _write_whole(descriptor, frame)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if fresh:
            _keep_name(self.path.parent)


def parse_log(data: bytes) -> list[Record]:
    """The records in a log's bytes, each id once; what an import brought stands alone."""
    found: dict[str, Record] = {}
    for record in LineParser().records(data.split(b"\n")):
        if record.attempt is not None and record.attempt.event == MOVED:
            # that something was moved is this log's own affair
            for each in carried(record.attempt):
                found.setdefault(each.id, each)
        else:
            found.setdefault(record.id, record)
    return list(found.values())


def _light(attempt: Attempt) -> Attempt:
    """Without the rows that an import brought: they are attempts by now."""
    if attempt.event != MOVED:
        return attempt
    return replace(attempt, data={k: v for k, v in attempt.data.items() if k != "rows"})


def _write_whole(descriptor: int, frame: bytes) -> None:
    for _ in range(_WRITES):
        # the rest of a short write may land behind another kernel's line: begin anew
        if os.write(descriptor, frame) == len(frame):
            return
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """Keep other kernels from writing in between, where the system itself does not."""
    if sys.platform == "win32":
        import msvcrt

        # far behind the end: locks hold off readers of what they cover
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        yield


def _keep_name(folder: Path) -> None:
    """Make a new file's name durable; on Windows a folder cannot be opened, nor need it be."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
