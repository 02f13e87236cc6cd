"""Who works here and with which seeds: the learner's home, or the grader's word.

Under grading the identity comes from the environment that the grader sets for
its kernel, never from the notebook or the home.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from kit.data.seeds import open_seed
from kit.errors import GradingError
from kit.files import read_json
from kit.home import LearnerHome, default_learner, enclosing_root, open_home, unit_from_folder
from kit.i18n import resolve_language

GRADING_VARIABLE = "UPSKILL_GRADING"
# the language of messages that a command asked for, whatever the home's own is
MESSAGES_VARIABLE = "UPSKILL_MESSAGES"
# beside a released notebook: {"format": 1, "course": the trainer's course}
COURSE_FILE = "course.json"


@dataclass(frozen=True)
class Identity:
    """A learner in a course. ``hidden_seed`` is None outside grading.

    ``home`` is None while grading: nothing may be written.
    """

    course: str
    learner: str
    language: str
    hidden_seed: int | None
    home: LearnerHome | None

    def case_seed(self, unit: str, part: str) -> int:
        """Seed of the learner's own case; open, so that they see the same data everywhere."""
        return open_seed(self.course, self.learner, unit, part)

    def fresh_seed(self, unit: str, part: str) -> int:
        """Seed of the data that procedures are run on again; hidden while grading."""
        if self.hidden_seed is not None:
            return self.hidden_seed
        return open_seed(self.course, self.learner, unit, f"{part}-fresh")


def under_nbgrader() -> bool:
    """Whether nbgrader executes this notebook (autograde or validate)."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def current_identity() -> Identity:
    """The identity of this process; GradingError when the grader's word is damaged."""
    text = os.environ.get(GRADING_VARIABLE)
    if text is None:
        home = _home_here(Path.cwd())
        writable = None if under_nbgrader() else home
        return Identity(home.course, home.learner, home.language, None, writable)
    return identity_of(text)


def identity_of(text: str) -> Identity:
    """The identity that a grader's word names; GradingError when it is damaged."""
    try:
        told = json.loads(text)
        return Identity(
            course=str(told["course"]),
            learner=str(told["learner"]),
            language=resolve_language(told.get("language")),
            hidden_seed=int(told["hidden_seed"]),
            home=None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise GradingError(
            "The grader's identity cannot be read: {error}",
            where=GRADING_VARIABLE,
            error=error,
        ) from None


def _home_here(folder: Path) -> LearnerHome:
    """The home that a notebook in ``folder`` works in.

    A notebook that nbgrader fetched lies in no home, but its ``course.json`` names the
    course: then the folder above is the home, as nbgrader has it, and the login is the
    learner, as nbgrader takes it when the work is handed in.
    """
    language = os.environ.get(MESSAGES_VARIABLE)
    course = _released_course(folder)
    if not course or unit_from_folder(folder) is None:
        return open_home(language=language)
    home = open_home(enclosing_root(folder) or folder.resolve().parent, language)
    return (
        home
        if home.course == course
        else replace(home, course=course, learner=default_learner(), exchange=None)
    )


def _released_course(folder: Path) -> str:
    try:
        told = read_json(folder / COURSE_FILE, {})
    except (OSError, ValueError):
        return ""
    course = told.get("course") if isinstance(told, dict) else ""
    return course if isinstance(course, str) else ""
