"""Every error that the kit raises on purpose.

    KitError
    ├── ContentError      a unit's files are wrong (author's side): file and key
    ├── HomeError         the learner's home is missing, damaged or not writable
    ├── DataError         an export cannot be read: file, row, column
    ├── CheckError        a check is wrong, never the learner's answer
    ├── GradingError      handing in or grading failed
    ├── LabError          the cloud lab cannot start, or refused what it was given
    └── UsageError        a command or call was given something it cannot use

Each carries what happened, where, and what to do next; ``str()`` says all three in
English, ``text(translate)`` in the learner's language.
The library raises; the command line translates into exit codes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

Translate = Callable[..., str]
_LABELS = {"where": "Where: {text}", "fix": "Next: {text}"}


def _english(template: str, **values: object) -> str:
    return template.format(**values) if values else template


class KitError(Exception):
    """Base of all errors of the kit.

    ``what`` states the fact, ``where`` names the file, row, key or name, and
    ``fix`` is the next step, with the exact command where there is one. ``what`` and
    ``fix`` are templates when ``values`` are given, and plain text otherwise.
    """

    exit_code = 1
    # a notebook opened in another language sets this; errors know no languages themselves
    notebook_translate: ClassVar[Translate] = staticmethod(_english)

    def __init__(self, what: str, *, where: str = "", fix: str = "", **values: object) -> None:
        self._templates = {"what": what, "where": where, "fix": fix}
        self._values = values
        super().__init__(self.what)

    @property
    def what(self) -> str:
        """The fact, in English."""
        return self._fact("what", _english)

    @property
    def where(self) -> str:
        """The place: file, row, key or name."""
        return self._templates["where"]

    @property
    def fix(self) -> str:
        """The next step, in English."""
        return self._fact("fix", _english)

    def _fact(self, part: str, translate: Translate) -> str:
        template = self._templates[part]
        if not template:
            return ""
        if part == "where":
            # a path is no message; only a text of the catalogue is looked up
            return str(_translated(template, translate))
        values = {name: _translated(value, translate) for name, value in self._values.items()}
        return translate(template, **values)

    def facts(self) -> list[tuple[str, dict[str, object]]]:
        """What happened and what to do next: each a template with its values."""
        return [(self._templates[part], dict(self._values)) for part in ("what", "fix")]

    def as_dict(self, translate: Translate = _english) -> dict[str, str]:
        """The three facts under ``what``, ``where`` and ``fix``; empty when not known."""
        return {part: self._fact(part, translate) for part in self._templates}

    def text(self, translate: Translate = _english) -> str:
        """The three facts in lines, in the language of ``translate``."""
        facts = self.as_dict(translate)
        lines = [facts["what"]]
        lines += [translate(_LABELS[p], text=facts[p]) for p in _LABELS if facts[p]]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def _render_traceback_(self) -> list[str]:
        # IPython shows this instead of a traceback: the learner needs the three facts
        return [self.text(self.notebook_translate)]


def _translated(value: Any, translate: Translate) -> Any:
    # plain strings came from the learner's side: names, paths, what a file said
    marked = isinstance(value, str) and type(value) is not str
    return translate(value) if marked else value


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


class LabError(KitError):
    """The cloud lab cannot start, or refused a template, a scenario or a call."""

    exit_code = 9


class CheckError(KitError):
    """A check is wrong. Shown to the learner as our problem, never scored."""

    exit_code = 7
