"""One submission, graded in a process of its own kind; used by ``batch``.

What goes wrong is told in the trainer's words: which file, and what is the matter with it.
"""

from __future__ import annotations

import errno
import gc
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from kit.cohort import (
    CUT_OFF,
    EMPTY,
    MISSING,
    MISSING_AMONG,
    NO_NOTEBOOK,
    NO_TEXT,
    STOPPED_AT_IT,
)
from kit.errors import GradingError, KitError
from kit.grading.bounds import too_much
from kit.grading.course import Course, any_course, quiet
from kit.grading.ledger import Ledger, Result, Task, ledger_of
from kit.grading.links import remove_links
from kit.grading.sources import KnownNotebook
from kit.grading.staged import Staged
from kit.grading.stamps import stamp_fault
from kit.grading.steps import can_stage, fence
from kit.i18n import phrase
from kit.runner.levels import Level
from kit.runner.libc import end_with_parent

# nbgrader opens the gradebook a dozen times for each submission, beside other writers
BUSY_SECONDS = 20
# of an error, for the trainer; the log has all of it
ERROR_LENGTH = 300
# a disk that takes no more is nobody's work that failed
_OURS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}

Known = Mapping[str, Mapping[str, KnownNotebook]]
# of ``begin``: the course's folder, what the gradebook has, the least sandbox, strict or not
Begun = tuple[str, Known, str, bool]


@dataclass(frozen=True)
class Ended:
    """How a task ended. ``why`` is empty when all went well.

    ``saved``: nbgrader has saved its scores by itself; else they wait in the ledger.
    """

    task: Task
    why: str
    seconds: float
    saved: bool


@dataclass
class _Here:
    """What this process grades with."""

    course: Course
    ledger: Ledger
    staged: dict[str, Staged]


_here: list[_Here] = []


def begin_process(root: str, known: Known, sandbox: str, strict: bool = False) -> None:
    """As ``begin``, in a process that is made for it and ends with who saves its results."""
    end_with_parent()
    # a fork: looking for garbage among what was there before would copy all of it
    gc.freeze()
    begin(root, known, sandbox, strict)


def begin(root: str, known: Known, sandbox: str, strict: bool = False) -> None:
    """Prepare this process for a course; ``known`` is what the gradebook has of assignments.

    ``sandbox`` "none" runs notebooks with this user's rights, any other in the best there is,
    and none where that is less.
    ``strict``: locked cells are to prove their pass.
    """
    course = any_course(Path(root))
    course.config.ExecuteAs.forked = sandbox != Level.NONE.value
    course.config.ExecuteAs.least = sandbox
    course.config.ExecuteAs.strict = strict
    staged = {}
    if can_stage(course):
        staged = {name: Staged(course, name, books) for name, books in known.items()}
    else:
        if sandbox != Level.NONE.value:
            fence(course)
        _wait_for_gradebook()
    _here[:] = [_Here(course, ledger_of(course), staged)]


def _wait_for_gradebook() -> None:
    """Let nbgrader's own connections wait while another process writes."""
    from sqlalchemy import Engine, event

    def wait(connection: Any, _record: Any) -> None:
        if type(connection).__module__.startswith("sqlite3"):
            connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")

    event.listen(Engine, "connect", wait)


def run(task: Task) -> Ended:
    """Grade one submission; whatever happens becomes an ``Ended``.

    GradingError when this machine cannot keep what was run.
    """
    here, began = _here[0], time.perf_counter()
    # of several, nbgrader gives 0 for one that is missing; none at all is no submission
    there = [name for name in task.notebooks if (task.folder / name).exists()]
    names = there or task.notebooks
    why = next((w for name in names if (w := unreadable(task.folder / name))), "")
    why = why or stamp_fault(task.folder)
    if not here.staged:
        why = why or _convert(here.course, task)
        return Ended(task, why, time.perf_counter() - began, saved=not why)
    try:
        found = Result(key=task.key, why=why) if why else _stage(here, task)
        seconds = time.perf_counter() - began
        result = found.model_copy(update={"seconds": seconds})
        here.ledger.write(task, result)
    except OSError as error:
        raise GradingError(
            "What was run cannot be kept: {error}",
            where=str(error.filename or here.ledger.root),
            fix="Make room there, then run the command again: it goes on where it was.",
            error=error.strerror or error,
        ) from error
    return Ended(task, result.why, seconds, saved=False)


def _stage(here: _Here, task: Task) -> Result:
    files = here.ledger.files(task)
    with quiet(here.course.log_file) as log:
        try:
            marks = here.staged[task.assignment].run(task.learner, task.folder, files)
            why = _stopped(broken) if (broken := marks[-1].broken) else ""
            return Result(key=task.key, marks=tuple(marks), why=why)
        except KitError as error:
            return Result(key=task.key, why=error.what)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _OURS:
                raise
            log.exception("Grading %s of %s failed", task.assignment, task.learner)
            return Result(key=task.key, why=_stopped(f"{type(error).__name__}: {error}"))


def _stopped(error: str) -> str:
    return phrase(STOPPED_AT_IT, error=error[:ERROR_LENGTH])


def unreadable(path: Path) -> str:
    """Why a notebook cannot be graded at all; empty when it looks like one."""
    name = path.name
    if path.is_symlink() or not path.is_file():
        others = ", ".join(sorted(p.name for p in path.parent.glob("*.ipynb"))[:5])
        if others:
            return phrase(MISSING_AMONG, name=name, others=others)
        return phrase(MISSING, name=name)
    if path.stat().st_size == 0:
        return phrase(EMPTY, name=name)
    if why := too_much(path):
        return why
    try:
        value = json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        line = error.lineno
        return phrase(CUT_OFF, name=name, line=line)
    except (ValueError, RecursionError):
        return phrase(NO_TEXT, name=name)
    if not isinstance(value, dict) or not {"cells", "worksheets"} & value.keys():
        return phrase(NO_NOTEBOOK, name=name)
    return ""


class _LastError(logging.Handler):
    """nbgrader logs a traceback and then raises a general sentence: the cause is in the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if "Traceback" in text:
            self.said = text.strip().splitlines()[-1][:ERROR_LENGTH]


def _convert(course: Course, task: Task) -> str:
    """Run nbgrader; its reason when it fails."""
    listener = _LastError()
    log = logging.getLogger("traitlets")
    log.addHandler(listener)
    try:
        remove_links(task.folder, course.root)
        with course.at_work(phrase("Grading '{assignment}'", assignment=task.assignment)):
            course.convert(Autograde, task.assignment, task.learner)
    except KitError as error:
        if listener.said:
            return phrase(STOPPED_AT_IT, error=listener.said)
        return error.what
    finally:
        log.removeHandler(listener)
    return ""
