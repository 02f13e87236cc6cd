"""All that was handed in for a unit: what lies in ``submitted/``, and going through it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from glob import glob
from pathlib import Path

from kit.errors import UsageError
from kit.grading.course import Course

# done, total, text: called after each submission
Progress = Callable[[int, int, str], None]


def silent(_done: int, _total: int, _text: str) -> None:
    """Progress that nobody watches."""


def handed_in(course: Course, assignment: str) -> dict[str, Path]:
    """The folder of each learner's submission that counts, in the order of learners."""
    names = course.directory(assignment)
    # as nbgrader finds them, wherever its configuration puts a submission
    place = names.format_path(names.submitted_directory, "(?P<learner>.*)", assignment, escape=True)
    folders = sorted(glob(str(course.submitted("*", assignment))))  # noqa: PTH207
    found = {m["learner"]: Path(m[0]) for f in folders if (m := re.fullmatch(place, f))}
    return {learner: folder for learner, folder in found.items() if folder.is_dir()}


def prove_learners(name: str, wanted: Collection[str], known: Iterable[str]) -> None:
    """UsageError naming those of ``wanted`` who handed in nothing of an assignment or unit."""
    strangers = sorted(set(wanted) - set(known))
    if strangers:
        raise UsageError(
            "Nothing of '{name}' was handed in by: {learners}",
            where="--learner",
            fix="Collect first: upskill collect {name}",
            name=name,
            learners=", ".join(strangers),
        )
