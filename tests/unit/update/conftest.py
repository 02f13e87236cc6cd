"""A home of the tiny unit's first version, and its second version to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.content import find_unit, load_units
from kit.gate.build import build_unit
from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.notebooks import Notebook, find_cell, read_notebook, source, write_notebook

# what the second version says instead of the first
NEWER = {
    "How many are there?": "How many disks are there in all?",
    "count = ____": "count = ____  # a whole number",
}


def publish(unit: Unit, version: str, changes: dict[str, str]) -> Unit:
    """A new version of the content, built; every process that looks finds it."""
    source_file, manifest = unit.folder / "workbook.md", unit.folder / "workbook.toml"
    text = source_file.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    source_file.write_text(text, encoding="utf-8")
    written = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        written.replace(f'version = "{unit.version}"', f'version = "{version}"'), encoding="utf-8"
    )
    load_units.cache_clear()
    newer = find_unit(unit.id)
    build_unit(newer)
    return newer


@dataclass
class Learner:
    """A home with two answers, before an update. ``unit`` is the content as it is now."""

    home: LearnerHome
    unit: Unit

    @property
    def path(self) -> Path:
        return self.home.notebook(self.unit, Part.PRACTICE)

    def notebook(self) -> Notebook:
        return read_notebook(self.path)

    def answer(self, exercise: str) -> str:
        cell = find_cell(self.notebook(), exercise, "answer")
        assert cell is not None
        return source(cell)

    def write(self, **answers: str) -> None:
        """Write answers as a learner does."""
        notebook = self.notebook()
        for exercise, text in answers.items():
            cell = find_cell(notebook, exercise, "answer")
            assert cell is not None
            cell["source"] = text
        write_notebook(self.path, notebook)

    def files(self) -> dict[str, bytes]:
        """Every file of the home but what a journal keeps."""
        kept = self.home.state / "update"
        found = [p for p in self.home.root.rglob("*") if p.is_file() and kept not in p.parents]
        return {p.relative_to(self.home.root).as_posix(): p.read_bytes() for p in found}


@pytest.fixture
def learner(
    tiny: Unit, tiny_home: LearnerHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Learner:
    """Two answers in the first version; the second is not there yet."""
    # servers that run on this machine are nobody's here
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    made = Learner(tiny_home, tiny)
    made.write(count="count = 3", total="total = 60")
    return made


@pytest.fixture
def behind(learner: Learner) -> Learner:
    """The same learner when the second version is out."""
    learner.unit = publish(learner.unit, "2", NEWER)
    return learner


@pytest.fixture
def release() -> Callable[[Unit, str, dict[str, str]], Unit]:
    """``release(unit, version, changes)`` publishes one more version."""
    return publish
