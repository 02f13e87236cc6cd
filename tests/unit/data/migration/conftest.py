"""A correct copy of a thousand orders, for corruptions, changes and proofs."""

from __future__ import annotations

import numpy as np
import pytest

from kit.data.legacy.shop import ORDERS, make_shop
from kit.data.migration.table import Row


@pytest.fixture(scope="session")
def orders() -> list[Row]:
    return list(make_shop(np.random.default_rng(3), 1_000).truth(ORDERS))
