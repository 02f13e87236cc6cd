"""The real series, where this machine has them, and files written for a test."""

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


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write an export under a name and return its path."""

    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write
