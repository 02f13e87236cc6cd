"""Kernels for a learner's own notebooks, forked from a warm process of the Jupyter server.

``ForkProvisioner`` is a ``jupyter_client`` kernel provisioner: a server whose kernelspec
names ``PROVISIONER`` starts its kernels through it. A fork is asked for the very kernel that
the kernelspec's command would start; whenever that cannot be had at once, the command itself
is run, so that no kernel is ever later than an ordinary one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import site
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kit.runner.spawn import FORK_SECONDS, supported

PROVISIONER = "upskill-fork"
# the only command that a fork stands for; its arguments follow
COMMAND = [sys.executable, "-m", "ipykernel_launcher"]
# what Jupyter tells one kernel of itself
_OF_ONE_KERNEL = ("JPY_", "KERNEL_")
_KIT = Path(__file__).parents[1]
_ANSWER = 1 << 12


class ForkedKernel:
    """A kernel's process, as ``subprocess.Popen`` would show it; its parent is another one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        """OSError when there is no such process any more."""
        self.pid = pid
        # the number may be another's one day, the open file never
        self._ended = os.pidfd_open(pid)

    def __del__(self) -> None:
        if file := getattr(self, "_ended", 0):
            os.close(file)

    def poll(self) -> int | None:
        """None while it runs; how it ended only its parent could tell, so 0 then."""
        waiting = select.poll()
        waiting.register(self._ended, select.POLLIN)
        return 0 if waiting.poll(0) else None

    def wait(self) -> int:
        """Wait for its end."""
        waiting = select.poll()
        waiting.register(self._ended, select.POLLIN)
        waiting.poll()
        return 0

    def send_signal(self, number: int) -> None:
        """Nothing happens when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._ended, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class WarmServer:
    """This server's warm process. What it has imported is as old as its ``_state`` says."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._state: object = None
        # kernels hold the other end: they end when this one is closed, with this process
        self._lifeline: tuple[int, int] | None = None

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it for kernels of this environment unless it runs; never waits for it."""
        with self._lock:
            self._renew(_of_all_kernels(environment))

    def fork(self, command: list[str], environment: Mapping[str, str], folder: str) -> int | None:
        """Process id of a new kernel; None when it cannot be had at once."""
        with self._lock:
            if not self._renew(_of_all_kernels(environment)):
                return None
            told = {"command": command, "env": dict(environment), "cwd": folder}
            try:
                return self._ask(json.dumps(told).encode())
            except (OSError, ValueError):
                # perhaps the system was short of memory and ended it: the next one finds another
                self._close()
                return None

    def wait(self, seconds: float) -> bool:
        """Whether it is ready within so many seconds."""
        control = self._control
        if not control:
            return False
        waiting = select.poll()
        waiting.register(control, select.POLLIN)
        return self._ready or (bool(waiting.poll(seconds * 1000)) and self._is_ready())

    def close(self) -> None:
        """End it; its kernels go on."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None
        self._ready = False

    def _renew(self, environment: dict[str, str]) -> bool:
        """Whether it is ready; start another where there is none or the old one is out of date."""
        state = environment, _packages(environment)
        if self._process and self._state == state and self._process.poll() is None:
            return self._is_ready()
        self._close()
        self._state = state
        self._spawn(environment)
        return False

    def _spawn(self, environment: dict[str, str]) -> None:
        # messages keep their borders, so that no request is taken for two
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kit.runner.live", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=environment,
                # -m would import from it, and no user may write here
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Ctrl+C at the terminal is the server's
                start_new_session=True,
            )

    def _is_ready(self) -> bool:
        if not self._ready and self._control:
            with contextlib.suppress(OSError):
                self._ready = bool(self._control.recv(_ANSWER, socket.MSG_DONTWAIT))
        return self._ready

    def _ask(self, request: bytes) -> int:
        control = self._control
        if control is None:
            raise OSError("no warm process")
        if self._lifeline is None:
            self._lifeline = os.pipe()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                files = [theirs.fileno(), self._lifeline[0], 1, 2]
                socket.send_fds(control, [request], files)
            ours.settimeout(FORK_SECONDS)
            # of the fork itself, when it leads its group
            return int(ours.recv(_ANSWER))


WARM = WarmServer()


def available() -> bool:
    """Whether a kernelspec here may name ``PROVISIONER``: Jupyter offers no kernel of unknown ones.

    An installation that can be edited, and is older than its files, does not know it.
    """
    group = KernelProvisionerFactory.GROUP_NAME
    return _watched(os.getpid()) is not None and bool(entry_points(group=group, name=PROVISIONER))


def _watched(pid: int) -> ForkedKernel | None:
    # some containers forbid it
    try:
        return ForkedKernel(pid) if supported() else None
    except OSError:
        return None


class ForkProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Jupyter's own provisioner for this machine, with a fork instead of a new interpreter.

    Where systems cannot fork, for other commands, and until the warm process is ready, it is
    Jupyter's own in all.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch the kernel of ``cmd``; what it must know is in its connection file."""
        if process := await asyncio.to_thread(_fork, cmd, kwargs):
            self.process, self.pid, self.pgid = process, process.pid, process.pid
            self.cwd = kwargs.get("cwd") or Path.cwd()
            return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)


def _fork(command: list[str], options: Mapping[str, Any]) -> ForkedKernel | None:
    # standard streams elsewhere, a kernel that outlives us: not what a fork can do
    asked = {name for name, value in options.items() if value} - {"env", "cwd", "kernel_id"}
    if not supported() or command[:3] != COMMAND or asked:
        return None
    environment = {**options["env"], "JPY_PARENT_PID": str(os.getpid())}
    folder = str(options.get("cwd") or Path.cwd())
    pid = WARM.fork(command, environment, folder)
    return _watched(pid) if pid else None


def _of_all_kernels(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if not k.startswith(_OF_ONE_KERNEL)}


def _packages(environment: Mapping[str, str]) -> frozenset[tuple[str, int]]:
    """When packages came or went, and when our own modules were written."""
    places = [*site.getsitepackages(), site.getusersitepackages()]
    places += environment.get("PYTHONPATH", "").split(os.pathsep)
    # an installation that can be edited changes without its folder being touched
    places += [str(path) for path in _KIT.rglob("*.py")]
    return frozenset((place, _changed(place)) for place in places)


def _changed(place: str) -> int:
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0
