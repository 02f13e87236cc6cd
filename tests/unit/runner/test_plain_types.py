"""Which classes mean what they say of equality, whoever made the object."""

from __future__ import annotations

import datetime
import decimal
import unittest.mock
import weakref
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from kit.runner.plain_types import asking_types, plain_types

DATA = (int, dict, datetime.date, decimal.Decimal, Fraction, np.ndarray, np.int64, pd.DataFrame)
OTHER = (
    type(unittest.mock.ANY),
    unittest.mock.MagicMock,
    weakref.ProxyType,
    np.ma.MaskedArray,
    type(pd.col("a")),
    type(pytest.approx(1)),
)


@pytest.mark.parametrize("kind", DATA)
def test_data_is_plain(kind: type) -> None:
    assert plain_types([kind, *OTHER]) == {id(kind)}


def test_what_is_compared_in_c_asks_no_attribute() -> None:
    assert asking_types([*DATA[:2], Fraction]) == {id(Fraction)}
