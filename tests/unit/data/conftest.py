"""The real series, where this machine has them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def real_series(cloudwatch: Path) -> Callable[[str], np.ndarray]:
    """Read a real series."""

    def read(name: str) -> np.ndarray:
        return pd.read_csv(cloudwatch / f"{name}.csv")["value"].to_numpy(dtype=float)

    return read
