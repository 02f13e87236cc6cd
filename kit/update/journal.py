"""Files replaced together: all of them or none, whenever the power goes.

    HOME/.upskill/update/<time>/
        journal.json     state, what is replaced, and the hash before and after
        before/...       each file as it was
        after/...        each file as it will be, on disk before anything is replaced

States: ``planned`` (nothing touched), ``replacing``, ``done``, ``undone``. A start that
finds ``replacing`` goes on where it stopped; ``planned`` is thrown away.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.errors import HomeError
from kit.files import read_json, write_bytes, write_json

FORMAT = 1
PLANNED, REPLACING, DONE, UNDONE = "planned", "replacing", "done", "undone"


@dataclass(frozen=True)
class Step:
    """One file: its path below the home, and its bytes before and after; None: no file.

    ``of`` names another step's file that this one goes with: it comes after it, and is
    not replaced without it.
    """

    path: str
    before: bytes | None
    after: bytes | None
    of: str = ""


class Journal:
    """One update or undo of a home, on disk. ``record`` is what ``journal.json`` says."""

    def __init__(self, root: Path, folder: Path, record: dict[str, Any]) -> None:
        self.root = root
        self.folder = folder
        self.record = record

    @classmethod
    def plan(cls, root: Path, steps: list[Step], told: Mapping[str, Any]) -> Journal:
        """Stage all steps; ``told`` is kept in the record. Nothing else is touched."""
        folder = _new_folder(journals_folder(root))
        journal = cls(root, folder, {"format": FORMAT, **told, "files": []})
        try:
            journal._stage(steps)
        except OSError:
            journal.drop()
            raise
        return journal

    def _stage(self, steps: list[Step]) -> None:
        for step in steps:
            for side, data in (("before", step.before), ("after", step.after)):
                if data is not None:
                    write_bytes(self.folder / side / step.path, data)
            hashes = {"before": _hash(step.before), "after": _hash(step.after)}
            self.record["files"].append({"path": step.path, "of": step.of, **hashes})
        # last: a folder without it was never finished
        self.enter(PLANNED)

    @property
    def state(self) -> str:
        """One of the four states."""
        return str(self.record["state"])

    def enter(self, state: str) -> None:
        """Write the state down."""
        self.record["state"] = state
        write_json(self.folder / "journal.json", self.record)

    def drop(self) -> None:
        """Forget a journal that replaced nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def replace(self) -> None:
        """Replace every file, or none: HomeError when one is not as it was planned.

        OSError, a full disk or a folder that is read-only, leaves all as it was too.
        """
        self.enter(REPLACING)
        done: list[dict[str, str]] = []
        try:
            for file in self.record["files"]:
                now = self.now(file)
                # another command may have found this one killed, and finished it
                if now == file["after"]:
                    continue
                # somebody may have saved a moment ago: their save is not overwritten
                if now != file["before"]:
                    raise HomeError(
                        "A notebook was saved while it was being updated.",
                        where=file["path"],
                        fix="Nothing was changed. Run the command again.",
                    )
                done.append(file)
                self.put(file, "after")
        except (HomeError, OSError):
            for file in reversed(done):
                self.put(file, "before")
            self.drop()
            raise

    def finish(self) -> None:
        """Go on after a kill: files that nobody has touched since are replaced.

        One that the learner saved since then stays as it is, and what goes with it: the
        next update finds it not up to date.
        """
        stayed = set()
        for file in self.record["files"]:
            now = self.now(file)
            if now == file["before"] and file["of"] not in stayed:
                self.put(file, "after")
            elif now != file["after"]:
                stayed.add(file["path"])

    def left(self) -> list[str]:
        """Notebooks that ``finish`` would still replace."""
        files = self.record["files"]
        return [f["path"] for f in files if not f["of"] and self.now(f) == f["before"]]

    def now(self, file: Mapping[str, str]) -> str:
        """The hash of a file as it is; empty when there is none."""
        return _hash(read_bytes(self.root / file["path"]))

    def staged(self, file: Mapping[str, str], side: str) -> bytes | None:
        """A file's bytes ``before`` or ``after``."""
        return (self.folder / side / file["path"]).read_bytes() if file[side] else None

    def put(self, file: Mapping[str, str], side: str) -> None:
        """Make a file what it was, or what it is to be."""
        data, path = self.staged(file, side), self.root / file["path"]
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_bytes(path, data)


def journals_folder(root: Path) -> Path:
    """Where a home keeps its journals, one folder each, named by time."""
    return root / ".upskill" / "update"


def journals(root: Path) -> Iterator[Journal]:
    """All whole journals, the newest first; what a kill left half-staged is removed."""
    base = journals_folder(root)
    for folder in sorted(base.iterdir(), reverse=True) if base.is_dir() else ():
        try:
            record = read_json(folder / "journal.json")
        except ValueError:
            # damaged by another hand: its copies are kept, but it is no guide any more
            continue
        if record is None:
            shutil.rmtree(folder, ignore_errors=True)
        elif isinstance(record, dict) and record.get("format") == FORMAT:
            yield Journal(root, folder, record)


def read_bytes(path: Path) -> bytes | None:
    """A file's bytes, or None when there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _hash(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _new_folder(base: Path) -> Path:
    base.mkdir(parents=True, exist_ok=True)
    # sorted by name they are sorted by time
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    folder = base / stamp
    folder.mkdir()
    return folder
