"""Where a home's lab keeps its things, and what it says about its process.

    HOME/.upskill/lab/
        state.json    the process that runs: port, token, process id; gone when none does
        lock          held while one is started, stopped or reset
        log.txt       what the process said last
        denied.jsonl  calls that IAM refused
        kept.json     names the folder below that holds; replaced at once by a reset
        kept-…/       templates and objects, applied again by every start

Only its owner can read the folder: the token is in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import LabError
from kit.files import read_json, write_json
from kit.home import LearnerHome

LOCK_SECONDS = 240


@dataclass(frozen=True)
class Door:
    """How a lab is reached. ``token`` lets a program in, ``key`` and ``secret`` sign its calls."""

    port: int
    token: str
    key: str
    secret: str

    @property
    def endpoint(self) -> str:
        """The address that every service answers at."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class State:
    """A lab's process; ``born`` tells it from a later process of the same id."""

    pid: int
    born: float
    nonce: str
    door: Door
    restored: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Places:
    """The paths of one lab."""

    folder: Path

    @property
    def state(self) -> Path:
        """What the running process wrote about itself."""
        return self.folder / "state.json"

    @property
    def log(self) -> Path:
        """What the process printed."""
        return self.folder / "log.txt"

    @property
    def denied(self) -> Path:
        """Calls that were denied, a JSON object in each line."""
        return self.folder / "denied.jsonl"

    def make(self) -> None:
        """Make the folder, for its owner alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)


def places(home: LearnerHome) -> Places:
    """Where this home's lab is."""
    return Places(home.state / "lab")


def read_state(where: Places) -> State | None:
    """What the last process wrote, whether or not it still runs; None when there is nothing."""
    try:
        told: Any = read_json(where.state)
        return State(**{**told, "door": Door(**told["door"])}) if told else None
    except (OSError, ValueError, TypeError, KeyError):
        # half a disk, or another version's: as good as none, and the next start writes it anew
        return None


def write_state(where: Places, state: State) -> None:
    """Announce the process; the file is its owner's alone from its first byte."""
    where.state.touch(mode=0o600)
    write_json(where.state, asdict(state))


def read_denied(where: Places) -> Iterator[dict[str, str]]:
    """The denied calls, in order."""
    if where.denied.is_file():
        for line in where.denied.read_text(encoding="utf-8").splitlines():
            # a line that a kill has cut is the last one
            if line.endswith("}"):
                yield json.loads(line)


@contextmanager
def alone(where: Places) -> Iterator[None]:
    """Hold the lab's lock; the system releases it when its holder dies."""
    from fasteners import InterProcessLock

    where.make()
    lock = InterProcessLock(where.folder / "lock")
    if not lock.acquire(timeout=LOCK_SECONDS):
        raise LabError(
            "Another program has been starting or stopping this lab for four minutes.",
            where=str(where.folder),
            fix="End it, then run: upskill lab start",
        )
    try:
        yield
    finally:
        lock.release()
