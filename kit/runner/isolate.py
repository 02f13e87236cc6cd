"""Fences around a process that runs a learner's code, put up by itself after the fork.

identity    as root: a user and group that own nothing
namespaces  no network, no shared memory, no process but its own, no mount that it can write
            but its own room in memory; what it started ends with it
files       Landlock: it reads Python and what it is given, writes in its own folder
calls       seccomp: no tracing, mounting, new namespaces, kernel keys, sockets to services
limits      memory of one process and of all, processes, size of files, open files; no core dump

Each is asked of the kernel by a system call, in milliseconds, and cannot be taken down.
Landlock: Linux documentation, userspace-api/landlock; seccomp: userspace-api/seccomp_filter.
"""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kit.runner.calls import restrict_calls
from kit.runner.first import bury
from kit.runner.groups import Group, make_group
from kit.runner.landlock import restrict_files
from kit.runner.libc import called, libc
from kit.runner.mounts import MEGABYTE, SHARED_MEMORY, make_read_only, make_room, own_mounts

IDENTITY, NAMESPACES, FILES, CALLS, LIMITS = "identity", "namespaces", "files", "calls", "limits"
FENCES = (IDENTITY, NAMESPACES, FILES, CALLS, LIMITS)

_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_NEW_IPC, _NEW_UTS, _NEW_MOUNT = 0x08000000, 0x04000000, 0x00020000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 1, 4, 8
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _AMBIENT_RAISE = 38, 47, 2
_CAP_VERSION, _CAP_READ_SEARCH = 0x20080522, 2
# no user of a system has such a number, and each run has another
NOBODY = 1_900_000_000
# what a process says whose fences stand
_DONE = "done"


@dataclass(frozen=True)
class Fence:
    """What a run may do. ``read`` and ``write`` are files and folders, with all below them.

    Of folders ``looked_into`` it sees the names of files, and no more. ``room`` is an empty
    folder over which the run gets a file system in memory, ``disk`` megabytes and ``files``
    at most, with a copy of the folder ``filled_from``; "" for none. ``memory`` is that of one
    process, and of all together with the room; it and ``file_size`` in megabytes. ``user`` is
    who it becomes where root starts it, 0 for nobody else; ``wanted`` are names of
    ``FENCES``. Without ``grouped`` memory is measured, as where no control group can be made.
    """

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    looked_into: tuple[str, ...] = ()
    room: str = ""
    filled_from: str = ""
    disk: int = 512
    files: int = 10_000
    memory: int = 4096
    file_size: int = 512
    processes: int = 128
    user: int = 0
    wanted: tuple[str, ...] = FENCES
    grouped: bool = True


@dataclass(frozen=True)
class Inner:
    """The first process of a fenced run: who put up the fences waits for it.

    ``memory`` is the number of bytes that it may take, where nobody else sees to that.
    """

    process: int
    group: Group | None
    memory: int


class NotFenced(OSError):
    """A fence that was wanted could not be put up; ``fence`` is its name."""

    def __init__(self, fence: str, error: object) -> None:
        super().__init__(f"{fence}: {error}")
        self.fence = fence


def enter(fence: Fence) -> Inner | None:
    """Put up the wanted fences; None in the process that is fenced, which may be a new one.

    Its parent then gets whom to wait for. NotFenced when the system refuses a fence.
    """
    if NAMESPACES not in fence.wanted:
        _guard(LIMITS, _die_first)
        _put_up(fence)
        return None
    limited = LIMITS in fence.wanted
    group = make_group(fence.memory * MEGABYTE) if limited and fence.grouped else None
    try:
        process = _divide(fence, group)
    except NotFenced:
        if group:
            group.remove()
        raise
    if not process:
        return None
    return Inner(process, group, fence.memory * MEGABYTE if limited and not group else 0)


def _divide(fence: Fence, group: Group | None) -> int:
    _guard(NAMESPACES, _unshare)
    _guard(LIMITS, _die_first)
    reading, writing = os.pipe()
    # a new namespace of processes begins with the next one
    first = os.fork()
    if first:
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as said:
            told = said.read()
        if told != _DONE:
            os.waitpid(first, 0)
            raise NotFenced(*(told or f"{LIMITS}: ended").split(": ", 1))
        return first
    os.close(reading)
    try:
        if group:
            _guard(LIMITS, group.join)
        _guard(NAMESPACES, lambda: _furnish(fence))
        if kernel := os.fork():
            os.close(writing)
            bury(kernel)
        _put_up(fence)
    except NotFenced as error:
        os.write(writing, str(error).encode())
        os._exit(1)
    os.write(writing, _DONE.encode())
    os.close(writing)
    return 0


def _furnish(fence: Fence) -> None:
    # nothing of a run outlives who waits for it
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    own_mounts()
    if fence.room:
        make_room(fence.room, fence.filled_from, fence.disk, fence.files)
        give(Path(fence.room), fence.user or os.geteuid())
    make_read_only(_written(fence))


def _written(fence: Fence) -> tuple[str, ...]:
    return (*fence.write, fence.room, SHARED_MEMORY) if fence.room else fence.write


def give(folder: Path, user: int) -> None:
    """Let the user that a run becomes own a folder and all below, where root starts it."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, user, follow_symlinks=False)


def probe() -> str:
    """Why this system allows not every fence, or "" when it does: tried in another process."""
    with tempfile.TemporaryDirectory() as given, tempfile.TemporaryDirectory() as empty:
        command = [sys.executable, "-P", "-m", "kit.runner.isolate", given, empty]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    # one that the system ended says nothing
    return (done.stderr.strip().splitlines() or [f"{LIMITS}: ended ({done.returncode})"])[-1]


def _put_up(fence: Fence) -> None:
    if LIMITS in fence.wanted:
        _guard(LIMITS, lambda: _limit(fence))
    if {IDENTITY, FILES} <= set(fence.wanted) and fence.user and os.geteuid() == 0:
        _guard(IDENTITY, lambda: _become(fence.user))
    elif NAMESPACES in fence.wanted:
        # who makes a namespace of users is its root: none of these rights is for a learner
        _guard(NAMESPACES, lambda: _keep_rights(0))
    # after the change of user, which undoes it: nothing fenced outlives who waits for it
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if FILES in fence.wanted:
        _guard(FILES, lambda: restrict_files(fence.read, _written(fence), fence.looked_into))
    if CALLS in fence.wanted:
        _guard(CALLS, restrict_calls)


def _guard(name: str, put_up: Callable[[], None]) -> None:
    try:
        put_up()
    except (OSError, ValueError, OverflowError) as error:
        raise NotFenced(name, error) from None


def _prctl(option: int, value: int) -> None:
    called(libc().prctl(option, value, 0, 0, 0))


def _unshare() -> None:
    user, group = os.geteuid(), os.getegid()
    spaces = _NEW_MOUNT | _NEW_PID | _NEW_NET | _NEW_IPC | _NEW_UTS
    # root may do so as it is; anybody else only as root of a namespace of users
    called(libc().unshare(spaces if user == 0 else spaces | _NEW_USER))
    if user:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


def _become(user: int) -> None:
    _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # Python may lie in a folder that root keeps private: of root's rights only the one to
    # look into folders stays, and Landlock says which
    _keep_rights(1 << _CAP_READ_SEARCH)
    called(libc().prctl(_PR_CAP_AMBIENT, _AMBIENT_RAISE, _CAP_READ_SEARCH, 0, 0))


def _keep_rights(rights: int) -> None:
    header = struct.pack("Ii", _CAP_VERSION, 0)
    called(libc().capset(header, struct.pack("III", rights, rights, rights) + bytes(12)))
    # the change made this process unreadable for itself, too
    _prctl(_PR_SET_DUMPABLE, 1)


def _die_first() -> None:
    # where memory runs out, this goes and not who grades
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit(fence: Fence) -> None:
    # not above: no other system has it, and all of them read this file
    import resource

    wanted = {
        resource.RLIMIT_DATA: fence.memory * MEGABYTE,
        resource.RLIMIT_FSIZE: fence.file_size * MEGABYTE,
        resource.RLIMIT_NPROC: fence.processes,
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        hard = resource.getrlimit(kind)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (value, value))


def _try(given: str, empty: str) -> int:
    tried = enter(Fence(read=("/",), room=empty, filled_from=given, user=NOBODY))
    if tried is None:
        return 0
    code = os.waitstatus_to_exitcode(os.waitpid(tried.process, 0)[1])
    if tried.group:
        tried.group.remove()
    return code


if __name__ == "__main__":
    sys.exit(_try(*sys.argv[1:]))
