"""Load from the parts that tools print: idle and waiting, the busy shares, free and cached."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kit.data.readers.settle import Derive
from kit.i18n import phrase

BUSY = phrase("cpu_percent is 100 - idle - waiting for a disk, of all processors together.")
WAITS = phrase("cpu_percent is 100 - idle: waiting for a disk, which stands apart, is included.")


def numbers(cells: Sequence[object]) -> pd.Series:
    """Cells as numbers; NaN where there is none, which makes what is derived from it unusable."""
    return pd.to_numeric(pd.Series(list(cells), dtype=object), errors="coerce").astype("float64")


def busy(*waiting: Sequence[object]) -> Derive:
    """Turn idle percent into load: what is left of 100 beside idle and ``waiting``."""
    rest = [numbers(cells) for cells in waiting]

    def load(idle: pd.Series) -> pd.Series:
        # Rounding to six digits hides the noise of binary fractions such as 25.000000000000004.
        left = 100.0 - idle - sum(rest)
        # Rounded shares may miss zero by a hundredth.
        return left.mask(left.between(-0.02, 0.0), 0.0).round(6)

    return load


def plus(*others: Sequence[object]) -> Derive:
    """Add other columns to the value."""
    return lambda value: (value + sum(map(numbers, others))).round(6)


def minus(*others: Sequence[object], factor: float = 1.0) -> Derive:
    """Take other columns from the value, then scale: used is total less free and cached."""
    return lambda value: (value - sum(map(numbers, others))) * factor


def scaled(factor: float) -> Derive:
    """Scale the size of the value; some tools draw what goes out below zero."""
    return lambda value: value.abs() * factor


def per(amount: Sequence[object], factor: float = 1.0) -> Derive:
    """Divide by another column, such as the seconds of an interval."""
    return lambda value: value * factor / numbers(amount).where(lambda one: one > 0)
