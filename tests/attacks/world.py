"""What there is to steal and to spoil, and one run of an attack through ``ExecuteAs``."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from kit.grading.execute import STOPPED, ExecuteAs
from kit.grading.strict import PROOFS, Prover, read_trainer

# nothing that a run leaves may hold it
SECRET = "hidden-7f3a91"
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True)
class World:
    """A course whose files anybody could write, were there no fences. ``port`` listens."""

    course: Path
    port: int
    service: str

    def named(self, text: str) -> str:
        """A cell's text with this world's names in it."""
        told = {
            "COURSE": str(self.course),
            "DRIVER": str(os.getpid()),
            "PORT": str(self.port),
            "SERVICE": self.service,
        }
        for name, value in told.items():
            text = text.replace(f"<{name}>", value)
        return text

    def state(self) -> dict[str, tuple[bytes, int, int]]:
        """Every file of the course with its mode and time."""
        return {
            str(path): (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns)
            for path in sorted(self.course.rglob("*"))
            if path.is_file()
        }


def make_course(course: Path) -> None:
    """Gradebook, hidden tests, the course's secret and another learner's work."""
    files = ("gradebook.db", "source/a/a.ipynb", "private/secret", "submitted/lee/a/a.ipynb")
    for name in files:
        path = course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}: {SECRET}", encoding="utf-8")
        # modes of a course protect nothing against the grader's own user
        path.chmod(0o666)
        path.parent.chmod(0o777)


@dataclass(frozen=True)
class Attack:
    """Cells of a notebook, and what must hold.

    ``says`` is a text that each cell's outputs must hold, in order; "" for anything.
    ``ends`` is the trainer's remark, "" for none. ``files`` lie beside the notebook.
    """

    name: str
    cells: tuple[str, ...]
    says: tuple[str, ...] = ()
    ends: str = ""
    files: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    also: Callable[[Ran], bool] | None = None


@dataclass(frozen=True)
class Ran:
    """What came of an attack: texts by cell, the remark, files that it left, and points."""

    texts: list[str]
    ended: str
    left: dict[str, bytes]
    proved: float = 0.0


class Proving(ExecuteAs):
    """With ``--strict``, for a notebook of no course."""

    def _want_proof(self, nb: Any, resources: dict[str, Any]) -> None:
        trainer = read_trainer(nb.cells, Path("none"))
        self._prover = Prover(trainer, resources.setdefault(PROOFS, {}), Path("none"))
        self._stack.callback(self._prover.close)


def locked_test(source: str = "assert 1 == 2") -> Any:
    """A test that, unless told otherwise, nothing passes."""
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3,
        "grade_id": "test", "points": 5,
    }  # fmt: skip
    return cell


def run(attack: Attack, world: World, folder: Path, strict: bool = False) -> Ran:
    """Run an attack as a graded notebook in ``folder``; ``strict``: with a locked test behind."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in attack.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(world.named(text), encoding="utf-8")
    cells = [nbformat.v4.new_code_cell(world.named(text)) for text in attack.cells]
    cells += [locked_test()] if strict else []
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": PYTHON})
    resources: dict[str, Any] = {"metadata": {"path": str(folder)}}
    runner = Proving if strict else ExecuteAs
    steps = runner(**{"timeout": 20, "iopub_timeout": 2, **attack.limits})
    ran, resources = steps.preprocess(made, resources)
    # what cannot be written as a notebook is no result
    nbformat.validate(nbformat.from_dict(json.loads(nbformat.writes(ran))))
    links = [path for path in folder.rglob("*") if path.is_symlink()]
    assert links == []
    left = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    proved = sum(one.points or 0.0 for one in resources.get(PROOFS, {}).values())
    return Ran([_text(cell) for cell in ran.cells], resources.get(STOPPED, ""), left, proved)


def _text(cell: Any) -> str:
    said = []
    for output in cell.outputs:
        said.append(str(output.get("text", "")) or json.dumps(output.get("data", {})))
        said.append(f"{output.get('ename', '')}: {output.get('evalue', '')}")
    return "\n".join(said)
