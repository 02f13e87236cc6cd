from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.home import open_home
from kit.server.running import ask, find_running


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def kit(launch: Callable[..., Any], tmp_path: Path) -> Any:
    running = launch(tmp_path / "집 1")
    yield running
    running.stop()


def test_start_makes_the_home_says_where_and_stops_clean_on_ctrl_c(kit):
    assert (kit.home / ".upskill" / "home.json").is_file()
    assert kit.url.startswith("http://127.0.0.1:")
    assert kit.stop() == 0
    printed = "".join(kit.printed)
    assert "Stopped. Your work is in" in printed
    assert "Traceback" not in printed
    assert find_running(open_home(kit.home)) is None


def test_a_second_start_finds_the_first_and_opens_that(kit):
    second = call("start", "--home", str(kit.home), "--no-browser")
    assert second.returncode == 0
    assert kit.home_url in second.stdout
    assert "Already running" in second.stdout
    assert kit.process.poll() is None


def test_a_notebook_that_is_open_is_not_reset_under_the_learner(launch, put_notebook, tmp_path):
    home = tmp_path / "home"
    put_notebook(home)
    kit = launch(home)
    folder = next(home.glob("*-practice"))
    path = folder / "workbook.ipynb"
    before = path.read_bytes()
    session = {"path": f"{folder.name}/workbook.ipynb", "name": "", "type": "notebook"}
    request = urllib.request.Request(
        kit.url + "api/sessions",
        json.dumps({**session, "kernel": {"name": "python3"}}).encode(),
        {"Authorization": f"token {kit.token}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 201
    run = call("reset", folder.name.removesuffix("-practice"), "--home", str(home))
    assert run.returncode == 4
    assert "Shut Down Notebook" in run.stderr
    assert path.read_bytes() == before
    kit.stop()


def test_new_content_that_waits_is_announced_with_the_command(kit, launch, put_notebook, tmp_path):
    assert "upskill update" not in "".join(kit.printed)
    # a workbook that says of no version to be one
    put_notebook(tmp_path / "old")
    old = launch(tmp_path / "old")
    assert "upskill update --preview" in "".join(old.printed)
    old.stop()


def test_a_taken_port_is_stepped_over(launch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = launch(tmp_path / "home", port=port)
        assert f":{port}/" not in running.url
        running.stop()


def test_a_server_that_was_killed_is_not_taken_for_running(kit):
    home = open_home(kit.home)
    running = find_running(home)
    assert running is not None
    assert ask(running, "api/sessions") == []
    kit.process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    kit.process.wait(timeout=30)
    left = list((home.state / "jupyter" / "runtime").glob("jpserver-*.json"))
    assert left, "the crash should have left its file"
    # a process id that lives again belongs to somebody else
    for path in left:
        path.write_text(json.dumps({**json.loads(path.read_text()), "pid": os.getpid()}))
    assert find_running(home) is None


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
def test_a_home_that_cannot_be_made_is_said_with_a_way_out():
    run = call("start", "--home", "/proc/nothing/home", "--no-browser")
    assert run.returncode == 4
    assert "upskill start --home DIR" in run.stderr
