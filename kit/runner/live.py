"""``python -m kit.runner.live FD``: the warm process behind a learner's own notebooks.

It has imported what notebooks use, holds no kernel and no thread, and waits on the control
socket ``FD``. Each request brings an environment, a folder and the arguments of
``ipykernel_launcher``; the fork becomes that kernel, as ipykernel makes it, and runs like any
other program from there to its last line. ``kit.runner.provision`` is the other end.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from traitlets import Instance

from kit.imports import lean_imports
from kit.runner.fresh import settle

# matplotlib is not here: which backend it takes is read from folder and environment at import
PACKAGES = (
    # a kernel imports these when it is made, and at its first cell
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
    "encodings.idna",
    "numpy",
    "pandas",
    "altair",
    "ipywidgets",
    "anywidget",
    "kit.workbook",
    "kit.server.fresh_kernel",
)
REQUEST = 1 << 20
# the answer's socket, the server's lifeline, standard output and standard error
FILES = 4


@dataclass(frozen=True)
class Request:
    """One kernel that is wanted: the command's arguments, and the files that came along."""

    command: list[str]
    env: dict[str, str]
    cwd: str
    files: list[int]


class ForkedApp(IPKernelApp):
    """ipykernel's application, which says over ``answer`` that it can be connected to."""

    answer = Instance(socket.socket)

    def write_connection_file(self, **more: Any) -> None:
        """Called when the sockets are bound, and before startup files, which may take time."""
        super().write_connection_file(**more)
        # a client that came earlier would try again 100 ms later. Who asked and is gone has
        # started another kernel for these sockets: the error ends this one
        with self.answer:
            self.answer.sendall(str(os.getpid()).encode())


def main(control: socket.socket) -> None:
    """Import, then fork; the warm process itself ends with the other end of ``control``."""
    # of -m, which put the working folder there: nothing may be imported from it
    sys.path.pop(0)
    before = dict(os.environ)
    with lean_imports():
        for name in PACKAGES:
            # what is missing or broken here is so for the learner too, who is told by Python
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        _use_pandas()
    # collecting would touch every page that forks share
    gc.collect()
    gc.freeze()
    # nobody waits for forks here: the system buries them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send(b"ready")
    # of a debugger, for one: an import that sets a variable does not come again in the fork
    imported = {name: value for name, value in os.environ.items() if before.get(name) != value}
    if request := _forked(control):
        _become(request, imported)


def _use_pandas() -> None:
    # what its first table imports
    with contextlib.suppress(Exception):
        frame = importlib.import_module("pandas").DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
        frame.groupby("b").sum().merge(frame.describe(), on="a", how="left").to_html()


def _forked(control: socket.socket) -> Request | None:
    """Fork for each request. Returns in the forks, and None here when nobody asks any more."""
    while True:
        data, files, _flags, _address = socket.recv_fds(control, REQUEST, FILES)
        if not data:
            return None
        # without memory for a copy, closing the answer's socket is the answer
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                control.close()
                return Request(**json.loads(data), files=files)
        for file in files:
            os.close(file)


def _become(request: Request, imported: dict[str, str]) -> None:
    """Be the kernel until it ends, as ``python -m ipykernel_launcher`` is."""
    answer, lifeline, out, error = request.files
    # a group of its own, so that an interrupt reaches what a cell has started
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for file, number in ((out, 1), (error, 2)):
        os.dup2(file, number)
        os.close(file)
    settle(request.env | imported, request.cwd)
    _end_with(lifeline)
    launcher = importlib.util.find_spec("ipykernel_launcher")
    arguments = request.command[3:]
    sys.orig_argv = request.command
    sys.argv = [launcher.origin or "" if launcher else "", *arguments]
    # its default was read when it was imported; whose child we are says nothing of the server
    server = int(os.environ.get("JPY_PARENT_PID") or 0)
    app = ForkedApp.instance(parent_handle=server, answer=socket.socket(fileno=answer))
    app.initialize(arguments)
    app.poller = None
    if widgets := sys.modules.get("ipywidgets"):
        # imported when there was no kernel to tell of itself
        widgets.load_ipython_extension(app.shell)
    app.start()


def _end_with(lifeline: int) -> None:
    """End this process, as ipykernel does, when the server has ended, however that was."""

    def wait() -> None:
        # nobody writes; the end comes when the last process that could is gone
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=wait, name="server", daemon=True).start()


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
