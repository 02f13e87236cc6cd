"""Whether a notebook is open somewhere: asked of every Jupyter server that can be found.

Lab keeps its own copy of an open notebook and would write it over an update. What is typed
in a browser and not saved is on no disk, so a server's sessions are all that can be asked;
a kernel that VS Code started itself, or a server of another user, stays unseen.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.home import LearnerHome
from kit.i18n import mark
from kit.notebooks import IsOpen
from kit.server.lab import runtime_folder
from kit.server.running import RunningServer, ask, servers

OPEN = mark("The notebook is open in JupyterLab.")
SAVED_NOW = mark("The notebook was saved a moment ago, and JupyterLab is running.")
UNKNOWN = mark("A Jupyter server is running here that does not say which notebooks are open.")
# Lab saves by itself; a file this young is in somebody's hands
JUST_NOW = 2.0


def is_open(home: LearnerHome) -> IsOpen:
    """``reason(path)`` says why a notebook is not to be replaced, or ""."""

    def reason(path: Path) -> str:
        serving = [one for one in _servers(home) if path.resolve().is_relative_to(one.root)]
        for server in serving:
            if said := _reason(server, path):
                return said
        return SAVED_NOW if serving and _is_young(path) else ""

    return reason


def _servers(home: LearnerHome) -> Iterator[RunningServer]:
    """Those that run, in this home's runtime folder and in the user's."""
    from jupyter_core.paths import jupyter_runtime_dir

    for folder in dict.fromkeys([runtime_folder(home), Path(jupyter_runtime_dir())]):
        yield from servers(folder)


def _reason(server: RunningServer, path: Path) -> str:
    sessions = ask(server, "api/sessions")
    if not isinstance(sessions, list):
        return UNKNOWN
    open_there = {(server.root / _path(row)).resolve() for row in sessions}
    return OPEN if path.resolve() in open_there else ""


def _path(row: Any) -> str:
    notebook = str(row.get("path", "")) if isinstance(row, dict) else ""
    # real-time collaboration puts its drive before the path
    return notebook.removeprefix("RTC:")


def _is_young(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime < JUST_NOW
    except OSError:
        return False
