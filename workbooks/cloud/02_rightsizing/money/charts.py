"""Charts of the money half as altair charts with the sentence that each one states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit.charts import BLUE, VERMILLION, load_altair
from kit.i18n import mark

from ..words import Won
from .ledger import FUTURES, OPTIONS
from .work import Model

Say = Callable[..., str]
MILLION = 1e6
NAMES = {"renew": mark("Renewal"), "cloud": mark("Cloud")}
_FUTURES = {
    "stop": mark("Switched off after year 1"),
    "base": mark("As planned"),
    "grow": mark("Demand grows"),
}


def _options(say: Say) -> Any:
    alt = load_altair()

    names = [say(NAMES[option]) for option in OPTIONS]
    scale = alt.Scale(domain=names, range=[VERMILLION, BLUE])
    return alt.Color("option:N", title=None, scale=scale, legend=alt.Legend(orient="top"))


def _dashes(say: Say) -> Any:
    """The same option is dashed in every language, whatever its name sorts before."""
    alt = load_altair()

    names = [say(NAMES[option]) for option in OPTIONS]
    scale = alt.Scale(domain=names, range=[[1, 0], [5, 3]])
    return alt.StrokeDash("option:N", legend=None, scale=scale)


def _so_far(flows: Sequence[float], rate: float) -> Any:
    return np.cumsum(np.asarray(flows) * (1 + rate) ** -np.arange(float(len(flows))))


def cash(model: Model, say: Say) -> Any:
    """What each option has cost so far, in today's won, year by year."""
    alt = load_altair()

    m = model.m
    rows = [
        {"option": say(NAMES[o]), "year": year, "won": float(won) / MILLION}
        for o in OPTIONS
        for year, won in enumerate(_so_far(model.flows(o, m), m["rate"]))
    ]
    lead = model.lead()
    cheaper = say(NAMES["cloud" if lead > 0 else "renew"])
    title = say(
        "{option} is {won:million} cheaper over {years} years",
        option=cheaper,
        won=Won(abs(lead)),
        years=m["years"],
    )
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("year:O", title=say("end of year (0 = today)"), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("won:Q", title=say("spent so far, million won of today")),
        color=_options(say),
        strokeDash=_dashes(say),
        tooltip=[
            alt.Tooltip("option:N", title=say("renewal or cloud")),
            alt.Tooltip("year:O", title=say("end of year (0 = today)")),
            alt.Tooltip("won:Q", title=say("million won of today"), format=",.1f"),
        ],
    )
    chart = base.mark_line(strokeWidth=2.5) + base.mark_point(filled=True, size=45)
    return chart.properties(title=title, width="container", height=240), title


def futures(table: dict[str, dict[str, float]], say: Say) -> Any:
    """Both options in all three futures."""
    alt = load_altair()

    rows = [
        {"future": say(_FUTURES[f]), "option": say(NAMES[o]), "won": table[f][o] / MILLION}
        for f in FUTURES
        for o in OPTIONS
    ]
    stop, base, grow = (Won(table[f]["renew"] - table[f]["cloud"]) for f in FUTURES)
    title = say(
        "Renewal minus cloud: {stop:million} if it stops, {base:million} as planned, "
        "{grow:million} if it grows",
        stop=stop,
        base=base,
        grow=grow,
    )
    order = [say(_FUTURES[f]) for f in FUTURES]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            y=alt.Y("future:N", title=None, sort=order),
            yOffset=alt.YOffset("option:N", sort=[say(NAMES[o]) for o in OPTIONS]),
            x=alt.X("won:Q", title=say("cost, million won of today")),
            color=_options(say),
            tooltip=[
                alt.Tooltip("future:N", title=say("future")),
                alt.Tooltip("option:N", title=say("renewal or cloud")),
                alt.Tooltip("won:Q", title=say("million won of today"), format=",.1f"),
            ],
        )
        .properties(title=title, width="container", height=200)
    )
    return chart, title
