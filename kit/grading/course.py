"""An nbgrader course directory, a trainer's or a self-learner's, and nbgrader's runs on it.

COURSE/
    nbgrader_config.py      three lines; what a trainer adds there holds for every run
    source/<assignment>/    from the content
    release/, submitted/, autograded/, feedback/    nbgrader's own
    history/                earlier submissions
    gradebook.db            SQLite, unless the configuration names another database
    private/secret          seed of the hidden data
    cohorts/                who takes part, and when
    grading.log             all that nbgrader and its kernels said
"""

from __future__ import annotations

import copy
import logging
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.errors import GradingError
from kit.grading.configure import configure
from kit.grading.full import is_full, no_room
from kit.i18n import mark
from kit.imports import lean_imports

CONFIG_FILE = "nbgrader_config.py"

# a second click on the button should wait for the first, not fail
WAIT_SECONDS = 60.0


class Course:
    """One course directory. ``open_course`` finds a trainer's.

    ``config`` is traitlets' configuration of the course, the base of every run; None
    means the kit's own and nothing else.
    """

    # what to do after a failure of nbgrader
    again = mark("Nothing is lost. Read the log's last lines, then run the command again.")
    _busy = (
        mark("Another command works on this course: {error}"),
        mark("Wait until it is done, then run this one again."),
    )
    _elsewhere = mark("Rename the folder, then run the command again.")

    def __init__(self, root: Path, course_id: str, config: Any = None) -> None:
        if any(sign in str(root) for sign in "*?["):
            # nbgrader looks for submissions by glob patterns made of this path
            raise GradingError(
                "nbgrader cannot work in a folder whose name holds *, ? or [.",
                where=str(root),
                fix=self._elsewhere,
            )
        self.root = root
        self.course_id = course_id
        self.log_file = root / "grading.log"
        self._config = config

    @cached_property
    def config(self) -> Any:
        """traitlets' configuration of this course; copy it before you change it."""
        from traitlets.config import Config

        config = Config() if self._config is None else copy.deepcopy(self._config)
        if self._config is None:
            configure(config, course=self.course_id)
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.course_id = self.course_id
        return config

    @property
    def of_the_kit(self) -> bool:
        """Whether the course's configuration is the kit's."""
        return "ExecuteAs" in str(self.config.Autograde.get("autograde_preprocessors"))

    def directory(self, assignment: str = "", learner: str = "*") -> Any:
        """nbgrader's CourseDirectory for one assignment and learner."""
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=self.config, assignment_id=assignment, student_id=learner)

    @cached_property
    def db_url(self) -> str:
        """The gradebook's address for SQLAlchemy."""
        told = self._config.CourseDirectory.get("db_url") if self._config is not None else ""
        return str(told or f"sqlite:///{self.root / 'gradebook.db'}")

    def source_folder(self, assignment: str) -> Path:
        """Folder of the trainer's version of an assignment."""
        return self._step("source", ".", assignment)

    def release_folder(self, assignment: str) -> Path:
        """Folder of the version for learners."""
        return self._step("release", ".", assignment)

    def submitted(self, learner: str, assignment: str) -> Path:
        """Folder of the submission that counts."""
        return self._step("submitted", learner, assignment)

    def autograded(self, learner: str, assignment: str) -> Path:
        """Folder of a graded submission."""
        return self._step("autograded", learner, assignment)

    def feedback_folder(self, learner: str, assignment: str) -> Path:
        """Folder of what one learner is told."""
        return self._step("feedback", learner, assignment)

    def history(self, learner: str, assignment: str) -> Path:
        """Folder of one learner's earlier submissions, one folder for each by its time."""
        return self.root / "history" / learner / assignment

    def _step(self, step: str, learner: str, assignment: str) -> Path:
        if self._config is None:
            # nbgrader's defaults, without the seconds that importing it takes
            return self.root / step / learner / assignment
        names = self.directory()
        told = getattr(names, f"{step}_directory")
        return Path(os.path.normpath(names.format_path(told, learner, assignment)))

    def prepare(self) -> None:
        """Make sure that the course can be written; GradingError otherwise."""
        try:
            self.log_file.open("ab").close()
        except OSError as error:
            raise GradingError(
                "The course directory cannot be written: {reason}",
                where=str(self.root),
                fix="Work as the user who owns it, or make it yours and writable.",
                reason=error.strerror or error,
            ) from None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the course for one command; a second one waits, then gets a GradingError."""
        with only_one(self.root / "lock.db", *self._busy):
            yield

    def convert(self, kind: Any, assignment: str, learner: str, language: str = "") -> None:
        """Run one of nbgrader's converters (Autograde, GenerateAssignment, ...), replacing.

        ``learner`` may be a glob pattern; ``language`` is that of messages, by default
        each notebook's own. Call it inside ``at_work``; nbgrader's errors come as they are.
        """
        config = copy.deepcopy(self.config)
        config.ExecuteAs.language = language
        config.ExecuteAs.kernel_log = str(self.log_file)
        # the converters are what NbGraderAPI calls; the API itself also looks for an exchange
        converter = kind(coursedir=self.directory(assignment, learner), config=config)
        converter.force = True
        converter.start()

    @contextmanager
    def at_work(self, doing: str) -> Iterator[None]:
        """Around every use of nbgrader: quiet, and any failure becomes a GradingError."""
        try:
            with quiet(self.log_file) as log:
                try:
                    yield
                except GradingError:
                    raise
                except Exception:
                    log.exception("%s failed", doing)
                    raise
        except GradingError:
            raise
        except Exception as error:
            if is_full(error):
                raise no_room(self.root) from error
            raise GradingError(
                "{doing} failed: {kind}: {error}",
                where=str(self.log_file),
                fix=self.again,
                doing=doing,
                kind=type(error).__name__,
                error=error,
            ) from error


@contextmanager
def only_one(lock_file: Path, what: str, fix: str) -> Iterator[None]:
    """Hold ``lock_file`` for one command; a second one waits, then gets a GradingError.

    The lock is a transaction on a file of its own: every system has it, and it ends with
    the process, however that ends. ``what`` may name the ``{error}``.
    """
    lock = sqlite3.connect(lock_file, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if is_full(error):
                raise no_room(lock_file.parent) from error
            raise GradingError(what, where=str(lock_file.parent), fix=fix, error=error) from None
        yield
    finally:
        lock.close()


def any_course(folder: Path | None = None) -> Course:
    """As ``open_course``, and courses that know nothing of the kit: those are only graded."""
    root = _found(folder)
    config = nbgrader_config(root)
    return Course(root, str(config.CourseDirectory.get("course_id") or ""), config)


def open_course(folder: Path | None = None) -> Course:
    """A trainer's course: ``folder``, or the one that the working directory lies in.

    Its configuration is read as nbgrader reads it when it runs there, machine-wide
    and personal files included; without a course here, the one that those files name.
    Raises GradingError when there is none, or its configuration is wrong.
    """
    course = any_course(folder)
    if not course.course_id or not course.of_the_kit:
        raise GradingError(
            "This course does not use the kit's configuration.",
            where=str(course.root / CONFIG_FILE),
            fix='Add: from kit.grading import configure; configure(get_config(), course="ID")',
        )
    return course


def _found(folder: Path | None) -> Path:
    root = folder.expanduser().resolve() if folder else _enclosing(Path.cwd())
    if root is None:
        named = nbgrader_config(None).CourseDirectory.get("root")
        root = Path(named).resolve() if named else None
    if root is None or not (root / CONFIG_FILE).is_file():
        raise GradingError(
            "There is no nbgrader course here.",
            where=str(root or Path.cwd()),
            fix="Go to its folder or add --course DIR. A new one: upskill course DIR",
        )
    return root


def _enclosing(start: Path) -> Path | None:
    here = start.resolve()
    return next((f for f in (here, *here.parents) if (f / CONFIG_FILE).is_file()), None)


def nbgrader_config(root: Path | None) -> Any:
    """nbgrader's configuration for a folder, by nbgrader's own application."""
    with lean_imports():
        from nbgrader.apps import NbGrader

    app = NbGrader()
    # a second course in the working directory must not mix its settings in
    app.load_cwd_config = False
    app.raise_config_file_errors = True
    app.log_level = logging.ERROR
    before = list(sys.path)
    try:
        # nbgrader also looks into the course's folder; the kit's own holds no configuration
        app.initialize([], root=str(root or Path(__file__).parent))
    except (Exception, SystemExit) as error:
        raise GradingError(
            "nbgrader's configuration cannot be read: {kind}: {error}",
            where=str(root / CONFIG_FILE if root else CONFIG_FILE),
            fix="Correct this file; nbgrader --help-all names every setting.",
            kind=type(error).__name__,
            error=error,
        ) from error
    finally:
        # nbgrader puts the working directory first; a trainer's own classes lie in the course
        sys.path[:] = before if root is None or str(root) in before else [str(root), *before]
    return app.config


@contextmanager
def quiet(log_file: Path) -> Iterator[logging.Logger]:
    """While nbgrader runs its log goes to a file; afterwards the environment is as before."""
    log = logging.getLogger("traitlets")
    before = (log.level, log.propagate, dict(os.environ), logging.raiseExceptions)
    # a log that cannot be written is no reason to say so on the screen at every line
    logging.raiseExceptions = False
    handler = logging.FileHandler(log_file, encoding="utf-8")
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
        logging.raiseExceptions = before[3]
        # nbgrader leaves NBGRADER_EXECUTION behind when a run fails
        os.environ.clear()
        os.environ.update(before[2])
