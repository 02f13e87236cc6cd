"""Read numbers as people and tools write them: 12.5, "12,5", "1,234.5", "12 %", "1.5 GB"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.data.readers.metrics import unit_of

_NUMBER = re.compile(
    r"^(?P<number>[+-]?[\d.,' ]*\d[\d.,]*(?:[eE][+-]?\d{1,3})?)\s*(?P<unit>[^\d\s.,+-].{0,11})?$"
)
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+(?:[eE][+-]?\d+)?$")
_PROVES_COMMA = re.compile(r"^[+-]?\d+,(?:\d{1,2}|\d{4,})\s*%?$")
_GROUPED_COMMA = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$")
_SPACED = re.compile(r"^[+-]?\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?$")
# ASCII digits only: float() and pandas disagree on the others.
_PLAIN = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$", re.ASCII)
# What people and tools write for "nothing measured".
_MISSING = {"", "-", "--", "n/a", "na", "nan", "null", "none", "nil", "no data", "없음", "미수집"}


@dataclass(frozen=True)
class Values:
    """Parsed numbers, aligned with the texts: NaN where nothing could be read.

    ``repair`` says what was converted, ``fault`` why nothing could be read.
    """

    number: pd.Series
    repair: pd.Series
    fault: pd.Series


def proves_comma(raw: Sequence[object]) -> bool:
    """Whether a cell such as 12,5 proves that its column writes decimals with a comma."""
    return any(_PROVES_COMMA.match(_as_text(cell)) for cell in raw)


def parse_values(
    raw: Sequence[object],
    *,
    unit: str,
    factor: float = 1.0,
    comma: bool = False,
    called: str = "",
) -> Values:
    """Parse value texts of one metric whose base unit is ``unit``; never raises.

    ``factor`` converts the column's own unit to the base unit. A unit written in the cell
    itself overrides it. ``comma`` says that the rest of the column proves a decimal comma.
    ``called`` is the unit that the account names, where the caller goes on to convert.
    """
    text = pd.Series(list(raw), dtype=object).map(_as_text)
    plain = text.str.match(_PLAIN)
    number = pd.to_numeric(text.where(plain), errors="coerce").astype("float64") * factor
    repair = pd.Series("", index=text.index, dtype=object)
    fault = pd.Series("", index=text.index, dtype=object)
    rest = text[~plain]
    if not rest.empty:
        # One cell such as 12,5 proves how the whole column writes decimals.
        comma = comma or bool(rest.str.match(_PROVES_COMMA).any()) or unit == "percent"
        found = [_odd_number(cell, unit, factor, comma, called or unit) for cell in rest]
        numbers = [float("nan") if isinstance(one, str) else one[0] for one in found]
        done = ["" if isinstance(one, str) else one[1] for one in found]
        wrong = [one if isinstance(one, str) else "" for one in found]
        number.loc[rest.index] = pd.Series(numbers, index=rest.index)
        repair.loc[rest.index] = pd.Series(done, index=rest.index, dtype=object)
        fault.loc[rest.index] = pd.Series(wrong, index=rest.index, dtype=object)
    return Values(number, repair, fault)


def is_number(text: str) -> bool:
    """Whether a cell can be read as a number of any notation."""
    cell = _as_text(text)
    return bool(_PLAIN.match(cell)) or not isinstance(_odd_number(cell, "", 1.0, True, ""), str)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return _as_text(text).lower() in _MISSING


def _as_text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _odd_number(
    cell: str, unit: str, factor: float, comma: bool, called: str
) -> tuple[float, str] | str:
    """Return (number, what was done), or the fault in words."""
    folded = unicodedata.normalize("NFKC", cell).strip()
    if folded.lower() in _MISSING:
        return "a value; the cell says there is none" if cell else "a value; the cell is empty"
    match = _NUMBER.match(folded)
    if not match:
        return "a finite number" if "inf" in folded.lower() else "a number"
    plain, done = _plain_number(match["number"].strip(), comma)
    if plain is None:
        return "a number with one decimal mark"
    if not match["unit"]:
        return float(plain) * factor, done or "full-width digits read as plain ones"
    return _with_unit(float(plain), match["unit"].strip(), unit, called, done)


def _plain_number(text: str, comma: bool) -> tuple[str | None, str]:
    """Rewrite thousands and decimal marks to what float() takes."""
    if _PLAIN.match(text):
        return text, ""
    # 1,234 alone is a thousand, unless the column or the metric speaks against it.
    if _DECIMAL_COMMA.match(text) and (comma or not _GROUPED.match(text)):
        return text.replace(",", "."), "decimal comma read as a point"
    if _GROUPED.match(text):
        return text.replace(",", ""), "thousands separators removed"
    if _GROUPED_COMMA.match(text):
        return text.replace(".", "").replace(",", "."), "1.234,5 read as 1234.5"
    if _SPACED.match(text):
        joined = text.replace(" ", "").replace("'", "").replace(",", ".")
        return joined, "thousands separators removed"
    return None, ""


def _with_unit(
    number: float, written: str, unit: str, called: str, done: str
) -> tuple[float, str] | str:
    """Convert a number whose cell carries its unit."""
    known = unit_of(written) or (unit in {"", "bytes"} and unit_of(written + "B")) or None
    if not known:
        return f"a number; the unit {written!r} is not known"
    # The cell's own unit wins over the column's: people mix MB and GB.
    base, factor = known
    if unit and base != unit:
        return f"a number in {called}, not in {base}"
    steps = [done] if done else []
    steps.append(f"unit {written!r} in the cell converted to {called or base}")
    return number * factor, "; ".join(steps)
