"""Exercise ``futures``: what both options cost when all fails, goes as planned, or grows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kit.checking import Mistake, Work, exercise_check, expect
from kit.data.prices import HOURS_PER_MONTH
from kit.i18n import mark

from .money_breakeven import DIAGNOSES as BREAK_EVEN_DIAGNOSES
from .money_breakeven import check_break_even, check_yearly
from .money_case import fresh_inputs
from .money_ledger import FIELDS, FUTURES, OPTIONS, SHAPE, Inputs, moves
from .money_npv import TITLES, close, npv, nudge_of
from .money_tornado import DIAGNOSES as TORNADO_DIAGNOSES
from .money_tornado import check_tornado
from .money_work import every_future, inputs_of, model_of, passes

FUTURE_TITLES = {
    "stop": mark("switched off after year 1"),
    "base": mark("as planned"),
    "grow": mark("demand grows"),
}
Table = dict[tuple[str, str], float]


@exercise_check("futures")
def futures(work: Work) -> None:
    """Break-even by its equation, futures by what moves them, the tornado by its effect."""
    check_yearly(work)
    check_break_even(work)
    check_futures(work)
    check_tornado(work)


@exercise_check("graded-options")
def options(work: Work) -> None:
    """Futures on fresh inputs; the worth of stopping and of growing from the learner's own."""
    check_futures(work)
    table = own_table(work, inputs_of(work))
    given = expect.mapping(work.value("worth"), "worth", ("stop", "grow"))
    lead = {future: table[future, "renew"] - table[future, "cloud"] for future in FUTURES}
    for future, won in given.items():
        got = expect.number(won, f"worth[{future!r}]", unit="won")
        if abs(got - (lead[future] - lead["base"])) > 0.01 * abs(lead[future] - lead["base"]) + 1e4:
            raise Mistake(
                "worth_not_a_difference",
                mark("`worth` puts {got:,.0f} won on the future “{future}”."),
                required=mark(
                    "The cloud's lead is renewal minus cloud. Its worth is by how much that lead "
                    "is larger in this future than as planned, from your own `futures(m)`."
                ),
                got=got,
                future=FUTURE_TITLES[future],
            )


@exercise_check("graded-breakeven")
def breakeven(work: Work) -> None:
    """Both functions on fresh numbers; u* and its hours by the learner's own model."""
    check_yearly(work)
    check_break_even(work)
    model = model_of(work)
    u = expect.number(work.value("u_star"), "u_star", unit="share", low=0.0, high=10.0)
    slope = abs(model.lead({**model.m, "on_share": 1.0}) - model.lead({**model.m, "on_share": 0.0}))
    gap = model.lead({**model.m, "on_share": u})
    if abs(gap) > 0.005 * slope:
        raise Mistake(
            "not_break_even",
            mark("On for {u:.1%} of the year, your own options still differ by {gap:,.0f} won."),
            required=mark("At u* both are worth the same in today's won."),
            step=mark("Put it into a copy of your `m` and compare: m | {{'on_share': u_star}}"),
            u=u,
            gap=abs(gap),
        )
    hours = expect.number(work.value("hours_month"), "hours_month", unit="h", low=0.0)
    if abs(hours - u * HOURS_PER_MONTH) > 4 and not (u > 1 and abs(hours - HOURS_PER_MONTH) < 1):
        raise Mistake(
            "hours_not_a_share",
            mark("`hours_month` is {hours:,.0f} beside a u* of {u:.2f}."),
            required=mark("The share of a month of 730 hours that a machine may be on."),
            hours=hours,
            u=u,
        )


# --- three futures --------------------------------------------------------------------


@exercise_check("graded-assumptions")
def assumptions(work: Work) -> None:
    """Ranges and the two that swing the decision; a person judges the reasons."""
    check_tornado(work)


def own_table(work: Work, m: Inputs) -> Table:
    """The learner's ``futures(m)``: today's won by future and option."""
    told = expect.mapping(work.function("futures")(dict(m)), "futures(m)", FUTURES)
    rows = {f: expect.mapping(told[f], f"futures(m)[{f!r}]", OPTIONS) for f in FUTURES}
    return {
        (f, o): expect.number(rows[f][o], f"futures(m)[{f!r}][{o!r}]", unit="won")
        for f, o in every_future()
    }


def check_futures(work: Work) -> None:
    """Each input moves each future by what it means there, in today's won."""
    if not passes(npv.function, work):
        _check_figures(work)
        return
    for salt in (40, 41):
        m = fresh_inputs(work.fresh(salt))
        before = own_table(work, m)
        for key in FIELDS:
            if key not in SHAPE:
                step = nudge_of(key, m)
                after = own_table(work, {**m, key: m[key] + step})
                _compare(m, key, step, before, after)


def _compare(m: Inputs, key: str, step: float, before: Table, after: Table) -> None:
    for future, option in every_future():
        row = moves(key, option, future, m)
        due = float(np.dot(row, (1 + m["rate"]) ** -np.arange(float(len(row)))))
        mine = (after[future, option] - before[future, option]) / step
        if not close(mine, due, step):
            raise Mistake(
                "future_moved_wrongly",
                mark(
                    "Future “{future}”, {option}: with `{key}` up by {size:,.6g}, your cost of "
                    "today moves by {won:,.0f} won."
                ),
                required=mark("`{key}`: {meaning}. What is paid in this future, and until when?"),
                step=mark("Write down the years of this future and what is paid in each."),
                future=FUTURE_TITLES[future],
                option=TITLES[option],
                key=key,
                size=step,
                won=mine * step,
                meaning=FIELDS[key][1],
            )


def _check_figures(work: Work) -> None:
    """For a learner who took the flows: their own case only."""
    model = model_of(work)
    table = own_table(work, model.m)
    for future, option in every_future():
        if not close(table[future, option], model.worth(option, future, model.m), 1.0):
            raise Mistake(
                "future_does_not_hold",
                mark("Future “{future}”, {option}: {won:,.0f} won today."),
                required=mark("What is paid in this future, year by year, in today's won."),
                future=FUTURE_TITLES[future],
                option=TITLES[option],
                won=table[future, option],
            )


Gauge = Callable[[str, str, str], float]


def _gauge(work: Work) -> tuple[Inputs, Table, Gauge]:
    """How a future moves per won of an input, on the learner's own case."""
    m = inputs_of(work)
    before = own_table(work, m)

    def slope(future: str, option: str, key: str) -> float:
        step = nudge_of(key, m)
        after = own_table(work, {**m, key: m[key] + step})
        return (after[future, option] - before[future, option]) / step

    return m, before, slope


def capex_avoided(work: Work) -> Mistake | None:
    """Bought servers are treated as if they could be handed back."""
    m, _, slope = _gauge(work)
    kept = slope("stop", "renew", "capex")
    if kept > 0.9:
        return None
    return Mistake(
        "capex_avoided_on_stop",
        mark(
            "Switched off after year 1, your renewal carries {kept:,.0f} of the {capex:,.0f} won "
            "paid for the servers. The supplier takes none of them back."
        ),
        required=mark("What is paid is gone; only `resale_year1_won` comes back."),
        kept=kept * m["capex"],
        capex=m["capex"],
    )


def exit_on_stop(work: Work) -> Mistake | None:
    """Leaving the cloud early is free."""
    _, before, slope = _gauge(work)
    if abs(slope("stop", "cloud", "exit_won")) > 1e-6:
        return None
    return Mistake(
        "exit_forgotten_on_stop",
        mark(
            "Switched off after year 1, your cloud costs {won:,.0f} won and the data never "
            "leave it: `exit_won` moves nothing."
        ),
        required=mark("Who stops also leaves, only earlier."),
        won=before["stop", "cloud"],
    )


def times_growth(work: Work) -> Mistake | None:
    """The whole renewal times the growth."""
    m, before, _ = _gauge(work)
    if not close(before["grow", "renew"], m["growth"] * before["base", "renew"], 1.0):
        return None
    return Mistake(
        "times_growth",
        mark(
            "Your renewal in the growing future is {growth:g} times the planned one: "
            "{won:,.0f} won. As if all of those servers had stood there, and been paid "
            "for, from the first day."
        ),
        required=mark("More servers are ordered when the demand comes, and arrive later."),
        growth=m["growth"],
        won=before["grow", "renew"],
    )


def lead_time(work: Work) -> Mistake | None:
    """Servers are there on the day they are ordered."""
    m, _, slope = _gauge(work)
    if any(abs(slope("grow", "renew", key)) > 1e-6 for key in ("lead_time_weeks", "lost_won_week")):
        return None
    return Mistake(
        "lead_time_forgotten",
        mark(
            "In your growing future the servers run on the day they are ordered: {weeks:g} weeks "
            "of waiting cost 0 won."
        ),
        required=mark("Until they arrive, the demand that cannot be served is lost."),
        weeks=m["lead_time_weeks"],
    )


def grown_at_once(work: Work) -> Mistake | None:
    """The cloud's bill is at its largest from year 1, as a fixed fleet's would be."""
    m, _, slope = _gauge(work)
    got = slope("grow", "cloud", "storage_won_month")
    flat = slope("base", "cloud", "storage_won_month") * m["growth"]
    if not close(got, flat, 1e3):
        return None
    return Mistake(
        "grown_from_year_1",
        mark("Your cloud pays for {growth:g} times the demand at once; it comes in year {year}."),
        required=mark("Rented capacity follows the demand, year by year."),
        growth=m["growth"],
        year=m["growth_year"],
    )


for _diagnosis in BREAK_EVEN_DIAGNOSES:
    futures.diagnose(_diagnosis)
    breakeven.diagnose(_diagnosis)
for _diagnosis in (capex_avoided, exit_on_stop, times_growth, lead_time, grown_at_once):
    futures.diagnose(_diagnosis)
    options.diagnose(_diagnosis)
for _diagnosis in TORNADO_DIAGNOSES:
    futures.diagnose(_diagnosis)
    assumptions.diagnose(_diagnosis)
