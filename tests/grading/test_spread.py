"""A batch on a real Dask scheduler and its workers: the same gradebook as on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from collected_helpers import copied, gradebook, graded_files, make_collected

from kit.errors import GradingError
from kit.grading.batch import grade
from kit.model import Unit

pytestmark = [pytest.mark.grading, pytest.mark.xdist_group("spread")]


def dask(stack: ExitStack, *told: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *told, "--no-dashboard"]
    process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
    stack.callback(process.terminate)
    return process


@pytest.fixture(scope="module")
def collected(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_collected(tmp_path_factory.mktemp("spread") / "course", content).root


@pytest.fixture(scope="module")
def cluster(collected: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler with two workers of one thread, which see the fixture's content."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ExitStack() as stack:
        dask(stack, "scheduler", "--host", "127.0.0.1", "--port", str(port))
        address = f"tcp://127.0.0.1:{port}"
        told = ("--nworkers", "1", "--nthreads", "1", "--host", "127.0.0.1")
        yield address, [dask(stack, "worker", address, *told) for _ in range(2)]


def test_dask_workers_leave_what_processes_of_this_machine_leave(
    collected: Path, content: Unit, cluster: tuple[str, object], tmp_path: Path
) -> None:
    here, there = copied(collected, tmp_path / "here"), copied(collected, tmp_path / "there")
    grade(here, content, jobs=2)
    results = grade(there, content, dask=cluster[0])
    assert {one.state for one in results} == {"graded", "kept", "failed"}
    assert gradebook(there) == gradebook(here)
    assert graded_files(there) == graded_files(here)


def test_a_worker_that_dies_costs_nobody_anything(
    collected: Path,
    content: Unit,
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
    tmp_path: Path,
) -> None:
    course = copied(collected, tmp_path / "course")
    address, workers = cluster
    ended = []

    def kill_one(done: int, _total: int, _text: str) -> None:
        if done == 1 and not ended:
            # the nanny starts it again
            (victim, *_rest) = psutil.Process(workers[0].pid).children()
            victim.kill()
            ended.append(victim.pid)

    results = grade(course, content, dask=address, progress=kill_one)
    assert ended
    assert {one.learner for one in results if one.state == "failed"} == {"cut"}


def test_a_wrong_address_is_told_with_the_next_step(
    collected: Path, content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.grading.spread.CONNECT_SECONDS", 1)
    course = copied(collected, tmp_path / "course")
    with pytest.raises(GradingError, match="no Dask scheduler"):
        grade(course, content, dask="tcp://127.0.0.1:9")
