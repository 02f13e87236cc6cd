"""The percentile slider: a promise on one side, what it gives up on the other."""

from __future__ import annotations

from kit.widgets.lasting import script, style
from kit.widgets.working import ControlledWidget


class PercentileSlider(ControlledWidget):
    """A demand with sliders for the rule that sizes it; see ``ControlledWidget``."""

    _esm = script("percentile")
    _css = style("plot")
