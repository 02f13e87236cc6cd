"""Forked kernels beside ordinary ones: the same outputs, and none outlives its notebook."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from kit.runner import manager
from kit.runner.manager import ForkedKernelManager
from kit.runner.spawn import supported
from kit.runner.wire import receive_text, send_text
from tests.kernel_outputs import CELLS, UNORDERED, alike, notebook, text_of
from tests.live_kernels import in_a_loop

pytestmark = pytest.mark.skipif(not supported(), reason="forks need Linux")


def run(made: Any, folder: Path, kind: type = ForkedKernelManager, **more: Any) -> Any:
    options = {"allow_errors": True, "timeout": 60, "record_timing": False, **more}
    # under pytest, ipykernel does not look at what is written below Python
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    plain = {} if kind is ForkedKernelManager else {"env": known}
    return NotebookClient(made, kernel_manager_class=kind, **options).execute(cwd=folder, **plain)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    folder = tmp_path_factory.mktemp("both")
    ordinary = run(notebook(*CELLS.values()), folder, AsyncKernelManager)
    return ordinary, run(notebook(*CELLS.values()), folder)


@pytest.mark.parametrize("what", CELLS)
def test_outputs_are_those_of_an_ordinary_kernel(both: tuple[Any, Any], what: str) -> None:
    ordinary, forked = (made.cells[list(CELLS).index(what)] for made in both)
    if what in UNORDERED:
        for cell in (ordinary, forked):
            cell.outputs.sort(key=lambda output: output.output_type)
    assert alike(forked.outputs) == alike(ordinary.outputs)
    assert forked.execution_count == ordinary.execution_count


def test_metadata_of_language_and_widgets_are_too(both: tuple[Any, Any]) -> None:
    ordinary, forked = both
    assert forked.metadata.language_info == ordinary.metadata.language_info
    kinds = [
        sorted(one["model_name"] for one in made.metadata.widgets[key]["state"].values())
        for made in both
        for key in ("application/vnd.jupyter.widget-state+json",)
    ]
    assert kinds[0] == kinds[1]


def test_a_cell_without_end_is_interrupted_and_the_next_one_runs(tmp_path: Path) -> None:
    made = run(
        notebook("x = 1\nwhile True:\n    pass", "x"),
        tmp_path,
        timeout=2,
        interrupt_on_timeout=True,
        error_on_timeout={"ename": "Timeout", "evalue": "", "traceback": []},
    )
    assert made.cells[0].outputs[-1].ename == "KeyboardInterrupt"
    assert text_of(made, 1) == "1"


def test_a_kernel_that_ends_itself_is_a_dead_one(tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        run(notebook("import os\nos._exit(0)", "1"), tmp_path)


def test_half_a_character_is_printed_and_kills_nothing(tmp_path: Path) -> None:
    # an ordinary kernel dies of it
    assert text_of(run(notebook("print('\\ud83d')"), tmp_path), 0) == "\ud83d\n"


def test_modules_beside_the_notebook_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("value = 'beside'")
    assert text_of(run(notebook("import beside\nbeside.value"), tmp_path), 0) == "'beside'"


def test_names_numbers_and_secrets_stay_with_their_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    cell = (
        "import os, random, numpy\n"
        "found = 'left' in globals(), os.environ.get('OPENAI_API_KEY')\n"
        "left = 1\n"
        "print(*found)\nprint(random.random(), numpy.random.random())"
    )
    first, second = (text_of(run(notebook(cell), tmp_path), 0).splitlines() for _ in range(2))
    assert first[0] == second[0] == "False None"
    assert not set(first[1].split()) & set(second[1].split())


def test_what_a_notebook_started_ends_with_it(tmp_path: Path) -> None:
    cell = "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid, flush=True)"
    pid = int(text_of(run(notebook(cell), tmp_path), 0))
    _wait(lambda: not Path(f"/proc/{pid}").exists() or _state(pid) == "Z")


def test_a_process_that_the_learner_forks_says_nothing_for_the_kernel(tmp_path: Path) -> None:
    cell = (
        "import os\npid = os.fork()\nif not pid:\n    display('child')\n    os._exit(0)\n"
        "os.waitpid(pid, 0)[1]"
    )
    made = run(notebook(cell, "'still here'"), tmp_path)
    assert text_of(made, 0) == "0"
    assert text_of(made, 1) == "'still here'"


def test_a_message_too_big_costs_its_own_kernel_only(tmp_path: Path) -> None:
    cell = (
        "from kit.runner import wire\nwire.LIMIT = 2**40\n"
        "display({'text/plain': 'x' * (20 * 2**20)}, raw=True)"
    )
    with pytest.raises(DeadKernelError):
        run(notebook(cell, "1"), tmp_path, timeout=20)
    assert text_of(run(notebook("1 + 1"), tmp_path), 0) == "2"


def test_a_warm_process_that_died_is_started_again(tmp_path: Path) -> None:
    run(notebook("1"), tmp_path)
    process = manager.WARM._process
    assert process is not None
    process.kill()
    process.wait()
    assert text_of(run(notebook("1 + 1"), tmp_path), 0) == "2"


def test_nothing_is_left_open(tmp_path: Path) -> None:
    run(notebook("1"), tmp_path)
    before = _open_files()
    for _ in range(5):
        run(notebook("1"), tmp_path)
    assert _open_files() <= before


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def _wait(done: Callable[[], bool]) -> None:
    for _ in range(100):
        if done():
            return
        time.sleep(0.1)
    pytest.fail("it still runs")


def test_a_kernel_answers_questions_about_its_names_between_cells(tmp_path: Path) -> None:
    async def run(kernels: ForkedKernelManager, told: list[str]) -> None:
        client = kernels.client()
        await client.start_channels()
        for code in ("short, long = 'one', '한' * 3_000_000", "import os; os._exit(0)"):
            asked = client.execute(code)
            with contextlib.suppress(Empty):
                reply = await client.shell_channel.get_msg(10 if "short" in code else 0.1)
                assert reply["parent_header"]["msg_id"] == asked
                for name in ("short", "long"):
                    await asyncio.to_thread(send_text, ours, name)
                    told.append(await asyncio.to_thread(receive_text, ours, 30))
        client.stop_channels()

    async def ask(told: list[str]) -> None:
        kernels = ForkedKernelManager()
        with theirs:
            await kernels.start_kernel(cwd=tmp_path, beside=theirs, answers="operator:getitem")
        await run(kernels, told)
        # nobody else holds its end
        with pytest.raises(ValueError, match="ended"):
            receive_text(ours, 10)
        await kernels.cleanup_resources()

    told: list[str] = []
    ours, theirs = socket.socketpair()
    with ours:
        in_a_loop(ask(told))
    assert told == ["one", "한" * 3_000_000]
