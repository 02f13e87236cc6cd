"""The memory of a whole run: all of its processes, files in memory and shared pages together.

A control group of the kernel holds it to the byte, where this process may make one (Linux
documentation, admin-guide/cgroup-v2 and cgroup-v1/memory). Where it may not, whoever waits
for the run measures now and then with ``used``, and ends it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_PREFIX = "upskill-"
# what is written where, in this order; the second file counts what went to swap, too
_OLD = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
_NEW = ("memory.max", "memory.swap.max")
# what a process has for itself, its part of what it shares, and what went to swap
_COUNTED = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")


class Group:
    """A control group for one run, made below the folder ``base``. OSError where none can be."""

    def __init__(self, base: Path) -> None:
        self.folder = base / f"{_PREFIX}{os.getpid()}"
        self.folder.mkdir()
        # who removes it sees every mount read-only by then, but not through this
        self._base = os.open(base, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)

    def limit(self, file: str, value: int) -> None:
        """Write one of its limits."""
        (self.folder / file).write_text(str(value), encoding="ascii")

    def join(self) -> None:
        """Count this process, and what it starts from now on. OSError when it cannot be."""
        (self.folder / "cgroup.procs").write_text("0", encoding="ascii")

    def remove(self) -> None:
        """Give it back when all in it have ended."""
        with contextlib.suppress(OSError):
            os.rmdir(self.folder.name, dir_fd=self._base)
        os.close(self._base)


def make_group(memory: int) -> Group | None:
    """A group of ``memory`` bytes at most for a run of this process; None where none can be."""
    for base, files in _places():
        try:
            group = Group(base)
        except OSError:
            continue
        try:
            # a number too large for the kernel would become a small one
            group.limit(files[0], min(memory, 2**62))
        except OSError:
            group.remove()
            continue
        # a system without swap has no such file
        with contextlib.suppress(OSError):
            group.limit(files[1], 0 if files is _NEW else memory)
        # none of a run's processes makes sense without the others
        with contextlib.suppress(OSError):
            group.limit("memory.oom.group", 1)
        return group
    return None


def sweep_groups() -> None:
    """Remove groups whose maker was killed before it could."""
    for base, _files in _places():
        for folder in base.glob(f"{_PREFIX}*"):
            if not Path("/proc", folder.name.removeprefix(_PREFIX)).exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()


def used(process: int) -> int:
    """Bytes of memory that a process and all below it take; 0 of one that has ended.

    Pages that are shared with others count for a part, as the system divides them.
    """
    total = 0
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            name, *rest = line.split()
            if name in _COUNTED:
                total += int(rest[0]) * 1024
        for task in Path(f"/proc/{process}/task").iterdir():
            below = (task / "children").read_text(encoding="ascii")
            total += sum(used(int(child)) for child in below.split())
    except OSError:
        # it ended while it was looked at, or its memory is gone already
        return total
    return total


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[Path, tuple[str, str]], ...]:
    return tuple(_found())


def _found() -> Iterator[tuple[Path, tuple[str, str]]]:
    """Folders in which a group with a limit on memory may be made, with that limit's files."""
    try:
        ours = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    paths = {name: path for _n, name, path in (line.split(":", 2) for line in ours)}
    for line in mounts:
        root, mounted = line.split()[3:5]
        kind, _source, options = line.split(" - ", 1)[1].split(" ", 2)
        own = paths.get("memory" if kind == "cgroup" else "", "")
        if not own.startswith(root):
            continue
        here = Path(mounted, own.removeprefix(root).lstrip("/"))
        if kind == "cgroup" and "memory" in options.split(","):
            yield here, _OLD
        elif kind == "cgroup2":
            # a group that holds processes has no limits for groups below; its parent may
            for base in (here, here.parent):
                with contextlib.suppress(OSError):
                    shared = (base / "cgroup.subtree_control").read_text(encoding="ascii")
                    if "memory" in shared.split():
                        yield base, _NEW
