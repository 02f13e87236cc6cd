"""Data frames."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kit.checking.mistakes import Mistake
from kit.i18n import mark

if TYPE_CHECKING:
    import pandas as pd


def frame(value: object, name: str, columns: Collection[str]) -> pd.DataFrame:
    """A data frame with at least these columns."""
    import pandas as pd

    if not isinstance(value, pd.DataFrame):
        raise Mistake(
            "not_a_frame",
            mark("`{name}` is {kind}, not a data frame."),
            required=mark("A data frame with the columns {columns}."),
            name=name,
            kind=type(value).__name__,
            columns=", ".join(columns),
        )
    missing = [column for column in columns if column not in value.columns]
    if missing:
        raise Mistake(
            "missing_columns",
            mark("`{name}` has no column {missing}."),
            required=mark("A data frame with the columns {columns}."),
            name=name,
            missing=", ".join(missing),
            columns=", ".join(columns),
        )
    return value
