"""What each formula of the spreadsheet gives: its figures for who only looks at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

import numpy as np

from .ledger import OPTIONS, Inputs, Line, entries, years_of

Row = list[float]


@dataclass(frozen=True)
class Results:
    """Won by year, one figure for each of ``columns`` years from year 0; the ledger's own sums."""

    m: Inputs
    columns: int

    def line(self, line: Line) -> Row:
        """One line of the case, as planned."""
        won = line.constant * prod(self.m[key] for key in line.inputs)
        return self._by_year((year, won) for year in years_of(line.when, self.m))

    def flows(self, option: str, future: str = "base") -> Row:
        """All that an option pays in a future."""
        if future == "grow" and self.m["growth_year"] > self.m["years"]:
            # the decision no longer binds when demand grows
            future = "base"
        return self._by_year(
            (entry.year, entry.factor * prod(self.m[key] for key in entry.inputs))
            for entry in entries(option, future, self.m)
        )

    def _by_year(self, dues: Iterable[tuple[int, float]]) -> Row:
        row = [0.0] * self.columns
        for year, won in dues:
            if year <= self.m["years"]:
                row[year] += won
        return row

    def present(self, row: Row) -> float:
        """Today's won of a row."""
        return float(np.dot(row, (1 + self.m["rate"]) ** -np.arange(float(len(row)))))

    def yearly(self, present: float) -> float:
        """Won a year that pay for ``present`` with interest."""
        rate, years = self.m["rate"], self.m["years"]
        return present * rate / (1 - (1 + rate) ** -years) if rate else present / years

    def u_star(self, hours: float) -> float:
        """On-time share at which both options are worth the same; NaN where none is on.

        ``hours`` is what the cloud's hours cost in today's won, support on them included.
        """
        renew, cloud = (self.present(self.flows(option)) for option in OPTIONS)
        full = hours / self.m["on_share"] if self.m["on_share"] else 0.0
        return (renew - (cloud - hours)) / full if full else float("nan")
