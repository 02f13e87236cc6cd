"""How far a learner's code is kept from everything else on this system: probed once, and said."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

from kit.runner.bubblewrap import unwrapped
from kit.runner.isolate import probe
from kit.runner.levels import Found, Level
from kit.runner.spawn import supported


@lru_cache(maxsize=1)
def unfenced() -> str:
    """Why nothing can be fenced on this system, or "" where it can."""
    if not supported():
        return f"{sys.platform}: Linux alone can"
    return probe()


@lru_cache(maxsize=2)
def found(forks: bool = True) -> Found:
    """The level for Python's notebooks; without ``forks`` the one for ordinary kernels."""
    reasons = []
    if forks:
        if not (why := unfenced()):
            return Found(Level.FENCES)
        reasons.append(why)
    if not (why := unwrapped()):
        return Found(Level.BUBBLEWRAP, "; ".join(reasons))
    reasons.append(why)
    level = Level.CONTAINER if contained() else Level.NONE
    return Found(level, "; ".join(reasons))


def contained() -> bool:
    """Whether this process runs in a container or pod."""
    if {"KUBERNETES_SERVICE_HOST", "container"} & os.environ.keys():
        return True
    return any(Path(place).exists() for place in ("/.dockerenv", "/run/.containerenv"))
