"""Every error that the kit raises on purpose.

    KitError
    ├── ContentError      a unit's files are wrong (author's side): file and key
    ├── HomeError         the learner's home is missing, damaged or not writable
    ├── DataError         an export cannot be read: file, row, column
    ├── CheckError        a check is wrong, never the learner's answer
    ├── GradingError      handing in or grading failed
    └── UsageError        a command or call was given something it cannot use

Each carries what happened, where, and what to do next; ``str()`` says all three.
The library raises; the command line translates into exit codes.
"""

from __future__ import annotations


class KitError(Exception):
    """Base of all errors of the kit.

    ``what`` states the fact, ``where`` names the file, row, key or name, and
    ``fix`` is the next step, with the exact command where there is one.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"Where: {self.where}")
        if self.fix:
            parts.append(f"Next: {self.fix}")
        return "\n".join(parts)

    def _render_traceback_(self) -> list[str]:
        # IPython shows this instead of a traceback: the learner needs the three facts
        return [str(self)]


class UsageError(KitError):
    """A command or call was given something it cannot use."""

    exit_code = 2


class ContentError(KitError):
    """A unit's files are wrong; ``where`` names the file and the key."""

    exit_code = 3


class HomeError(KitError):
    """The learner's home is missing, damaged or not writable."""

    exit_code = 4


class DataError(KitError):
    """An export cannot be read; ``where`` names file, row and column."""

    exit_code = 5


class GradingError(KitError):
    """Handing in or grading failed; nothing that was handed in is lost."""

    exit_code = 6


class CheckError(KitError):
    """A check is wrong. Shown to the learner as our problem, never scored."""

    exit_code = 7
