"""Exports that a learner drops: names made safe, sizes limited, nothing overwritten."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from kit.errors import DataError
from kit.files import hash_file
from kit.home import LearnerHome

SIZE_LIMIT = 200 * 1024 * 1024

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


UNREAD = "unread"


def inbox_folder(home: LearnerHome) -> Path:
    """Where dropped exports are kept, as they came."""
    return home.root / "inbox"


def safe_name(name: str) -> str:
    """A file name that every system can store; Hangul stays, folders go.

    macOS sends Hangul as separate letters; it is joined, so that names compare.
    """
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = _FORBIDDEN.sub("-", base).strip(" .")
    if not base or _DEVICE.match(base):
        base = f"export-{base}" if base else "export"
    stem, dot, suffix = base.rpartition(".")
    # 255 bytes is the usual limit of a name; Hangul takes three each
    while len(base.encode()) > 200 and stem:
        stem = stem[:-1]
        base = f"{stem}{dot}{suffix}"
    return base if len(base.encode()) <= 200 else base[:60]


def free_path(folder: Path, name: str) -> Path:
    """``folder/name``, or ``name-2`` and so on when that is taken."""
    path, n = folder / name, 1
    while path.exists():
        n += 1
        path = folder / f"{Path(name).stem}-{n}{Path(name).suffix}"
    return path


def place_for(folder: Path, name: str) -> Path:
    """``folder/name``, or ``folder/2/name`` and so on when that is taken.

    The name itself stays, because readers take a machine's name from it.
    """
    path, n = folder / name, 1
    while path.exists():
        n += 1
        path = folder / str(n) / name
    return path


def inbox_path(folder: Path, sent: str) -> Path:
    """The path of a file as ``Arriving`` named it to the page: ``cpu.csv`` or ``2/cpu.csv``."""
    number, slash, _ = sent.partition("/")
    inner = folder / number if slash and re.fullmatch("[0-9]{1,6}", number) else folder
    return inner / safe_name(sent)


def set_aside(folder: Path, paths: Sequence[Path]) -> None:
    """Move files that could not be read to ``unread``, where no notebook looks for exports."""
    for path in paths:
        aside = folder / UNREAD / path.name
        aside.parent.mkdir(parents=True, exist_ok=True)
        same = aside.is_file() and hash_file(aside) == hash_file(path)
        path.replace(aside if same else free_path(aside.parent, path.name))


class Arriving:
    """A file on its way in: chunks are appended, the name appears when all is there."""

    def __init__(self, folder: Path, name: str, limit: int = SIZE_LIMIT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name, self.limit, self.size = folder, safe_name(name), limit, 0
        # a name of its own, so that half a file is never taken for an export
        self.part = free_path(folder, f".{self.name}.part")
        self.stream: IO[bytes] = self.part.open("xb")
        self.digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Add a chunk; raises DataError beyond the limit."""
        self.size += len(chunk)
        if self.size > self.limit:
            self.discard()
            raise too_large(self.name, self.limit)
        self.stream.write(chunk)
        self.digest.update(chunk)

    def finish(self) -> Path:
        """Close the file and give it its name; returns the path.

        A file that is here already, by content and name, is used again: a second copy
        would count its samples twice.
        """
        self.stream.close()
        if (known := self._known()) is not None:
            self.part.unlink()
            return known
        path = place_for(self.folder, self.name)
        path.parent.mkdir(exist_ok=True)
        self.part.replace(path)
        return path

    def _known(self) -> Path | None:
        places = [self.folder / self.name, *sorted(self.folder.glob("[0-9]*/*"))]
        for path in places:
            likely = path.name == self.name and path.is_file()
            # reading 200 MB for a digest is only worth it where the sizes agree
            if likely and path.stat().st_size == self.size and self._equals(path):
                return path
        return None

    def _equals(self, path: Path) -> bool:
        return hash_file(path) == self.digest.hexdigest()

    def discard(self) -> None:
        """Remove what has arrived; after ``finish`` this does nothing."""
        self.stream.close()
        self.part.unlink(missing_ok=True)

    def __enter__(self) -> Arriving:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.discard()


def too_large(name: str, limit: int = SIZE_LIMIT) -> DataError:
    """The error for a file beyond the limit."""
    return DataError(
        "The file is larger than {limit} MB.",
        where=name,
        fix="Export a shorter period, or read it in place: upskill quick {name}",
        limit=limit // 1024**2,
        name=name,
    )
