"""A home whose practice is solved, and exports to drop into it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from kit.content import find_unit
from kit.home import LearnerHome
from kit.model import Part
from kit.notebooks import write_notebook

UNIT = find_unit("rightsizing")
EXERCISES = ("repair", "rule", "classify", "memory")


def fill(home: LearnerHome, answers: dict[str, str]) -> None:
    """Write a practice notebook with these answer cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"{name}-answer",
            "metadata": {"kit": {"id": name, "role": "answer"}},
            "source": answers[name],
            "outputs": [],
            "execution_count": None,
        }
        for name in EXERCISES
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    write_notebook(home.notebook(UNIT, Part.PRACTICE), notebook)


def export(path: Path, start: str, samples: int, machine: str = "") -> Path:
    """An export of one machine, named by its file unless told."""
    times = pd.date_range(start, periods=samples, freq="5min")
    values = np.random.default_rng(samples).uniform(20, 30, samples)
    frame = pd.DataFrame({"timestamp": times, "cpu_percent": values})
    if machine:
        frame.insert(0, "machine", machine)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False)
    return path
