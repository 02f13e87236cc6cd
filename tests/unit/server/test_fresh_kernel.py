"""A real kernel, started from the home's kernelspec with a notebook beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from kit.notebooks import write_notebook
from kit.server.fresh_kernel import names_above
from kit.server.lab import jupyter_folder, prepare_lab

CELLS = [
    {"id": "open", "cell_type": "code", "source": "import numpy as np\nwb, case = 1, 2"},
    {"id": "text", "cell_type": "markdown", "source": "prose = 1"},
    {"id": "define", "cell_type": "code", "source": "def clean(raw):\n    local = raw"},
    {"id": "magic", "cell_type": "code", "source": "%timeit x = 1"},
    {"id": "here", "cell_type": "code", "source": "machine = case.puzzle"},
    {"id": "later", "cell_type": "code", "source": "total = 1"},
]


def test_only_what_cells_above_define_counts():
    assert names_above(CELLS, "here") == {"np", "wb", "case", "clean"}
    assert names_above(CELLS, "open") == set()
    assert "total" in names_above(CELLS, "a cell that is not there")


@pytest.fixture
def run(home: Any, tmp_path: Path) -> Iterator[Callable[[str], tuple[dict[str, Any], str]]]:
    """Runs code as the cell "here"; returns the error output and the reply's status."""
    notebook = tmp_path / "workbook.ipynb"
    cells = [{"metadata": {}, **cell} for cell in CELLS]
    write_notebook(notebook, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    environment = prepare_lab(home) | {"JPY_SESSION_NAME": str(notebook)}
    specs = KernelSpecManager(kernel_dirs=[str(jupyter_folder(home) / "data" / "kernels")])
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs)
    manager.start_kernel(env={**os.environ, **environment})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def execute(code: str) -> tuple[dict[str, Any], str]:
        seen: dict[str, Any] = {}

        def keep(message: dict[str, Any]) -> None:
            if message["msg_type"] == "error":
                seen.update(message["content"])

        message = client.session.msg(
            "execute_request",
            {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
            | {"user_expressions": {}, "stop_on_error": True},
            metadata={"cellId": "here"},
        )
        client.shell_channel.send(message)
        reply = client._recv_reply(message["header"]["msg_id"], timeout=60)
        while True:
            told = client.get_iopub_msg(timeout=60)
            if told["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if told["msg_type"] == "status" and told["content"]["execution_state"] == "idle":
                return seen, reply["content"]["status"]
            keep(told)

    yield execute
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_name_of_a_cell_above_says_which_menu_and_stays_an_error(run):
    error, status = run("machine = case.puzzle")
    shown = "\n".join(error["traceback"])
    assert "`case` is not there yet" in shown
    assert "Run All Above Selected Cell" in shown
    assert "Traceback" not in shown
    assert (error["ename"], status) == ("NameError", "error")


def test_the_learners_own_mistakes_keep_their_traceback(run):
    for code in ("tottal", "total", "prose", "1 / 0"):
        error, _ = run(code)
        assert "Traceback" in "\n".join(error["traceback"]), code
