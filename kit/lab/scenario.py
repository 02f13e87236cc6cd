"""Scenarios: what a unit's cloud looks like at the beginning.

    UNIT/lab/NAME/
        01-network.yaml          CloudFormation; the stack's name is what follows the number
        objects/BUCKET/KEY       files that lie in buckets

The scenario's name is ``UNIT:NAME``; ``UNIT`` alone where the unit has one only.
"""

from __future__ import annotations

from pathlib import Path

from kit.content import find_unit
from kit.errors import LabError


def find_scenario(named: str | Path) -> Path:
    """The folder of a scenario; LabError names those that there are."""
    if isinstance(named, Path):
        if not named.is_dir():
            raise LabError("There is no such folder.", where=str(named))
        return named
    unit_id, _, name = named.partition(":")
    folder = find_unit(unit_id).folder / "lab"
    there = sorted(path.name for path in folder.glob("*") if path.is_dir())
    if name in there:
        return folder / name
    if not name and len(there) == 1:
        return folder / there[0]
    raise LabError(
        "The unit {unit} has no such scenario.",
        where=named,
        fix="Name one of: {names}",
        unit=unit_id,
        names=", ".join(f"{unit_id}:{each}" for each in there) or "–",
    )
