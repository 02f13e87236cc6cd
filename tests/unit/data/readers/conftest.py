from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def exports() -> Path:
    return Path(__file__).parents[3] / "fixtures" / "exports"
