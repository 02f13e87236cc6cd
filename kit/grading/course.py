"""The self-learner's own nbgrader course, and the two nbgrader runs it needs.

HOME/.upskill/course/
    nbgrader_config.py     so that plain nbgrader commands work here too
    source/<assignment>/   from the content
    submitted/, autograded/, release/    nbgrader's own
    history/               earlier submissions
    gradebook.db           SQLite
    private/secret         seed of the hidden data
    grading.log            all that nbgrader and its kernels said
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.files import read_json, write_bytes, write_json, write_text
from kit.grading.configure import configure
from kit.i18n import phrase

CONFIG = """\
from kit.grading import configure

configure(get_config(), course={course!r})
"""

# a second click on the button should wait for the first, not fail
WAIT_SECONDS = 60.0


class Course:
    """One nbgrader course directory, made at first need."""

    def __init__(self, root: Path, course_id: str) -> None:
        if any(sign in str(root) for sign in "*?["):
            # nbgrader looks for submissions by glob patterns made of this path
            raise GradingError(
                "nbgrader cannot work in a folder whose name holds *, ? or [.",
                where=str(root),
                fix="Move your home: upskill start --home DIR, then copy your notebooks there.",
            )
        self.root = root
        self.course_id = course_id
        self.log_file = root / "grading.log"

    @property
    def db_url(self) -> str:
        """The gradebook's address for SQLAlchemy."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def autograded(self, learner: str, assignment: str) -> Path:
        """Folder of a graded submission."""
        return self.root / "autograded" / learner / assignment

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

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the course for one submission; a second one waits, then gets a GradingError.

        The lock is a transaction on a file of its own: every system has it, and it
        ends with the process, however that ends.
        """
        lock = sqlite3.connect(self.root / "lock.db", timeout=WAIT_SECONDS, isolation_level=None)
        try:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise GradingError(
                    "Another submission is being graded: {error}",
                    where=str(self.root),
                    fix="Wait until it is done, then submit again.",
                    error=error,
                ) from None
            yield
        finally:
            lock.close()

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
                self._convert(GenerateAssignment, assignment, "*")
            except NbGraderException:
                # it refuses new or lost cells while submissions exist; those lie in
                # submitted/ and are graded again, so their old rows may go
                self._forget(assignment)
                self._convert(GenerateAssignment, assignment, "*")
        write_json(stamps_file, {**stamps, assignment: stamp})

    def _forget(self, assignment: str) -> None:
        from nbgrader.api import Gradebook, MissingEntry

        with Gradebook(self.db_url, self.course_id) as gradebook, suppress(MissingEntry):
            gradebook.remove_assignment(assignment)

    def autograde(self, assignment: str, learner: str, language: str) -> None:
        """Grade the learner's submission of an assignment anew; GradingError on failure."""
        from nbgrader.converters import Autograde

        with self.at_work(phrase("Grading '{assignment}'", assignment=assignment)):
            self._convert(Autograde, assignment, learner, language)

    def _convert(self, kind: Any, assignment: str, learner: str, language: str = "") -> None:
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import Config

        config = Config()
        configure(config, course=self.course_id)
        config.CourseDirectory.root = str(self.root)
        config.ExecuteAs.language = language
        config.ExecuteAs.kernel_log = str(self.log_file)
        directory = CourseDirectory(config=config, assignment_id=assignment, student_id=learner)
        # the converters are what NbGraderAPI calls; the API itself also looks for an exchange
        converter = kind(coursedir=directory, config=config)
        converter.force = True
        converter.start()

    @contextmanager
    def at_work(self, doing: str) -> Iterator[None]:
        """Around every use of nbgrader: quiet, and any failure becomes a GradingError."""
        try:
            with self._quiet() as log:
                try:
                    yield
                except Exception:
                    log.exception("%s failed", doing)
                    raise
        except Exception as error:
            raise GradingError(
                "{doing} failed: {kind}: {error}",
                where=str(self.log_file),
                fix="What you handed in is kept. Read the log's last lines, then submit again.",
                doing=doing,
                kind=type(error).__name__,
                error=error,
            ) from error

    @contextmanager
    def _quiet(self) -> Iterator[logging.Logger]:
        """nbgrader's log goes to the file; PATH and environment are as they were afterwards."""
        log = logging.getLogger("traitlets")
        before = (log.level, log.propagate, dict(os.environ))
        handler = logging.FileHandler(self.log_file, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
        # a new gradebook asks the alembic command for its version, by PATH
        tools = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", "")])
        try:
            with warnings.catch_warnings():
                # SQLAlchemy's remarks on nbgrader's own code help no learner
                warnings.simplefilter("ignore")
                yield log
        finally:
            log.removeHandler(handler)
            handler.close()
            log.setLevel(before[0])
            log.propagate = before[1]
            # nbgrader leaves NBGRADER_EXECUTION behind when a run fails
            os.environ.clear()
            os.environ.update(before[2])
