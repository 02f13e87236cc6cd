"""Whatever a learner has that passes as an answer is found, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.good_unit import build, edit, lint, of_the_unit

SUM = 'sum(disk["gb"] for disk in disks if disk["on"])'
LARGEST = 'max([0, *(disk["gb"] for disk in disks)])'


def method(folder: Path) -> None:
    with (folder / "tools.py").open("a", encoding="utf-8") as tools:
        tools.write(f"\n    def whatever_is_on(self, disks):\n        return {SUM}\n")


def static(folder: Path) -> None:
    with (folder / "case.py").open("a", encoding="utf-8") as case:
        case.write(
            f"\n\nclass Held:\n    @staticmethod\n    def on(disks):\n        return {SUM}\n"
        )


def table(folder: Path) -> None:
    with (folder / "case.py").open("a", encoding="utf-8") as case:
        case.write(f"\n\nRULES = {{'on': lambda disks: {SUM}}}\n")


def locked_cell(folder: Path) -> None:
    edit(
        folder / "workbook.md",
        'wb.items("pre")\n',
        f'wb.items("pre")\n\n\ndef on_now(disks):\n    return {SUM}\n',
    )


def graded(folder: Path) -> None:
    with (folder / "case.py").open("a", encoding="utf-8") as case:
        case.write(f"\n\ndef top(disks):\n    return {LARGEST}\n")


@pytest.mark.parametrize(
    ("spoil", "what", "file", "line"),
    [
        (method, "wb.tools.whatever_is_on", "tools.py", "    def whatever_is_on(self, disks):"),
        (static, "Held.on", "case.py", "    @staticmethod"),
        (table, "RULES['on']", "case.py", f"RULES = {{'on': lambda disks: {SUM}}}"),
        (locked_cell, "on_now", "workbook.md", "def on_now(disks):"),
        (graded, "case.top", "case.py", "def top(disks):"),
    ],
)
def test_it_is_named_where_it_stands(
    good: Path, spoil: Callable[[Path], None], what: str, file: str, line: str
) -> None:
    spoil(good)
    build(good)
    (found,) = of_the_unit(lint(good, only=("paste",)), good)
    assert found.rule == "paste"
    assert f"{what}`" in found.what
    assert found.file == good / file
    assert found.file.read_text(encoding="utf-8").splitlines()[found.line - 1] == line
    assert "Move it where no learner gets it" in found.fix
