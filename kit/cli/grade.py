"""``upskill grade``: grade what was collected, and say what a trainer must do next."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kit.cli.bar import progress_bar
from kit.content import load_units
from kit.errors import GradingError
from kit.i18n import Translator, mark, resolve_language
from kit.imports import lean_imports
from kit.runner.levels import Level
from kit.runner.spawn import WARM, supported

if TYPE_CHECKING:
    from kit.grading.batch import Graded

SANDBOXES = {
    Level.FENCES: mark("Learners' code ran behind fences: no network, nobody else's files."),
    Level.BUBBLEWRAP: mark("Learners' code ran in kernels of its own, under bubblewrap."),
    Level.CONTAINER: mark("Learners' code ran with your rights; this container was around it."),
    Level.NONE: mark("Learners' code ran with your rights, without a sandbox."),
}


def run_grade(
    name: str,
    course_dir: Path | None,
    learners: Collection[str] = (),
    *,
    again: bool = False,
    jobs: int | None = None,
    sandbox: Level = Level.CONTAINER,
    dask: str = "",
    strict: bool = False,
    as_json: bool = False,
) -> None:
    """Grade a unit, or one assignment of any course; exit code 6 when something failed."""
    if supported() and not dask and sandbox is not Level.NONE:
        # it imports what notebooks use while this process imports nbgrader
        WARM.start()
    with lean_imports():
        from kit.grading.batch import FAILED, grade
        from kit.grading.course import any_course

    course = any_course(course_dir)
    say = Translator(resolve_language())
    with progress_bar(say(mark("Starting the graders")), counted=True) as step:
        graded = grade(
            course,
            load_units().get(name, name),
            learners,
            again,
            jobs,
            lambda done, total, text: step(text, done, total),
            sandbox=sandbox,
            dask=dask,
            strict=strict,
        )
    if as_json:
        # JSON is for programs: ASCII survives any console's encoding
        print(json.dumps([asdict(one) for one in graded]))
    else:
        for line in summary(graded, say):
            typer.echo(line)
    if any(one.state == FAILED for one in graded):
        raise typer.Exit(GradingError.exit_code)


def summary(graded: Sequence[Graded], say: Translator) -> list[str]:
    """What happened and what to do next, one line each, for the trainer."""
    counts = {
        state: sum(g.state == state for g in graded) for state in ("graded", "kept", "failed")
    }
    if not graded:
        return [say(mark("Nothing was handed in yet. Next: upskill collect UNIT"))]
    lines = [
        say(mark("{graded} graded, {kept} unchanged and kept, {failed} not graded."), **counts)
    ]
    ran = {one.sandbox for one in graded if one.state == "graded"}
    lines += [say(told) for level, told in SANDBOXES.items() if level.value in ran]
    failed = [one for one in graded if one.state == "failed"]
    if failed:
        told = mark("1 needs you:") if len(failed) == 1 else mark("{n} need you:")
        lines.append(say(told, n=len(failed)))
    lines += [f"  {g.learner} {g.assignment}: {say(g.why)}" for g in failed]
    odd = [one for one in graded if one.why and one.state != "failed"]
    if odd:
        lines.append(say(mark("Graded, with a remark:")))
    lines += [f"  {g.learner} {g.assignment}: {say(g.why)}" for g in odd]
    lines += _otherwise(graded, say)
    waiting = sum(one.to_grade for one in graded)
    if waiting:
        told = mark("{n} cells wait for your judgement: upskill formgrader")
        one = mark("1 cell waits for your judgement: upskill formgrader")
        lines.append(say(one if waiting == 1 else told, n=waiting))
    return lines


def _otherwise(graded: Sequence[Graded], say: Translator) -> list[str]:
    """Each score that is not nbgrader's, with its reason."""
    from kit.grading.differences import reason

    lines = [
        "  "
        + say(
            mark("{learner} {notebook} {cell}: {strict}, by nbgrader {plain}: {why}"),
            learner=g.learner,
            notebook=one.notebook,
            cell=one.cell,
            strict=_points(one.strict),
            plain=_points(one.plain),
            why=say(reason(one)),
        )
        for g in graded
        for one in g.differences
    ]
    return [say(mark("Not as nbgrader scores it:")), *lines] if lines else []


def _points(score: float | None) -> str:
    return "-" if score is None else f"{score:g}"
