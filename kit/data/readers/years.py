"""Dates whose year has two digits, such as 26.10.01: read where a whole column is year first."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from kit.data.readers.notations import SHORT_YEAR
from kit.i18n import phrase

# The three numbers of a date in the order in which they are written, by who writes them so.
_FIELDS = ("year", "month", "day")
_ORDERS = {"ymd": _FIELDS, "dmy": ("day", "month", "year"), "mdy": ("month", "day", "year")}
# Exports are younger; a day of the first half of a month, taken for a year, is not.
_OLD = pd.Timestamp("2015-01-01")


def whole_years(texts: pd.Series) -> pd.Series:
    """Years as numbers; those of two digits as POSIX has them, 69 to 99 in the last century."""
    years = pd.to_numeric(texts)
    return years.mask(texts.str.len() == 2, years + 1900 + 100 * (years < 69))


def short_parts(texts: pd.Series) -> pd.DataFrame:
    """The parts of those texts that are such dates, named as if all were year first."""
    # pandas keeps no columns of names where there is nothing to extract from
    parts = texts.astype(object).str.extract(SHORT_YEAR)
    return parts.dropna(subset=["year"])


@dataclass
class ShortYears:
    """In which orders the dates of a column can be read, gathered part by part.

    ``spans`` is the first and the last day by order; ``wrong`` are the orders in which one of
    the dates is none.
    """

    text: str = ""
    day: str = ""
    spans: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)

    def add(self, texts: pd.Series, parts: pd.DataFrame) -> None:
        """Look at some of the dates; ``parts`` are those of ``short_parts``."""
        three = parts[list(_FIELDS)].drop_duplicates()
        days = pd.DataFrame({name: _days(three, order) for name, order in _ORDERS.items()})
        # what is a date in no order is damage, and speaks for none
        days = days.dropna(how="all")
        for name, found in days.items():
            if found.isna().any():
                self.wrong.add(str(name))
            if found.notna().any():
                ends = [*self.spans.get(str(name), ()), found.min(), found.max()]
                self.spans[str(name)] = (min(ends), max(ends))
        if not self.text and len(days):
            self.text, self.day = str(texts[days.index[0]]), str(days["ymd"].iloc[0])[:10]

    def _fit(self, name: str) -> tuple[bool, pd.Timedelta]:
        """The lower the better: an export is not old, and covers less time than its misreading."""
        first, last = self.spans[name]
        return first < _OLD, last - first

    @property
    def _fitting(self) -> set[str]:
        return set(self.spans) - self.wrong

    @property
    def year_first(self) -> bool:
        """Whether all can be read so, and no other order fits them better."""
        fitting = self._fitting
        return "ymd" in fitting and self._fit("ymd") == min(map(self._fit, fitting))

    @property
    def ambiguous(self) -> bool:
        """Whether another order gives other days and fits as well."""
        fit = self._fit("ymd")
        return any(
            self._fit(name) == fit and self.spans[name] != self.spans["ymd"]
            for name in self._fitting
        )

    def notes(self) -> list[str]:
        """What was taken for what, where the year was found to come first."""
        if not self.year_first:
            return []
        text, day = self.text, self.day
        if self.ambiguous:
            note = phrase(
                "Dates such as {text} are ambiguous here: read as year, month, day ({day}).",
                text=text,
                day=day,
            )
        else:
            note = phrase(
                "Dates such as {text} are read as year, month, day ({day}).", text=text, day=day
            )
        return [note]


def _days(three: pd.DataFrame, order: tuple[str, ...]) -> pd.Series:
    """The days, read in an order; NaT where they are none. A year has both its digits."""
    named = three.set_axis(list(order), axis=1)
    years = whole_years(named["year"]).where(named["year"].str.len() == 2)
    found = named.apply(pd.to_numeric).assign(year=years).dropna()
    days: pd.Series = pd.to_datetime(found, errors="coerce")
    return days.reindex(three.index)
