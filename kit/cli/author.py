"""``upskill author``: write, build and prove units."""

from __future__ import annotations

import typer
from rich.console import Console

from kit.content import content_root, find_unit, load_unit, load_units
from kit.errors import UsageError
from kit.model import Unit

FINDINGS = 8


def _units(ids: list[str]) -> list[Unit]:
    return [find_unit(name) for name in ids] if ids else list(load_units().values())


def need_checkout() -> None:
    """UsageError where units are only installed: there is no Markdown to work on."""
    root = content_root()
    # an upgrade would delete what is written inside the installed package
    if root.name == "_content":
        raise UsageError(
            "Units are written in a checkout of the project, not in an installed kit.",
            where=str(root),
            fix='Clone the repository, then there: python -m pip install -e ".[author]"',
        )


def run_build(units: list[str], *, check: bool) -> None:
    """Build the notebooks of these units (none named: all), or say which are out of date."""
    from kit.gate.build import build_unit, stale

    need_checkout()
    console = Console(highlight=False, soft_wrap=True)
    chosen = _units(units)
    if not check:
        _refuse_doubled(chosen)
        for unit in chosen:
            written = build_unit(unit)
            for path in written:
                console.print(f"built {path}", markup=False)
            missing = stale(unit)
            for path in missing:
                console.print(f"not written yet: {path}", markup=False)
            if not written and not missing:
                console.print(f"{unit.id}: up to date", markup=False)
        _refresh_catalogues(console, chosen)
        return
    behind = [path for unit in chosen for path in stale(unit)]
    for path in behind:
        console.print(f"out of date: {path}", markup=False)
    if behind:
        console.print("Next: upskill author build", markup=False)
        raise typer.Exit(FINDINGS)
    console.print("All notebooks are what their Markdown says.")


def _refuse_doubled(units: list[Unit]) -> None:
    """ContentError for a catalogue that a build would lose Korean of; nothing is written yet."""
    from kit.gate.messages import refuse_doubled

    for folder in (*(unit.folder for unit in units), content_root() / "kit"):
        refuse_doubled(folder / "locale" / "ko.po")


def _refresh_catalogues(console: Console, units: list[Unit]) -> None:
    """Put new texts into the Korean catalogues, so that a translator finds them."""
    from kit.gate.messages import kit_messages, unit_messages, update_catalogue

    places = [(unit_messages(unit), unit.folder / "locale" / "ko.po") for unit in units]
    package = content_root() / "kit"
    if package.is_dir():
        places.append((kit_messages(package), package / "locale" / "ko.po"))
    for messages, path in places:
        lacking = update_catalogue(messages, path)
        if lacking:
            console.print(f"{lacking} of {len(messages)} texts want Korean: {path}", markup=False)


def run_new(target: str) -> None:
    """Write a small unit that lints and runs, build it, and say what comes next."""
    from kit.gate.build import build_unit
    from kit.gate.scaffold import write_scaffold

    need_checkout()
    console = Console(highlight=False, soft_wrap=True)
    folder, written = write_scaffold(target)
    for path in written:
        console.print(f"wrote {path}", markup=False)
    unit = load_unit(folder)
    for path in build_unit(unit):
        console.print(f"built {path}", markup=False)
    console.print(f"Next: upskill author preview {unit.id}", markup=False)
    console.print(
        f"Then change it, one file at a time: upskill author lint {unit.id}", markup=False
    )


def run_new_widget(name: str) -> None:
    """Write a small widget with its gallery page and its tests, and say what comes next."""
    from kit.gate.scaffold import write_widget

    need_checkout()
    console = Console(highlight=False, soft_wrap=True)
    for path in write_widget(name):
        console.print(f"wrote {path}", markup=False)
    console.print("Next: make js", markup=False)
    console.print(f"Then look at it: upskill author gallery {name} --lang both", markup=False)


def run_lint(
    units: list[str],
    *,
    seeds: int,
    only: list[str],
    fresh: bool,
    links: bool,
    mutants: bool,
    as_json: bool,
) -> None:
    """Prove these units (none named: all); the gate prints and decides the exit code."""
    from kit.gate.lint import Options
    from kit.gate.lint import run_lint as prove

    need_checkout()
    options = Options(seeds=seeds, only=tuple(only), fresh=fresh, links=links)
    prove(units, options, as_json=as_json, survivors=mutants)
