"""A batch that was killed goes on where it was: the same gradebook, nothing run twice."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from collected_helpers import copied, gradebook, graded_files, make_collected

from kit.errors import GradingError
from kit.grading import batch
from kit.grading.batch import grade
from kit.grading.course import Course, open_course
from kit.grading.ledger import FOLDER, Task
from kit.grading.worker import Begun, Ended
from kit.model import Unit

pytestmark = [pytest.mark.grading]
# a soak run sets more
KILLS = int(os.environ.get("UPSKILL_KILLS", "4"))


@pytest.fixture(scope="module")
def collected(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_collected(tmp_path_factory.mktemp("resume") / "course", content).root


@pytest.fixture(scope="module")
def undisturbed(collected: Path, content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Any:
    course = copied(collected, tmp_path_factory.mktemp("undisturbed") / "course")
    began = time.monotonic()
    grade(course, content, jobs=2)
    return gradebook(course), graded_files(course), time.monotonic() - began


def started(course: Course) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kit", "grade", "tiny", "--course", str(course.root)]
    return subprocess.Popen(
        [*command, "--jobs", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_one(driver: subprocess.Popen[bytes], chance: random.Random) -> None:
    """The driver or one of its workers; a learner's own process may end as it likes."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(driver.pid)
        victim = chance.choice([process, *process.children()])
        victim.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("number", range(KILLS))
def test_after_a_kill_at_any_moment_the_next_run_ends_with_the_same_gradebook(
    number: int, collected: Path, content: Unit, undisturbed: Any, tmp_path: Path
) -> None:
    rows, files, seconds = undisturbed
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    course = copied(collected, tmp_path / "course")
    with started(course) as driver:
        time.sleep(chance.uniform(0, seconds + 2))
        kill_one(driver, chance)
        driver.wait(timeout=120)
    grade(course, content, jobs=2)
    assert gradebook(course) == rows
    assert graded_files(course) == files
    assert not (course.root / FOLDER).exists()


def test_no_process_outlives_a_killed_driver(collected: Path, tmp_path: Path) -> None:
    course = copied(collected, tmp_path / "course")
    with started(course) as driver:
        below: list[psutil.Process] = []
        while len(below) < 3 and driver.poll() is None:
            below = psutil.Process(driver.pid).children(recursive=True)
            time.sleep(0.02)
        driver.kill()
        driver.wait()
    gone, alive = psutil.wait_procs(below, timeout=60)
    assert gone
    assert not alive


def read_only(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only = 1")


def test_what_was_run_while_nothing_could_be_saved_is_saved_and_not_run_again(
    collected: Path,
    content: Unit,
    undisturbed: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = copied(collected, tmp_path / "course")
    with monkeypatch.context() as patch:
        patch.setattr("kit.grading.writer._write_ahead", read_only)
        with pytest.raises(GradingError, match="readonly") as told:
            grade(course, content, jobs=1)
    assert "what was run already is only saved" in told.value.fix
    waiting = {
        (path.parent.name, path.parent.parent.name)
        for path in (course.root / FOLDER).glob("*/*/result.json")
    }
    assert waiting
    ran: list[tuple[str, str]] = []
    run = batch.in_processes

    def seen(jobs: int, begun: Begun, tasks: list[Task]) -> Iterator[Ended]:
        ran.extend((task.learner, task.assignment) for task in tasks)
        return run(jobs, begun, tasks)

    monkeypatch.setattr(batch, "in_processes", seen)
    grade(course, content, jobs=2)
    assert not waiting & set(ran)
    assert ran
    assert gradebook(course) == undisturbed[0]


FULL_DISK = """
set -e
mount -t tmpfs -o size=20m none "$2"
cp -r "$1/." "$2"
set +e
dd if=/dev/zero of="$2/fill" bs=1k status=none
truncate -s -"$3" "$2/fill"
"$PYTHON" -m kit grade tiny --course "$2" --jobs 2 > "$4/said" 2>&1
echo $? > "$4/code"
rm "$2/fill"
"$PYTHON" -m kit grade tiny --course "$2" --jobs 2 > "$4/then" 2>&1
cp -r "$2/." "$4/course"
"""


@pytest.mark.parametrize("left", ["0", "40K", "160K"])
def test_a_full_disk_loses_nothing(
    left: str, collected: Path, undisturbed: Any, tmp_path: Path
) -> None:
    small, out = tmp_path / "small", tmp_path / "out"
    small.mkdir()
    out.mkdir()
    alone = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
    subprocess.run(
        [*alone, "sh", "-c", FULL_DISK, "sh", str(collected), str(small), left, str(out)],
        env={**os.environ, "PYTHON": sys.executable, "UPSKILL_LANG": "en"},
        check=True,
    )
    assert (out / "code").read_text().strip() not in ("0", "1")
    said = (out / "said").read_text()
    assert "Traceback" not in said
    assert "No space left" in said or "full" in said, said
    assert "wait for who writes" not in said, said
    course = open_course(out / "course")
    rows, files, _seconds = undisturbed
    assert gradebook(course) == rows
    assert graded_files(course) == files
