"""Proof that a locked cell passes, in a fork of the learner's own kernel.

The fork has all that the learner's code made, and nothing that it does comes back but its
report. In it the interpreter is put back to what it was, then the cell runs as the grader
rewrote it (``kit.grading.instrument``) and says what was reached, what was true, and what
took part in it that is of the learner's own making.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import inspect
import io
import json
import marshal
import os
import select
import signal
import sys
import time
from pathlib import Path
from types import FunctionType
from typing import Any

from kit.runner.afresh import Afresh
from kit.runner.evidence import Evidence
from kit.runner.pristine import Pristine, kept

ANSWERS = "kit.runner.proving:prove"
_LIMIT = 1 << 20
_NAME = 80


def prove(names: dict[str, Any], text: str) -> str:
    """Answer one request of the grader's: a report as JSON, "" when none came in time."""
    told = json.loads(text)
    folder = Afresh(Path(told["work"]), Path(told["source"]), told["files"])
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        # the run has started all that it may: who asked need not wait
        os.close(reading)
        os.close(writing)
        return ""
    if child == 0:
        try:
            report = json.dumps(_report(names, told, folder)) + "\n"
            os.write(writing, report.encode())
        finally:
            os._exit(0)
    os.close(writing)
    try:
        return _read(reading, float(told["seconds"]))
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        folder.leave()


def _read(reading: int, seconds: float) -> str:
    """The first line; "" when it does not come in time, or is none."""
    end, held = time.monotonic() + seconds, b""
    waiting = select.poll()
    waiting.register(reading, select.POLLIN)
    while b"\n" not in held and len(held) < _LIMIT:
        left = end - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            return ""
        data = os.read(reading, 1 << 16)
        if not data:
            return ""
        held += data
    return held.partition(b"\n")[0].decode()


def _report(names: dict[str, Any], told: dict[str, Any], folder: Afresh) -> dict[str, Any]:
    pristine = kept()
    if pristine is None:
        return {"nonce": told["nonce"], "failed": "nothing was kept"}
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    pristine.restore(shell, str(folder.source) if folder.files else "")
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    evidence = Evidence(pristine, names, told["classes"], told["nonce"])
    failed = changed = ""
    watch = None
    try:
        folder.enter()
        watch = folder.watch()
        cell = _cell(pristine, evidence, names, told, shell)
        if inspect.iscoroutine(cell):
            asyncio.run(cell)
    except BaseException as error:
        failed = type.__dict__["__name__"].__get__(type(error))[:_NAME] or "error"
    found = evidence.report()
    if failed or found["false"]:
        changed = folder.changed()
    touched = watch.touched(told["moves"]) if watch else ""
    files = {"changed": changed, "touched": touched}
    return {"nonce": told["nonce"], "failed": failed, **files, **found}


def _cell(
    pristine: Pristine, evidence: Evidence, names: dict[str, Any], told: Any, shell: Any
) -> Any:
    """Run the cell; what it returns is to be awaited, if it is anything."""
    import builtins

    names["__builtins__"] = builtins
    given = []
    for name, kind, detail in told["guarded"]:
        if kind == "import":
            space: dict[str, Any] = {"__builtins__": builtins}
            exec(detail, space)
            given.append(space[name])
        elif kind == "shell":
            given.append(lambda: shell)
        else:
            given.append(_builtin(pristine, name))
    looks = [getattr(evidence, role) for role in told["roles"]]
    function = FunctionType(marshal.loads(base64.b64decode(told["code"])), names)
    return function(*looks, *given)


def _builtin(pristine: Pristine, name: str) -> Any:
    if name in pristine.builtins:
        return pristine.builtins[name]
    # IPython adds it while a cell runs
    return getattr(importlib.import_module("IPython.display"), name)
