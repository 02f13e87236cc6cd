"""What the lab's process does with a cloud that does not do at once what it is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from kit.lab.keeper import Keeper
from kit.lab.state import Door, Places


class Cloud(BaseHTTPRequestHandler):
    """Fails to be emptied as often as it is told, like moto beside an import of its own."""

    failing: ClassVar[int] = 0
    emptied: ClassVar[int] = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/moto-api/reset" and Cloud.failing:
            Cloud.failing -= 1
            self.send_error(500)
            return
        Cloud.emptied += self.path == "/moto-api/reset"
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Cloud) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Keeper(Places(tmp_path), Door(server.server_port, "t", "k", "s"), seed=1)
        server.shutdown()


def test_a_reset_beside_an_import_is_tried_again(keeper: Keeper) -> None:
    Cloud.failing, Cloud.emptied = 3, 0
    assert keeper.reset({}) == {"restored": {"stacks": 0, "objects": 0}, "problems": []}
    assert (Cloud.failing, Cloud.emptied) == (0, 1)
