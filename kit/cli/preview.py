"""``upskill author preview``: a unit in a home that lasts as long as the look at it.

Each language is a process of ``upskill start`` with a home of its own, since Jupyter
allows one server in a process. The unit's notebooks are built from the Markdown as it
stands; those in the checkout are neither read nor written.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from rich.console import Console

from kit.cli.author import need_checkout
from kit.cli.options import Shown
from kit.cli.windows import look, open_browser
from kit.content import find_unit, load_programme
from kit.gate.build import build_notebook, targets
from kit.home import LearnerHome, make_home
from kit.i18n import LANGUAGES, resolve_language
from kit.model import Part, Unit
from kit.notebooks import write_notebook
from kit.server.running import RunningServer

# of every preview, so that both languages and tomorrow's look show the same case
COURSE, LEARNER = "preview", "author"
NAMES = {"en": "English", "ko": "Korean"}


def run_preview(unit_id: str, shown: Shown | None, *, port: int, browser: bool) -> None:
    """Show the unit until Ctrl+C, then remove every trace of it."""
    need_checkout()
    unit = find_unit(unit_id)
    languages = LANGUAGES if shown is Shown.BOTH else (resolve_language(shown),)
    console = Console(highlight=False, soft_wrap=True)

    def made(base: Path) -> list[LearnerHome]:
        return [make_preview_home(unit, base / language, language) for language in languages]

    def shown_in(home: LearnerHome, server: RunningServer) -> None:
        _show(console, unit, home, server, browser)

    look(console, made, shown_in, port=port)


def make_preview_home(unit: Unit, root: Path, language: str) -> LearnerHome:
    """A learner's home at ``root`` in which the unit is as its Markdown says now.

    The checkout's own notebooks may be out of date, and stay as they are.
    """
    home = LearnerHome(root.resolve(), LEARNER, COURSE, language, language_chosen=True)
    for target in targets(unit):
        if not target.source.is_file():
            continue
        built = build_notebook(unit, target.part, target.source)
        # kept in the home, so that a reset and an update there take the same
        write_notebook(home.preview_notebook(unit, target.part), built)
    # the other units as they were built last
    make_home(home)
    return home


def _show(
    console: Console, unit: Unit, home: LearnerHome, server: RunningServer, browser: bool
) -> None:
    part = Part.PRACTICE if unit.of(Part.PRACTICE) else Part.GRADED
    path = home.notebook(unit, part).relative_to(home.root).as_posix()
    address = f"{server.url}lab/tree/{quote(path)}?token={server.token}"
    console.print(f"{NAMES[home.language]}:", style="bold")
    console.print(f"  notebook   {address}", markup=False)
    console.print(f"  home page  {server.home_url}", markup=False)
    if browser:
        open_browser(home, address)
    if unit.id not in load_programme().units:
        console.print(
            f"The home page does not show {unit.id}: it is not in workbooks/programme.toml yet.",
            markup=False,
        )
