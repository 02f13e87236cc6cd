"""Ordinary kernels under bubblewrap: other languages, and systems where no fork can be fenced.

The second level of ``--sandbox``. bwrap makes the namespaces and mounts; our filter of system
calls goes along, the room is a file system in memory, and the kernel speaks over Unix sockets
in a folder of its own, since it has no network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from kit.runner.calls import filter_file
from kit.runner.groups import Group, make_group
from kit.runner.isolate import Fence
from kit.runner.mounts import HOME, MEGABYTE, SCRATCH, WORK

# in a room: what was handed in, read-only, and the kernel's sockets
GIVEN, TALK = "given", "talk"
# limits of the shell's, in its units; then the copy, which is the run's own
_BEGIN = (
    "ulimit -c 0; ulimit -f {blocks}; ulimit -d {kilobytes}; ulimit -n 1024; {processes}"
    'cp -Rp {given}/. {work} && cd {work} && exec "$@"'
)


def command(fence: Fence, environment: Mapping[str, str], filter_: int) -> list[str]:
    """bwrap and all that it is told, before the command that it runs.

    The room's folder must hold an empty folder ``TALK``. ``filter_`` is an open file with
    the filter of system calls, which the process that runs this must hold, too.
    """
    room = fence.room
    paths = [word for path in fence.read for word in ("--ro-bind-try", path, path)]
    told = [word for pair in environment.items() for word in ("--setenv", *pair)]
    folders = [word for name in (WORK, HOME, SCRATCH) for word in ("--dir", f"{room}/{name}")]
    begin = _BEGIN.format(
        blocks=fence.file_size * MEGABYTE // 512,
        kilobytes=fence.memory * 1024,
        # root's processes are never counted, and every shell has its own letter for it
        processes=f"ulimit -u {fence.processes} 2>/dev/null || ulimit -p {fence.processes}; ",
        given=f"{room}/{GIVEN}",
        work=f"{room}/{WORK}",
    )
    return [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *("--proc", "/proc", "--dev", "/dev", "--clearenv", *told, *paths),
        *("--size", str(fence.disk * MEGABYTE), "--tmpfs", room, *folders),
        *("--ro-bind", fence.filled_from, f"{room}/{GIVEN}"),
        *("--bind", f"{room}/{TALK}", f"{room}/{TALK}"),
        *("--chdir", room, "--seccomp", str(filter_), "--", "sh", "-c", begin, "sh"),
    ]


@lru_cache(maxsize=1)
def unwrapped() -> str:
    """Why bubblewrap does not work on this system, or "" where it does."""
    if sys.platform != "linux" or not shutil.which("bwrap"):
        return "bwrap is not installed"
    # installed is not enough: containers often forbid namespaces
    told = ("--unshare-all", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev")
    done = subprocess.run(
        ["bwrap", "--ro-bind", "/", "/", *told, "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stderr.strip().splitlines()
    return "" if done.returncode == 0 else said[-1] if said else "bwrap failed"


class WrappedKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """An ordinary kernel in a sandbox. ``start_kernel`` takes a ``fence`` with a room."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._wrap: list[str] = []
        self._group: Group | None = None

    async def start_kernel(
        self, *, env: Mapping[str, str], fence: Fence, cwd: str, **more: Any
    ) -> None:
        """Start it in the room; it knows of the environment what ``env`` says."""
        talk = Path(fence.room, TALK)
        talk.mkdir()
        self.transport = "ipc"
        self.connection_file, self.ip = str(talk / "kernel.json"), str(talk / "k")
        self._group = make_group(fence.memory * MEGABYTE)
        spec = self.kernel_spec
        program = shutil.which(spec.argv[0]) or spec.argv[0]
        places = (spec.resource_dir, str(Path(program).resolve().parent))
        with filter_file() as filter_:
            self._wrap = command(replace(fence, read=(*fence.read, *places)), env, filter_)
            group = {"preexec_fn": self._group.join} if self._group else {}
            # bwrap is the first process in there, and each sees what the first one was given
            mine = {"PATH": os.environ.get("PATH", os.defpath)}
            await super().start_kernel(pass_fds=[filter_], cwd=cwd, env=mine, **group, **more)

    def format_kernel_cmd(self, extra_arguments: Sequence[str] | None = None) -> list[str]:
        """As Jupyter's, in the sandbox."""
        return [*self._wrap, *super().format_kernel_cmd(list(extra_arguments or ()))]

    async def interrupt_kernel(self) -> None:
        """As Ctrl+C in the kernel; bwrap itself would end at it."""
        for process in list(self._inner())[-1:]:
            os.kill(process, signal.SIGINT)

    def look_into(self, place: str) -> int:
        """An open folder that only the kernel sees; it can be read when the kernel has ended."""
        *_, process = self._inner()
        return os.open(f"/proc/{process}/root{place}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def _inner(self) -> Iterator[int]:
        """bwrap's process, the first of its namespace, and the kernel; from outside to inside."""
        process: int | None = self.provisioner.pid
        for _ in range(3):
            if process is None:
                return
            yield process
            below = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
            process = int(below.split()[0]) if below else None

    async def cleanup_resources(self, **how: Any) -> None:
        """Let go of what belongs to the kernel."""
        await super().cleanup_resources(**how)
        if self._group:
            self._group.remove()
            self._group = None
