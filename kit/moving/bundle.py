"""One file that holds a learner's work: written from a home, proved before it is taken in."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kit.content import load_units
from kit.errors import HomeError, UsageError
from kit.files import write_bytes
from kit.home import LearnerHome
from kit.i18n import mark
from kit.moving.places import travelling
from kit.progress.log import now

FORMAT = 1
MANIFEST = "manifest.json"
MOST_BYTES = 500 * 1024 * 1024
MOST_FILES = 20_000
# where a name is to be written decides what is no plain name there
_PLAIN = re.compile(
    r'[^\\/\x00-\x1f:*?"<>|]*[^\\/\x00-\x1f:*?"<>|. ]' if os.name == "nt" else r"[^\\/\x00-\x1f]+"
)
_NAME = re.compile(r"[\w.@+-]+")
_BROKEN = mark("Export again where the file came from, and copy it once more.")


@dataclass(frozen=True)
class Bundle:
    """A proved file. ``files`` maps each name to its bytes; ``manifest`` is what it says."""

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def learner(self) -> str:
        """Whose work it is."""
        return str(self.manifest["learner"])

    @property
    def course(self) -> str:
        """The course that the cases were drawn for."""
        return str(self.manifest["course"])

    @property
    def day(self) -> str:
        """When it was made: the date."""
        return str(self.manifest["made_at"])[:10]


def exported_files(home: LearnerHome, *, with_inbox: bool) -> dict[str, int]:
    """What ``export_home`` would write: name → bytes."""
    files = travelling(home, with_inbox=with_inbox)
    return {name: path.stat().st_size for name, path in files.items()}


def export_home(home: LearnerHome, target: Path, *, with_inbox: bool) -> dict[str, int]:
    """Write a home's work to ``target``, readable by its owner only; returns name → bytes.

    UsageError when the file is there or more than 500 MB would go in.
    """
    if target.exists():
        raise UsageError(
            "The file is there already.", where=str(target), fix="Name another: upskill export FILE"
        )
    sizes = exported_files(home, with_inbox=with_inbox)
    if sum(sizes.values()) > MOST_BYTES:
        raise UsageError(
            "The export would be larger than 500 MB.",
            where=max(sizes, key=lambda name: sizes[name]),
            fix="Move large files out of the home, or leave --with-inbox away.",
        )
    files = travelling(home, with_inbox=with_inbox)
    for name in files:
        if not _plain_name(name):
            raise UsageError(
                "A file's name cannot travel.", where=name, fix="Rename the file, then export."
            )
    # read once: a notebook that is saved meanwhile must not contradict its hash
    contents = {name: path.read_bytes() for name, path in files.items()}
    manifest = {
        "format": FORMAT,
        "kit": version("upskill-kit"),
        "made_at": now(),
        "learner": home.learner,
        "course": home.course,
        "language": home.language,
        "units": {unit.id: unit.version for unit in load_units().values()},
        "files": {name: _proof(data) for name, data in contents.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        for name, data in contents.items():
            archive.writestr(name, data)
    try:
        write_bytes(target, buffer.getvalue())
        # answers and names are in it
        target.chmod(0o600)
    except OSError as error:
        raise HomeError(
            "The export cannot be written: {reason}",
            where=str(target),
            fix="Name a file in a folder of your own: upskill export FILE",
            reason=error.strerror or error,
        ) from None
    return {name: len(data) for name, data in contents.items()}


def _proof(data: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def read_bundle(path: Path) -> Bundle:
    """Read and prove an export; nothing is written.

    UsageError when it is no export, is damaged, is of a later format, or holds a name that
    leads out of the home, a link, or more than 500 MB.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _proved_entries(path, archive)
            contents = _read_all(path, archive, entries)
    except FileNotFoundError:
        raise UsageError(
            "There is no such file.", where=str(path), fix="upskill import FILE.zip"
        ) from None
    # a stored part may be anything: an unknown method, a password, bytes that do not inflate
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise _damaged(path, str(error)) from None
    manifest = _manifest(path, contents.pop(MANIFEST, b""))
    told = manifest["files"]
    wrong = contents.keys() ^ told.keys()
    wrong |= {
        name for name in contents.keys() & told.keys() if _proof(contents[name]) != told[name]
    }
    if wrong:
        raise _damaged(path, min(wrong))
    return Bundle(manifest, contents)


def _damaged(path: Path, where: str) -> UsageError:
    return UsageError(
        "The export is damaged; nothing was taken in.", where=f"{path}: {where}", fix=_BROKEN
    )


def _proved_entries(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    names = [entry.filename.casefold() for entry in entries]
    for entry in entries:
        if not _is_plain(entry):
            raise UsageError(
                "The file holds a name that leads out of the home; nothing was taken in.",
                where=f"{path}: {entry.filename}",
                fix=_BROKEN,
            )
    if len(set(names)) != len(names):
        raise _damaged(path, "the same name twice")
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UsageError(
            "The file unpacks to more than an export can hold; nothing was taken in.",
            where=str(path),
            fix=_BROKEN,
        )
    return entries


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    # the name as it is stored: the library itself would cut it at a zero
    return _plain_name(entry.orig_filename) and kind in (0, stat.S_IFREG)


def _plain_name(name: str) -> bool:
    # a part that begins with a dot is "..", or a file that no export holds
    return all(_PLAIN.fullmatch(part) and part[0] != "." for part in name.split("/"))


def _read_all(
    path: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]
) -> dict[str, bytes]:
    contents = {}
    for entry in entries:
        with archive.open(entry) as stream:
            # no more than it says: what a bomb says is not what it holds
            data = stream.read(entry.file_size + 1)
        if len(data) != entry.file_size:
            raise _damaged(path, entry.filename)
        contents[entry.filename] = data
    return contents


def _manifest(path: Path, data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data.decode("utf-8"))
        known = manifest["format"] == FORMAT
        texts = [manifest[key] for key in ("learner", "course", "language", "made_at")]
        usable = isinstance(manifest["files"], dict) and all(isinstance(t, str) for t in texts)
        # they become names of folders
        usable = usable and all(_NAME.fullmatch(text) for text in texts[:2])
    except (ValueError, KeyError, TypeError):
        raise UsageError(
            "This is no export of upskill.", where=str(path), fix="upskill export makes one."
        ) from None
    if not known:
        raise UsageError(
            "The export was made by a later version of the kit.",
            where=str(path),
            fix="pip install --upgrade upskill-kit",
        )
    if not usable:
        raise _damaged(path, MANIFEST)
    return dict(manifest)
