"""``python -P -m kit.runner.warm FD``: the warm process, which forks a kernel when it is asked.

It imports what notebooks use, makes one kernel, and waits on the control socket ``FD``. Each
request brings a socket for the new kernel, and its working folder and environment; the fork
says over that socket who it is. It runs nobody's code itself, and ends with its last driver.
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
from collections.abc import Iterable
from typing import Any

from kit.imports import FIRST_LINE, no_collecting
from kit.runner.fresh import settle
from kit.runner.groups import sweep_groups, used
from kit.runner.inside import make_kernel, serve, warm_up
from kit.runner.isolate import NAMESPACES, Fence, Inner, NotFenced, enter
from kit.runner.pristine import keep
from kit.runner.proving import ANSWERS
from kit.runner.spawn import UNITS
from kit.runner.wire import BEGUN, pack

# nearly every notebook's; imported while the driver finds out what else is named in them
FIRST = (
    # a kernel imports these at its first cell
    "IPython.core.logger",
    "tornado.platform.asyncio",
    "numpy",
    "pandas",
)
# first use of these is slow, whoever comes first
FIRST_USE = """
import pandas
frame = pandas.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
str(frame.describe()), frame._repr_html_(), frame.groupby("b").sum(), frame.merge(frame, on="b")
frame.pivot_table(index="a", columns="b"), frame.sort_values("a"), frame.to_html()
frame.set_index(pandas.date_range("2026-01-01", periods=2)).a.resample("MS").sum()
"""
FIRST_USE_OF_UNITS = """
import kit.content
kit.content.load_units()
"""
REQUEST = 1 << 20
# between two looks at the memory of a run that no control group holds
LOOK_SECONDS = 0.25


def main(control: socket.socket) -> None:
    """Fork a kernel for each request until the other ends of ``control`` are closed."""
    # for good: what a learner imports later is to be as lean
    exec(FIRST_LINE)
    with no_collecting():
        _import(FIRST)
        sweep_groups()
        kernel = make_kernel()
        warm_up(kernel, FIRST_USE)
    # nobody waits for forks here: the system buries them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        data, files, _flags, _address = socket.recv_fds(control, REQUEST, 3)
        if not data:
            return
        request = json.loads(data)
        if "load" in request:
            _load(kernel, request["load"])
            continue
        if request["answers"] == ANSWERS:
            keep()
        if os.fork() == 0:
            _become(kernel, control, files, request)
        for file in files:
            os.close(file)


def _import(names: Iterable[str]) -> None:
    for name in names:
        # what is missing here is missing for the learner too, who is told so by Python
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _load(kernel: Any, names: list[str]) -> None:
    """Import what the driver has found out that notebooks use; nothing is forked before."""
    with no_collecting():
        _import(names)
    if UNITS in names:
        warm_up(kernel, FIRST_USE_OF_UNITS)
    # an error's traceback looks for the file of each module, which is kept then
    warm_up(kernel, "1 / 0")
    # collecting would touch every page that forks share
    gc.collect()
    gc.freeze()


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
        group = os.getpid()
        told = {"group": group, "pid": inner.process if inner else group}
        pair.sendall(pack({"channel": BEGUN, **told}))
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
