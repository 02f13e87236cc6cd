"""The lab's own process: moto behind the guard, until its home names it no more.

Started by ``kit.lab.process``, which waits for the state file that says the nonce; that is
written when everything is in place again.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from pathlib import Path
from typing import Any

from kit.lab.enforcement import watch
from kit.lab.guard import Guard
from kit.lab.keeper import Keeper
from kit.lab.state import Door, Places, State, read_state, write_state

LOOK_SECONDS = 0.3
# whoever comes back later finds templates and objects, not a process of days ago
IDLE_SECONDS = 12 * 3600
# what nearly every template needs: the first call should not wait for their imports
_WARM = ("moto.ec2.models", "moto.iam.models", "moto.cloudformation.models")


def main(folder: str, nonce: str, seed: str) -> None:
    """Serve one lab until its state file is gone, as with its home, or names another."""
    where = Places(Path(folder))
    secret = secrets.token_hex
    server, door = _bind(Door(0, secret(16), f"LKIA{secret(8).upper()}", secret(20)))
    keeper = Keeper(where, door, int(seed))
    watch(door, where.denied)
    guard = Guard(_moto(), door, _controls(keeper, nonce), keeper.changed)
    server.app = guard
    threading.Thread(target=server.serve_forever, daemon=True).start()
    restored, problems = keeper.restore()
    write_state(where, State(os.getpid(), _born(), nonce, door, restored, problems))
    threading.Thread(target=_warm, daemon=True).start()
    while True:
        time.sleep(LOOK_SECONDS)
        told = read_state(where)
        if told is None or told.nonce != nonce:
            break
        if time.monotonic() - guard.last_used > IDLE_SECONDS:
            where.state.unlink(missing_ok=True)
            break
    # threads in the middle of an answer would keep a plain exit waiting
    os._exit(0)


def _bind(door: Door) -> tuple[Any, Door]:
    from dataclasses import replace

    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        "127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=MotoRequestHandler
    )
    return server, replace(door, port=server.server_port)


def _moto() -> Any:
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    return DomainDispatcherApplication(create_backend_app)


def _controls(keeper: Keeper, nonce: str) -> dict[str, Any]:
    def ping(_told: dict[str, Any]) -> dict[str, Any]:
        return {"nonce": nonce}

    return {"ping": ping, "reset": keeper.reset}


def _born() -> float:
    import psutil

    return float(psutil.Process().create_time())


def _warm() -> None:
    for name in _WARM:
        __import__(name)
