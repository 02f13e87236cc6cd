"""The author's commands with their options and help; ``register`` adds them to the app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kit.cli.options import Json, NoBrowser, Port, Shown, UnitId

Units = Annotated[list[str] | None, typer.Argument(help="Unit ids; default: all.")]
author = typer.Typer(no_args_is_help=True, help="Write units: new, build, preview, import, lint.")


@author.command("new", epilog="Example: upskill author new cloud/landing_zone")
def author_new(
    target: Annotated[str, typer.Argument(help="TRACK/UNIT, such as cloud/landing_zone.")],
) -> None:
    """Write the scaffold of a unit; its comments document the format."""
    from kit.cli.author import run_new

    run_new(target)


@author.command("build", epilog="Example: upskill author build rightsizing --check")
def author_build(
    units: Units = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is out of date.")] = False,
) -> None:
    """Build each unit's notebooks from its Markdown."""
    from kit.cli.author import run_build

    run_build(units or [], check=check)


@author.command("lint", epilog="Example: upskill author lint rightsizing --only korean")
def author_lint(
    units: Units = None,
    seeds: Annotated[
        int,
        typer.Option(metavar="NUMBER", min=1, help="Data seeds that a solution must pass."),
    ] = 50,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Prove this rule only; repeatable."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Take nothing from an earlier run.")
    ] = False,
    links: Annotated[
        bool, typer.Option("--links", help="Test web addresses too; needs the network.")
    ] = False,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="List the mutants that no check notices.")
    ] = False,
    json: Json = False,
) -> None:
    """Prove each unit: starters fail, solutions pass, mistakes get their own message."""
    from kit.cli.author import run_lint

    run_lint(
        units or [],
        seeds=seeds,
        only=only or [],
        fresh=fresh,
        links=links,
        mutants=mutants,
        as_json=json,
    )


@author.command("seal", epilog="Example: upskill author seal rightsizing who b")
def author_seal(
    unit: UnitId,
    exercise: Annotated[str, typer.Argument(help="The exercise's id.")],
    options: Annotated[
        list[str], typer.Argument(help="What is right; of a ranking, all of them in order.")
    ],
) -> None:
    """Print the digest of a form's right answer, for workbook.toml."""
    from kit.cli.seal import run_seal

    run_seal(unit, exercise, options)


@author.command("import", epilog="Example: upskill author import live.ipynb --into look.md")
def author_import(
    notebook: Annotated[Path, typer.Argument(help="A notebook of the unit, edited and saved.")],
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FILE", help="Write here instead; a file not there yet."),
    ] = None,
) -> None:
    """Bring a notebook's edits of prose and setup cells back into the Markdown."""
    from kit.cli.author_import import run_import

    run_import(notebook, into)


@author.command("preview", epilog="Example: upskill author preview rightsizing --lang both")
def author_preview(
    unit: UnitId,
    lang: Annotated[
        Shown | None,
        typer.Option("--lang", case_sensitive=False, help="en, ko or both; default: your locale."),
    ] = None,
    port: Port = 8888,
    no_browser: NoBrowser = False,
) -> None:
    """Open a unit as a learner sees it, in a home that is removed at the end."""
    from kit.cli.preview import run_preview

    run_preview(unit, lang, port=port, browser=not no_browser)


@author.command("new-widget", epilog="Example: upskill author new-widget cost_slider")
def author_new_widget(
    name: Annotated[str, typer.Argument(help="In lower case, such as cost_slider.")],
) -> None:
    """Write a small widget that works: class, script, style, gallery page and tests."""
    from kit.cli.author import run_new_widget

    run_new_widget(name)


@author.command("gallery", epilog="Example: upskill author gallery panel --lang both")
def author_gallery(
    widgets: Annotated[list[str] | None, typer.Argument(help="Names; default: all.")] = None,
    lang: Annotated[
        Shown | None,
        typer.Option("--lang", case_sensitive=False, help="en, ko or both; default: your locale."),
    ] = None,
    port: Port = 8888,
    no_browser: NoBrowser = False,
) -> None:
    """Open every widget in all its states, in a home that is removed at the end."""
    from kit.cli.gallery import run_gallery

    run_gallery(widgets or [], lang, port=port, browser=not no_browser)


def register(app: typer.Typer) -> None:
    """Add the group ``upskill author``."""
    app.add_typer(author, name="author")
