"""Runs a learner's notebook in a fresh kernel of this Python; the file stays as it is."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.home import LearnerHome
from kit.identity import MESSAGES_VARIABLE
from kit.notebooks import Cell, Notebook
from kit.workbook.resume import FRESH_VARIABLE

CELL_SECONDS = 120
# the name of the error in the last cell when the kernel ended
DIED = "DeadKernelError"
Step = Callable[[int, int], None]


def execute(home: LearnerHome, folder: Path, notebook: Notebook, step: Step) -> list[Cell]:
    """The notebook's cells with fresh outputs, run from top to bottom in ``folder``.

    A cell that raises or runs longer than ``CELL_SECONDS`` is noted in its outputs
    and the next one runs; after a kernel dies the cells behind have none.
    ``step(done, total)`` is called before each cell.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    node = nbformat.reads(json.dumps(_without_outputs(notebook)), as_version=4)
    total = len(node.cells)
    client = NotebookClient(
        node,
        km=_kernel_manager(),
        timeout=CELL_SECONDS,
        interrupt_on_timeout=True,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=lambda cell_index, **_: step(cell_index, total),
    )
    environment = {
        **os.environ,
        "UPSKILL_HOME": str(home.root),
        MESSAGES_VARIABLE: home.language,
        FRESH_VARIABLE: "1",
    }
    try:
        client.execute(env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except DeadKernelError:
        node.cells[-1].setdefault("outputs", []).append(_died())
    return list(node.cells)


def _without_outputs(notebook: Notebook) -> Notebook:
    # an outcome of last week must not pass for one of this run
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def _died() -> dict[str, Any]:
    return {"output_type": "error", "ename": DIED, "evalue": "", "traceback": []}


def _kernel_manager() -> Any:
    import zmq
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OwnKernelSpecs(KernelSpecManager):  # type: ignore[misc]
        def get_kernel_spec(self, _kernel_name: str) -> Any:
            # this very environment, whatever "python3" another one has registered
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=OwnKernelSpecs())
    # other users of this machine could listen to the kernel's ports otherwise
    manager.transport_encryption = "auto" if zmq.has("curve") else "disabled"
    return manager
