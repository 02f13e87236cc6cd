"""A learner's commands with their options and help; ``register`` adds them to the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.options import Home, Json, Lang, NoBrowser, Port, Preview, UnitId


def start(
    home: Home = None,
    lang: Lang = None,
    port: Port = 8888,
    no_browser: NoBrowser = False,
) -> None:
    """Make the learner's home if needed and open JupyterLab on the home page."""
    from kit.cli.start import run_start

    run_start(home, lang, port=port, browser=not no_browser)


def status(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Say where you stand in each unit, and what comes next."""
    from kit.cli.status import run_status

    run_status(home, lang, as_json=json)


def check(unit: UnitId, home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Run your workbook from top to bottom in a fresh kernel and show every check."""
    from kit.cli.check import run_check_command

    run_check_command(unit, home, lang, as_json=json)


def submit(
    unit: UnitId,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXERCISE=LEVEL",
            help="Rate your own manual work by the rubric: graded-memo=2 (levels 0 to 3).",
        ),
    ] = None,
) -> None:
    """Hand in what is ready and grade it on the spot into your own gradebook."""
    from kit.cli.submit import run_submit

    run_submit(unit, home, lang, as_json=json, ratings=rate or [])


def reset(
    target: Annotated[
        str | None, typer.Argument(help="UNIT or UNIT:EXERCISE, such as rightsizing:rule.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything: all notebooks of all units.")
    ] = False,
    home: Home = None,
    lang: Lang = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back what the last reset took.")
    ] = False,
) -> None:
    """Put the starter text back into one exercise, a whole workbook, or everything."""
    from kit.cli.reset import run_reset

    run_reset(target, home, lang, undo=undo, everything=everything)


def update(
    units: Annotated[list[str] | None, typer.Argument(help="Unit ids; default: all.")] = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
    preview: Preview = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last update back; newer work stays.")
    ] = False,
) -> None:
    """Bring new content into your notebooks; every answer stays."""
    from kit.cli.update import run_update

    run_update(units or [], home, lang, preview=preview, undo=undo, as_json=json)


def export(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.zip]", help="File to write; default: here, with the date."),
    ] = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
    with_inbox: Annotated[
        bool, typer.Option("--with-inbox", help="Also the exports that you dropped.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="List what would be in it; write nothing.")
    ] = False,
) -> None:
    """Put progress, answers and artefacts into one file, to go on elsewhere."""
    from kit.cli.moving import run_export

    run_export(file, home, lang, with_inbox=with_inbox, show=show, as_json=json)


def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What upskill export wrote.")],
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
    preview: Preview = False,
    progress_only: Annotated[
        bool, typer.Option("--progress-only", help="The progress, and no file.")
    ] = False,
) -> None:
    """Take an export into this home; what is written in both places stays."""
    from kit.cli.moving import run_import

    run_import(file, home, lang, preview=preview, progress_only=progress_only, as_json=json)


def forget(
    unit: Annotated[str | None, typer.Argument(help="A unit's id, such as rightsizing.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything that the kit keeps here.")
    ] = False,
    home: Home = None,
    lang: Lang = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete what this home holds of a unit, or everything, for good."""
    from kit.cli.forget import run_forget

    run_forget(unit, home, lang, everything=everything, yes=yes)


def quick(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Exports of your monitoring tool, or the word example for a built-in one.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the finding; default: the home."),
    ] = None,
    vcpu: Annotated[
        list[str] | None,
        typer.Option(metavar="SIZE", help="Size of your machines: 8, or web-07=16; repeatable."),
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own price card (TOML).")
    ] = None,
    tool: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name the tool if it is not recognised.")
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            metavar="UNIT",
            help="percent or fraction: what the values are in, where the export does not say.",
        ),
    ] = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Read an export: a chart, the three machines most worth a question, a range in won."""
    from kit.cli.quick import run_quick

    run_quick(files, out, vcpu or [], prices, tool, unit, home, lang, as_json=json)


def doctor(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Probe Python, Jupyter, ports, fonts, browser and sandbox, and give each fix."""
    from kit.cli.doctor import run_doctor

    run_doctor(home, lang, as_json=json)


_EXAMPLES: dict[Callable[..., None], str] = {
    start: "upskill start --lang ko",
    status: "upskill status",
    check: "upskill check rightsizing",
    submit: "upskill submit rightsizing --rate graded-memo=2",
    reset: "upskill reset rightsizing:rule, then upskill reset rightsizing:rule --undo",
    update: "upskill update --preview, then upskill update",
    export: "upskill export --show, then upskill export",
    take_in: "upskill import upskill-me-2026-11-22.zip --preview",
    forget: "upskill forget rightsizing",
    quick: "upskill quick example, or upskill quick cpu.csv --vcpu 16",
    doctor: "upskill doctor",
}


def register(app: typer.Typer) -> None:
    """Add what a learner does in their home, alone or in a course."""
    for command, example in _EXAMPLES.items():
        # import is a word of Python's own
        name = "import" if command is take_in else command.__name__
        app.command(name, epilog=f"Example: {example}")(command)
