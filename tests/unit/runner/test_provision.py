"""When a kernel is forked, when it is not, and that none outlives its server."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kit.runner.provision import WARM, ForkedKernel
from kit.runner.spawn import supported
from tests.live_kernels import SECONDS, Specs, in_a_loop, launched, opened, until, warm

pytestmark = pytest.mark.skipif(not supported(), reason="forks need Linux")


def test_before_the_warm_process_is_ready_a_kernel_is_an_ordinary_one(user, tmp_path):
    WARM.close()
    assert in_a_loop(launched(user, tmp_path)) is subprocess.Popen
    # asked for once, it is there for the next
    assert WARM.wait(SECONDS)
    assert in_a_loop(launched(user, tmp_path)) is ForkedKernel


def test_another_command_is_run_as_it_is(user, tmp_path):
    class Frozen(Specs):
        def get_kernel_spec(self, kernel_name: str) -> Any:
            spec = super().get_kernel_spec(kernel_name)
            spec.argv = [sys.executable, "-Xfrozen_modules=off", *spec.argv[1:]]
            return spec

    warm(user)
    assert in_a_loop(launched(user, tmp_path, Frozen())) is subprocess.Popen


@pytest.mark.parametrize("change", ["package", "variable"])
def test_what_changed_since_is_seen_by_the_next_kernel(user, tmp_path, change):
    places = {**user, "PYTHONPATH": str(tmp_path), "OMP_NUM_THREADS": "2"}
    warm(places)
    assert in_a_loop(launched(places, tmp_path)) is ForkedKernel
    if change == "package":
        (tmp_path / "pandas.py").write_text("__version__ = 'new'")
    else:
        places["OMP_NUM_THREADS"] = "1"
    assert in_a_loop(launched(places, tmp_path)) is subprocess.Popen
    assert WARM.wait(SECONDS)

    async def seen() -> str:
        cell = "import os, pandas\nprint(pandas.__version__, os.environ['OMP_NUM_THREADS'])"
        async with opened("forked", places, tmp_path) as book:
            return await book.run(cell)

    version, threads = in_a_loop(seen()).split()
    assert (version == "new", threads == "1") == (change == "package", change == "variable")


def test_kernels_go_on_when_the_warm_process_has_died(user, tmp_path):
    async def one() -> None:
        async with opened("forked", user, tmp_path) as book:
            await book.run("kept = 'here'")
            assert WARM._process
            WARM._process.kill()
            WARM._process.wait()
            assert await launched(user, tmp_path) is subprocess.Popen
            assert await asyncio.to_thread(WARM.wait, SECONDS)
            assert await launched(user, tmp_path) is ForkedKernel
            # longer than ipykernel takes to miss a parent
            await asyncio.sleep(1.5)
            assert await book.run("print(kept)") == "here"

    in_a_loop(one())


SERVER = """
import asyncio, os, sys
from tests.live_kernels import kernels, warm, WARM
async def main():
    warm(os.environ)
    manager = kernels("forked")
    await manager.start_kernel()
    print(WARM._process.pid, manager.provisioner.process.pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_a_server_however_it_ends(user, tmp_path, number):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env={**user, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with server:
        assert server.stdout
        left = [int(pid) for pid in server.stdout.readline().split()]
        assert len(left) == 2
        server.send_signal(number)
    in_a_loop(until(lambda: not any(runs(pid) for pid in left)))


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_kernels_leave_no_file_open(user, tmp_path):
    warm(user)

    def files() -> int:
        in_a_loop(launched(user, tmp_path))
        return len(list(Path("/proc/self/fd").iterdir()))

    files()
    before = files()
    assert max(files() for _ in range(5)) <= before
