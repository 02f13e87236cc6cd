"""Whether a notebook is open somewhere: asked of every Jupyter server that can be found.

Lab keeps its own copy of an open notebook and would write it over an update. What is typed
in a browser and not saved is on no disk, so a server's sessions are all that can be asked;
a kernel that VS Code started itself, or a server of another user, stays unseen.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kit.home import LearnerHome
from kit.i18n import mark
from kit.server.lab import runtime_folder

OPEN = mark("The notebook is open in JupyterLab.")
SAVED_NOW = mark("The notebook was saved a moment ago, and JupyterLab is running.")
UNKNOWN = mark("A Jupyter server is running here that does not say which notebooks are open.")
# Lab saves by itself; a file this young is in somebody's hands
JUST_NOW = 2.0
_SECONDS = 5


def is_open(home: LearnerHome) -> Callable[[Path], str]:
    """``ask(path)`` gives the reason why a notebook is not to be replaced, or ""."""

    def ask(path: Path) -> str:
        servers = [server for server in _servers(home) if _serves(server, path)]
        for server in servers:
            if reason := _reason(server, path):
                return reason
        return SAVED_NOW if servers and _is_young(path) else ""

    return ask


def _servers(home: LearnerHome) -> Iterator[dict[str, Any]]:
    """What servers that run wrote about themselves, in this home's folder and the user's."""
    from jupyter_core.paths import jupyter_runtime_dir

    folders = dict.fromkeys([runtime_folder(home), Path(jupyter_runtime_dir())])
    for folder in folders:
        for path in sorted(folder.glob("jpserver-*.json")):
            try:
                server = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            # a crash leaves its file behind
            if isinstance(server, dict) and _get(server, "api") is not None:
                yield server


def _root(server: dict[str, Any]) -> Path:
    return Path(str(server.get("root_dir", ""))).resolve()


def _serves(server: dict[str, Any], path: Path) -> bool:
    return path.resolve().is_relative_to(_root(server))


def _reason(server: dict[str, Any], path: Path) -> str:
    sessions = _get(server, "api/sessions")
    if not isinstance(sessions, list):
        return UNKNOWN
    open_there = {(_root(server) / _path(row)).resolve() for row in sessions}
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


def _get(server: dict[str, Any], path: str) -> object | None:
    # a hub's server knows its user by the hub's token
    token = server.get("token") or os.environ.get("JUPYTERHUB_API_TOKEN", "")
    request = urllib.request.Request(
        f"{server.get('url', '')}{path}", headers={"Authorization": f"token {token}"}
    )
    # a proxy of the company must not be asked about this machine's own server
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            value: object = json.load(answer)
            return value
    except (OSError, ValueError, urllib.error.URLError):
        return None
