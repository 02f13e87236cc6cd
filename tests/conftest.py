"""What all tests share: isolation from a person's own home, content, real data, a running kit."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from kit.model import Unit
from tests.tiny_unit import only_tiny, seen_by_kernels

TESTS = Path(__file__).parent
# each takes minutes; begun last, one of them would keep everybody waiting for its end
LONG = (
    "nbgrader_suite/test_suite.py",
    "browser/widgets/test_gallery.py",
    "browser/test_journey.py",
    "content/test_units.py",
    "unit/gate/test_scaffold_widget.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long modules first: modules are given to processes in this order."""
    places = {TESTS / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


START_TIMEOUT = 120


def refuse_or_skip(reason: str) -> NoReturn:
    """Skip with a reason; where everything must run (UPSKILL_REQUIRE_ALL=1), fail."""
    if os.environ.get("UPSKILL_REQUIRE_ALL") == "1":
        pytest.fail(f"required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def require_or_skip() -> Callable[[str], NoReturn]:
    """``require_or_skip("no browser")`` ends the test: a skip, or a failure in CI."""
    return refuse_or_skip


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real measurements, from UPSKILL_REAL_DATA."""
    named = os.environ.get("UPSKILL_REAL_DATA")
    if not named or not Path(named).is_dir():
        refuse_or_skip("UPSKILL_REAL_DATA names no folder of real data")
    return Path(named).resolve()


@pytest.fixture(scope="session")
def cloudwatch(real_data: Path) -> Path:
    """Folder of real series, a file for each."""
    return real_data / "cloudwatch"


# every home of the tests draws the same cases; a learner's home names its course at random
os.environ["UPSKILL_COURSE"] = "self-tests"


# a shell starts background jobs with interrupts ignored, and their children would be so too:
# then no server of a test could be ended as a person ends it
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's home of the test's own: nobody's real one is ever touched."""
    home = tmp_path / "learner-home"
    monkeypatch.setenv("UPSKILL_HOME", str(home))
    monkeypatch.delenv("UPSKILL_LANG", raising=False)
    return home


def become(user: Path, patch: pytest.MonkeyPatch) -> None:
    """Let Jupyter and nbgrader keep settings, receipts and exchange as another user's."""
    for name in list(os.environ):
        if name.startswith(("JUPYTER", "XDG_")) or name == "UPSKILL_EXCHANGE":
            patch.delenv(name)
    # the folder has another name on Windows
    for name in ("HOME", "USERPROFILE", "APPDATA"):
        patch.setenv(name, str(user))


@pytest.fixture(scope="module")
def own_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home folder of a user of this module's own, with nothing in it."""
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        become(folder, patch)
        yield folder


def remove(folder: Path) -> None:
    """Remove a folder that may go deeper than Python, and so pytest's clean-up, can walk."""
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture(scope="module")
def tools_on_path() -> Iterator[None]:
    """nbgrader by itself asks for the alembic command by PATH; the kit sees to that."""
    tools = str(Path(sys.executable).parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", tools, prepend=os.pathsep)
        yield


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The fixture unit, built, as this process and every kernel see it."""
    root = tmp_path_factory.mktemp("content") / "root"
    ipython = tmp_path_factory.mktemp("ipython")
    with seen_by_kernels(ipython, root), only_tiny(root) as unit:
        yield unit


@dataclass
class Server:
    """A process that runs until Ctrl+C; ``address``, with its token, is what it printed."""

    process: subprocess.Popen[str]
    address: str
    printed: list[str]
    reader: threading.Thread

    def stop(self) -> int:
        """Ctrl+C, as a person does; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait(timeout=30)
        # what it said last may still be on its way
        self.reader.join(timeout=30)
        return code


@dataclass
class RunningKit(Server):
    """A real ``upskill start``. ``url`` ends with the base path, without the token."""

    home: Path

    @property
    def url(self) -> str:
        return self.address.partition("upskill/?")[0]

    @property
    def token(self) -> str:
        return self.address.partition("?token=")[2]

    @property
    def home_url(self) -> str:
        return self.address


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def clean_environment(**changes: str) -> dict[str, str]:
    """This environment without what Jupyter or the kit would take from it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "UPSKILL_"))}
    return {**kept, "PYTHONIOENCODING": "utf-8", **changes}


def serve(command: list[str], environment: dict[str, str]) -> Server:
    """Start a server and wait for the address that it prints; without one the test fails."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    printed: list[str] = []
    found = threading.Event()

    def follow() -> None:
        # read to the end: a full pipe would stop the server
        for line in process.stdout or ():
            printed.append(line)
            if "?token=" in line:
                found.set()
        found.set()

    reader = threading.Thread(target=follow, daemon=True)
    reader.start()
    found.wait(START_TIMEOUT)
    address = re.search(r"http://\S+\?token=\w+", "".join(printed))
    if address is None:
        process.kill()
        pytest.fail(f"{command} printed no address:\n{''.join(printed)}")
    return Server(process, address[0], printed, reader)


def start_kit(home: Path, language: str = "en", port: int | None = None) -> RunningKit:
    """Start the command for a home."""
    options = ["--port", str(port or free_port()), "--no-browser", "--lang", language]
    command = [sys.executable, "-m", "kit", "start", "--home", str(home), *options]
    server = serve(command, clean_environment())
    return RunningKit(server.process, server.address, server.printed, server.reader, home)


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., RunningKit]]:
    """``launch(home, language)`` starts the kit; all are stopped at the end."""
    running: list[RunningKit] = []

    def start(home: Path, language: str = "en", port: int | None = None) -> RunningKit:
        running.append(start_kit(home, language, port))
        return running[-1]

    yield start
    for kit in running:
        kit.stop()


def fixture_notebook(exercises: list[str]) -> dict[str, Any]:
    """A notebook with one long text, one answer and nothing else for each exercise."""
    # ids unlike those of shipped cells: starting the kit refreshes the prose of those
    cells: list[dict[str, Any]] = []
    for exercise in exercises:
        prose = {"kit": {"id": exercise, "role": "prose"}}
        answer = {"kit": {"id": exercise, "role": "answer"}}
        text = f"## Exercise {exercise}\n\n" + "A line of text.\n\n" * 40
        cells.append(
            {
                "cell_type": "markdown",
                "id": f"fixture-{exercise}",
                "metadata": prose,
                "source": text,
            }
        )
        cells.append(
            {
                "cell_type": "code",
                "id": f"fixture-{exercise}-answer",
                "metadata": answer,
                "source": "____",
                "outputs": [],
                "execution_count": None,
            }
        )
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write_fixture_notebook(home: Path) -> list[str]:
    """Put a fixture notebook where the first unit's workbook lies; returns exercise ids."""
    from kit.content import load_programme, load_units
    from kit.model import Part

    unit = load_units()[load_programme().units[0]]
    ids = [e.id for e in unit.of(Part.PRACTICE)]
    path = home / unit.assignment(Part.PRACTICE) / "workbook.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(fixture_notebook(ids)), encoding="utf-8")
    return ids


@pytest.fixture(scope="session")
def put_notebook() -> Callable[[Path], list[str]]:
    """``put_notebook(home)`` makes a home's workbook independent of the unit's text."""
    return write_fixture_notebook
