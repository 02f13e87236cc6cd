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
from kit.grading.course import Course
from kit.model import Unit
from kit.runner.level import unfenced
from kit.runner.levels import Found, Level
from tests.attacks import rows

pytestmark = [pytest.mark.grading]
NEEDS_FENCES = pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here")
ONE_WORKER = ("--nworkers", "1", "--nthreads", "1", "--host", "127.0.0.1")
# a system that makes no namespaces for anybody, in what says that it is a container
BARE = (
    *("unshare", "-Ur", "sh", "-c"),
    "echo 0 > /proc/sys/user/max_user_namespaces && exec env container=x"
    ' setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"',
    "sh",
)


def dask(stack: ExitStack, *told: str, inside: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    command = [*inside, sys.executable, "-m", "dask", *told, "--no-dashboard"]
    process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
    stack.callback(process.terminate)
    return process


@pytest.fixture(scope="module")
def collected(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_collected(tmp_path_factory.mktemp("spread") / "course", content).root


def scheduler(stack: ExitStack) -> str:
    """The address of a scheduler without workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dask(stack, "scheduler", "--host", "127.0.0.1", "--port", str(port))
    return f"tcp://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def cluster(collected: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler with two workers of one thread, which see the fixture's content."""
    with ExitStack() as stack:
        address = scheduler(stack)
        yield address, [dask(stack, "worker", address, *ONE_WORKER) for _ in range(2)]


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


@pytest.fixture
def attacked(tmp_path: Path, own_user: Path, tools_on_path: None) -> Course:
    """A course that knows nothing of the kit, with every row of the table of attacks."""
    return rows.make_course(tmp_path / "attacked")


@NEEDS_FENCES
def test_dask_workers_prove_as_processes_of_this_machine_do(
    attacked: Course, cluster: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    # who hands out the work runs none of it
    monkeypatch.setattr("kit.grading.batch.found", lambda: Found(Level.NONE, "no fences here"))
    grade(attacked, rows.ASSIGNMENT, dask=cluster[0], strict=True)
    assert rows.points(attacked) == {name: row.strict for name, row in rows.LEARNERS.items()}


@NEEDS_FENCES
def test_a_worker_that_has_less_than_was_asked_for_runs_nothing(attacked: Course) -> None:
    some = ["right", "transformer-of-trees"]
    with ExitStack() as stack:
        address = scheduler(stack)
        dask(stack, "worker", address, *ONE_WORKER, inside=BARE)
        refused = grade(attacked, rows.ASSIGNMENT, some, dask=address, sandbox=Level.FENCES)
        assert {one.state for one in refused} == {"failed"}
        for one in refused:
            assert "'fences' was asked for" in one.why
            assert "has only 'container' here" in one.why
        # what was not asked for is no reason to refuse, and is kept as what it is
        done = grade(attacked, rows.ASSIGNMENT, some, dask=address)
        proved = grade(attacked, rows.ASSIGNMENT, some, dask=address, strict=True)
    assert {(one.state, one.sandbox) for one in done} == {("graded", Level.CONTAINER)}
    assert {one.state for one in proved} == {"graded"}
    # what cannot be proved there waits for a person
    assert {len(one.differences) for one in proved} == {len(rows.TESTS)}


def test_a_wrong_address_is_told_with_the_next_step(
    collected: Path, content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.grading.spread.CONNECT_SECONDS", 1)
    course = copied(collected, tmp_path / "course")
    with pytest.raises(GradingError, match="no Dask scheduler"):
        grade(course, content, dask="tcp://127.0.0.1:9")
