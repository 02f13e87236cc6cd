"""Data frames: columns, kinds, keys, order, and sums that stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kit.checking.expect.reading import read
from kit.checking.expect.words import short
from kit.checking.mistakes import Mistake
from kit.i18n import mark

if TYPE_CHECKING:
    import pandas as pd

_KINDS = {
    "number": mark("numbers"),
    "time": mark("dates and times"),
    "text": mark("text"),
}
# sums of floats differ in their last digits with the order of the rows
_SUM_SHARE = 1e-6


def frame(
    value: object,
    name: str,
    columns: Collection[str],
    *,
    dtypes: Mapping[str, str] | None = None,
    key: Sequence[str] = (),
    ordered_by: str = "",
    conserves: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """A data frame with at least these columns.

    ``dtypes`` says of a column that it holds ``"number"``, ``"time"`` or ``"text"``. The
    columns of ``key`` together name each row once, with nothing missing. ``ordered_by`` is a
    column that ascends. ``conserves`` gives columns and what they must add up to, computed by
    the check from the learner's own input; no message says it.
    """
    found = read(name, lambda: _frame(value))
    if found is None:
        raise Mistake(
            "not_a_frame",
            mark("`{name}` is {kind}, not a data frame."),
            required=mark("A data frame with the columns {columns}."),
            name=name,
            kind=type(value).__name__,
            columns=", ".join(columns),
        )
    ordered = [ordered_by] if ordered_by else []
    wanted = dict.fromkeys([*columns, *(dtypes or {}), *key, *(conserves or {}), *ordered])
    _has_columns(found, name, wanted, columns)
    for column, kind in (dtypes or {}).items():
        _is_of(found[column], name, kind)
    if key:
        _names_rows(found, name, list(key))
    if ordered_by:
        _is_ordered(found[ordered_by], name)
    for column, total in (conserves or {}).items():
        _is_of(found[column], name, "number")
        _adds_up(found[column], name, total)
    return found


def _frame(value: object) -> pd.DataFrame | None:
    import pandas as pd

    if not isinstance(value, pd.DataFrame):
        return None
    # a class of the learner's own might answer for its columns as it likes
    return value if type(value) is pd.DataFrame else pd.DataFrame(value)


def _has_columns(
    found: pd.DataFrame, name: str, wanted: Collection[str], told: Collection[str]
) -> None:
    there = list(found.columns)
    missing = read(name, lambda: [column for column in wanted if column not in there])
    if missing:
        raise Mistake(
            "missing_columns",
            mark("`{name}` has no column {missing}."),
            required=mark("A data frame with the columns {columns}."),
            name=name,
            missing=", ".join(missing),
            columns=", ".join(told),
        )
    doubled = read(name, lambda: [column for column in wanted if there.count(column) > 1])
    if doubled:
        raise Mistake(
            "doubled_columns",
            mark("`{name}` has more than one column {doubled}."),
            required=mark("Each column once."),
            name=name,
            doubled=", ".join(doubled),
        )


def _is_of(column: pd.Series[Any], name: str, kind: str) -> None:
    if read(name, lambda: _holds(column, kind)):
        return
    raise Mistake(
        "wrong_dtype",
        mark("Column {column} of `{name}` holds {found}."),
        required=mark("Column {column} holds {wanted}."),
        name=name,
        column=str(column.name),
        found=str(column.dtype),
        wanted=_KINDS[kind],
    )


def _holds(column: pd.Series[Any], kind: str) -> bool:
    from pandas.api import types

    if kind == "number":
        odd = types.is_bool_dtype(column) or types.is_complex_dtype(column)
        return types.is_numeric_dtype(column) and not odd
    if kind == "time":
        return types.is_datetime64_any_dtype(column)
    return all(isinstance(value, str) for value in column.dropna().unique())


def _names_rows(found: pd.DataFrame, name: str, key: list[str]) -> None:
    empty, twice = read(
        name, lambda: (int(found[key].isna().any(axis=1).sum()), found[found.duplicated(key)][key])
    )
    if empty:
        raise Mistake(
            "missing_key",
            mark("{count} rows of `{name}` have no {key}."),
            required=mark("Each row is named by {key}."),
            name=name,
            count=empty,
            key=" + ".join(key),
        )
    if len(twice):
        raise Mistake(
            "duplicate_key",
            mark("{count} rows of `{name}` repeat an earlier one; the first is {row}."),
            required=mark("One row for each {key}."),
            name=name,
            count=len(twice),
            row=short(", ".join(str(value) for value in twice.iloc[0])),
            key=" + ".join(key),
        )


def _is_ordered(column: pd.Series[Any], name: str) -> None:
    if not read(name, lambda: bool(column.is_monotonic_increasing)):
        raise Mistake(
            "not_ordered",
            mark("`{name}` is not in the order of {column}."),
            required=mark("Rows ascend by {column}."),
            name=name,
            column=str(column.name),
        )


def _adds_up(column: pd.Series[Any], name: str, total: float) -> None:
    found = read(name, lambda: float(column.sum()))
    # NaN is near nothing
    if not abs(found - total) <= _SUM_SHARE * max(1.0, abs(total)):
        raise Mistake(
            "sum_changed",
            mark("Column {column} of `{name}` adds up to {found:,.6g}; what went in does not."),
            required=mark("No row is lost and none is counted twice."),
            name=name,
            column=str(column.name),
            found=found,
        )
