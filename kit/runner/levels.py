"""How far a learner's code can be kept from everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Where notebooks run, best first."""

    # forks of a warm process behind fences of their own
    FENCES = "fences"
    # ordinary kernels under bubblewrap
    BUBBLEWRAP = "bubblewrap"
    # ordinary kernels; the container or pod that we are in is the sandbox
    CONTAINER = "container"
    # with the rights of who grades
    NONE = "none"


@dataclass(frozen=True)
class Found:
    """The best level that this system allows; ``why`` not a better one, "" for the best."""

    level: Level
    why: str = ""

    def reaches(self, least: Level) -> bool:
        """Whether it is as good as ``least``."""
        levels = list(Level)
        return levels.index(self.level) <= levels.index(least)


def weakest(levels: Iterable[str]) -> str:
    """The last of some levels, which holds for all of them; "" for none."""
    some = set(levels)
    return next((level.value for level in reversed(Level) if level.value in some), "")
