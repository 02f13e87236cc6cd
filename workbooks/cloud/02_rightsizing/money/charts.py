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
from .tornado import Swing
from .work import Model

Say = Callable[..., str]
MILLION = 1e6
_NAMES = {"renew": mark("Renewal"), "cloud": mark("Cloud")}
_FUTURES = {
    "stop": mark("Switched off after year 1"),
    "base": mark("As planned"),
    "grow": mark("Demand grows"),
}


def _options(say: Say) -> Any:
    alt = load_altair()

    names = [say(_NAMES[option]) for option in OPTIONS]
    scale = alt.Scale(domain=names, range=[VERMILLION, BLUE])
    return alt.Color("option:N", title=None, scale=scale, legend=alt.Legend(orient="top"))


def _dashes(say: Say) -> Any:
    """The same option is dashed in every language, whatever its name sorts before."""
    alt = load_altair()

    names = [say(_NAMES[option]) for option in OPTIONS]
    scale = alt.Scale(domain=names, range=[[1, 0], [5, 3]])
    return alt.StrokeDash("option:N", legend=None, scale=scale)


def _so_far(flows: Sequence[float], rate: float) -> Any:
    return np.cumsum(np.asarray(flows) * (1 + rate) ** -np.arange(float(len(flows))))


def cash(model: Model, say: Say) -> Any:
    """What each option has cost so far, in today's won, year by year."""
    alt = load_altair()

    m = model.m
    rows = [
        {"option": say(_NAMES[o]), "year": year, "won": float(won) / MILLION}
        for o in OPTIONS
        for year, won in enumerate(_so_far(model.flows(o, m), m["rate"]))
    ]
    lead = model.lead()
    cheaper = say(_NAMES["cloud" if lead > 0 else "renew"])
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


def break_even(model: Model, say: Say) -> Any:
    """Both options against the share of hours that machines are on."""
    alt = load_altair()

    u = model.u_star
    shares = np.linspace(0, max(1.0, min(1.5, u * 1.1)), 31)
    rows = [
        {"option": say(_NAMES[o]), "share": 100 * s, "won": won / MILLION}
        for s in map(float, shares)
        for o in OPTIONS
        for won in [model.worth(o, "base", {**model.m, "on_share": s})]
    ]
    if u > 1:
        title = say("Cloud is cheaper even always on: break-even would be {u:.0%}", u=u)
    else:
        title = say(
            "Cloud is cheaper below {u:.0%} of hours on; you plan {on:.0%}",
            u=u,
            on=model.m["on_share"],
        )
    lines = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("share:Q", title=say("share of hours on, % (not CPU load)")),
            y=alt.Y("won:Q", title=say("million won of today")),
            color=_options(say),
            strokeDash=_dashes(say),
        )
    )
    plan = pd.DataFrame({"share": [100 * model.m["on_share"]], "label": [say("plan")]})
    rule = alt.Chart(plan).mark_rule(strokeDash=[2, 3], color="gray").encode(x="share:Q")
    return (lines + rule).properties(title=title, width="container", height=240), title


def futures(table: dict[str, dict[str, float]], say: Say) -> Any:
    """Both options in all three futures."""
    alt = load_altair()

    rows = [
        {"future": say(_FUTURES[f]), "option": say(_NAMES[o]), "won": table[f][o] / MILLION}
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
            yOffset=alt.YOffset("option:N", sort=[say(_NAMES[o]) for o in OPTIONS]),
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


def tornado(bars: list[Swing], lead: float, say: Say) -> Any:
    """One bar for each range: the lead at its low and at its high end."""
    alt = load_altair()

    rows = [
        {
            "input": bar.key,
            "from": min(bar.lead_low, bar.lead_high) / MILLION,
            "to": max(bar.lead_low, bar.lead_high) / MILLION,
            "turns": say("turns the decision") if bar.flips() else say("does not turn it"),
        }
        for bar in bars
    ]
    count = sum(bar.flips() for bar in bars)
    title = say(
        "{input} swings it furthest, by {won:million}; {count} of {all} ranges turn it",
        input=bars[0].key,
        won=Won(bars[0].width),
        count=count,
        all=len(bars),
    )
    scale = alt.Scale(
        domain=[say("turns the decision"), say("does not turn it")], range=[VERMILLION, BLUE]
    )
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(height=18)
        .encode(
            y=alt.Y("input:N", title=None, sort=[bar.key for bar in bars]),
            x=alt.X(
                "from:Q",
                title=say("renewal minus cloud, million won of today"),
                # long names of inputs leave a narrow plot: the title may reach under them
                axis=alt.Axis(titleAnchor="end"),
            ),
            x2="to:Q",
            color=alt.Color("turns:N", title=None, scale=scale, legend=alt.Legend(orient="top")),
            tooltip=[
                alt.Tooltip("input:N", title=say("input")),
                alt.Tooltip("from:Q", title=say("from, million won"), format=",.1f"),
                alt.Tooltip("to:Q", title=say("to, million won"), format=",.1f"),
            ],
        )
    )
    marks = [
        alt.Chart(pd.DataFrame({"x": [x]})).mark_rule(strokeDash=dash, color="gray").encode(x="x:Q")
        for x, dash in ((0.0, [1, 0]), (lead / MILLION, [2, 3]))
    ]
    height = 60 + 30 * len(bars)
    return alt.layer(chart, *marks).properties(title=title, width="container", height=height), title
