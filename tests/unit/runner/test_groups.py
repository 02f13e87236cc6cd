"""The memory of a whole run, where no control group can be made and where one can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient.exceptions import DeadKernelError

from kit.runner import landlock
from kit.runner.groups import make_group, used
from kit.runner.spawn import supported
from tests.unit.runner.test_isolate import text_of, tried

pytestmark = pytest.mark.skipif(
    not supported() or not landlock.version(), reason="fences need Linux with Landlock"
)
# each has little, all have too much
MANY = """
import os, time
for _ in range(12):
    if not os.fork():
        held = b"x" * (100 * 2**20)
        time.sleep(30)
        os._exit(0)
time.sleep(30)
"""


def test_a_run_that_takes_too_much_in_all_is_ended(tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        tried(tmp_path, MANY, memory=600, grouped=False)


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


def test_a_group_holds_to_its_limit_and_is_given_back(tmp_path: Path) -> None:
    group = make_group(200 * 2**20)
    if group is None:
        pytest.skip("no control group can be made here")
    try:
        with pytest.raises(subprocess.CalledProcessError):
            subprocess.run(
                [sys.executable, "-c", "held = b'x' * (300 * 2**20)"],
                preexec_fn=group.join,
                check=True,
            )
    finally:
        group.remove()
    assert not group.folder.exists()
