"""The second ``upskill start`` until it is usable, beside a bare ``jupyter lab``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.rows import Row

ROOT = Path(__file__).parents[1]
GOAL_SECONDS = 8.0
PATIENCE_SECONDS = 120
TOKEN = "benchmark"


def rows(rounds: int) -> list[Row]:
    """Ours and the peer take turns, so that a busy moment hits both."""
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        # the first start makes the home; the learner meets the second one every day
        _start(_command(home), home)
        for _ in range(rounds):
            ours.append(_start(_command(home), home))
            peer.append(_bare_lab(Path(folder)))
    name = "make start" if _through_make() else "upskill start"
    what = f"second {name} → home page and Lab answer 200"
    return [Row(what, ours, "jupyter lab → Lab answers 200", peer, GOAL_SECONDS)]


def _through_make() -> bool:
    return (ROOT / ".venv" / "installed").is_file() and Path(sys.prefix) == ROOT / ".venv"


def _command(home: Path) -> list[str]:
    arguments = ["--no-browser", "--port", str(_free_port()), "--home", str(home)]
    if _through_make():
        return ["make", "--silent", "-C", str(ROOT), "start", f"ARGS={' '.join(arguments)}"]
    return [sys.executable, "-m", "kit", "start", *arguments]


def _start(command: list[str], home: Path) -> float:
    begin = time.perf_counter()
    child = _spawn(command, {"HOME": str(home.parent)})
    try:
        address = _address(child)
        base, _, query = address.partition("upskill/?")
        _wait(f"{base}upskill/?{query}")
        _wait(f"{base}lab?{query}")
        return time.perf_counter() - begin
    finally:
        _stop(child)


def _bare_lab(folder: Path) -> float:
    port = _free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.ip=127.0.0.1", "--allow-root"]
    places = {
        name: str(folder / "bare" / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    begin = time.perf_counter()
    child = _spawn(command, {"HOME": str(folder), **places})
    try:
        _wait(f"http://127.0.0.1:{port}/lab?token={TOKEN}")
        return time.perf_counter() - begin
    finally:
        _stop(child)


def _spawn(command: list[str], changes: dict[str, str]) -> subprocess.Popen[str]:
    dropped = ("JUPYTER", "UPSKILL_", "MAKE", "MFLAGS")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**kept, **changes},
        # make has children of its own: the whole group is stopped
        start_new_session=True,
    )


def _address(child: subprocess.Popen[str]) -> str:
    for line in child.stdout or ():
        if "?token=" in line:
            return line.strip()
    raise RuntimeError("upskill start ended without an address")


def _wait(url: str) -> None:
    end = time.perf_counter() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            if time.perf_counter() > end:
                raise
        time.sleep(0.02)


def _stop(child: subprocess.Popen[str]) -> None:
    os.killpg(child.pid, signal.SIGINT)
    try:
        child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
