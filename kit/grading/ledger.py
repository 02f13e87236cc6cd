"""What has been run and not saved yet: ``COURSE/grading/<assignment>/<learner>/``.

``files/`` is to become the graded folder, ``result.json`` says what came of the run. It is
written last and at once: a run that was killed leaves none and is run again, one that was
saved leaves no folder. Whatever happens in between is done again from here.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kit.files import write_text
from kit.grading.course import Course
from kit.grading.handed import digest
from kit.grading.marks import Marks
from kit.grading.store import storable

FOLDER = "grading"


@dataclass(frozen=True)
class Task:
    """One submission: folder of what was handed in, and the notebooks that it should hold.

    ``key`` is a sha256 over what was handed in and what it is graded against.
    """

    assignment: str
    learner: str
    folder: Path
    notebooks: tuple[str, ...]
    key: str = ""


class Result(BaseModel):
    """What came of one run. ``why`` says why it is not graded, "" when it is.

    Then there are no ``marks``, or those before the cell that nbgrader stopped at. ``seconds`` is
    its own time.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    marks: tuple[Marks, ...] = ()
    why: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Ledger:
    """The unsaved runs of a course."""

    root: Path

    def files(self, task: Task) -> Path:
        """The folder for graded files of a task."""
        return self._place(task) / "files"

    def result(self, task: Task) -> Result | None:
        """What a run of exactly this work found, None when there was none."""
        try:
            found = Result.model_validate_json((self._place(task) / "result.json").read_bytes())
        except (OSError, ValidationError):
            return None
        return found if found.key == task.key else None

    def write(self, task: Task, result: Result) -> None:
        """Keep a result; from now on the run is not repeated."""
        place = self._place(task)
        place.mkdir(parents=True, exist_ok=True)
        found = Result.model_validate(storable(result.model_dump()))
        write_text(place / "result.json", found.model_dump_json())

    def publish(self, task: Task, graded: Path) -> None:
        """Move the files of a saved run to where nbgrader looks for them."""
        files, old = self.files(task), self._place(task) / "old"
        if files.is_dir():
            graded.parent.mkdir(parents=True, exist_ok=True)
            if graded.exists():
                shutil.rmtree(old, ignore_errors=True)
                shutil.move(graded, old)
            shutil.move(files, graded)
        self.drop(task)

    def drop(self, task: Task) -> None:
        """Forget a run."""
        # the result first: without it the rest means nothing
        (self._place(task) / "result.json").unlink(missing_ok=True)
        shutil.rmtree(self._place(task), ignore_errors=True)

    def sweep(self) -> None:
        """Remove the folder when nothing is left in it."""
        for place in sorted(self.root.glob("*")) if self.root.is_dir() else ():
            if not any(place.iterdir()):
                place.rmdir()
        if self.root.is_dir() and not any(self.root.iterdir()):
            self.root.rmdir()

    def _place(self, task: Task) -> Path:
        return self.root / task.assignment / task.learner


def ledger_of(course: Course) -> Ledger:
    """The ledger of a course."""
    return Ledger(course.root / FOLDER)


@dataclass
class Keys:
    """Keys of tasks, see ``key_of``; what an assignment is graded against is read once."""

    course: Course
    strict: bool = False
    _sources: dict[str, str] = field(default_factory=dict)

    def of(self, assignment: str, folder: Path) -> str:
        """The key of what lies in ``folder``."""
        if assignment not in self._sources:
            self._sources[assignment] = digest(self.course.source_folder(assignment))
        return key_of(self._sources[assignment], folder, self.strict)


def key_of(source: str, folder: Path, strict: bool) -> str:
    """The key of what lies in ``folder``, ``source`` being the digest of what it is held against.

    ``strict`` makes another: scores with proof are no scores without.
    """
    told = f"{source}\n{digest(folder)}" + ("\nstrict" if strict else "")
    return hashlib.sha256(told.encode()).hexdigest()
