"""All commands with their options and help. Each imports its feature only when it runs.

Exit codes: 0 done; 1 something failed; 2 wrong usage; 3 content is wrong; 4 the
home cannot be used; 5 an export cannot be read; 6 handing in or grading failed;
7 a check is broken; 8 a check did not pass (``check``), a probe failed
(``doctor``), or a finding was made (``author lint``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.cli import trainer
from kit.cli.options import Home, Json, Lang, NoBrowser, Port, UnitId
from kit.errors import KitError

app = typer.Typer(
    name="upskill",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Workbooks that put learning inside real work.\n\nStart here: [bold]upskill start[/bold]",
    epilog=(
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 content, 4 home, 5 export, "
        "6 grading, 7 broken check, 8 not passed or findings."
    ),
)
author = typer.Typer(no_args_is_help=True, help="Write units: new, build, lint.")
app.add_typer(author, name="author")


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"upskill-kit {version('upskill-kit')}")
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say the version and stop."
        ),
    ] = False,
) -> None:
    """Options before any command; the help is the app's own."""


@app.command(epilog="Example: upskill start --lang ko")
def start(
    home: Home = None,
    lang: Lang = None,
    port: Port = 8888,
    no_browser: NoBrowser = False,
) -> None:
    """Make the learner's home if needed and open JupyterLab on the home page."""
    from kit.cli.start import run_start

    run_start(home, lang, port=port, browser=not no_browser)


@app.command(epilog="Example: upskill status")
def status(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Say where you stand in each unit, and what comes next."""
    from kit.cli.status import run_status

    run_status(home, lang, as_json=json)


@app.command(epilog="Example: upskill check rightsizing")
def check(unit: UnitId, home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Run your workbook from top to bottom in a fresh kernel and show every check."""
    from kit.cli.check import run_check_command

    run_check_command(unit, home, lang, as_json=json)


@app.command(epilog="Example: upskill submit rightsizing --rate graded-memo=2")
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


@app.command(
    epilog="Example: upskill reset rightsizing:rule, then upskill reset rightsizing:rule --undo"
)
def reset(
    target: Annotated[str, typer.Argument(help="UNIT or UNIT:EXERCISE, such as rightsizing:rule.")],
    home: Home = None,
    lang: Lang = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back what the last reset took.")
    ] = False,
) -> None:
    """Put the starter text back into one exercise or a whole workbook."""
    from kit.cli.reset import run_reset

    run_reset(target, home, lang, undo=undo)


@app.command(epilog="Example: upskill quick example, or upskill quick cpu.csv --vcpu 16")
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


@app.command(epilog="Example: upskill doctor")
def doctor(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Probe Python, Jupyter, ports, fonts, browser and sandbox, and give each fix."""
    from kit.cli.doctor import run_doctor

    run_doctor(home, lang, as_json=json)


@author.command("new", epilog="Example: upskill author new cloud/landing_zone")
def author_new(
    target: Annotated[str, typer.Argument(help="TRACK/UNIT, such as cloud/landing_zone.")],
) -> None:
    """Write the scaffold of a unit; its comments document the format."""
    from kit.cli.author import run_new

    run_new(target)


@author.command("build", epilog="Example: upskill author build rightsizing --check")
def author_build(
    units: Annotated[list[str] | None, typer.Argument(help="Unit ids; default: all.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is out of date.")] = False,
) -> None:
    """Build each unit's notebooks from its Markdown."""
    from kit.cli.author import run_build

    run_build(units or [], check=check)


@author.command("lint", epilog="Example: upskill author lint rightsizing --seeds 5")
def author_lint(
    units: Annotated[list[str] | None, typer.Argument(help="Unit ids; default: all.")] = None,
    seeds: Annotated[
        int, typer.Option(metavar="NUMBER", help="Data seeds that a solution must pass.")
    ] = 50,
    json: Json = False,
) -> None:
    """Prove each unit: starters fail, solutions pass, mistakes get their own message."""
    from kit.cli.author import run_lint

    run_lint(units or [], seeds=seeds, as_json=json)


trainer.register(app)


def run() -> None:
    """Run the command line; errors of the kit become a message and an exit code."""
    try:
        _command(_language(sys.argv[1:]))(prog_name="upskill")
    except KitError as error:
        _tell(error, sys.argv[1:])
        raise SystemExit(error.exit_code) from None


def _command(language: str) -> Any:
    """The app, its help in another language if that is wanted."""
    if language == "en":
        return app
    from kit.cli.helped import in_language
    from kit.i18n import Translator

    return in_language(app, Translator(language))


def _tell(error: KitError, arguments: list[str]) -> None:
    """Say an error in the learner's language; as one JSON object where that was asked for."""
    from kit.i18n import Translator

    translate = Translator(_language(arguments))
    if "--json" in arguments:
        from json import dumps

        print(dumps({"error": error.as_dict(translate)}, ensure_ascii=False))
        return
    from rich.console import Console

    name = translate(type(error).__name__)
    Console(stderr=True, highlight=False).print(f"[bold]{name}[/bold]")
    print(error.text(translate), file=sys.stderr)


def _language(arguments: list[str]) -> str:
    from kit.home import open_home
    from kit.i18n import resolve_language

    # the command failed before it could tell; its own words are what is left
    wanted, root = _option(arguments, "--lang"), _option(arguments, "--home")
    try:
        return open_home(Path(root) if root else None, wanted).language
    except KitError:
        return resolve_language(wanted)


def _option(arguments: list[str], name: str) -> str | None:
    for at, word in enumerate(arguments):
        if word.startswith(f"{name}="):
            return word.removeprefix(f"{name}=")
        if word == name and at + 1 < len(arguments):
            return arguments[at + 1]
    return None
