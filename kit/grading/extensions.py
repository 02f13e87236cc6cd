"""More time for single learners: given in the gradebook, or waiting for a first hand-in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kit.files import read_json

WAITING = "extensions.json"
_DAY = 86_400.0


def waiting(root: Path) -> dict[str, dict[str, int]]:
    """Days by assignment and learner that no gradebook knows yet."""
    return dict(read_json(root / WAITING, {}))


def extension_rows(root: Path, granted: Mapping[tuple[str, str], float]) -> dict[str, list[object]]:
    """The cohort's table; ``granted`` holds seconds by assignment and learner.

    What a gradebook has counts more than what waits.
    """
    days: dict[tuple[str, str], float] = {
        (assignment, learner): float(more)
        for assignment, people in waiting(root).items()
        for learner, more in people.items()
    }
    days |= {key: seconds / _DAY for key, seconds in granted.items()}
    some = {key: more for key, more in days.items() if more > 0}
    return {
        "assignment": [assignment for assignment, _ in some],
        "learner": [learner for _, learner in some],
        "days": list(some.values()),
    }
