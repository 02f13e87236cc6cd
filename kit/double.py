"""A learner's notebook without Jupyter and without model answers, for tests of a unit's checks.

    from kit.double import Notebook

    def test_counting_the_large_ones_only_is_named() -> None:
        notebook = Notebook("rightsizing")
        notebook.setup("repair")
        notebook.run("def clean(raw): return raw.drop_duplicates()")
        assert notebook.check("repair").feedback.label == "..."

It is shipped, so that whoever writes a unit elsewhere has it too.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kit
from kit.checking import unit_module
from kit.checking.limits import CodeQuit, no_limit
from kit.content import find_exercise, find_unit
from kit.home import LearnerHome, content_notebook
from kit.identity import Identity
from kit.model import Outcome, Part, Unit
from kit.notebooks import Cell, kit_metadata, read_notebook, source
from kit.workbook import Workbook

COURSE = "double"
_ANSWERED_IN = ("answer", "manual", "ask")


class Notebook:
    """One part of a unit as ``learner`` works on it.

    ``root`` is their home: what is there already stays, what a check or a form writes goes
    there. None makes one that goes with this object. ``names`` are the notebook's, ``error``
    is what the last cell stopped with. A unit that is not found is a UsageError.
    """

    def __init__(
        self,
        unit: Unit | str,
        part: str = "practice",
        *,
        learner: str = "double",
        language: str = "en",
        root: Path | None = None,
    ) -> None:
        self.unit = find_unit(unit) if isinstance(unit, str) else unit
        self.part = Part(part)
        if root is None:
            root = Path(tempfile.mkdtemp(prefix="upskill-double-"))
            weakref.finalize(self, shutil.rmtree, root, ignore_errors=True)
        home = LearnerHome(root, learner, COURSE, language)
        # as in a kernel, where display is there without an import
        self.names: dict[str, Any] = {"__name__": "__main__", "display": lambda *_a, **_k: None}
        self.error: BaseException | None = None
        who = Identity(COURSE, learner, language, None, home)
        self.workbook = Workbook(self.unit, self.part, self.names, who)
        self._cells: list[Cell] = read_notebook(content_notebook(self.unit, self.part))["cells"]
        self._ran: set[str] = set()

    def run(self, code: str) -> None:
        """Run code as a cell: its names stay, an error is kept in ``error``, nothing is shown."""
        self.error = None
        with self._opened(), contextlib.redirect_stdout(io.StringIO()):
            try:
                with no_limit():
                    exec(compile(code, "<cell>", "exec"), self.names)
            except CodeQuit as ended:
                self.error = ended.error
            except Exception as error:
                self.error = error

    def setup(self, exercise: str) -> None:
        """Run the locked cells before this exercise's answer, each once.

        Where one builds on an earlier exercise that has not passed, it gets the intermediate
        result, as a learner may take it. ``error`` is that of the first cell that stopped.
        """
        find_exercise(self.unit, exercise)
        carried = getattr(unit_module(self.unit, "case"), "CARRY", {})
        for earlier in self.unit.of(self.part):
            if earlier.id == exercise:
                break
            if earlier.id in carried:
                self.workbook.record("taken", earlier.id)
        self._run_locked(self._before(exercise))

    def answer(self, exercise: str, value: object) -> None:
        """Give an answer as the exercise's form would; UsageError for what it does not offer."""
        with contextlib.redirect_stdout(io.StringIO()):
            self.workbook.answer(exercise, value)

    def file(self, exercise: str, name: str, data: bytes) -> Path:
        """Hand in a file as the exercise's form would; returns where it is kept."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(name).name
            path.write_bytes(data)
            self.answer(exercise, path)
        return self.workbook.work().file(exercise)

    def check(self, exercise: str) -> Outcome:
        """What the exercise's check says now; locked cells behind its answer are run first."""
        self._run_locked(self._behind(exercise))
        return self.workbook.outcome(exercise)

    def _before(self, exercise: str) -> Iterator[Cell]:
        for cell in self._cells:
            told = kit_metadata(cell)
            if told.get("id") == exercise and told.get("role") in _ANSWERED_IN:
                return
            yield cell

    def _behind(self, exercise: str) -> Iterator[Cell]:
        before = {str(cell["id"]) for cell in self._before(exercise)}
        for cell in self._cells:
            if str(cell["id"]) not in before and kit_metadata(cell).get("id") == exercise:
                yield cell

    def _run_locked(self, cells: Iterator[Cell]) -> None:
        first: BaseException | None = None
        for cell in cells:
            if kit_metadata(cell).get("role") == "setup" and str(cell["id"]) not in self._ran:
                self._ran.add(str(cell["id"]))
                self.run(source(cell))
                first = first or self.error
        self.error = first

    @contextlib.contextmanager
    def _opened(self) -> Iterator[None]:
        """The notebook's first cell opens the workbook; here it gets this one."""
        opened = kit.open_workbook
        kit.open_workbook = lambda *_args, **_told: self.workbook
        try:
            yield
        finally:
            kit.open_workbook = opened
