"""upskill-kit: workbooks that put learning inside real work.

Learners: ``wb = kit.open_workbook("rightsizing")``, then ``wb.check("repair")``;
``lab = kit.open_lab()`` where a unit needs a cloud.
Authors: ``@exercise_check("repair")`` and ``Mistake``.

Names load when first used, so that ``import kit`` costs a kernel almost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.blank import BLANK as ____
    from kit.checking import Mistake, Work, exercise_check
    from kit.lab import open_lab
    from kit.workbook import open_workbook

__version__ = "0.1.0"
__all__ = ["Mistake", "Work", "____", "exercise_check", "open_lab", "open_workbook"]

_HOMES = {
    "____": ("kit.blank", "BLANK"),
    "Mistake": ("kit.checking", "Mistake"),
    "Work": ("kit.checking", "Work"),
    "exercise_check": ("kit.checking", "exercise_check"),
    "open_lab": ("kit.lab", "open_lab"),
    "open_workbook": ("kit.workbook", "open_workbook"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'kit' has no attribute '{name}'")
    module, attribute = _HOMES[name]
    value: object = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
