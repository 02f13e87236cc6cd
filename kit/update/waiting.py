"""Which notebooks of a home have new content to come. Reads only: the learner decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kit.home import LearnerHome, starter
from kit.model import Part, Unit
from kit.notebooks import told
from kit.update.base import read_base
from kit.update.salvage import salvage


@dataclass(frozen=True)
class Waiting:
    """New content for one unit: version that the learner has, and version to come.

    ``version_from`` is "" where the learner's is not known.
    """

    unit: str
    version_from: str
    version_to: str


def waiting(home: LearnerHome, unit: Unit) -> Waiting | None:
    """What ``upskill update`` has for this unit, or None when its notebooks are up to date."""
    for part in (*Part, None):
        path = home.notebook(unit, part) if part else home.live_notebook(unit)
        if path.is_file() and home.content_notebook(unit, part).is_file():
            was = _behind(home, unit, part)
            if was is not None:
                return Waiting(unit.id, was, unit.version)
    return None


def waiting_in(home: LearnerHome, units: Iterable[Unit]) -> list[Waiting]:
    """``waiting`` for several units; those that are up to date are left out."""
    return [found for unit in units if (found := waiting(home, unit)) is not None]


def _behind(home: LearnerHome, unit: Unit, part: Part | None) -> str | None:
    """The version that a notebook was given in, None if that says what the content says now."""
    base = read_base(home, unit, part)
    if base is None:
        path = home.notebook(unit, part) if part else home.live_notebook(unit)
        was = told(salvage(path.read_bytes())[0], "version")
        return None if was == unit.version else was
    # the home may speak another language since then: that is no new content
    here = replace(home, language=told(base, "language") or home.language)
    same = base["cells"] == starter(here, unit, part)["cells"]
    return None if same else told(base, "version")
