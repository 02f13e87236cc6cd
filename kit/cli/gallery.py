"""``upskill author gallery``: the widgets, live, in a home that lasts as long as the look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from rich.console import Console

from kit.cli.author import need_checkout
from kit.cli.options import Shown
from kit.cli.windows import look, open_browser
from kit.gallery import find_page, page_names
from kit.gallery.notebooks import page_notebook
from kit.home import LearnerHome, make_home
from kit.i18n import LANGUAGES, resolve_language
from kit.notebooks import write_notebook
from kit.server.running import RunningServer

COURSE, LEARNER = "gallery", "author"
FOLDER = "gallery"


def run_gallery(names: Sequence[str], shown: Shown | None, *, port: int, browser: bool) -> None:
    """Show these widgets (none named: all) until Ctrl+C, then remove every trace of it."""
    need_checkout()
    wanted = [find_page(name).name for name in names] or page_names()
    languages = LANGUAGES if shown is Shown.BOTH else (resolve_language(shown),)
    console = Console(highlight=False, soft_wrap=True)

    def made(base: Path) -> list[LearnerHome]:
        return [make_gallery_home(base / "home", wanted, languages)]

    def shown_in(home: LearnerHome, server: RunningServer) -> None:
        for number, name in enumerate(wanted):
            address = f"{server.url}lab/tree/{quote(path_of(name))}?token={server.token}"
            console.print(f"  {name:<12} {address}", markup=False)
            if browser and number == 0:
                open_browser(home, address)

    look(console, made, shown_in, port=port)


def path_of(name: str) -> str:
    """The page of a widget, relative to its home, in URL form."""
    return f"{FOLDER}/{name}.ipynb"


def make_gallery_home(
    root: Path, names: Sequence[str], languages: Sequence[str] = LANGUAGES
) -> LearnerHome:
    """A learner's home at ``root`` with the pages of these widgets in these languages."""
    language = languages[0]
    home = LearnerHome(root.resolve(), LEARNER, COURSE, language, language_chosen=True)
    make_home(home)
    for name in names:
        notebook = page_notebook(find_page(name), languages)
        write_notebook(home.root / path_of(name), notebook)
    return home
