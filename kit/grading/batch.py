"""Grade everything that was handed in, several submissions at a time.

nbgrader's own loop is serial and stops at the first surprise. Here worker processes run
the submissions and lay down what they found; this process alone writes the gradebook, one
transaction for each. A bad submission is named, and the others are graded. A batch that
was killed goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kit.cohort import PROCESS_ENDED
from kit.errors import GradingError
from kit.grading import store
from kit.grading.course import CONFIG_FILE, Course
from kit.grading.differences import differences
from kit.grading.ledger import Keys, Task, ledger_of
from kit.grading.processes import Run, in_processes
from kit.grading.remarks import remark
from kit.grading.removed import forget_removed
from kit.grading.sources import read_sources
from kit.grading.spread import spread
from kit.grading.staged import can_stage
from kit.grading.strict import Difference
from kit.grading.submitted import Progress, handed_in, prove_learners, silent
from kit.grading.worker import Ended, Known
from kit.grading.writer import Writer
from kit.i18n import phrase
from kit.model import Part, Unit
from kit.runner.level import found
from kit.runner.levels import Found, Level, weakest

GRADED, KEPT, FAILED = "graded", "kept", "failed"


@dataclass(frozen=True)
class Graded:
    """One submission after a batch.

    ``state`` is graded, kept (nothing changed since it was graded) or failed; ``why``
    says why it failed, or what was odd about it. ``max_score`` leaves uncheckable cells
    out; ``to_grade`` counts cells that wait for a person. ``seconds`` is its own time,
    ``sandbox`` what stood around the learner's code, "" when it was never run.
    ``differences`` are those from nbgrader's scores, where proof was asked for.
    """

    assignment: str
    learner: str
    state: str
    why: str
    score: float
    max_score: float
    to_grade: int
    seconds: float
    sandbox: str
    differences: tuple[Difference, ...] = ()


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def grade(
    course: Course,
    wanted: Unit | str,
    learners: Collection[str] = (),
    again: bool = False,
    jobs: int | None = None,
    progress: Progress = silent,
    *,
    sandbox: Level = Level.CONTAINER,
    dask: str = "",
    strict: bool = False,
) -> list[Graded]:
    """Grade both assignments of a unit, or the one of that name, over all of ``submitted/``.

    ``learners`` empty means everybody. What is graded already and unchanged is kept
    unless ``again``; manual scores always stay. ``progress(done, total, text)`` is
    called after each submission. ``sandbox`` is the least that must stand around notebooks,
    or have stood; NONE runs them with this user's rights.
    ``dask`` is a scheduler's address: its workers run the notebooks then, in place of ``jobs``.
    ``strict``: locked cells that are no checks of the kit's earn points only with a proof.
    GradingError when the gradebook does not know the assignment, when the sandbox
    cannot be set up, or when scores cannot be written: what was run is kept, and
    the next call saves it. UsageError for a learner who handed in nothing.
    """
    if isinstance(wanted, str):
        name, assignments = wanted, [wanted]
    else:
        name, assignments = wanted.id, [wanted.assignment(part) for part in Part]
    best = best_sandbox(sandbox, name)
    if strict:
        _can_prove(course, best)
    course.prepare()
    with course.alone():
        known = _registered(course, name, assignments)
        forget_removed(course)
        tasks = [
            Task(assignment, learner, folder, tuple(f"{book}.ipynb" for book in books))
            for assignment, books in known.items()
            for learner, folder in handed_in(course, assignment).items()
            if not learners or learner in learners
        ]
        prove_learners(name, learners, (task.learner for task in tasks))
        due = _due(course, tasks, again, sandbox, strict)
        progress(0, len(due), "")
        ended: dict[Task, Ended] = {}
        begun = (str(course.root), known, best.level.value, strict)
        run = (
            partial(spread, dask, begun) if dask else partial(in_processes, jobs or cores(), begun)
        )
        for one in _graded(course, due, again, run):
            ended[replace(one.task, key="")] = one
            text = f"{one.task.learner} {one.task.assignment}"
            progress(len(ended), len(due), text)
        return _results(course, tasks, ended)


def best_sandbox(least: Level, name: str) -> Found:
    """The best level that there is here.

    GradingError when it does not reach ``least``; NONE is not looked for any further.
    """
    if least is Level.NONE:
        return Found(Level.NONE)
    best = found()
    if not best.reaches(least):
        raise GradingError(
            "The sandbox cannot be set up here: {why}",
            where="upskill grade",
            fix="In a container of its own, or for people whom you trust:"
            " upskill grade {name} --sandbox none",
            why=best.why,
            name=name,
        )
    return best


def _can_prove(course: Course, best: Found) -> None:
    if best.level is not Level.FENCES:
        raise GradingError(
            "Proof of a pass needs fences, and there are none: {why}",
            where="--strict",
            fix="Grade on Linux with Landlock, or without --strict.",
            why=best.why or Level.NONE.value,
        )
    if not can_stage(course):
        raise GradingError(
            "This course grades in steps of its own, which give no proof.",
            where=str(course.root / CONFIG_FILE),
            fix="Grade it without --strict.",
        )


def _registered(course: Course, name: str, assignments: list[str]) -> Known:
    """The assignments that are wanted as the gradebook knows them."""
    from nbgrader.api import Gradebook

    with course.at_work(phrase("Opening the gradebook")):
        # nbgrader's preprocessors open it under its default course id; made here, once,
        # two workers cannot make it at the same time
        Gradebook(course.db_url).close()
        Gradebook(course.db_url, course.course_id).close()
        store.prepare(course)
        with store.connected(course) as connection:
            read = {one: read_sources(connection, one) for one in assignments}
    known = {one: books for one, books in read.items() if books}
    if not known:
        raise GradingError(
            "'{name}' is not in the gradebook yet.",
            where=course.db_url,
            fix="Of a unit: upskill release {name}. Else: nbgrader generate_assignment {name}",
            name=name,
        )
    return known


def _due(
    course: Course, tasks: list[Task], again: bool, sandbox: Level, strict: bool
) -> list[Task]:
    """Tasks to be run, with their keys: changed, or run behind less than ``sandbox``; or all."""
    keys = Keys(course, strict)
    runs = {name: store.runs(course, name) for name in {t.assignment for t in tasks}}
    states = {name: store.handins(course, name) for name in runs}
    due = []
    for task in tasks:
        key = keys.of(task.assignment, task.folder)
        old = states[task.assignment].get(task.learner)
        run = runs[task.assignment].get(task.learner, store.Run())
        done = course.autograded(task.learner, task.assignment)
        kept = (
            old is not None
            and old.state == store.GRADED
            and run.key == key
            and weakest([run.sandbox or Level.NONE, sandbox]) == sandbox
            and all((done / name).exists() for name in task.notebooks)
        )
        if again or not kept:
            due.append(replace(task, key=key))
    return due


def _graded(course: Course, due: list[Task], again: bool, run: Run) -> Iterator[Ended]:
    """Each task once its scores are in the gradebook."""
    ledger = ledger_of(course)
    writer = Writer(course, ledger)
    left = []
    for task in due:
        # of a batch that was killed; one that shall be run again is none
        result = None if again else ledger.result(task)
        if result is None:
            ledger.drop(task)
            left.append(task)
            continue
        writer.save(task, result)
        yield Ended(task, result.why, result.seconds, saved=True)
    try:
        for ended in _all(left, run):
            result = None if ended.saved else ledger.result(ended.task)
            if result is not None:
                writer.save(ended.task, result)
            elif not ended.saved:
                writer.fail(ended.task, ended.why)
            yield ended
        ledger.sweep()
    finally:
        writer.close()


def _all(tasks: list[Task], run: Run) -> Iterator[Ended]:
    """An end for each task, also for those that took their process with them."""
    left = dict.fromkeys(tasks)
    for ended in run(tasks) if tasks else ():
        del left[ended.task]
        yield ended
    for task in left:
        yield Ended(task, phrase(PROCESS_ENDED), 0.0, saved=False)


def _results(course: Course, tasks: list[Task], ended: dict[Task, Ended]) -> list[Graded]:
    from kit.grading.read import read_cohort

    submissions = read_cohort(course).submissions
    rows: dict[Any, Any] = {
        (row.learner, row.assignment): row for row in submissions.itertuples(index=False)
    }
    notes = {name: store.handins(course, name) for name in {t.assignment for t in tasks}}
    runs = {name: store.runs(course, name) for name in notes}
    other = {name: differences(course, name) for name in notes}
    results = []
    for task in tasks:
        row, end = rows.get((task.learner, task.assignment)), ended.get(task)
        handin = notes[task.assignment].get(task.learner)
        state = KEPT if end is None else FAILED if end.why else GRADED
        results.append(
            Graded(
                task.assignment,
                task.learner,
                state,
                end.why if end and end.why else remark(handin.reason) if handin else "",
                float(row.score) if row else 0.0,
                float(row.max_score) if row else 0.0,
                int(row.to_grade) if row else 0,
                end.seconds if end else 0.0,
                runs[task.assignment].get(task.learner, store.Run()).sandbox,
                other[task.assignment].get(task.learner, ()),
            )
        )
    return results
