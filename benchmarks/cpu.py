"""CPU seconds of a command and of everything that it starts, waited for or not.

A control group of its own counts exactly, version 2 or 1. Where none may be made, processes are
looked at a hundred times a second: of each, what it took after the last look is missing.
``RUSAGE_CHILDREN`` would miss more: a process that nobody waits for, as forked kernels are,
leaves nothing there.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 0.01
# of a mount in /proc/self/mounts: how a process enters a group, what counts, units a second
_KINDS = {"cgroup2": ("cgroup.procs", "cpu.stat", 1e6), "cgroup": ("tasks", "cpuacct.usage", 1e9)}


@dataclass(frozen=True)
class Group:
    """A control group, empty; ``kind`` is that of its mount."""

    folder: Path
    kind: str

    @property
    def entry(self) -> Path:
        """Where a process writes its number."""
        return self.folder / _KINDS[self.kind][0]

    def seconds(self) -> float:
        """What all its processes took so far."""
        _, counter, unit = _KINDS[self.kind]
        # one number, or a first line "usage_usec NUMBER"
        return int((self.folder / counter).read_text("utf-8").splitlines()[0].split()[-1]) / unit


@contextmanager
def own_group(kinds: Sequence[str] = tuple(_KINDS)) -> Iterator[Group | None]:
    """A group below this process's own, of the first kind that may be made; None for none."""
    for folder, kind in _places():
        group = Group(folder / f"upskill-bench-{os.getpid()}", kind)
        if kind not in kinds:
            continue
        try:
            group.folder.mkdir()
        except OSError:
            continue
        try:
            if _enters(group):
                yield group
                return
        finally:
            _remove(group.folder)
    yield None


def way() -> str:
    """How CPU is counted here, for people."""
    with own_group() as group:
        if group is None:
            return "sampled, a little too low"
        return f"control group, version {2 if group.kind == 'cgroup2' else 1}"


def cpu_of(
    command: Sequence[str], *, group: Group | None, cwd: Path, env: Mapping[str, str], log: Path
) -> float:
    """Run a command to its end and return the CPU seconds; CalledProcessError if it fails."""
    enter = f'echo $$ > "{group.entry}" && exec "$@"' if group else 'exec "$@"'
    with log.open("ab") as said:
        begun = subprocess.Popen(
            ["sh", "-c", enter, "sh", *command], cwd=cwd, env=env, stdout=said, stderr=said
        )
        took = {} if group else _sampled(begun)
        if code := begun.wait():
            raise subprocess.CalledProcessError(code, command)
    return group.seconds() if group else sum(took.values())


def _sampled(begun: subprocess.Popen[bytes]) -> dict[tuple[int, float], float]:
    """The CPU seconds of each process below, and its own, as they were last seen."""
    took: dict[tuple[int, float], float] = {}
    top = psutil.Process(begun.pid)
    while begun.poll() is None:
        with suppress(psutil.Error):
            for one in (top, *top.children(recursive=True)):
                with suppress(psutil.Error):
                    times = one.cpu_times()
                    # a number comes again, with another time of birth
                    took[one.pid, one.create_time()] = times.user + times.system
        time.sleep(LOOK_SECONDS)
    return took


def _places() -> Iterator[tuple[Path, str]]:
    """This process's own groups that count CPU, version 2 first."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8").splitlines()
        mine = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return
    paths = {name: path for _, names, path in (row.split(":", 2) for row in mine)
             for name in names.split(",")}  # fmt: skip
    rows = [row.split()[1:4] for row in mounts if row.split()[2] in _KINDS]
    for place, kind, options in sorted(rows, key=lambda row: row[1], reverse=True):
        name = "" if kind == "cgroup2" else "cpuacct"
        if name in paths and (not name or name in options.split(",")):
            inside = Path(place, paths[name].lstrip("/"))
            # in a container the path is the host's
            yield (inside if inside.is_dir() else Path(place)), kind


def _enters(group: Group) -> bool:
    """Whether a process may enter, and its time is counted."""
    enter = ["sh", "-c", f'echo $$ > "{group.entry}"']
    done = subprocess.run(enter, stderr=subprocess.DEVNULL, check=False)
    with suppress(OSError, ValueError, IndexError):
        return done.returncode == 0 and group.seconds() >= 0
    return False


def _remove(folder: Path) -> None:
    # what the command left behind ends a moment later
    for _ in range(100):
        with suppress(OSError):
            folder.rmdir()
            return
        time.sleep(0.1)
