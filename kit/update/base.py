"""What a learner was given: the shipped notebooks, kept beside the home's own files."""

from __future__ import annotations

from kit.errors import HomeError
from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.notebooks import Notebook, read_notebook


def read_base(home: LearnerHome, unit: Unit, part: Part | None) -> Notebook | None:
    """The notebook that this home was given last, or None when that is not known.

    A damaged one is none: then every text that differs counts as the learner's.
    """
    try:
        return read_notebook(home.base_notebook(unit, part))
    except (HomeError, OSError):
        return None
