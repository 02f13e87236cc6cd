"""docs/authoring.md as an author follows it, in a checkout of their own: it ends in a pass."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest
from babel.messages.pofile import read_po, write_po

from kit.notebooks import find_cell, read_notebook, source, write_notebook
from tests.conftest import clean_environment, free_port, serve
from tests.fenced import Block, blocks

pytestmark = pytest.mark.content

CHECKOUT = Path(__file__).parents[1]
DOC = CHECKOUT / "docs" / "authoring.md"
LEFT_OUT = ("__pycache__", ".*", "*.egg-info", "build", "dist", "images", "benchmarks")
FINDINGS = 8


class Said(NamedTuple):
    """A block of commands, what it printed, its exit code, and what the guide promises."""

    commands: str
    output: str
    code: int
    promised: list[str]


class Desk:
    """An author's checkout and shell."""

    def __init__(self, folder: Path) -> None:
        self.checkout = shutil.copytree(
            CHECKOUT, folder / "checkout", ignore=shutil.ignore_patterns(*LEFT_OUT)
        )
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        # the copy's own kit, and no other environment is installed for it
        self.environment = clean_environment(
            PATH=path,
            # tests of the author's clean up after themselves alone
            PYTEST_DEBUG_TEMPROOT=str(folder),
            PYTHONPATH=str(self.checkout),
            UPSKILL_LANG="en",
            UPSKILL_COURSE="self-tests",
            COLUMNS="100",
        )

    def put(self, block: Block) -> None:
        """Add a block to its file, change the line of a diff, fill in the Korean."""
        path = self.checkout / block.file
        if block.language == "po":
            fill_in(path, block.text)
            return
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if block.language == "diff":
            old, new = (
                "".join(line[1:] for line in block.text.splitlines(True) if line[0] == sign)
                for sign in "-+"
            )
            assert text.count(old) == 1, f"{block.file} has not one line {old}"
            text = text.replace(old, new)
        else:
            text = f"{text}\n{block.text}" if text else block.text
        path.write_text(text, encoding="utf-8")

    def run(self, commands: str) -> tuple[str, int]:
        done = subprocess.run(
            ["bash", "-ec", commands],
            cwd=self.checkout,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode in (0, FINDINGS), f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout, done.returncode

    def look(self, command: str) -> tuple[str, int]:
        """Start a preview, visit the address that it says, end it."""
        full = f"cd '{self.checkout}' && exec {command} --no-browser --port {free_port()}"
        server = serve(["bash", "-c", full], self.environment)
        try:
            with urlopen(server.address, timeout=60) as page:
                assert page.status == 200
        finally:
            code = server.stop()
        return "".join(server.printed), code


def fill_in(path: Path, text: str) -> None:
    """Put each translation beside its text, which ``author build`` has put there."""
    with path.open("rb") as stream:
        catalogue = read_po(stream)
    for message in read_po(io.BytesIO(text.encode("utf-8"))):
        if message.id:
            entry = catalogue.get(message.id)
            assert entry is not None, f"{path} has no entry for {message.id}"
            assert entry.string == ""
            entry.string = message.string
    with path.open("wb") as stream:
        write_po(stream, catalogue)


def edit_in_lab(checkout: Path) -> None:
    """What section 5 leaves to the author's hands."""
    path = checkout / "workbooks" / "cloud" / "03_disks" / "workbook.ipynb"
    notebook = read_notebook(path)
    cell = find_cell(notebook, "unit", "setup")
    assert cell is not None
    assert "\ndisplay(disks)\n" in source(cell)
    cell["source"] = source(cell).replace("(disks)", '(disks.sort_values("disk"))')
    write_notebook(path, notebook)


def play(desk: Desk) -> Iterator[Said]:
    """Do what the guide says, from top to bottom."""
    found = blocks(DOC)
    for number, block in enumerate(found):
        if block.file:
            desk.put(block)
        if block.language != "sh":
            continue
        commands, after = block.text.strip(), found[number + 1 : number + 2]
        if "author import" in commands:
            edit_in_lab(desk.checkout)
        look = commands.startswith("upskill author preview")
        output, code = desk.look(commands) if look else desk.run(commands)
        promised = [b.text for b in after if b.language == "text"]
        yield Said(commands, output, code, "".join(promised).splitlines())


def says(line: str, lines: list[str]) -> bool:
    """Whether a line was printed; one that ends in … stands for every line that begins so."""
    if line.endswith("…"):
        return any(told.startswith(line.removesuffix("…").rstrip()) for told in lines)
    return line in lines


def test_every_step_runs_and_the_last_lint_has_nothing_to_mend(tmp_path: Path) -> None:
    missing, codes = [], {}
    for said in play(Desk(tmp_path)):
        lines = [line.rstrip() for line in said.output.splitlines()]
        missing += [(said.commands, line) for line in said.promised if not says(line, lines)]
        codes[said.commands] = said.code
    assert missing == []
    assert len(codes) >= 6
    ended = {commands: code for commands, code in codes.items() if code}
    # the one in the middle is there to find what is still to be written
    assert ended == {"upskill author build disks\nupskill author lint disks": FINDINGS}
    assert list(codes.values())[-1] == 0
    assert list(codes)[-1].endswith("upskill author lint disks")
