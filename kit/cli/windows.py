"""Homes that last as long as the look at them, each with a server of its own.

A server is a process of ``upskill start``, since Jupyter allows one in a process.
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console

from kit.errors import HomeError
from kit.files import write_text
from kit.home import LearnerHome
from kit.server.running import RunningServer, find_running

START_SECONDS = 120


@dataclass(frozen=True)
class _Window:
    """One home with its server; ``said`` keeps what the server printed."""

    home: LearnerHome
    process: subprocess.Popen[bytes]
    said: Path


def look(
    console: Console,
    made: Callable[[Path], Sequence[LearnerHome]],
    shown: Callable[[LearnerHome, RunningServer], None],
    *,
    port: int,
) -> None:
    """Serve the homes that are ``made`` in a folder until Ctrl+C, then remove every trace.

    ``shown`` is called for each when all of them run. HomeError when one does not start.
    """
    # however a window or an editor ends this command, the homes must go as well
    _on_end(_interrupt)
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="upskill-preview-")))
        try:
            homes = made(base)
            with console.status("Starting JupyterLab …"):
                windows = [
                    stack.enter_context(_served(home, port + n)) for n, home in enumerate(homes)
                ]
                servers = [_wait(window) for window in windows]
            for home, server in zip(homes, servers, strict=True):
                shown(home, server)
            console.print("Ctrl+C ends it and removes the home with all that was typed there.")
            for window in windows:
                window.process.wait()
        except KeyboardInterrupt:
            # told twice, it would leave half of it behind
            _on_end(signal.SIG_IGN)
    console.print("Preview removed.")


def open_browser(home: LearnerHome, address: str) -> None:
    """Open ``address``, which holds a token, through a file: users see each other's commands."""
    page = home.state / "preview.html"
    write_text(page, f'<meta http-equiv="refresh" content="0; url={html.escape(address)}">\n')
    webbrowser.open(page.as_uri())


def _on_end(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # Windows has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
