"""The command line as a whole; each command imports its feature only when it runs.

Exit codes: 0 done; 1 something failed; 2 wrong usage; 3 content is wrong; 4 the
home cannot be used; 5 an export cannot be read; 6 handing in or grading failed;
7 a check is broken; 8 a check did not pass (``check``), a probe failed
(``doctor``), or a finding was made (``author lint``); 9 the lab failed.
"""

from __future__ import annotations

import atexit
import gc
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.cli import author_app, home_app, lab_app, trainer
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
        "6 grading, 7 broken check, 8 not passed or findings, 9 lab."
    ),
)


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


home_app.register(app)
lab_app.register(app)
author_app.register(app)
trainer.register(app)


def run() -> None:
    """Run the command line; errors of the kit become a message and an exit code."""
    # as Python ends it would look for garbage among all that was imported
    atexit.register(gc.freeze)
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
