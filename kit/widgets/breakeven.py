"""The break-even curve: two costs over one assumption, and a marker that moves along it."""

from __future__ import annotations

from kit.widgets.lasting import script, style
from kit.widgets.working import ControlledWidget


class BreakEvenCurve(ControlledWidget):
    """Two lines with a marker on the assumption that they share; see ``ControlledWidget``."""

    _esm = script("breakeven")
    _css = style("plot")
