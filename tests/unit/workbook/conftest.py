"""The tiny unit with something to carry on and a question before it, opened."""

from __future__ import annotations

from typing import Any

import pytest

from kit.answers import seal
from kit.content import load_units
from kit.home import LearnerHome
from kit.identity import GRADING_VARIABLE
from kit.model import Unit
from kit.workbook import Workbook, open_workbook

CARRY = """
CARRY = {
    "count": (lambda work: work.value("count"), lambda case: len(case["disks"])),
}
"""
ITEMS = """
[[items]]
id = "pre-1"
pair = "p"
stage = "pre"
question = "How many?"
options = [["a", "One"], ["b", "Two"]]
digest = "{digest}"
"""


@pytest.fixture(autouse=True)
def not_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (GRADING_VARIABLE, "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def unit(tiny: Unit) -> Unit:
    """The tiny unit with something to carry on and a question before it."""
    case = tiny.folder / "case.py"
    text = case.read_text(encoding="utf-8").replace("CARRY: dict[str, object] = {}", CARRY)
    case.write_text(text, encoding="utf-8")
    with (tiny.folder / "workbook.toml").open("a", encoding="utf-8") as file:
        file.write(ITEMS.format(digest=seal("pre-1", "b")))
    load_units.cache_clear()
    return load_units()["tiny"]


@pytest.fixture
def names() -> dict[str, Any]:
    return {}


@pytest.fixture
def wb(unit: Unit, tiny_home: LearnerHome, names: dict[str, Any]) -> Workbook:
    return open_workbook("tiny", names=names)
