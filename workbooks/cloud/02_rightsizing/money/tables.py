"""The money half's tables as people read them: units in headings, thousands separated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from kit.i18n import mark

from .ledger import FIELDS, FUTURES, OPTIONS
from .npv import TITLES, plain_number
from .tornado import SHARES, Swing
from .work import Model

Say = Callable[..., str]
_FUTURES = {
    "stop": mark("Switched off after year 1"),
    "base": mark("As planned"),
    "grow": mark("Demand grows"),
}
_MILLION = mark("{million:,.1f} million won")
_MEANINGS = {
    "renew": mark("renewal, in today's money"),
    "cloud": mark("cloud, in today's money"),
    "lead": mark("renewal minus cloud, as planned"),
    "lead_stop": mark("renewal minus cloud, switched off after year 1"),
    "lead_grow": mark("renewal minus cloud, demand grows"),
    "u_star": mark("break-even share of hours on"),
    "hours_month": mark("the same in hours of a month of 730"),
}


class Listing:
    """A table whose texts are shown whole; ``frame`` is the data frame behind it."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def __repr__(self) -> str:
        rows = [
            [str(index), *map(str, row)]
            for index, row in zip(self.frame.index, self.frame.to_numpy(), strict=True)
        ]
        return "\n".join("  ".join(row) for row in rows)

    def _repr_html_(self) -> str:
        # pandas cuts texts at 50 characters
        with pd.option_context("display.max_colwidth", None):
            return str(self.frame.to_html(notebook=True, justify="left"))


class KeyFigures(dict[str, float]):
    """Numbers by name, for f-strings; shown as a table with units."""

    def __init__(self, told: Mapping[str, float], say: Say) -> None:
        super().__init__(told)
        self._say = say

    def _listing(self) -> Listing:
        say = self._say
        rows = [
            [f'figures["{name}"]', _figure(name, value, say), say(_MEANINGS[name])]
            for name, value in self.items()
        ]
        heads = [say(mark("name")), say(mark("value")), say(mark("meaning"))]
        return Listing(pd.DataFrame(rows, columns=heads).set_index(heads[0]))

    def __repr__(self) -> str:
        return repr(self._listing())

    def _repr_html_(self) -> str:
        return self._listing()._repr_html_()


def _figure(name: str, value: float, say: Say) -> str:
    if name == "u_star":
        return f"{value:.1%}"
    if name == "hours_month":
        return say(mark("{hours:,.0f} hours"), hours=value)
    return say(_MILLION, million=value / 1e6)


def _scaled(key: str, used: float, values: list[float], say: Say) -> list[str]:
    """An input's unit and values as people say them: shares in %, large sums in millions."""
    unit = say(FIELDS[key][0])
    scale, shown = 1.0, plain_number
    if key in SHARES:
        scale, unit, shown = 0.01, "%", "{:.1f}".format
    elif FIELDS[key][0] == "won" and used >= 1e6:
        scale, unit, shown = 1e6, say(mark("million won")), "{:,.1f}".format
    none = say(mark("no value does"))
    return [unit, *(shown(value / scale) if value == value else none for value in values)]


def flows(told: Mapping[str, Sequence[float]], say: Say) -> Listing:
    """Each option's flows by year, in million won."""
    years = range(max(map(len, told.values())))
    heads = [say(mark("year {n}"), n=year) for year in years]
    rows = [[f"{won / 1e6:,.1f}" for won in row] for row in told.values()]
    names = [say(TITLES[option]) for option in told]
    first = say(mark("flows, million won"))
    return Listing(pd.DataFrame(rows, columns=heads, index=pd.Index(names, name=first)))


def futures(model: Model, say: Say) -> Listing:
    """Both options in three futures: renewal minus cloud, and its distance from the plan."""
    worth = {f: [model.worth(o, f, model.m) for o in OPTIONS] for f in FUTURES}
    leads = {f: renew - cloud for f, (renew, cloud) in worth.items()}
    rows = [
        [
            say(_FUTURES[f]),
            *(f"{won / 1e6:,.1f}" for won in (*worth[f], leads[f])),
            f"{(leads[f] - leads['base']) / 1e6:+,.1f}" if f != "base" else "-",
        ]
        for f in FUTURES
    ]
    heads = [
        mark("future, today's money in million won"),
        TITLES["renew"],
        TITLES["cloud"],
        mark("renewal minus cloud"),
        mark("against the plan"),
    ]
    first, *others = map(say, heads)
    return Listing(pd.DataFrame(rows, columns=[first, *others]).set_index(first))


def tipping(model: Model, bars: list[Swing], say: Say) -> Listing:
    """Each range, the lead at both ends in million won, and where the decision turns."""
    rows = [
        [
            bar.key,
            *_scaled(
                bar.key,
                model.m[bar.key],
                [bar.low, model.m[bar.key], bar.high, model.tipping(bar.key)],
                say,
            ),
            *(f"{won / 1e6:,.1f}" for won in (bar.lead_low, bar.lead_high)),
        ]
        for bar in bars
    ]
    heads = [
        mark("input"),
        mark("unit"),
        mark("low"),
        mark("in use"),
        mark("high"),
        mark("the decision turns at"),
        mark("renewal minus cloud at low, million won"),
        mark("renewal minus cloud at high, million won"),
    ]
    first, *others = map(say, heads)
    return Listing(pd.DataFrame(rows, columns=[first, *others]).set_index(first))
