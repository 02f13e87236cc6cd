"""The driver's side of the warm process: start it once, ask it for forks.

Processes that were forked from the one that started it share it: each request is one message,
and its answer comes over a socket that belongs to this request alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.errors import GradingError
from kit.runner.isolate import Fence
from kit.runner.wire import Unpacker

# importing everything takes seconds, on a busy machine many
READY_SECONDS = 120.0
FORK_SECONDS = 20.0
_ANSWER = 1 << 12
# what is imported once, before the first fork, for notebooks in which one of the words stands;
# what is missing here is missing for the learner too, who is told so by Python
PACKAGES = {
    "altair": ("altair",),
    "ipywidgets": ("ipywidgets", "interact"),
    "anywidget": ("anywidget",),
    "matplotlib": ("matplotlib", "seaborn", ".plot", ".hist"),
}
# for units of the kit, which use all of the above
UNITS = "kit.workbook.trusted"
# no fence at all: for code that is the user's own
OPEN = Fence(wanted=())
# threads of a library do not survive a fork; the debugger has an opinion on frozen modules
_QUIET = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # all memory in large pages, where the system has them: a fork copies the table of pages,
    # which Python's own allocator, with its small pieces, makes twice as long
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
# of this process's environment; a learner's code has no use for the rest, and secrets lie there
KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME", "SYSTEMROOT")


def supported() -> bool:
    """Whether this system can fork a process that has threads' libraries loaded: Linux only."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


@dataclass
class Fork:
    """One kernel's process: ``pair`` speaks with it. ``group`` is all that it began with.

    A ``fenced`` one is the first of a namespace, and whoever waits for it outlives it a little.
    """

    group: int
    pair: socket.socket
    _ended: int
    fenced: bool

    def look_into(self, place: str) -> int:
        """An open folder that only the fenced run sees; it can be read when the run has ended.

        ``place`` is its real path. OSError when there is none, or the run has ended.
        """
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        return os.open(f"/proc/{self.group}/root{place}", flags)

    def alive(self) -> bool:
        """Whether it still runs."""
        return not _ready(self._ended, 0)

    def interrupt(self) -> None:
        """As Ctrl+C."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End it and what it started, and let go of its socket."""
        self._signal(signal.SIGKILL)
        _ready(self._ended, FORK_SECONDS)

    def close(self) -> None:
        """Let go of its files."""
        self.pair.close()
        os.close(self._ended)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            # the first of its namespace: all others in it end with it
            signal.pidfd_send_signal(self._ended, number)
        if number == signal.SIGKILL and not self.fenced:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.group, number)


def _ready(file: int, seconds: float) -> bool:
    # select takes no number above a thousand
    waiting = select.poll()
    waiting.register(file, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


class Warm:
    """A warm process, started at the first fork at the latest, and again when it has died."""

    def __init__(self) -> None:
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}
        self._lock, self._owner = threading.Lock(), 0
        # whether it was told what to import, and has forked
        self._told = self._ready = False

    def start(self) -> None:
        """Start it unless it runs; never waits for it."""
        with self._lock:
            self._started()

    def load(self, packages: Collection[str]) -> None:
        """Have it import some of ``PACKAGES`` and ``UNITS`` before its first fork; else all."""
        # a dead one is noticed by the fork, which starts another
        with self._lock, contextlib.suppress(OSError):
            self._load(self._started(), packages)

    def fork(
        self,
        folder: Path,
        environment: Mapping[str, str],
        log: int,
        fence: Fence = OPEN,
        *,
        serve: str = "",
        beside: socket.socket | None = None,
        answers: str = "",
    ) -> Fork:
        """A fresh kernel in ``folder``; what it prints past Jupyter goes to the file ``log``.

        ``beside`` is a socket to another fork, whose questions the function ``answers``
        ("module:name") answers between cells; see ``inside.serve``. With ``serve`` no kernel
        is made: that function is given both sockets instead.
        GradingError when the warm process cannot be started or a wanted fence not be put up.
        """
        told = {
            "cwd": str(folder),
            "env": dict(environment),
            "fence": asdict(fence),
            "serve": serve,
            "answers": answers,
        }
        request = json.dumps(told).encode()
        files = [log, *([beside.fileno()] if beside else [])]
        with self._lock:
            try:
                return self._ask(request, files)
            except OSError:
                # somebody may have ended it, as a system short of memory does
                self._close()
            try:
                return self._ask(request, files)
            except OSError:
                self._close()
        raise GradingError(
            "The process that runs notebooks could not be started.",
            where=sys.executable,
            fix="Look at what it printed above; then try: python -m kit.runner.warm",
        )

    def close(self) -> None:
        """End the warm process; its forks go on. In a process that shares it: let go of it."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._control:
            self._control.close()
        if self._process and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._control = self._process = None
        self._told = self._ready = False

    def _load(self, control: socket.socket, packages: Collection[str]) -> None:
        control.send(json.dumps({"load": sorted(packages)}).encode())
        self._told = True

    def _ask(self, request: bytes, files: list[int]) -> Fork:
        control = self._started()
        if not self._told:
            self._load(control, (*PACKAGES, UNITS))
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(control, [request], [theirs.fileno(), *files])
        try:
            group, first = _begun(ours, FORK_SECONDS if self._ready else READY_SECONDS)
            self._ready = True
            return Fork(group, ours, os.pidfd_open(first), fenced=first != group)
        except (OSError, ValueError):
            ours.close()
            raise OSError("the warm process has ended") from None
        except GradingError:
            ours.close()
            raise

    def _started(self) -> socket.socket:
        environment = kept_environment()
        if self._control and _places(self._environment) == _places(environment):
            return self._control
        # what it imported came from another place
        self._close()
        self._environment, self._owner = environment, os.getpid()
        # messages keep their borders, so that no request is taken for two
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(READY_SECONDS)
        with theirs:
            self._process = subprocess.Popen(
                # -P: a file beside us must not stand in for a module
                [sys.executable, "-P", "-m", "kit.runner.warm", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**environment, **_QUIET},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control = ours
        return ours


# of this process; whoever forks something else than a kernel uses it too
WARM = Warm()


def _begun(pair: socket.socket, seconds: float) -> tuple[int, int]:
    """A fork's process, which leads its group, and the first that is fenced.

    ValueError when it ends before it has said them, or says them too late.
    """
    pair.settimeout(seconds)
    unpacker = Unpacker()
    # byte by byte would be slow, and nothing follows before it is asked
    while data := pair.recv(_ANSWER):
        for told in unpacker.feed(data):
            if error := told.get("error"):
                raise GradingError(
                    "The sandbox cannot be set up here: {error}",
                    where=sys.platform,
                    fix="Run it where these are allowed, or in a container of its own.",
                    error=error,
                )
            return int(told["group"]), int(told["pid"])
    raise ValueError("ended")


def _places(environment: Mapping[str, str]) -> dict[str, str]:
    # nothing is imported from PATH, and each fork is told its own
    return {name: value for name, value in environment.items() if name != "PATH"}


def kept_environment(*more: str) -> dict[str, str]:
    """What a kernel may know of this process's environment, and ``more`` of it."""
    return {name: os.environ[name] for name in (*KEPT, *more) if name in os.environ}
