"""``upskill forget``: delete what a home holds, after saying what that is."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from kit.cli.open_notebooks import is_open
from kit.content import find_unit
from kit.errors import HomeError, UsageError
from kit.home import LearnerHome, open_home
from kit.i18n import Translator
from kit.moving import forget, forgotten
from kit.notebooks import refuse_open
from kit.server.running import find_running


def run_forget(
    unit_id: str | None, root: Path | None, language: str | None, *, everything: bool, yes: bool
) -> None:
    """Say what goes and what stays, ask, and delete."""
    if everything == (unit_id is not None):
        raise UsageError(
            "Say what to forget.", where="upskill forget", fix="UNIT, or --all for everything"
        )
    home = open_home(root, language)
    if not (home.state / "home.json").is_file():
        raise HomeError(
            "There is no learner's home here.", where=str(home.root), fix="--home DIR names it"
        )
    unit = find_unit(unit_id) if unit_id else None
    _prove_at_rest(home)
    tr, console = Translator(home.language), Console(highlight=False)
    _say(console, tr("This is deleted for good, with no way back:"))
    for path in forgotten(home, unit):
        _say(console, f"  {path.relative_to(home.root)}")
    if unit is not None:
        _say(console, tr("  the events of {unit} in {path}", unit=unit.id, path=home.progress_file))
    _say_what_stays(console, home, tr, everything=everything)
    if not yes and not typer.confirm(tr("Delete it?")):
        _say(console, tr("Nothing was deleted."))
        return
    forget(home, unit)
    _say(console, tr("Deleted."))


def _prove_at_rest(home: LearnerHome) -> None:
    # the log is one for all units, so any kernel may write what is to go
    refuse_open(sorted(home.root.glob("*/*.ipynb")), is_open(home))
    if find_running(home):
        raise HomeError(
            "JupyterLab is running in this home, and a kernel might write again.",
            where=str(home.root),
            fix="Stop it with Ctrl+C where it was started, then run this command again.",
        )


def _say_what_stays(
    console: Console, home: LearnerHome, tr: Translator, *, everything: bool
) -> None:
    if not everything:
        _say(console, tr("Exports that you dropped stay in inbox: no unit owns them."))
    if home.joined:
        told = tr(
            "Your trainer keeps what you handed in. They delete it; docs/privacy.md says how."
        )
        _say(console, told)
    _say(console, tr("Files that you exported or copied elsewhere stay there."))


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)
