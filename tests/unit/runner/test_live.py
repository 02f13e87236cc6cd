"""A notebook's forked kernel is the ordinary one in all but the time that it takes."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient

from kit.runner.live import PACKAGES
from kit.runner.spawn import supported
from tests.kernel_outputs import CELLS, UNORDERED, alike, notebook
from tests.live_kernels import SECONDS, Notebook, in_a_loop, kernels, opened, until, warm

pytestmark = pytest.mark.skipif(not supported(), reason="forks need Linux")

KINDS = ("forked", "ordinary")
MORE = {
    "where it stands": "import os, sys\n__name__, os.getcwd(), sys.path, sys.flags, "
    "sys.stdout.encoding, os.getpgid(0) == os.getpid() == os.getsid(0), sys.gettrace()",
    "how it was called": "[part.rpartition('/')[2][:3] for part in [*sys.argv, *sys.orig_argv]]",
    "its environment": "{k: v for k, v in os.environ.items() if k != 'JPY_PARENT_PID'}, "
    "int(os.environ['JPY_PARENT_PID']) == get_ipython().kernel.parent.parent_handle",
    "its main module": "import __main__\n__main__.__dict__ is globals(), "
    "[getattr(__main__, n, None) for n in ('__file__', '__spec__', '__doc__', '__loader__')]",
    "names at the start": "%who",
    "the user's own startup": "from_startup",
    "the user's own settings": "get_ipython().ast_node_interactivity\n2",
    "its history": "h = get_ipython().history_manager\n"
    "h.enabled, h.hist_file, h.session_number > 0",
    "signals": "import signal\n[str(signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM, "
    "signal.SIGCHLD, signal.SIGPIPE)]",
    "a process pool": "import multiprocessing\n"
    "with multiprocessing.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, 2]))",
    "an unimported name": "pd2, np",
    "a backend of plots": "%matplotlib inline",
    "matrices": "import numpy as np\n(np.eye(300) @ np.ones(300)).sum()",
    "a generator": "np.random.default_rng(1).random()",
    "a module with addresses": "import importlib.util\n"
    "sys.modules.get('rfc3987_syntax', 'not there') is None",
}
ALL = {**CELLS, **MORE}


@pytest.fixture(scope="module")
def both(user: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("both")
    warm(user)
    return {kind: executed(kind, user, folder) for kind in KINDS}


def executed(kind: str, user: dict[str, str], folder: Path) -> Any:
    made, manager = notebook(*ALL.values()), kernels(kind)
    options = {"allow_errors": True, "timeout": SECONDS, "record_timing": False}
    return NotebookClient(made, km=manager, **options).execute(cwd=str(folder), env=user)


@pytest.mark.parametrize("what", ALL)
def test_outputs_are_those_of_an_ordinary_kernel(both: dict[str, Any], what: str) -> None:
    forked, ordinary = (both[kind].cells[list(ALL).index(what)] for kind in KINDS)
    if what in UNORDERED:
        for cell in (ordinary, forked):
            cell.outputs.sort(key=lambda output: output.output_type)
    assert alike(forked.outputs) == alike(ordinary.outputs)
    assert forked.execution_count == ordinary.execution_count


async def _asks(book: Notebook) -> None:
    assert await book.run("print(input('name? '))", answer="Kim") == "Kim"


async def _is_interrupted(book: Notebook) -> None:
    running = asyncio.create_task(book.run("import time\nprint('x', flush=True)\ntime.sleep(600)"))
    await asyncio.sleep(1)
    await book.manager.interrupt_kernel()
    assert "KeyboardInterrupt" in await running
    assert await book.run("print('on')") == "on"


async def _is_interrupted_with_its_children(book: Notebook) -> None:
    running = asyncio.create_task(book.run("!sleep 600; echo late"))
    await asyncio.sleep(1)
    await book.manager.interrupt_kernel()
    assert "late" not in await running


async def _restarts(book: Notebook) -> None:
    first = await book.run("left = 1\nimport os\nprint(os.getpid())")
    await book.manager.restart_kernel()
    await book.client.wait_for_ready(timeout=SECONDS)
    assert await book.run("left") == "NameError"
    assert await book.run("import os\nprint(os.getpid())") not in ("", first)


async def _is_dead_when_it_is_killed(book: Notebook) -> None:
    process = book.process
    os.kill(process.pid, signal.SIGKILL)
    await until(lambda: process.poll() is not None)
    assert not await book.manager.is_alive()


async def _ends_as_a_program_does(book: Notebook) -> None:
    process = book.process
    await book.run("import atexit\natexit.register(open, 'ended', 'w')")
    place = Path(await book.run("import os\nprint(os.getcwd())"))
    await book.manager.shutdown_kernel()
    assert process.poll() is not None
    assert (place / "ended").exists()


async def _ends_when_a_cell_says_so(book: Notebook) -> None:
    process = book.process
    book.client.execute("exit")
    await until(lambda: process.poll() is not None)


async def _tells_its_widgets(book: Notebook) -> None:
    await book.run("import ipywidgets\nslider = ipywidgets.IntSlider(41)")
    content = {"comm_id": "c", "target_name": "jupyter.widget.control", "data": {}}
    opening = book.client.session.msg("comm_open", content, metadata={"version": "1.0.0"})
    book.client.shell_channel.send(opening)
    content = {"comm_id": "c", "data": {"method": "request_states"}}
    book.client.shell_channel.send(book.client.session.msg("comm_msg", content))
    while (message := await book.client.get_iopub_msg(timeout=SECONDS))["msg_type"] != "comm_msg":
        assert message["msg_type"] != "comm_close"
    states = message["content"]["data"]["states"].values()
    assert 41 in [one["state"].get("value") for one in states]


async def _has_subshells(book: Notebook) -> None:
    reply = await _control(book, "create_subshell_request", {})
    assert reply["status"] == "ok"
    running = book.client.execute("import time\ntime.sleep(600)")
    message = book.client.session.msg("execute_request", {"code": "print('beside')"})
    message["header"]["subshell_id"] = reply["subshell_id"]
    book.client.shell_channel.send(message)
    while (said := await book.client.get_iopub_msg(timeout=SECONDS))["msg_type"] != "stream":
        pass
    assert said["content"]["text"] == "beside\n"
    assert said["parent_header"]["msg_id"] != running


async def _debugs(book: Notebook) -> None:
    async def ask(seq: int, command: str, **arguments: Any) -> dict[str, Any]:
        told = {"type": "request", "seq": seq, "command": command, "arguments": arguments}
        reply = await _control(book, "debug_request", told)
        assert reply["success"], reply
        return dict(reply.get("body") or {})

    await ask(1, "initialize", clientID="t", adapterID="t", pathFormat="path")
    await ask(2, "attach")
    code = "x = 1\ny = 2\nprint(x + y)"
    place = (await ask(3, "dumpCell", code=code))["sourcePath"]
    await ask(4, "setBreakpoints", source={"path": place}, breakpoints=[{"line": 2}])
    await ask(5, "configurationDone")
    book.client.execute(code)
    while True:
        message = await book.client.get_iopub_msg(timeout=SECONDS)
        if message["content"].get("event") == "stopped":
            break
    frames = await ask(6, "stackTrace", threadId=message["content"]["body"]["threadId"])
    assert frames["stackFrames"][0]["line"] == 2


async def _control(book: Notebook, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    message = book.client.session.msg(kind, content)
    book.client.control_channel.send(message)
    while True:
        reply = await book.client.get_control_msg(timeout=SECONDS)
        if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
            return dict(reply["content"])


DOES = (
    _asks,
    _is_interrupted,
    _is_interrupted_with_its_children,
    _restarts,
    _is_dead_when_it_is_killed,
    _ends_as_a_program_does,
    _ends_when_a_cell_says_so,
    _tells_its_widgets,
    _has_subshells,
    _debugs,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("does", DOES, ids=lambda does: does.__name__.strip("_"))
def test_a_kernel(does: Callable[[Notebook], Any], kind: str, user: Any, tmp_path: Path) -> None:
    async def one() -> None:
        async with opened(kind, user, tmp_path) as book:
            await does(book)

    in_a_loop(one())


def test_two_forks_are_two_kernels(user: Any, tmp_path: Path) -> None:
    async def both() -> list[str]:
        cell = "import os, random, uuid, numpy\nprint(os.getpid(), random.random(), "
        cell += "numpy.random.random(), uuid.uuid4(), os.urandom(8))"
        async with opened("forked", user, tmp_path) as one, opened("forked", user, tmp_path) as two:
            assert one.process.pid != two.process.pid
            return [await book.run(cell) for book in (one, two)]

    first, second = (text.split(maxsplit=4) for text in in_a_loop(both()))
    assert not set(first) & set(second)


def test_what_notebooks_use_is_imported_before_their_first_cell(user: Any, tmp_path: Path) -> None:
    async def missing() -> str:
        async with opened("forked", user, tmp_path) as book:
            return await book.run(f"import sys\nprint(*{{*{PACKAGES}}} - {{*sys.modules}})")

    assert in_a_loop(missing()) == ""
