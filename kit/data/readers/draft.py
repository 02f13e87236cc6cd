"""Times of a column while they are read: what is known of each text so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.data.readers.years import whole_years
from kit.data.readers.zones import offset_of

HALVED, EXCEL = "read as a 12-hour clock", "read as Excel's day number"
_EARLIEST, _LATEST = pd.Timestamp("1970-01-01"), pd.Timestamp("2200-01-01")


@dataclass(frozen=True)
class Habits:
    """How a whole file writes its times, for parsing it part by part; see ``TimeSurvey``."""

    day_first: bool = False
    # More than one offset in the file: all times are shown in UTC.
    utc: bool = False
    form: str = ""
    year_first: bool = False


@dataclass
class Draft:
    """The texts of a column, with clock, offset in minutes and repair of those read so far."""

    text: pd.Series
    clock: pd.Series
    offset: pd.Series
    repair: pd.Series
    notes: list[str]
    month_first: bool
    habits: Habits | None
    day_first: bool = False
    # Whether 26.10.01 starts with its year; None: these very texts decide.
    year_first: bool | None = None

    def open_texts(self) -> pd.Series:
        """What is not read yet."""
        return self.text[self.clock.isna() & (self.text != "")]


def draft_of(raw: Sequence[object], month_first: bool, habits: Habits | None) -> Draft:
    """A column of which nothing is read."""
    text = pd.Series(list(raw), dtype=object).map(lambda cell: str(cell).strip())
    size = len(text)
    return Draft(
        text,
        pd.Series(pd.NaT, index=range(size), dtype="datetime64[ns]"),
        pd.Series(float("nan"), index=range(size), dtype="float64"),
        pd.Series("", index=range(size), dtype=object),
        [],
        month_first,
        habits,
    )


def assemble(draft: Draft, parts: pd.DataFrame) -> None:
    """Build clocks from extracted parts and write them into the draft."""
    parts = parts[parts["year"].notna()]
    if parts.empty:
        return
    numbers = parts[["year", "month", "day", "hour", "minute", "second"]]
    numbers = numbers.apply(pd.to_numeric).fillna(0).assign(year=whole_years(parts["year"]))
    # Korean writes the half of the day before the hour, English after it.
    half = parts["half1"].fillna(parts["half2"]).fillna("").str.lower().str.replace(".", "")
    hour, named = numbers["hour"], half != ""
    wrong_half = named & ~hour.between(1, 12)
    numbers["hour"] = hour.mask(named, hour % 12 + 12 * half.isin(["pm", "오후"]))
    # pandas carries 25 hours over into the next day; a clock does not.
    wrong = wrong_half | (hour > 23) | (numbers[["minute", "second"]] > 59).any(axis=1)
    clock = plausible(pd.to_datetime(numbers, errors="coerce").mask(wrong))
    part = pd.to_numeric("0." + parts["part"].fillna("0").astype(str))
    clock = clock + pd.to_timedelta(part * 1e9, unit="ns")
    write(draft, clock, parts["zone"].fillna("").map(offset_of))
    draft.repair.loc[clock[clock.notna() & named].index] = HALVED


def plausible(clock: pd.Series) -> pd.Series:
    """Empty what lies outside the years of computing; nanoseconds could not hold it."""
    return clock.where(clock.between(_EARLIEST, _LATEST)).astype("datetime64[ns]")


def write(draft: Draft, clock: pd.Series, offset: pd.Series) -> None:
    """Keep those clocks that can be, each with its offset."""
    found = plausible(clock).dropna()
    draft.clock.loc[found.index] = found
    draft.offset.loc[found.index] = offset.loc[found.index]
