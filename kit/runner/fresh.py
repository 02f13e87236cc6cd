"""What a fork must change of the process that it is a copy of."""

from __future__ import annotations

import os
import random
import sys


def settle(environment: dict[str, str], folder: str) -> None:
    """Give this fork its environment, its working folder and random numbers of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # every fork would draw the same numbers
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
