"""Exercise ``futures``: what both options cost when all fails, goes as planned, or grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kit.checking import Mistake, Work, exercise_check, expect
from kit.data.prices import HOURS_PER_MONTH
from kit.i18n import mark

from .breakeven import DIAGNOSES as BREAK_EVEN_DIAGNOSES
from .breakeven import check_break_even, check_yearly
from .case import fresh_inputs
from .ledger import FIELDS, FUTURES, OPTIONS, SHAPE, Inputs, amounts, moves
from .npv import TITLES, close, nudge_of, plain_number
from .reasons import check_sources
from .tornado import DIAGNOSES as TORNADO_DIAGNOSES
from .tornado import check_tornado
from .work import inputs_of, model_of

FUTURE_TITLES = {
    "stop": mark("switched off after year 1"),
    "base": mark("as planned"),
    "grow": mark("demand grows"),
}
Table = dict[tuple[str, str], list[float]]
OTHERS = ("stop", "grow")


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
    model = model_of(work)
    given = expect.mapping(work.value("worth"), "worth", OTHERS)
    lead = {future: model.lead(future=future) for future in FUTURES}
    for future, won in given.items():
        got = expect.number(won, f"worth[{future!r}]", unit="won")
        if abs(got - (lead[future] - lead["base"])) > 0.01 * abs(lead[future] - lead["base"]) + 1e4:
            raise Mistake(
                "worth_not_a_difference",
                mark("`worth` puts {got:,.0f} won on the future “{future}”."),
                required=mark(
                    "The cloud's lead is renewal minus cloud. Its worth is by how much that lead "
                    "is larger in this future than as planned, from your own flows."
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
    check_sources(work.value("ranges"), work.case)


def own_futures(work: Work, m: Inputs) -> Table:
    """The learner's flows by future and option, from base flows that hold."""
    base = {option: amounts(option, "base", m) for option in OPTIONS}
    told = work.function("futures")(dict(m), base["renew"], base["cloud"])
    told = expect.mapping(told, "futures(...)", OTHERS)
    table: Table = {}
    for future in OTHERS:
        name = f"futures(...)[{future!r}]"
        rows = expect.mapping(told[future], name, OPTIONS)
        last = 1 if future == "stop" else m["years"]
        for option in OPTIONS:
            table[future, option] = _row(rows[option], f"{name}[{option!r}]", last)
    return table


def _row(told: object, name: str, last: int) -> list[float]:
    row = list(told) if isinstance(told, Iterable) else []
    if len(row) != last + 1:
        raise Mistake(
            "wrong_length",
            mark("`{name}` has {count} figures."),
            required=mark("One for today and one for each year that this future lasts."),
            name=name,
            count=len(row),
        )
    return [expect.number(won, f"{name}[{year}]", unit="won") for year, won in enumerate(row)]


def check_futures(work: Work) -> None:
    """Each input moves each future in the years, and by the won, that it means there."""
    for salt in (40, 41):
        m = fresh_inputs(work.fresh(salt))
        if salt == 41:
            # a refresh in year 2 tells the bills of years 1 and 2 apart
            m["refresh_year"] = 2
        before = own_futures(work, m)
        for key in FIELDS:
            if key not in SHAPE:
                step = nudge_of(key, m)
                after = own_futures(work, {**m, key: m[key] + step})
                _compare(m, key, step, before, after)


def _compare(m: Inputs, key: str, step: float, before: Table, after: Table) -> None:
    for future, option in before:
        due = moves(key, option, future, m)
        pairs = zip(after[future, option], before[future, option], strict=True)
        for year, (now, then) in enumerate(pairs):
            if not close((now - then) / step, due[year], step):
                raise Mistake(
                    "future_moved_wrongly",
                    mark(
                        "Future “{future}”, {option}, on fresh inputs (growth in year {start}): "
                        "with `{key}` up by {size} ({unit}), year {year} moves by {won:,.0f} won."
                    ),
                    required=mark("`{key}`: {meaning}. What is paid in this future, and when?"),
                    step=mark("Write down the years of this future and what is paid in each."),
                    future=FUTURE_TITLES[future],
                    option=TITLES[option],
                    key=key,
                    size=plain_number(step),
                    unit=FIELDS[key][0],
                    start=m["growth_year"],
                    year=year,
                    won=now - then,
                    meaning=FIELDS[key][1],
                )


Gauge = Callable[[str, str, str], list[float]]


def _gauge(work: Work) -> tuple[Inputs, Table, Gauge]:
    """How a future's years move per won of an input, on the learner's own case."""
    m = inputs_of(work)
    before = own_futures(work, m)

    def slope(future: str, option: str, key: str) -> list[float]:
        step = nudge_of(key, m)
        after = own_futures(work, {**m, key: m[key] + step})[future, option]
        return [(b - a) / step for a, b in zip(before[future, option], after, strict=True)]

    return m, before, slope


def capex_avoided(work: Work) -> Mistake | None:
    """Bought servers are treated as if they could be handed back."""
    m, _, slope = _gauge(work)
    kept = slope("stop", "renew", "capex")[0]
    if kept > 0.9:
        return None
    return Mistake(
        "capex_avoided_on_stop",
        mark(
            "Switched off after year 1, your renewal pays {kept:,.0f} of the {capex:,.0f} won for "
            "the servers today. The supplier takes none of them back."
        ),
        required=mark("What is paid is gone; only `resale_year1_won` comes back."),
        kept=kept * m["capex"],
        capex=m["capex"],
    )


def exit_on_stop(work: Work) -> Mistake | None:
    """Leaving the cloud early is free."""
    _, before, slope = _gauge(work)
    if any(abs(row) > 1e-6 for row in slope("stop", "cloud", "exit_won")):
        return None
    return Mistake(
        "exit_forgotten_on_stop",
        mark(
            "Switched off after year 1, your cloud costs {won:,.0f} won in that year and the data "
            "never leave it: `exit_won` moves nothing."
        ),
        required=mark("Who stops also leaves, only earlier."),
        won=before["stop", "cloud"][1],
    )


def times_growth(work: Work) -> Mistake | None:
    """The whole renewal times the growth."""
    m, before, _ = _gauge(work)
    base = amounts("renew", "base", m)
    if not all(
        close(won, m["growth"] * due)
        for won, due in zip(before["grow", "renew"], base, strict=True)
    ):
        return None
    return Mistake(
        "times_growth",
        mark(
            "Your growing renewal is {growth:g} times the planned one in every year, from "
            "{won:,.0f} won today on. As if all of those servers had stood there, and been paid "
            "for, from the first day."
        ),
        required=mark("More servers are ordered when the demand comes, and arrive later."),
        growth=m["growth"],
        won=before["grow", "renew"][0],
    )


def lead_time(work: Work) -> Mistake | None:
    """Servers are there on the day they are ordered."""
    m, _, slope = _gauge(work)
    waits = [slope("grow", "renew", key) for key in ("lead_time_weeks", "lost_won_week")]
    if any(abs(won) > 1e-6 for row in waits for won in row):
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
    flat = moves("storage_won_month", "cloud", "base", m)[1] * m["growth"]
    if not close(slope("grow", "cloud", "storage_won_month")[1], flat, 1e3):
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
