"""The self-learner's own course, HOME/.upskill/course/: made at need, graded on the spot."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from kit.errors import GradingError
from kit.files import read_json, write_bytes, write_json, write_text
from kit.grading.course import Course
from kit.i18n import mark, phrase

CONFIG = """\
from kit.grading import configure

configure(get_config(), course={course!r})
"""


class OwnCourse(Course):
    """A course of one. Plain nbgrader commands work in its folder too."""

    again = mark("What you handed in is kept. Read the log's last lines, then submit again.")
    _busy = (
        mark("Another submission is being graded: {error}"),
        mark("Wait until it is done, then submit again."),
    )
    _elsewhere = mark("Move your home: upskill start --home DIR, then copy your notebooks there.")

    def prepare(self) -> None:
        """Make the directory; GradingError when it cannot be written."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_text(self.root / "nbgrader_config.py", CONFIG.format(course=self.course_id))
        except OSError as error:
            raise GradingError(
                "The course directory cannot be written: {reason}",
                where=str(self.root),
                fix="Make it yours and writable, or: upskill start --home DIR",
                reason=error.strerror or error,
            ) from None

    def register(self, assignment: str, notebook: Path) -> None:
        """Enter an assignment into the gradebook, again whenever its content changed."""
        stamps_file = self.root / "registered.json"
        stamps = read_json(stamps_file, {})
        data = notebook.read_bytes()
        stamp = hashlib.sha256(data).hexdigest()
        if stamps.get(assignment) == stamp and (self.root / "gradebook.db").is_file():
            return
        write_bytes(self.root / "source" / assignment / notebook.name, data)
        from nbgrader.converters import GenerateAssignment
        from nbgrader.converters.base import NbGraderException

        with self.at_work(phrase("Registering '{assignment}'", assignment=assignment)):
            try:
                self.convert(GenerateAssignment, assignment, "*")
            except NbGraderException:
                # it refuses new or lost cells while submissions exist; those lie in
                # submitted/ and are graded again, so their old rows may go
                self._forget(assignment)
                self.convert(GenerateAssignment, assignment, "*")
        write_json(stamps_file, {**stamps, assignment: stamp})

    def _forget(self, assignment: str) -> None:
        from nbgrader.api import Gradebook, MissingEntry

        with Gradebook(self.db_url, self.course_id) as gradebook, suppress(MissingEntry):
            gradebook.remove_assignment(assignment)

    def autograde(self, assignment: str, learner: str, language: str) -> None:
        """Grade the learner's submission of an assignment anew; GradingError on failure."""
        from nbgrader.converters import Autograde

        with self.at_work(phrase("Grading '{assignment}'", assignment=assignment)):
            self.convert(Autograde, assignment, learner, language)
