"""From a unit's ``checks.py`` to the checks in it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

from kit.checking.mistakes import Mistake, Remark
from kit.checking.work import Work
from kit.errors import ContentError
from kit.model import Unit

CheckFunction = Callable[[Work], "Remark | None"]
Diagnosis = Callable[[Work], "Mistake | None"]


@dataclass
class Check:
    """One exercise's check: a result first, diagnoses for when it fails."""

    exercises: tuple[str, ...]
    function: CheckFunction
    diagnoses: list[Diagnosis] = field(default_factory=list)

    def diagnose(self, function: Diagnosis) -> Diagnosis:
        """Register a diagnosis; the first that returns a Mistake replaces the plain one."""
        self.diagnoses.append(function)
        return function


def exercise_check(*exercises: str) -> Callable[[CheckFunction], Check]:
    """Declare the check of one exercise, or of several that ask for the same."""

    def wrap(function: CheckFunction) -> Check:
        return Check(exercises, function)

    return wrap


def unit_module(unit: Unit, name: str) -> ModuleType:
    """A Python file of the unit, such as ``case`` or ``money.ledger``.

    The unit's folder becomes a package of its own, so that its files can import
    each other with ``from . import case`` and two units cannot clash.
    """
    package = f"_upskill_unit_{unit.id}"
    if package not in sys.modules or getattr(sys.modules[package], "__folder__", None) != str(
        unit.folder
    ):
        for loaded in [m for m in sys.modules if m == package or m.startswith(package + ".")]:
            del sys.modules[loaded]
        parent = ModuleType(package)
        parent.__path__ = [str(unit.folder)]
        parent.__dict__["__folder__"] = str(unit.folder)
        sys.modules[package] = parent
    try:
        return importlib.import_module(f"{package}.{name}")
    except Exception as error:
        path = unit.folder.joinpath(*name.split(".")).with_suffix(".py")
        if not path.is_file():
            raise ContentError("A file of the unit is missing.", where=str(path)) from None
        raise ContentError(
            f"A file of the unit does not load: {type(error).__name__}: {error}", where=str(path)
        ) from error


def load_checks(unit: Unit) -> dict[str, Check]:
    """The unit's checks by exercise id; a sealed form has one of its own unless the unit has."""
    # forms judge by checks themselves
    from kit.checking.forms.sealed import sealed_check

    module = unit_module(unit, "checks")
    found: dict[str, Check] = {}
    for value in vars(module).values():
        if isinstance(value, Check):
            for exercise in value.exercises:
                if found.setdefault(exercise, value) is not value:
                    raise ContentError(
                        f"Two checks for '{exercise}'.", where=str(unit.folder / "checks.py")
                    )
    for asked in unit.exercises:
        if asked.asked.digest and asked.id not in found:
            found[asked.id] = sealed_check(asked)
    return found
