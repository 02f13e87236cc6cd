"""One way to write a row, so that equal rows of two systems are equal bytes.

A row is a JSON array (RFC 8259, UTF-8, no blanks), one element for each column:

* NULL is ``null`` and '' is ``""``: they differ;
* ``integer`` a number, ``flag`` true or false, ``date`` "2024-03-01";
* ``amount`` text without exponent and closing zeros: 12500.00 and 12500 are the same money;
* ``time`` in UTC with a Z, fractions only where there are some;
* ``text`` as it is, and it must be in Unicode's form NFC (Unicode Standard Annex 15).

A value that is not of its column's kind (an amount that became a float, a time without a
zone, a text with decomposed Hangul) is written as ``{"type": "..."}`` with what it is: it
equals no value of a right kind, and the row differs. Nothing is repaired here: what a source
value becomes is the mapping's business.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kit.data.migration.table import Kind, Row, Table

if TYPE_CHECKING:
    import pandas as pd


def canonical(table: Table, row: Row) -> bytes:
    """The canonical bytes of a typed row of ``table``; see above for the form.

    Any value is written, none raises; a row of another length raises ``ValueError``.
    """
    pairs = zip(table.columns, row, strict=True)
    return _dump([plain(column.kind, value) for column, value in pairs]).encode(
        "utf-8", "surrogatepass"
    )


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def plain(kind: Kind, value: Any) -> Any:
    """A value as the canonical form writes it, as Python's None, bool, int, str or dict."""
    if value is None:
        return None
    if _FITS[kind](value):
        write = _WRITERS.get(kind)
        return write(value) if write else value
    note = "text that is not in NFC" if isinstance(value, str) else type(value).__name__
    return {"type": note, "value": repr(value)}


def conforms(kind: Kind, value: Any) -> bool:
    """Whether ``value`` is NULL or of the column's kind."""
    return value is None or _FITS[kind](value)


def _is_text(value: Any) -> bool:
    # what is ASCII is in every form, and most of it is
    return isinstance(value, str) and (value.isascii() or unicodedata.is_normalized("NFC", value))


def _is_amount(value: Any) -> bool:
    return isinstance(value, Decimal) and value.is_finite()


def _is_time(value: Any) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _amount(value: Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()[:-6] + "Z"


_FITS: dict[Kind, Callable[[Any], bool]] = {
    "integer": lambda value: type(value) is int,
    "text": _is_text,
    "amount": _is_amount,
    "time": _is_time,
    "date": _is_date,
    "flag": lambda value: type(value) is bool,
}
# the others are JSON's own
_WRITERS: dict[Kind, Callable[[Any], Any]] = {
    "amount": _amount,
    "time": _time,
    "date": date.isoformat,
}


def frame_rows(frame: pd.DataFrame, table: Table) -> Iterator[Row]:
    """The rows of a data frame, typed as far as pandas kept the types.

    NaN, NaT and NA are NULL, numpy's integers and flags are Python's, a Timestamp is a
    datetime. An amount in a float column stays a float, and differs: read it as Decimal.
    Raises ``KeyError`` for a column that the frame lacks.
    """
    columns = [_python_values(frame[name].tolist()) for name in table.names]
    yield from zip(*columns, strict=True)


def _python_values(values: Iterable[Any]) -> list[Any]:
    found = []
    for value in values:
        missing = isinstance(value, float) and math.isnan(value)
        # NaT and NA are told by name: pandas need not be loaded for this
        missing = missing or type(value).__name__ in ("NaTType", "NAType")
        found.append(
            None
            if missing
            else value.to_pydatetime()
            if type(value).__name__ == "Timestamp"
            else value
        )
    return found
