"""Jupyter servers that run here, by what they wrote about themselves."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.home import LearnerHome
from kit.server.lab import HOME_PATH, runtime_folder


@dataclass(frozen=True)
class RunningServer:
    """A server that runs; ``root`` is the folder that it shows.

    ``open_file`` sends a browser there without showing the token.
    """

    url: str
    token: str
    pid: int
    root: Path
    open_file: Path

    @property
    def home_url(self) -> str:
        """Address of the home page, with the token that lets a browser in."""
        return f"{self.url}{HOME_PATH}?token={self.token}"


def find_running(home: LearnerHome) -> RunningServer | None:
    """The server of this home, or None."""
    # after a crash the port may belong to another server: only this one knows the token
    known = (server for server in servers(runtime_folder(home)) if ask(server, "api/status"))
    return next(known, None)


def servers(folder: Path) -> Iterator[RunningServer]:
    """The servers of a runtime folder that run. Files that a crash left are skipped."""
    for path in sorted(folder.glob("jpserver-*.json")):
        try:
            info = json.loads(path.read_text(encoding="utf-8"))
            server = RunningServer(
                url=info["url"],
                # a hub's server knows its user by the hub's token
                token=info["token"] or os.environ.get("JUPYTERHUB_API_TOKEN", ""),
                pid=int(info["pid"]),
                root=Path(info["root_dir"]).resolve(),
                open_file=path.with_name(f"{path.stem}-open.html"),
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
        # the process id may belong to another program by now; this page asks for no token
        if ask(server, "api") is not None:
            yield server


def ask(server: RunningServer, path: str) -> object | None:
    """What a server answers under ``path``, as JSON; None when it does not."""
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
