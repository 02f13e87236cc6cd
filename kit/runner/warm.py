"""``python -P -m kit.runner.warm FD``: the warm process, which forks a kernel when it is asked.

It imports what units use, makes one kernel, and waits on the control socket ``FD``. Each
request brings a socket for the new kernel, and its working folder and environment; the
answer is the fork's process id. It runs nobody's code itself, and ends with its driver.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from typing import Any

from kit.imports import FIRST_LINE
from kit.runner.fresh import settle
from kit.runner.groups import sweep_groups, used
from kit.runner.inside import make_kernel, serve, warm_up
from kit.runner.isolate import NAMESPACES, Fence, Inner, NotFenced, enter
from kit.runner.pristine import keep
from kit.runner.proving import ANSWERS
from kit.runner.wire import BEGUN, pack

# what is missing here is missing for the learner too, who is told so by Python
PACKAGES = (
    "numpy",
    "pandas",
    "altair",
    "ipywidgets",
    "anywidget",
    "matplotlib",
    "kit.workbook.trusted",
)
# first use of these is slow, whoever comes first
FIRST_USE = """
import kit.content
kit.content.load_units()
import pandas
frame = pandas.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
str(frame.describe()), frame._repr_html_(), frame.groupby("b").sum(), frame.merge(frame, on="b")
"""
REQUEST = 1 << 20
# between two looks at the memory of a run that no control group holds
LOOK_SECONDS = 0.25


def main(control: socket.socket) -> None:
    """Fork a kernel for each request until the other end of ``control`` is closed."""
    # for good: what a learner imports later is to be as lean
    exec(FIRST_LINE)
    for name in PACKAGES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    sweep_groups()
    kernel = make_kernel()
    warm_up(kernel, FIRST_USE)
    # an error's traceback looks for the file of each module, which is kept then
    warm_up(kernel, "1 / 0")
    # collecting would touch every page that forks share
    gc.collect()
    gc.freeze()
    # nobody waits for forks here: the system buries them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send(json.dumps({"ready": os.getpid()}).encode())
    while True:
        data, files, _flags, _address = socket.recv_fds(control, REQUEST, 3)
        if not data:
            return
        request = json.loads(data)
        if request["answers"] == ANSWERS:
            keep()
        pid = os.fork()
        if pid == 0:
            _become(kernel, control, files, request)
        for file in files:
            os.close(file)
        control.send(json.dumps({"pid": pid}).encode())


def _become(kernel: Any, control: socket.socket, files: list[int], request: dict[str, Any]) -> None:
    """Turn this fork into a learner's kernel; never returns."""
    status = 1
    try:
        control.close()
        # a group of its own, so that all it starts can be ended with it
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        pair, log = socket.socket(fileno=files[0]), files[1]
        beside = socket.socket(fileno=files[2]) if files[2:] else None
        for file in (1, 2):
            os.dup2(log, file)
        settle(request["env"], request["cwd"])
        if not request["serve"]:
            # files beside the notebook can be imported, as in any kernel; nowhere else
            sys.path.insert(0, "")
        if waited := _fenced(pair, Fence(**request["fence"])):
            _wait(waited, pair)
        elif request["serve"]:
            module, _, name = request["serve"].partition(":")
            getattr(importlib.import_module(module), name)(pair, beside)
        else:
            serve(kernel, pair, beside, request["answers"])
        status = 0
    except BaseException:
        # standard error is the notebook's by now
        os.write(files[1], traceback.format_exc().encode())
    finally:
        os._exit(status)


def _fenced(pair: socket.socket, fence: Fence) -> Inner | None:
    """Tell the driver what came of it; whom to wait for, or None in the process that serves."""
    try:
        inner = enter(fence)
    except NotFenced as error:
        pair.sendall(pack({"channel": BEGUN, "error": str(error)}))
        raise
    if inner or NAMESPACES not in fence.wanted:
        pair.sendall(pack({"channel": BEGUN, "pid": inner.process if inner else os.getpid()}))
    return inner


def _wait(inner: Inner, pair: socket.socket) -> None:
    """Wait for the fenced process; end it when the driver is gone, however that ended."""
    ended, waiting = os.pidfd_open(inner.process), select.poll()
    waiting.register(ended, select.POLLIN)
    waiting.register(pair, select.POLLRDHUP)
    pause = LOOK_SECONDS * 1000 if inner.memory else None
    while not (happened := waiting.poll(pause)) and used(inner.process) <= inner.memory:
        pass
    if ended not in dict(happened):
        os.kill(inner.process, signal.SIGKILL)
    os.waitpid(inner.process, 0)
    if inner.group:
        inner.group.remove()


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
