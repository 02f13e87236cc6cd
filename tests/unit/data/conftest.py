"""The real series, where this machine has them."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def real_series() -> Callable[[str], np.ndarray]:
    """Read a real series; skip where there is none, fail where CI should have it."""

    def read(name: str) -> np.ndarray:
        folder = os.environ.get("UPSKILL_REAL_DATA", "")
        path = Path(folder) / "cloudwatch" / f"{name}.csv"
        if not folder or not path.is_file():
            reason = "UPSKILL_REAL_DATA does not name a folder with the real series"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        return pd.read_csv(path)["value"].to_numpy(dtype=float)

    return read
