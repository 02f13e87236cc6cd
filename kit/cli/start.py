"""``upskill start``: make the home, then run JupyterLab on its home page."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from kit.cli.serving import build_server, serve
from kit.content import load_units
from kit.home import LearnerHome, damaged_notebooks, make_home, open_home
from kit.i18n import Translator
from kit.moving import prune_backups
from kit.server.lab import HOME_PATH, lab_arguments, prepare_lab
from kit.server.running import RunningServer, find_running
from kit.server.standing import update_line
from kit.update.waiting import waiting


def run_start(root: Path | None, language: str | None, *, port: int, browser: bool) -> None:
    """Serve the home until Ctrl+C; a server that already runs for it is opened instead."""
    home = open_home(root, language)
    tr = Translator(home.language)
    console = Console(highlight=False)
    if running := find_running(home):
        _open_running(console, tr, home, running, browser)
        return
    with console.status(tr("Preparing your home …")):
        written = make_home(home)
        prune_backups(home)
        os.environ.update(prepare_lab(home))
    _say(console, tr("Home: {path}", path=home.root))
    if written:
        _say(console, tr("Notebooks written: {n}", n=len(written)))
    for error in damaged_notebooks(home):
        console.print(escape(error.text(tr)), style="bold", soft_wrap=True)
    for unit in load_units().values():
        if found := waiting(home, unit):
            title = home.translator(unit)(unit.title)
            console.print(escape(update_line(found, title, tr)), style="bold", soft_wrap=True)
    with console.status(tr("Starting JupyterLab …")) as spinner:
        server = build_server(lab_arguments(home, port, browser))

        def ready() -> None:
            spinner.stop()
            _announce(console, tr, server)

        serve(server, ready)
    _say(console, tr("Stopped. Your work is in {path}", path=home.root))


def _announce(console: Console, tr: Translator, server: Any) -> None:
    token = server.identity_provider.token
    url = f"http://127.0.0.1:{server.port}{server.base_url}{HOME_PATH}?token={token}"
    _say(console, tr("Your home page is ready. If no browser opens, copy this address:"))
    console.print(url, style="bold", soft_wrap=True, markup=False)
    _say(console, tr("Only this machine can reach it. Stop with Ctrl+C."))


def _open_running(
    console: Console, tr: Translator, home: LearnerHome, running: RunningServer, browser: bool
) -> None:
    _say(console, tr("Already running for {path}. Opening it:", path=home.root))
    console.print(running.home_url, style="bold", soft_wrap=True, markup=False)
    if browser:
        # through the file, since a token on a command line is seen by every user
        target = running.open_file
        webbrowser.open(target.as_uri() if target.is_file() else running.home_url)


def _say(console: Console, text: str) -> None:
    console.print(escape(text), soft_wrap=True)
