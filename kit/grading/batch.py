"""Grade everything of a unit that was handed in, several submissions at a time.

nbgrader's own loop is serial and stops at the first surprise. Here each submission goes
through nbgrader's Autograde by itself, in worker processes: a bad one is named, and the
others are graded. Nothing of nbgrader is replaced; its gradebook is where scores land.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from kit.cohort import PROCESS_ENDED
from kit.errors import GradingError
from kit.grading import store, worker
from kit.grading.course import Course
from kit.grading.handed import HandIn, digest
from kit.grading.remarks import remark
from kit.grading.removed import forget_removed
from kit.grading.room import unfenced
from kit.grading.submitted import Progress, handed_in, prove_learners, silent
from kit.grading.worker import Ended, Task
from kit.i18n import phrase
from kit.model import Part, Unit

GRADED, KEPT, FAILED = "graded", "kept", "failed"
# where learners' notebooks run: behind fences, or with the rights of who grades
FENCES, NONE = "fences", "none"


@dataclass(frozen=True)
class Graded:
    """One submission after a batch.

    ``state`` is graded, kept (nothing changed since it was graded) or failed; ``why``
    says why it failed, or what was odd about it. ``max_score`` leaves uncheckable cells
    out; ``to_grade`` counts cells that wait for a person. ``seconds`` is its own time.
    """

    assignment: str
    learner: str
    state: str
    why: str
    score: float
    max_score: float
    to_grade: int
    seconds: float


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def grade(
    course: Course,
    unit: Unit,
    learners: Collection[str] = (),
    again: bool = False,
    jobs: int | None = None,
    progress: Progress = silent,
    *,
    sandbox: str = FENCES,
) -> list[Graded]:
    """Grade both assignments of a unit over what lies in ``submitted/``.

    ``learners`` empty means everybody. What is graded already and unchanged is kept
    unless ``again``; manual scores always stay. ``progress(done, total, text)`` is
    called after each submission. ``sandbox`` NONE runs notebooks with this user's rights.
    GradingError when the unit was never released, or when no sandbox can be set up and none
    was not asked for; UsageError for a learner who handed in nothing.
    """
    if sandbox == FENCES and (why := unfenced()):
        raise GradingError(
            "The sandbox cannot be set up here: {why}",
            where="upskill grade",
            fix="In a container of its own, or for people whom you trust:"
            " upskill grade {unit} --sandbox none",
            why=why,
            unit=unit.id,
        )
    course.prepare()
    with course.alone():
        known = _registered(course, unit)
        forget_removed(course)
        tasks = [
            Task(name, learner, folder, notebooks)
            for name, notebooks in known.items()
            for learner, folder in handed_in(course, name).items()
            if not learners or learner in learners
        ]
        prove_learners(unit, learners, (task.learner for task in tasks))
        before = {name: store.handins(course, name) for name in known}
        due = [t for t in tasks if again or _changed(course, t, before[t.assignment])]
        progress(0, len(due), "")
        ended: dict[Task, Ended] = {}
        for one in _run(course, due, jobs or cores(), sandbox):
            ended[one.task] = one
            text = f"{one.task.learner} {one.task.assignment}"
            progress(len(ended), len(due), text)
        return _results(course, tasks, ended)


def _registered(course: Course, unit: Unit) -> dict[str, tuple[str, ...]]:
    """The unit's assignments that the gradebook knows, with their notebooks."""
    from nbgrader.api import Gradebook

    names = [unit.assignment(part) for part in Part]
    with course.at_work(phrase("Opening the gradebook")):
        # nbgrader's preprocessors open it under its default course id; made here, once,
        # two workers cannot make it at the same time
        Gradebook(course.db_url).close()
        with Gradebook(course.db_url, course.course_id) as gradebook:
            found = {
                row.name: tuple(f"{notebook.name}.ipynb" for notebook in row.notebooks)
                for row in gradebook.assignments
                if row.name in names
            }
        store.prepare(course)
    if not found:
        raise GradingError(
            "'{unit}' is not in the gradebook yet.",
            where=course.db_url,
            fix="upskill release {unit}",
            unit=unit.id,
        )
    return found


def _changed(course: Course, task: Task, before: dict[str, HandIn]) -> bool:
    old = before.get(task.learner)
    done = course.autograded(task.learner, task.assignment)
    if (
        old is None
        or old.state != store.GRADED
        or not all((done / n).exists() for n in task.notebooks)
    ):
        return True
    return old.content != digest(task.folder)


def _run(course: Course, tasks: list[Task], jobs: int, sandbox: str) -> Iterator[Ended]:
    """Run tasks in worker processes; a worker that dies takes nothing else along."""
    left = dict.fromkeys(tasks)
    for ended in _pool(course, list(left), min(jobs, max(len(tasks), 1)), sandbox):
        del left[ended.task]
        yield ended
    # a worker died: one at a time shows at whose notebook
    while left:
        task = next(iter(left))
        found = list(_pool(course, [task], 1, sandbox))
        del left[task]
        if found:
            yield from found
            continue
        why = phrase(PROCESS_ENDED)
        worker.failed(course, task, why)
        yield Ended(task, True, why, 0.0)


def _pool(course: Course, tasks: list[Task], jobs: int, sandbox: str) -> Iterator[Ended]:
    """Results as they come; ends early when a worker process dies."""
    if not tasks:
        return
    # a fresh interpreter, since nbgrader and zmq do not survive a fork of a busy parent
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        jobs,
        mp_context=spawn,
        initializer=worker.begin,
        initargs=(str(course.root), sandbox == FENCES),
    )
    try:
        futures: list[Future[Ended]] = [pool.submit(worker.run, task) for task in tasks]
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                continue
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _results(course: Course, tasks: list[Task], ended: dict[Task, Ended]) -> list[Graded]:
    from kit.grading.read import read_cohort

    submissions = read_cohort(course).submissions
    rows: dict[Any, Any] = {
        (row.learner, row.assignment): row for row in submissions.itertuples(index=False)
    }
    notes = {name: store.handins(course, name) for name in {t.assignment for t in tasks}}
    results = []
    for task in tasks:
        row, end = rows.get((task.learner, task.assignment)), ended.get(task)
        handin = notes[task.assignment].get(task.learner)
        state = KEPT if end is None else FAILED if end.failed else GRADED
        results.append(
            Graded(
                task.assignment,
                task.learner,
                state,
                end.why if end and end.failed else remark(handin.reason) if handin else "",
                float(row.score) if row else 0.0,
                float(row.max_score) if row else 0.0,
                int(row.to_grade) if row else 0,
                end.seconds if end else 0.0,
            )
        )
    return results
