"""Grade everything that was handed in, several submissions at a time.

nbgrader's own loop is serial and stops at the first surprise. Here worker processes run
the submissions and lay down what they found; this process alone writes the gradebook, one
transaction for each. A bad submission is named, and the others are graded. A batch that
was killed goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from kit.cohort import PROCESS_ENDED
from kit.errors import GradingError
from kit.grading import store
from kit.grading.course import CONFIG_FILE, Course
from kit.grading.differences import differences
from kit.grading.handed import HandIn
from kit.grading.ledger import Keys, Result, Task, ledger_of
from kit.grading.processes import Run, in_processes
from kit.grading.remarks import remark
from kit.grading.removed import forget_removed, in_gradebook
from kit.grading.sources import read_sources
from kit.grading.spread import spread
from kit.grading.standing import Standing, standings
from kit.grading.steps import can_stage, fence
from kit.grading.strict import Difference
from kit.grading.submitted import Progress, handed_in, prove_learners, silent
from kit.grading.worker import Begun, Ended, Known
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
    # with Dask it is the workers' own
    best = None if dask else best_sandbox(sandbox, name)
    if strict:
        _can_prove(course, best)
    if sandbox is not Level.NONE and not can_stage(course):
        fence(course)
    course.prepare()
    with course.alone():
        known = _registered(course, name, assignments)
        forget_removed(course)
        tasks = _tasks(course, known, learners, strict)
        prove_learners(name, learners, (task.learner for task in tasks))
        due = tasks if again else _due(course, tasks, sandbox)
        progress(0, len(due), "")
        ended: dict[Task, Ended] = {}
        run = _runner((str(course.root), known, sandbox.value, strict), jobs, dask)
        for one in _graded(course, due, again, run):
            ended[one.task] = one
            progress(len(ended), len(due), f"{one.task.learner} {one.task.assignment}")
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


def _can_prove(course: Course, best: Found | None) -> None:
    if best and best.level is not Level.FENCES:
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


def _tasks(course: Course, known: Known, learners: Collection[str], strict: bool) -> list[Task]:
    """All that was handed in by ``learners``, or by anybody."""
    keys = Keys(course, strict)
    left_out = set(course.directory().student_id_exclude.split(","))
    return [
        Task(
            assignment,
            learner,
            folder,
            notebooks=tuple(f"{book}.ipynb" for book in books),
            key=keys.of(assignment, folder),
        )
        for assignment, books in known.items()
        for learner, folder in handed_in(course, assignment).items()
        if learner not in left_out and (not learners or learner in learners)
    ]


def _runner(begun: Begun, jobs: int | None, dask: str) -> Run:
    """What runs tasks: a scheduler's workers, or processes of this machine."""
    if dask:
        return partial(spread, dask, begun)
    return partial(in_processes, jobs or cores(), begun)


@dataclass(frozen=True)
class _Noted:
    """What the kit's tables say of one submission."""

    handin: HandIn | None
    run: store.Run
    differences: tuple[Difference, ...]


def _noted(course: Course, tasks: list[Task]) -> dict[Task, _Noted]:
    names = {task.assignment for task in tasks}
    handins = {name: store.handins(course, name) for name in names}
    runs = {name: store.runs(course, name) for name in names}
    other = {name: differences(course, name) for name in names}
    return {
        task: _Noted(
            handins[task.assignment].get(task.learner),
            runs[task.assignment].get(task.learner, store.Run()),
            other[task.assignment].get(task.learner, ()),
        )
        for task in tasks
    }


def _due(course: Course, tasks: list[Task], least: Level) -> list[Task]:
    """Tasks that are not graded as they are now, or ran behind less than ``least``."""
    noted, there = _noted(course, tasks), in_gradebook(course)
    return [
        task
        for task in tasks
        if (task.assignment, task.learner) not in there
        or not _is_graded(course, task, noted[task], least)
    ]


def _is_graded(course: Course, task: Task, noted: _Noted, least: Level) -> bool:
    if noted.handin is None or noted.handin.state != store.GRADED or noted.run.key != task.key:
        return False
    if weakest([noted.run.sandbox or Level.NONE, least]) != least:
        return False
    graded = course.autograded(task.learner, task.assignment)
    # a notebook that was not handed in has no graded file either
    there = [name for name in task.notebooks if (task.folder / name).exists()]
    return all((graded / name).exists() for name in there)


def _graded(course: Course, due: list[Task], again: bool, run: Run) -> Iterator[Ended]:
    """Each task once its scores are in the gradebook."""
    ledger = ledger_of(course)
    writer = Writer(course, ledger)
    left = []
    try:
        for task in due:
            # of a batch that was killed; one that shall be run again is none
            result = None if again else ledger.result(task)
            if result is None:
                ledger.drop(task)
                left.append(task)
                continue
            writer.save(task, result)
            yield Ended(task, result.why, result.seconds, saved=True)
        for ended in _all(left, run):
            if not ended.saved:
                nothing = Result(key=ended.task.key, why=ended.why)
                writer.save(ended.task, ledger.result(ended.task) or nothing)
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
    worth = {name: standings(course, name) for name in {task.assignment for task in tasks}}
    noted = _noted(course, tasks)
    return [
        _result(task, ended.get(task), worth[task.assignment].get(task.learner), noted[task])
        for task in tasks
    ]


def _result(task: Task, end: Ended | None, worth: Standing | None, noted: _Noted) -> Graded:
    """``end`` is None for a task that was not due, ``worth`` for one without scores."""
    why = end.why if end else ""
    if not why and noted.handin:
        why = remark(noted.handin.reason)
    return Graded(
        task.assignment,
        task.learner,
        state=KEPT if end is None else FAILED if end.why else GRADED,
        why=why,
        score=worth.score if worth else 0.0,
        max_score=worth.max_score if worth else 0.0,
        to_grade=worth.to_grade if worth else 0,
        seconds=end.seconds if end else 0.0,
        sandbox=noted.run.sandbox,
        differences=noted.differences,
    )
