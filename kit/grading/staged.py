"""One submission from ``submitted/`` to graded files and marks, in a process of its own.

The steps are those of nbgrader's Autograde, in its order and by its classes; what they
ask of the gradebook is answered by a picture of it, and nothing is written there. The
files land in a folder beside the results: who saves the marks moves them to their place.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.validator import normalize
from nbgrader import utils
from nbgrader.converters import Autograde

from kit.errors import GradingError
from kit.files import write_text
from kit.grading.course import Course
from kit.grading.keep import clear
from kit.grading.links import remove_links
from kit.grading.marks import Marks, marks_of
from kit.grading.sources import KnownNotebook
from kit.grading.steps import taken


class Staged:
    """Grades submissions of one assignment into folders that ``place`` is told.

    GradingError when the course's configuration has steps of somebody else's: nbgrader
    itself must take those, see ``steps.can_stage``.
    """

    def __init__(self, course: Course, assignment: str, known: Mapping[str, KnownNotebook]) -> None:
        config = copy.deepcopy(course.config)
        config.ExecuteAs.kernel_log = str(course.log_file)
        self._known = known
        self._names = course.directory(assignment)
        self._converter = Autograde(coursedir=self._names, config=config)
        self._exporter = NotebookExporter(parent=self._converter, config=config)
        self._assignment = assignment

    def run(self, learner: str, handed_in: Path, target: Path) -> list[Marks]:
        """Grade what lies in ``handed_in``; the graded files lie in ``target`` afterwards.

        As in nbgrader, one whose marks are ``broken`` is the last of its notebooks.
        """
        remove_links(handed_in, Path(self._names.root))
        shutil.rmtree(target, ignore_errors=True)
        self._copy_files(handed_in, target)
        marks = []
        for path in sorted(handed_in.glob("*.ipynb")):
            if path.stem in self._known:
                marks.append(self._notebook(learner, path, target))
                if marks[-1].broken:
                    break
        if not marks:
            raise GradingError(
                "None of the assignment's notebooks is there.",
                where=str(handed_in),
                fix="Collect again, or ask for: {names}",
                names=", ".join(f"{name}.ipynb" for name in self._known),
            )
        clear(self._names, self._assignment, target, handed_in)
        self._protect(target)
        return marks

    def _notebook(self, learner: str, path: Path, target: Path) -> Marks:
        _, nb = normalize(nbformat.read(path, as_version=4))
        resources = self._resources(learner, path.stem, target)
        nb, resources = self._through(self._converter.sanitize_preprocessors, nb, resources)
        with utils.setenv(NBGRADER_EXECUTION="autograde"):
            nb, resources = self._through(self._converter.autograde_preprocessors, nb, resources)
        marks = marks_of(nb, resources)
        # as nbconvert does after its steps: what is no notebook is not written
        nbformat.validate(nb, relax_add_props=True)
        # half a character, as a cell can print it, is not to cost the points of the others
        text = nbformat.writes(nb, version=4).encode("utf-8", "replace").decode("utf-8")
        write_text(target / path.name, text + "\n")
        return marks

    def _through(self, steps: list[Any], nb: Any, resources: Any) -> tuple[Any, Any]:
        for step in taken(steps, self._exporter, self._known):
            nb, resources = step(nb, resources)
        return nb, resources

    def _resources(self, learner: str, notebook: str, target: Path) -> dict[str, Any]:
        names = {
            "student": learner,
            "assignment": self._assignment,
            "notebook": notebook,
            "db_url": "",
        }
        return {
            "metadata": {"name": notebook, "path": str(target)},
            "unique_key": notebook,
            "output_files_dir": f"{notebook}_files",
            "nbgrader": names,
        }

    def _copy_files(self, handed_in: Path, target: Path) -> None:
        """What came along, and over it the trainer's files, as nbgrader does it."""
        names, converter = self._names, self._converter
        source = Path(names.format_path(names.source_directory, ".", self._assignment))
        kept = {
            str(source / name) for name in converter.exclude_overwriting.get(self._assignment, [])
        }
        ignored = [*names.ignore, "*.ipynb"]
        target.mkdir(parents=True)
        for origin in (handed_in, source):
            for file in utils.find_all_files(str(origin), ignored):
                if file in kept:
                    continue
                copy = target / Path(file).relative_to(origin)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.unlink(missing_ok=True)
                shutil.copy(file, copy)

    def _protect(self, target: Path) -> None:
        mode = int(str(self._converter.permissions), 8)
        for file in target.rglob("*"):
            if file.is_file():
                file.chmod(mode)
