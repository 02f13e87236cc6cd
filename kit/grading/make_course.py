"""A trainer's course directory: made once, brought up to date with the content's units."""

from __future__ import annotations

import shutil
from pathlib import Path

from kit.content import content_root, load_units
from kit.errors import GradingError, UsageError
from kit.files import write_bytes, write_text
from kit.grading.cohort_file import EXAMPLE, read_cohort_file, valid_id
from kit.grading.course import CONFIG_FILE, Course, open_course
from kit.grading.exchange import keep_exchange
from kit.grading.identity import course_secret
from kit.home import content_notebook
from kit.model import Part

CONFIG = """\
from kit.grading import configure

configure(get_config(), course={course!r}, folder=__file__)
"""


def make_course(folder: Path, course_id: str, cohort: Path | None = None) -> Course:
    """Make a course directory, or bring the source notebooks of one up to date.

    A configuration that is there stays as it is, and with it the course's id. Raises
    UsageError for an id that nbgrader cannot use, GradingError for anything unwritable.
    """
    root = folder.expanduser().resolve()
    if cohort is not None:
        # refused before anything is made
        read_cohort_file(cohort)
    try:
        if not (root / CONFIG_FILE).is_file():
            _make(root, _proved(course_id))
        _fill(root, cohort)
    except OSError as error:
        raise GradingError(
            "The course directory cannot be written: {reason}",
            where=str(error.filename or root),
            fix="Name a folder of yours: upskill course DIR",
            reason=error.strerror or error,
        ) from None
    course_secret(root)
    course = open_course(root)
    keep_exchange(course)
    return course


def _proved(course_id: str) -> str:
    try:
        return valid_id(course_id)
    except ValueError:
        raise UsageError(
            "'{name}' cannot be a course id.",
            where="--id",
            fix="Use letters, digits, dot, hyphen and underscore: --id migration-2026",
            name=course_id,
        ) from None


def _make(root: Path, course_id: str) -> None:
    # what learners hand in is nobody else's to read
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_text(root / CONFIG_FILE, CONFIG.format(course=course_id))


def _fill(root: Path, cohort: Path | None) -> None:
    for unit in load_units().values():
        for part in (p for p in Part if unit.of(p)):
            source = content_notebook(unit, part)
            if source.is_file():
                target = root / "source" / unit.assignment(part) / source.name
                write_bytes(target, source.read_bytes())
    cohorts = root / "cohorts"
    cohorts.mkdir(exist_ok=True)
    example = content_root() / "assignments" / "cohorts" / EXAMPLE
    if example.is_file() and not (cohorts / EXAMPLE).is_file():
        shutil.copyfile(example, cohorts / EXAMPLE)
    if cohort is not None:
        adopt_cohort(root, cohort)


def adopt_cohort(root: Path, cohort: Path) -> Path:
    """Make ``cohort`` one of the course's files; one of that name before it is kept."""
    # the example's own name stands for no cohort
    name = f"{read_cohort_file(cohort).id}.toml" if cohort.name == EXAMPLE else cohort.name
    target = root / "cohorts" / name
    data = cohort.read_bytes()
    if target.exists() and target.samefile(cohort):
        return target
    if target.exists() and target.read_bytes() != data:
        number = 1
        while (kept := target.with_name(f"{target.name}.{number}")).exists():
            number += 1
        target.replace(kept)
    write_bytes(target, data)
    return target
