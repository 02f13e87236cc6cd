"""What a fork must change of the process that it is a copy of."""

from __future__ import annotations

import os
import random
import sys
import tempfile


def settle(environment: dict[str, str], folder: str) -> None:
    """Give this fork its environment, its working folder and random numbers of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # whoever asked for it first has decided it for all
    tempfile.tempdir = environment.get("TMPDIR", tempfile.tempdir)
    # every fork would draw the same numbers
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
