"""The learner's way in: ``wb = kit.open_workbook("rightsizing")``, then ``wb.check("repair")``."""

from __future__ import annotations

import sys
from typing import Any

from kit.content import find_unit
from kit.identity import current_identity
from kit.model import Part
from kit.workbook.work import Workbook

__all__ = ["Workbook", "open_workbook"]


def open_workbook(
    unit_id: str, *, part: str = "practice", names: dict[str, Any] | None = None
) -> Workbook:
    """The workbook of a unit, bound to the notebook's names.

    ``part`` is ``"practice"`` or ``"graded"`` and decides which case is yours.
    ``names`` default to the calling notebook's. UsageError for an unknown unit.
    """
    scope = names if names is not None else sys._getframe(1).f_globals
    return Workbook(find_unit(unit_id), Part(part), scope, current_identity())
