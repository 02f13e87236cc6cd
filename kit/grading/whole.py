"""nbgrader's submit, after which the exchange holds all of a submission or nothing of it."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeSubmit
from traitlets import Unicode

from kit.errors import GradingError
from kit.files import read_json, write_json
from kit.grading.receipts import SECRET, STAMP, sums

# no name of nbgrader's begins so, and its glob patterns pass it over
COMING = ".incoming-"


class WholeSubmit(ExchangeSubmit):  # type: ignore[misc]
    """Copies under a hidden name, proves the copy, and lets it appear by one rename."""

    note = Unicode(help="File that tells ``settle`` what was under way.").tag(config=True)

    def copy_files(self) -> None:
        """Called by nbgrader when it knows both places."""
        self.init_release()
        self.check_filename_diff()
        source, note = Path(self.src_path), Path(self.note)
        if self.get_size(source) > 1000 * self.coursedir.max_dir_size:
            self.fail("Directory size is too big")
        way = self._way()
        way["cache"].parent.mkdir(parents=True, exist_ok=True)
        write_json(note, {name: str(path) for name, path in way.items()})
        try:
            self._let_appear(source, way)
        finally:
            settle(note)
        self.log.info("Submitted as: %s", way["place"])

    def _way(self) -> dict[str, Path]:
        hidden, name = COMING + secrets.token_hex(16), self.assignment_filename
        inbound, cache = Path(self.inbound_path), Path(self.cache_path)
        under = name.rsplit("+", 1)[0] if self.add_random_string else name
        return {
            "coming": inbound / hidden,
            "place": inbound / name,
            "kept": cache / hidden,
            "cache": cache / under,
        }

    def _let_appear(self, source: Path, way: dict[str, Path]) -> None:
        secret = secrets.token_hex(64)
        for folder in (way["kept"], way["coming"]):
            # before the copy: after it a folder passes its group on no more
            folder.mkdir()
            (folder / STAMP).write_text(self.timestamp, encoding="utf-8")
            (folder / SECRET).write_text(secret, encoding="utf-8")
            shutil.copytree(
                source,
                folder,
                symlinks=True,
                ignore=_but_ours(source),
                copy_function=shutil.copyfile,
                dirs_exist_ok=True,
            )
        _prove(source, way["coming"])
        _close(way["coming"])
        way["coming"].rename(way["place"])


def settle(note: Path) -> None:
    """Bring to an end what a killed hand-in left: the submission is there or nothing is.

    What had arrived gets nbgrader's copy beside its secret, which feedback is fetched by.
    """
    try:
        way = {name: Path(path) for name, path in read_json(note, {}).items()}
        arrived, cache = way["place"].is_dir(), way["cache"]
    except (KeyError, ValueError, TypeError, AttributeError):
        # nothing was begun, or the note itself was
        note.unlink(missing_ok=True)
        return
    if arrived and way["kept"].is_dir() and not cache.exists():
        way["kept"].rename(cache)
    for left in (way["coming"], way["kept"]):
        shutil.rmtree(left, ignore_errors=True)
    note.unlink(missing_ok=True)


def _but_ours(source: Path) -> Callable[[str, list[str]], set[str]]:
    """Leaves out, at the top, what nbgrader writes into each submission itself."""
    return lambda folder, _names: {STAMP, SECRET} if Path(folder) == source else set()


def _prove(source: Path, copy: Path) -> None:
    sent, there = sums(source), sums(copy)
    wrong = sorted(name for name in {*sent, *there} if sent.get(name) != there.get(name))
    if wrong:
        raise GradingError(
            "What arrived in the exchange is not what was sent: {name}",
            where=str(copy.parent),
            fix="Submit again. If it stays so, tell your trainer: the exchange may be full.",
            name=wrong[0],
        )


def _close(folder: Path) -> None:
    """Let the trainer read and remove it, and nobody else even by its exact name.

    nbgrader hands the folder to everybody. The inbound folder passes the trainer's group
    on; where the learner is in it too, or it is not passed on, the name alone is the secret.
    """
    inbound = folder.parent.stat()
    passes_on = bool(inbound.st_mode & stat.S_ISGID)
    # the trainer's own work, in a trial, needs no group
    shared = inbound.st_gid in os.getgroups() and inbound.st_uid != folder.stat().st_uid

    def closed(path: Path) -> bool:
        return passes_on and not shared and path.stat().st_gid == inbound.st_gid

    for root, _, names in os.walk(folder, topdown=False):
        for path in (Path(root, name) for name in names):
            path.chmod(0o640 if closed(path) else 0o644)
            _flush(path)
        Path(root).chmod(0o770 if closed(Path(root)) else 0o755)


def _flush(path: Path) -> None:
    # a rename must not reach the disk before what it names
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def use_whole(config: Any, note: Path) -> None:
    """Let nbgrader hand in by ``WholeSubmit``, unless the machine names a class of its own."""
    if "submit" not in config.ExchangeFactory:
        config.ExchangeFactory.submit = f"{__name__}.{WholeSubmit.__name__}"
        config.WholeSubmit.note = str(note)
