"""One submission, graded by nbgrader in a process of its own kind; used by ``batch``.

What goes wrong is told in the trainer's words: which file, and what is the matter with it.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from kit.cohort import (
    CUT_OFF,
    EMPTY,
    MISSING,
    MISSING_AMONG,
    NO_NOTEBOOK,
    NO_TEXT,
    STOPPED_AT_IT,
    TOO_BIG,
)
from kit.errors import KitError
from kit.grading import store
from kit.grading.course import Course, open_course
from kit.grading.handed import digest, read_handed
from kit.i18n import phrase
from kit.imports import lean_imports

# nbgrader opens the gradebook a dozen times for each submission, beside other writers
BUSY_SECONDS = 20
NOTEBOOK_LIMIT = 100 * 1024 * 1024

_course: list[Course] = []


@dataclass(frozen=True)
class Task:
    """One submission: folder of what was handed in, and the notebooks that it should hold."""

    assignment: str
    learner: str
    folder: Path
    notebooks: tuple[str, ...]


@dataclass(frozen=True)
class Ended:
    """How a task ended. ``why`` is empty when all went well."""

    task: Task
    failed: bool
    why: str
    seconds: float


def begin(root: str, forked: bool) -> None:
    """Prepare this process: nbgrader is imported once, and waits for a busy gradebook.

    ``forked``: notebooks run in fenced forks of one warm process.
    """
    from sqlalchemy import Engine, event

    with lean_imports():
        # costs a second, once
        import_module("nbgrader.converters")
    course = open_course(Path(root))
    course.config.ExecuteAs.forked = forked
    _course[:] = [course]

    def wait(connection: Any, _record: Any) -> None:
        if type(connection).__module__.startswith("sqlite3"):
            connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")

    event.listen(Engine, "connect", wait)


def run(task: Task) -> Ended:
    """Grade one submission; whatever happens becomes an ``Ended``."""
    began = time.perf_counter()
    why = next((w for n in task.notebooks if (w := unreadable(task.folder / n))), "")
    if not why:
        why = _convert(_course[0], task)
    if why:
        failed(_course[0], task, why)
    return Ended(task, bool(why), why, time.perf_counter() - began)


def failed(course: Course, task: Task, why: str) -> None:
    """Keep a failure where the trainer's report finds it; the gradebook knows of the hand-in."""
    from nbgrader.api import Gradebook

    names = course.directory(task.assignment, task.learner)
    stamp = names.get_existing_timestamp(str(task.folder))
    with course.at_work(phrase("Keeping why '{assignment}' failed", assignment=task.assignment)):
        with Gradebook(course.db_url, course.course_id) as gradebook:
            gradebook.update_or_create_student(task.learner)
            told = {"timestamp": stamp} if stamp else {}
            gradebook.update_or_create_submission(task.assignment, task.learner, **told)
        # the practice is told of in a file of its own, which may well be whole
        practice, declared, _ = read_handed(task.folder)
        store.save_handin(
            course,
            task.assignment,
            task.learner,
            stamp,
            practice.version if practice else "",
            practice.language if practice else "",
            practice,
            declared,
            state=store.FAILED,
            reason=why,
            content=digest(task.folder),
        )


def unreadable(path: Path) -> str:
    """Why a notebook cannot be graded at all; empty when it looks like one."""
    name = path.name
    if path.is_symlink() or not path.is_file():
        others = ", ".join(sorted(p.name for p in path.parent.glob("*.ipynb"))[:5])
        if others:
            return phrase(MISSING_AMONG, name=name, others=others)
        return phrase(MISSING, name=name)
    size = path.stat().st_size
    if size == 0:
        return phrase(EMPTY, name=name)
    if size > NOTEBOOK_LIMIT:
        return phrase(TOO_BIG, name=name, size=size // 2**20)
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
            self.said = text.strip().splitlines()[-1][:300]


def _convert(course: Course, task: Task) -> str:
    """Run nbgrader; its reason when it fails."""
    from nbgrader.converters import Autograde

    listener = _LastError()
    log = logging.getLogger("traitlets")
    log.addHandler(listener)
    try:
        with course.at_work(phrase("Grading '{assignment}'", assignment=task.assignment)):
            course.convert(Autograde, task.assignment, task.learner)
    except KitError as error:
        if listener.said:
            return phrase(STOPPED_AT_IT, error=listener.said)
        return error.what
    finally:
        log.removeHandler(listener)
    return ""
