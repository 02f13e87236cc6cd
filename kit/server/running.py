"""Which server runs for a home, and which of its notebooks are open there."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from kit.home import LearnerHome
from kit.server.lab import HOME_PATH, runtime_folder


@dataclass(frozen=True)
class RunningServer:
    """A server that answers. ``open_file`` sends a browser there without showing the token."""

    url: str
    token: str
    pid: int
    open_file: Path

    @property
    def home_url(self) -> str:
        """Address of the home page, with the token that lets a browser in."""
        return f"{self.url}{HOME_PATH}?token={self.token}"


def find_running(home: LearnerHome) -> RunningServer | None:
    """The server of this home, or None. Files that a crash left behind are skipped."""
    for path in sorted(runtime_folder(home).glob("jpserver-*.json")):
        try:
            info = json.loads(path.read_text(encoding="utf-8"))
            server = RunningServer(
                url=info["url"],
                token=info["token"],
                pid=int(info["pid"]),
                open_file=path.with_name(f"{path.stem}-open.html"),
            )
        except (OSError, ValueError, KeyError):
            continue
        # the process id may belong to another program by now: ask the server itself
        if _get(server, "api/status") is not None:
            return server
    return None


def open_notebooks(server: RunningServer) -> set[str]:
    """Paths, relative to the home, of notebooks with a running kernel."""
    sessions = _get(server, "api/sessions")
    rows = sessions if isinstance(sessions, list) else []
    return {str(row.get("path", "")) for row in rows}


def _get(server: RunningServer, path: str) -> object | None:
    request = urllib.request.Request(
        server.url + path, headers={"Authorization": f"token {server.token}"}
    )
    # a proxy of the company must not be asked about this machine's own server
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as answer:
            value: object = json.load(answer)
            return value
    except (OSError, ValueError, urllib.error.URLError):
        return None
