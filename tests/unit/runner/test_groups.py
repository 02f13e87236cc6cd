"""The memory of a whole run, where no control group can be made and where one can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient.exceptions import DeadKernelError

from kit.runner import landlock
from kit.runner.groups import sweep_groups, used
from kit.runner.spawn import supported
from tests.unit.runner.test_isolate import text_of, tried

pytestmark = pytest.mark.skipif(
    not supported() or not landlock.version(), reason="fences need Linux with Landlock"
)
# each has little, all have too much
MANY = """
import os, signal, time
children = []
for _ in range(12):
    children.append(os.fork())
    if not children[-1]:
        held = b"x" * (100 * 2**20)
        time.sleep(30)
        os._exit(0)
time.sleep(5)
alive = sum(os.waitpid(child, os.WNOHANG) == (0, 0) for child in children)
for child in children:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
alive
"""


@pytest.mark.parametrize("grouped", [True, False])
def test_a_run_never_has_more_than_its_memory_in_all(tmp_path: Path, grouped: bool) -> None:
    before = abandoned()
    try:
        made = tried(tmp_path, MANY, memory=600, grouped=grouped)
    except DeadKernelError:
        # ended as a whole
        pass
    else:
        # a group may end some of its processes and leave the others
        assert int(text_of(made, 0)) < 6
    # what was killed cannot give back its group; the next to start does
    left = abandoned() - before
    sweep_groups()
    assert not abandoned() & left


def test_a_run_within_its_memory_is_left_alone(tmp_path: Path) -> None:
    cell = "import time\nheld = b'x' * (50 * 2**20)\ntime.sleep(1)\n'lived'"
    assert text_of(tried(tmp_path, cell, memory=600, grouped=False), 0) == "'lived'"


def test_what_a_process_and_its_children_take_is_counted() -> None:
    code = (
        "import os, time\nheld = b'x' * (80 * 2**20)\nif os.fork():\n"
        "    more = b'y' * (40 * 2**20)\n    print('held', flush=True)\ntime.sleep(30)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        taken = used(process.pid)
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), 9)
        process.kill()
    # shared by both, and counted once
    assert 120 * 2**20 < taken < 190 * 2**20
    assert used(process.pid) == 0


def abandoned() -> set[Path]:
    """Groups whose maker has ended; none, too, where no group can be made."""
    groups = Path("/sys/fs/cgroup").glob("**/upskill-*")
    return {one for one in groups if not Path("/proc", one.name.rpartition("-")[2]).exists()}
