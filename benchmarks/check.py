"""A check's round trip in a live kernel, beside an empty cell's."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.rows import Row
from kit.content import load_units
from kit.gate.rehearse import answers_of
from kit.home import LearnerHome, make_home, open_home
from kit.model import Part, Unit
from kit.notebooks import kit_metadata, read_notebook, source

GOAL_SECONDS = 0.05
PATIENCE_SECONDS = 300


def rows(rounds: int) -> list[Row]:
    """Every practice exercise of every unit with its model answer, passed and panel shown."""
    found = []
    for unit in load_units().values():
        with tempfile.TemporaryDirectory() as folder:
            home = open_home(Path(folder) / "home", "en")
            make_home(home)
            found += unit_rows(unit, home, rounds)
    return found


def unit_rows(unit: Unit, home: LearnerHome, rounds: int) -> list[Row]:
    """All exercises together, then each, in a kernel of its own in this home."""
    path = home.notebook(unit, Part.PRACTICE)
    answers = answers_of(unit)
    cells = [cell for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    took: dict[str, list[float]] = {}
    empty: list[float] = []
    with _kernel(path.parent, home.root) as client:
        for cell in cells:
            data = kit_metadata(cell)
            solved = data.get("role") == "answer" and data.get("id") in answers
            _run(client, answers[data["id"]] if solved else source(cell))
        checks = [cell for cell in cells if kit_metadata(cell).get("role") == "check"]
        for _ in range(rounds * 3):
            for cell in checks:
                empty.append(_run(client, ""))
                took.setdefault(kit_metadata(cell)["id"], []).append(_run(client, source(cell)))
    everything = [value for values in took.values() for value in values]
    peer = "empty cell in the same kernel"
    lines = [Row(f"{unit.id}: check, all exercises", everything, peer, empty, GOAL_SECONDS)]
    lines += [Row(f"  {name}", took[name], peer, empty) for name in took]
    return lines


@contextmanager
def _kernel(folder: Path, home: Path) -> Iterator[Any]:
    from jupyter_client.manager import start_new_kernel

    environment = {**os.environ, "UPSKILL_HOME": str(home)}
    manager, client = start_new_kernel(cwd=str(folder), env=environment, stderr=subprocess.DEVNULL)
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: Any, code: str) -> float:
    """Seconds from sending a cell until the kernel is idle again."""
    begin = time.perf_counter()
    message = client.execute(code)
    while True:
        answer = client.get_iopub_msg(timeout=PATIENCE_SECONDS)
        if answer["parent_header"].get("msg_id") != message:
            continue
        if answer["msg_type"] == "error":
            raise RuntimeError("\n".join(answer["content"]["traceback"]))
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return time.perf_counter() - begin
