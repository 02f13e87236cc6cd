"""What ``wb.tools`` offers in this unit: charts, the business case's inputs, artefacts."""

from __future__ import annotations

from .artefact_tools import ArtefactTools
from .money_tools import MoneyTools
from .sizing_tools import SizingTools


class Tools(SizingTools, MoneyTools, ArtefactTools):
    """The unit's helpers. ``wb.tools.NAME??`` shows any of them in full."""
