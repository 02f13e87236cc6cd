"""The trainer's commands with their options and help; ``register`` adds them to the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.options import CohortFile, Home, Json, Lang, NoBrowser, Port, UnitId
from kit.runner.levels import Level

Course = Annotated[
    Path | None,
    typer.Option(
        "--course",
        metavar="DIR",
        help="nbgrader course directory; default: this folder or the one it lies in.",
    ),
]
Learner = Annotated[
    list[str] | None,
    typer.Option("--learner", metavar="ID", help="Only this learner; repeatable."),
]
PANEL = "Trainer"


def course(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="NAME", help="Course id; part of every seed."),
    ] = None,
    cohort: CohortFile = None,
) -> None:
    """Make an nbgrader course directory of your own with all units in it."""
    from kit.cli.lifecycle import run_course

    run_course(folder, id, cohort)


def release(
    unit: UnitId,
    course: Course = None,
    cohort: CohortFile = None,
    json: Json = False,
) -> None:
    """Enter a unit's two assignments into the gradebook and put them into the exchange."""
    from kit.cli.lifecycle import run_release

    run_release(unit, course, cohort, as_json=json)


def collect(unit: UnitId, course: Course = None, json: Json = False) -> None:
    """Fetch what learners handed in; a newer submission replaces the one before it."""
    from kit.cli.lifecycle import run_collect

    run_collect(unit, course, as_json=json)


def extend(
    unit: UnitId,
    learner: Annotated[str, typer.Argument(help="A learner's id.")],
    days: Annotated[int, typer.Option(min=0, help="Days after the due date; 0 takes it back.")],
    course: Course = None,
) -> None:
    """Give one learner more time for a unit."""
    from kit.cli.lifecycle import run_extend

    run_extend(unit, learner, days, course)


def grade(
    name: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="A unit, or an assignment of the course.")
    ],
    course: Course = None,
    learner: Learner = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also what is graded already; manual scores stay.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="NUMBER", help="Processes; default: the cores.")
    ] = None,
    sandbox: Annotated[
        Level,
        typer.Option(help="The least that must stand around notebooks; none: your own rights."),
    ] = Level.CONTAINER,
    dask: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler.")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Locked tests earn points only with proof of a pass.")
    ] = False,
    json: Json = False,
) -> None:
    """Grade what was collected; one bad notebook never stops the others."""
    from kit.cli.grade import run_grade

    run_grade(
        name,
        course,
        learner or [],
        again=again,
        jobs=jobs,
        sandbox=sandbox,
        dask=dask,
        strict=strict,
        as_json=json,
    )


def feedback(
    unit: UnitId,
    course: Course = None,
    learner: Learner = None,
    json: Json = False,
) -> None:
    """Write each learner's feedback and release it through the exchange."""
    from kit.cli.feedback import run_feedback

    run_feedback(unit, course, learner or [], as_json=json)


def formgrader(
    course: Course = None,
    port: Port = 8890,
    no_browser: NoBrowser = False,
) -> None:
    """Open nbgrader's Formgrader on the course, with the rubric beside each manual cell."""
    from kit.cli.formgrader import run_formgrader

    run_formgrader(course, port=port, browser=not no_browser)


def guide(
    unit: UnitId,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: guide-UNIT.html here.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Write the facilitator's guide and answer key of a unit; not for learners."""
    from kit.cli.guide import run_guide

    run_guide(unit, out, lang)


def report(
    course: Course = None,
    format: Annotated[
        str,
        typer.Option(
            metavar="html|csv|xlsx|json", help="Kind of file; default: html.", show_default=False
        ),
    ] = "html",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: in the course.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Say who is where, who needs help with what, and what was learned."""
    from kit.cli.report import run_report

    run_report(course, format, out, lang)


def similar(
    unit: UnitId,
    course: Course = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write all passages to a text file.")
    ] = None,
    json: Json = False,
) -> None:
    """List pairs of submissions that share unusual passages: a hint to look, no verdict."""
    from kit.cli.similar import run_similar

    run_similar(unit, course, out, as_json=json)


def regrade(
    unit: UnitId,
    course: Course = None,
    learner: Annotated[
        str | None, typer.Option("--learner", metavar="ID", help="Whose request to answer.")
    ] = None,
    exercise: Annotated[
        str | None, typer.Option(metavar="ID", help="The exercise that it is about.")
    ] = None,
    answer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Your answer; the learner reads it.")
    ] = None,
    json: Json = False,
) -> None:
    """List requests to look at a grade again, or answer one."""
    from kit.cli.regrade import run_regrade

    run_regrade(unit, course, learner, exercise, answer, as_json=json)


def demo(
    learners: Annotated[
        int,
        typer.Option(min=1, max=200, metavar="NUMBER", help="How many learners to generate."),
    ] = 12,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Default: upskill-demo here.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Play a whole cohort of generated learners through nbgrader, to report and feedback."""
    from kit.cli.demo import run_demo

    run_demo(learners, out, lang)


def join(
    course: Annotated[str, typer.Argument(help="Course id; your trainer names it.")],
    exchange: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The exchange folder that you share.")
    ] = None,
    learner: Annotated[
        str | None, typer.Option(metavar="ID", help="Your id in it; default: your login.")
    ] = None,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Take part in a trainer's course: submit then hands in to it."""
    from kit.cli.join import run_join

    run_join(course, exchange, learner, home, lang)


def ask(
    target: Annotated[str, typer.Argument(help="UNIT:EXERCISE, such as rightsizing:graded-memo.")],
    because: Annotated[str, typer.Option(metavar="TEXT", help="What should be looked at, why.")],
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Ask your trainer to look at a grade again."""
    from kit.cli.join import run_ask

    run_ask(target, because, home, lang)


def fetch(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Fetch the feedback that your trainer released."""
    from kit.cli.fetch import run_fetch

    run_fetch(home, lang, as_json=json)


_EXAMPLES: dict[Callable[..., None], str] = {
    course: "upskill course migration-2026 --id mig26 --cohort cohort.toml",
    release: "upskill release rightsizing --cohort cohorts/mig26.toml",
    collect: "upskill collect rightsizing",
    extend: "upskill extend rightsizing learner-01 --days 7",
    grade: "upskill grade rightsizing",
    formgrader: "upskill formgrader",
    feedback: "upskill feedback rightsizing",
    report: "upskill report --format xlsx --lang ko",
    guide: "upskill guide rightsizing",
    similar: "upskill similar rightsizing",
    regrade: 'upskill regrade rightsizing --learner kim --exercise graded-memo --answer "…"',
    demo: "upskill demo --learners 12 --out demo",
}


def register(app: typer.Typer) -> None:
    """Add the trainer's commands, and the learner's three for a trainer's course."""
    app.command(epilog="Example: upskill join mig26 --exchange /srv/exchange")(join)
    app.command(epilog='Example: upskill ask rightsizing:graded-memo --because "…"')(ask)
    app.command(epilog="Example: upskill fetch")(fetch)
    for command, example in _EXAMPLES.items():
        app.command(epilog=f"Example: {example}", rich_help_panel=PANEL)(command)
