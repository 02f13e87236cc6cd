"""Open notebooks, as real servers with real kernels know them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.cli.open_notebooks import JUST_NOW, OPEN, SAVED_NOW, UNKNOWN, is_open
from kit.home import LearnerHome, make_home, open_home
from kit.model import Part
from kit.notebooks import find_cell, read_notebook, source, write_notebook
from tests.conftest import clean_environment, free_port

NOTEBOOK = "rightsizing-practice/workbook.ipynb"


def ask(
    url: str, token: str, path: str, body: dict[str, Any] | None = None, method: str = ""
) -> Any:
    data = json.dumps(body).encode() if body else None
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url + path, data, headers, method=method or None)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def open_there(url: str, token: str, path: str) -> str:
    """Open a notebook as Lab does: a session with a kernel; returns the session."""
    body = {"path": path, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
    return str(ask(url, token, "api/sessions", body)["id"])


def rest(path: Path) -> None:
    """Let a file be older than what was saved a moment ago."""
    then = time.time() - 2 * JUST_NOW
    os.utime(path, (then, then))


@pytest.fixture(scope="module")
def kit(launch: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return launch(tmp_path_factory.mktemp("open") / "home")


@pytest.fixture
def home(kit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LearnerHome:
    # nobody's real servers
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    made = open_home(kit.home, "en")
    rest(made.root / NOTEBOOK)
    return made


def test_a_notebook_without_a_session_is_not_open(home: LearnerHome) -> None:
    assert is_open(home)(home.root / NOTEBOOK) == ""


def test_a_notebook_with_a_kernel_is_open_until_it_is_closed(kit: Any, home: LearnerHome) -> None:
    session = open_there(kit.url, kit.token, NOTEBOOK)
    assert is_open(home)(home.root / NOTEBOOK) == OPEN
    assert is_open(home)(home.root / "rightsizing/assignment.ipynb") != OPEN
    ask(kit.url, kit.token, f"api/sessions/{session}", method="DELETE")
    assert is_open(home)(home.root / NOTEBOOK) == ""


def test_a_notebook_saved_a_moment_ago_is_in_somebodys_hands(home: LearnerHome) -> None:
    os.utime(home.root / NOTEBOOK)
    assert is_open(home)(home.root / NOTEBOOK) == SAVED_NOW


def test_without_a_server_a_fresh_file_is_nobodys(tmp_path: Path, home: LearnerHome) -> None:
    elsewhere = open_home(tmp_path / "other", "en")
    path = tmp_path / "other" / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert is_open(elsewhere)(path) == ""


@pytest.fixture
def own_server(home: LearnerHome, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A server that the learner started without the kit, above their home."""
    runtime = tmp_path / "runtime"
    options = [f"--ServerApp.root_dir={home.root.parent}", f"--ServerApp.port={free_port()}"]
    options += ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    environment = clean_environment(
        JUPYTER_RUNTIME_DIR=str(runtime), JUPYTER_CONFIG_DIR=str(tmp_path / "config")
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _answering(runtime)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _answering(runtime: Path) -> dict[str, Any]:
    for _ in range(600):
        for path in runtime.glob("jpserver-*.json"):
            try:
                server: dict[str, Any] = json.loads(path.read_text())
                ask(server["url"], server["token"], "api")
            except (OSError, ValueError):
                continue
            return {**server, "file": path}
        time.sleep(0.1)
    pytest.fail("the server did not start")


def test_a_server_of_another_folder_is_asked_too(
    home: LearnerHome, own_server: dict[str, Any]
) -> None:
    name = f"{home.root.name}/{NOTEBOOK}"
    open_there(own_server["url"], own_server["token"], name)
    assert is_open(home)(home.root / NOTEBOOK) == OPEN
    # one that does not let itself be asked may have it open
    told = {**own_server, "token": "another"}
    file = told.pop("file")
    file.write_text(json.dumps(told))
    assert is_open(home)(home.root / NOTEBOOK) == UNKNOWN


@pytest.mark.parametrize("words", [("forget", "rightsizing", "--yes"), ("reset", "rightsizing")])
def test_forget_and_reset_are_refused_while_any_server_has_the_notebook_open(
    home: LearnerHome, own_server: dict[str, Any], tmp_path: Path, words: tuple[str, ...]
) -> None:
    # the other home's server is not this home's own, and its kernel writes all the same
    elsewhere = open_home(home.root.parent / "other home", "en")
    make_home(elsewhere)
    for notebook in elsewhere.root.glob("*/*.ipynb"):
        rest(notebook)
    path = elsewhere.root / NOTEBOOK
    name = f"{elsewhere.root.name}/{NOTEBOOK}"
    session = open_there(own_server["url"], own_server["token"], name)
    before = path.read_bytes()
    refused = command(elsewhere, tmp_path / "runtime", *words)
    assert refused.returncode == 4
    assert "open in JupyterLab" in refused.stderr and NOTEBOOK in refused.stderr
    assert path.read_bytes() == before
    ask(own_server["url"], own_server["token"], f"api/sessions/{session}", method="DELETE")
    assert command(elsewhere, tmp_path / "runtime", *words).returncode == 0
    shutil.rmtree(elsewhere.root)


def set_back(home: LearnerHome) -> Path:
    """Make the home one of an older version, in which the learner has answered."""
    unit_folder = home.state / "base" / "rightsizing"
    path = home.root / NOTEBOOK
    for file in (path, unit_folder / f"{Part.PRACTICE}.ipynb"):
        notebook = read_notebook(file)
        notebook["metadata"]["kit"]["version"] = "2020.1.1"
        cell = find_cell(notebook, "repair", "prose")
        assert cell is not None
        cell["source"] = "An older text."
        write_notebook(file, notebook)
    notebook = read_notebook(path)
    answer = find_cell(notebook, "repair", "answer")
    assert answer is not None
    answer["source"] = "clean = 1"
    write_notebook(path, notebook)
    rest(path)
    return path


def command(home: LearnerHome, runtime: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "kit", *options, "--home", str(home.root)]
    environment = clean_environment(JUPYTER_RUNTIME_DIR=str(runtime))
    return subprocess.run(words, capture_output=True, text=True, env=environment, check=False)


def test_an_update_is_refused_while_the_notebook_is_open_and_done_when_it_is_closed(
    kit: Any, home: LearnerHome, tmp_path: Path
) -> None:
    path = set_back(home)
    session = open_there(kit.url, kit.token, NOTEBOOK)
    before = path.read_bytes()
    refused = command(home, tmp_path / "none", "update", "--lang", "ko")
    assert refused.returncode == 4
    assert "노트북이 JupyterLab에 열려 있습니다" in refused.stderr
    assert NOTEBOOK in refused.stderr
    assert path.read_bytes() == before
    ask(kit.url, kit.token, f"api/sessions/{session}", method="DELETE")
    rest(path)
    done = command(home, tmp_path / "none", "update", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "your answer stays · the task changed: its text" in done.stdout
    answer = find_cell(read_notebook(path), "repair", "answer")
    assert answer is not None
    assert source(answer) == "clean = 1"
