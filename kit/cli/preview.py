"""``upskill author preview``: a unit in a home that lasts as long as the look at it.

Each language is a process of ``upskill start`` with a home of its own, since Jupyter
allows one server in a process. The unit's notebooks are built from the Markdown as it
stands; those in the checkout are neither read nor written.
"""

from __future__ import annotations

import html
import os
import signal
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from rich.console import Console

from kit.cli.author import need_checkout
from kit.cli.options import Shown
from kit.content import find_unit, load_programme
from kit.errors import HomeError
from kit.files import write_text
from kit.gate.build import build_notebook, targets
from kit.home import LearnerHome, make_home
from kit.i18n import LANGUAGES, resolve_language
from kit.model import Part, Unit
from kit.notebooks import write_notebook
from kit.server.running import RunningServer, find_running

# of every preview, so that both languages and tomorrow's look show the same case
COURSE, LEARNER = "preview", "author"
START_SECONDS = 120
NAMES = {"en": "English", "ko": "Korean"}


@dataclass(frozen=True)
class _Window:
    """One home with its server; ``said`` keeps what the server printed."""

    home: LearnerHome
    process: subprocess.Popen[bytes]
    said: Path


def run_preview(unit_id: str, shown: Shown | None, *, port: int, browser: bool) -> None:
    """Show the unit until Ctrl+C, then remove every trace of it."""
    need_checkout()
    unit = find_unit(unit_id)
    languages = LANGUAGES if shown is Shown.BOTH else (resolve_language(shown),)
    console = Console(highlight=False, soft_wrap=True)
    # however a window or an editor ends this command, the homes must go as well
    _on_end(_interrupt)
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="upskill-preview-")))
        try:
            homes = [make_preview_home(unit, base / language, language) for language in languages]
            with console.status("Starting JupyterLab …"):
                windows = [
                    stack.enter_context(_served(home, port + n)) for n, home in enumerate(homes)
                ]
                servers = [_wait(window) for window in windows]
            for home, server in zip(homes, servers, strict=True):
                _show(console, unit, home, server, browser)
            _say_more(console, unit)
            for window in windows:
                window.process.wait()
        except KeyboardInterrupt:
            # told twice, it would leave half of it behind
            _on_end(signal.SIG_IGN)
    console.print("Preview removed.")


def _on_end(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # Windows has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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


@contextmanager
def _served(home: LearnerHome, port: int) -> Iterator[_Window]:
    said = home.root.with_suffix(".log")
    command = [sys.executable, "-m", "kit", "start", "--home", str(home.root), "--no-browser"]
    command += ["--port", str(port), "--lang", home.language]
    with said.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield _Window(home, process, said)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server as Ctrl+C does: it shuts its kernels down before it goes."""
    if process.poll() is None:
        # on a terminal it has been told already; being told twice does no harm
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(window: _Window) -> RunningServer:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and window.process.poll() is None:
        if server := find_running(window.home):
            return server
        time.sleep(0.2)
    raise HomeError(
        "The preview's JupyterLab did not start:\n{said}",
        where=str(window.home.root),
        fix="Look at what it says, then run: upskill doctor",
        said=window.said.read_text(encoding="utf-8", errors="replace")[-2000:].strip(),
    )


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
        # through a file, since a token on a command line is seen by every user
        page = home.state / "preview.html"
        write_text(page, f'<meta http-equiv="refresh" content="0; url={html.escape(address)}">\n')
        webbrowser.open(page.as_uri())


def _say_more(console: Console, unit: Unit) -> None:
    if unit.id not in load_programme().units:
        console.print(
            f"The home page does not show {unit.id}: it is not in workbooks/programme.toml yet.",
            markup=False,
        )
    console.print("Ctrl+C ends it and removes the home with all that was typed there.")
