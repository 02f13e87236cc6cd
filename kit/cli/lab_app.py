"""The lab's commands with their options and help; ``register`` adds them to the app."""

from __future__ import annotations

from typing import Annotated

import typer

from kit.cli.options import Home, Json, Lang

lab = typer.Typer(no_args_is_help=True, help="The cloud lab: a cloud on this machine alone.")


@lab.command("start", epilog="Example: upskill lab start")
def lab_start(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Start your cloud lab, with what you had deployed; one that runs is joined."""
    from kit.cli.lab import run_start

    run_start(home, lang, as_json=json)


@lab.command("status", epilog="Example: upskill lab status --json")
def lab_status(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Say whether your cloud lab runs, and what is in it."""
    from kit.cli.lab import run_status

    run_status(home, lang, as_json=json)


@lab.command("reset", epilog="Example: upskill lab reset")
def lab_reset(
    scenario: Annotated[
        str, typer.Argument(help="UNIT:SCENARIO to begin with; default: an empty cloud.")
    ] = "",
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Begin anew: your templates, objects and machines in the lab are deleted."""
    from kit.cli.lab import run_reset

    run_reset(scenario, home, lang, as_json=json)


@lab.command("stop", epilog="Example: upskill lab stop")
def lab_stop(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """End your cloud lab; templates and objects are there again at the next start."""
    from kit.cli.lab import run_stop

    run_stop(home, lang, as_json=json)


def register(app: typer.Typer) -> None:
    """Add the group ``upskill lab``."""
    app.add_typer(lab, name="lab")
