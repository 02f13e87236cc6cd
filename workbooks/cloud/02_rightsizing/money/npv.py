"""Exercise ``npv``: flows by year and their worth today, by what moves when one input moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.checking import Mistake, Work, exercise_check, expect
from kit.i18n import mark

from .case import base_inputs, fresh_inputs
from .ledger import FIELDS, OPTIONS, SHAPE, Inputs, moves

Flows = Callable[[Inputs], list[float]]
TITLES = {"renew": mark("renewal"), "cloud": mark("cloud")}


def nudge_of(key: str, m: Inputs) -> float:
    """A step for an input that is large beside rounding to whole won."""
    if key == "headcount_change":
        return 1.0
    value = abs(float(m[key]))
    return value * 0.1 if value else 1.0


def own_flows(work: Work, option: str) -> Flows:
    """The learner's flows of one option: years + 1 numbers, or a Mistake."""
    name = f"{option}_flows"
    function = work.function(name)

    def flows(m: Inputs) -> list[float]:
        row = function(dict(m))
        try:
            row = list(row)
        except TypeError:
            row = []
        if len(row) != m["years"] + 1:
            raise Mistake(
                "wrong_length",
                mark("`{name}` gives {count} figures for {years} years."),
                required=mark("One figure for today (year 0) and one for each year."),
                name=name,
                count=len(row),
                years=m["years"],
            )
        return [expect.number(won, f"{name}(m)[{y}]", unit="won") for y, won in enumerate(row)]

    return flows


def moved(flows: Flows, m: Inputs, key: str, before: list[float] | None = None) -> list[float]:
    """Won by which each year moves when ``key`` goes up by one; ``before`` saves a call."""
    step = nudge_of(key, m)
    after = flows({**m, key: m[key] + step})
    return [(b - a) / step for a, b in zip(before or flows(m), after, strict=True)]


def plain_number(value: float) -> str:
    """A number as people write it: thousands separated, no powers of ten."""
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.{1 if abs(value) >= 10 else 4}f}".rstrip("0").rstrip(".")


def close(a: float, b: float, step: float = 1.0) -> bool:
    """Equal but for rounding to whole won in the flows."""
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b)) + 2.0 / step


@exercise_check("npv", "graded-npv")
def npv(work: Work) -> None:
    """Worth by scaling, linearity and sign; flows by moving one input at a time."""
    for salt in range(2):
        rng = work.fresh(10 + salt)
        check_worth(work, rng)
        m = fresh_inputs(rng)
        for option in OPTIONS:
            check_flows(own_flows(work, option), option, m)


def check_worth(work: Work, rng: Any) -> None:
    """``npv`` as a function: one won in year t, sums, signs, a rate of zero."""
    worth = work.function("npv")
    rate, years = float(rng.uniform(0.03, 0.15)), int(rng.integers(4, 9))
    for year in range(years + 1):
        unit = [0.0] * (years + 1)
        unit[year] = 1e6
        got = expect.number(worth(unit, rate), "npv(flows, rate)", unit="won")
        # one won of year t, brought forward by t years of interest, must be one won again
        if not close(got * (1 + rate) ** year, 1e6):
            raise Mistake(
                "wrong_scaling",
                mark("Your `npv` says that 1,000,000 won in year {year} are {got:,.0f} won today."),
                required=mark(
                    "What you get today, left at {rate:.1%} a year until year {year}, grows to "
                    "1,000,000 won again."
                ),
                step=mark("Try years 0, 1 and 2 by hand with a flow of 1,000,000 won."),
                year=year,
                got=got,
                rate=rate,
            )
    one, two = rng.normal(0, 1e7, years + 1), rng.normal(0, 1e7, years + 1)
    both = [float(a + 2 * b) for a, b in zip(one, two, strict=True)]
    parts = worth(list(map(float, one)), rate) + 2 * worth(list(map(float, two)), rate)
    if not close(worth(both, rate), parts) or not close(worth(both, 0.0), sum(both)):
        raise Mistake(
            "not_additive",
            mark("Your `npv` of two options together is not the sum of the two."),
            required=mark("Costs and receipts add up, and at a rate of 0 nothing is discounted."),
        )


def check_flows(flows: Flows, option: str, m: Inputs) -> None:
    """Each input moves the years and the sums that ``FIELDS`` says; without money nothing flows."""
    before = flows(m)
    for key in FIELDS:
        if key not in SHAPE:
            got = moved(flows, m, key, before)
            _check_input(got, option, m, key)
    empty = {key: m[key] if key in SHAPE else 0 for key in FIELDS}
    for year, won in enumerate(flows(empty)):
        if abs(won) > 1:
            raise Mistake(
                "fixed_sum",
                mark("Your {option} pays {won:,.0f} won in year {year} though every sum is 0."),
                required=mark("Figures come from `m`, none is written into the code."),
                option=TITLES[option],
                won=won,
                year=year,
            )


def _check_input(got: list[float], option: str, m: Inputs, key: str) -> None:
    wanted = moves(key, option, "base", m)
    step = nudge_of(key, m)
    for year, (mine, due) in enumerate(zip(got, wanted, strict=True)):
        if not close(mine, due, step):
            raise _moved_wrongly(option, key, year, mine * step, step, due)


def _moved_wrongly(
    option: str, key: str, year: int, won: float, step: float, due: float
) -> Mistake:
    unit, meaning = FIELDS[key]
    if not due:
        label, required = "counted_too_often", mark("`{key}`: {meaning}. Year {year} is not one.")
    elif not won:
        label, required = "not_counted", mark("`{key}`: {meaning}.")
    else:
        label, required = "wrong_amount", mark("`{key}` ({unit}): {meaning}.")
    return Mistake(
        label,
        mark(
            "With `{key}` up by {size} ({unit}), the flow of your {option} in year {year} moves "
            "by {won:,.0f} won."
        ),
        required=required,
        step=mark("Read the line of `{key}` in the table again: who pays it, when, in which unit?"),
        key=key,
        option=TITLES[option],
        year=year,
        won=won,
        size=plain_number(step),
        meaning=meaning,
        unit=unit,
    )


# --- diagnoses: asked only after a failure ---------------------------------------------


def _unit_worth(work: Work, year: int, rate: float) -> float:
    told = work.function("npv")([0.0] * year + [1.0] + [0.0] * (6 - year), rate)
    return expect.number(told, "npv(flows, rate)", unit="won")


@npv.diagnose
def not_discounted(work: Work) -> Mistake | None:
    """The flows are added up as they are."""
    m = base_inputs(work)
    if not all(close(_unit_worth(work, year, 0.08) * 1e6, 1e6) for year in (0, 2, 5)):
        return None
    return Mistake(
        "not_discounted",
        mark(
            "Your `npv` adds the years up as they are: {years} years of 10,000,000 won are "
            "{total:,.0f} won, as if the last year's won were in your hand today."
        ),
        required=mark("A won that is due later is worth less today, by the rate, year by year."),
        years=m["years"],
        total=10_000_000.0 * m["years"],
    )


@npv.diagnose
def monthly_rate(work: Work) -> Mistake | None:
    """A twelfth of the annual rate on annual flows."""
    got = _unit_worth(work, 5, 0.12)
    if not close(got * 1.01**5 * 1e6, 1e6):
        return None
    m = base_inputs(work)
    last = 1e8 * _unit_worth(work, 5, m["rate"])
    return Mistake(
        "monthly_rate_on_annual_flows",
        mark(
            "Your `npv` takes a twelfth of the rate for flows that are a year apart: 100,000,000 "
            "won in year 5 still count {last:,.0f} won today at {rate:.1%} a year."
        ),
        required=mark("The rate and the flows have the same period."),
        last=last,
        rate=m["rate"],
    )


@npv.diagnose
def year0_discounted(work: Work) -> Mistake | None:
    """Everything is discounted by one year too many."""
    got = _unit_worth(work, 0, 0.1), _unit_worth(work, 2, 0.1)
    if not (close(got[0] * 1.1 * 1e6, 1e6) and close(got[1] * 1.331 * 1e6, 1e6)):
        return None
    m = base_inputs(work)
    return Mistake(
        "year0_discounted",
        mark(
            "In your `npv` the purchase of {capex:,.0f} won, which is due today, counts only "
            "{worth:,.0f} won."
        ),
        required=mark("Year 0 is today: its won are worth what they say."),
        capex=m["capex"],
        worth=m["capex"] * _unit_worth(work, 0, m["rate"]),
    )


def _moves_by(work: Work, option: str, key: str) -> tuple[Inputs, list[float]]:
    m = {**base_inputs(work), "headcount_change": 0}
    return m, moved(own_flows(work, option), m, key)


@npv.diagnose
def straight_line(work: Work) -> Mistake | None:
    """The purchase is spread over the years, as the books do."""
    m = base_inputs(work)
    bare = moved(own_flows(work, "renew"), {**m, "support_share": 0.0}, "capex")
    if bare[0] > 0.01 or not all(close(share * m["years"], 1, 1e6) for share in bare[1:]):
        return None
    return Mistake(
        "straight_line",
        mark(
            "Your renewal pays {part:,.0f} won of the purchase in each of {years} years. That is "
            "depreciation: the books spread it, the supplier does not. The bank account is "
            "short of {capex:,.0f} won today and your flows do not show it."
        ),
        required=mark("A cash flow stands in the year in which money leaves the account."),
        part=m["capex"] * bare[1],
        years=m["years"],
        capex=m["capex"],
    )


@npv.diagnose
def sunk_cost(work: Work) -> Mistake | None:
    """Money that is gone is counted."""
    for option in OPTIONS:
        m, got = _moves_by(work, option, "already_paid")
        if any(abs(row) > 1e-6 for row in got):
            return Mistake(
                "sunk_cost_counted",
                mark(
                    "Your {option} carries {won:,.0f} won that were paid last year. No decision "
                    "of today brings them back, so they cannot tell the options apart."
                ),
                required=mark("Only what the decision can still change is in the flows."),
                option=TITLES[option],
                won=abs(sum(got)) * m["already_paid"],
            )
    return None


@npv.diagnose
def common_cost(work: Work) -> Mistake | None:
    """What is due whichever option is chosen is counted."""
    for option in OPTIONS:
        m, got = _moves_by(work, option, "decommission_won")
        if any(abs(row) > 1e-6 for row in got):
            return Mistake(
                "common_cost_counted",
                mark(
                    "Your {option} carries {won:,.0f} won for removing the old servers. They "
                    "leave the room whichever option is chosen."
                ),
                required=mark("Only what the decision can still change is in the flows."),
                option=TITLES[option],
                won=abs(sum(got)) * m["decommission_won"],
            )
    return None


@npv.diagnose
def staff_savings(work: Work) -> Mistake | None:
    """Hours saved are booked as cash although the same people stay."""
    m, got = _moves_by(work, "cloud", "admin_hours_year")
    other = moved(own_flows(work, "renew"), m, "admin_hours_year")
    total = sum(abs(row) for row in [*got, *other])
    if total < 1e-6:
        return None
    return Mistake(
        "staff_savings_as_cash",
        mark(
            "Your flows turn {hours:,.0f} hours a year into {won:,.0f} won over the years, with "
            "the same people on the payroll. Which account would that money come from?"
        ),
        required=mark("Hours become cash when the payroll changes, not before."),
        hours=m["admin_hours_year"],
        won=total * m["admin_hours_year"],
    )


@npv.diagnose
def salvage_sign(work: Work) -> Mistake | None:
    """The sale of the servers is a cost."""
    m, got = _moves_by(work, "renew", "salvage_won")
    if sum(got) < 0.5:
        return None
    return Mistake(
        "salvage_sign",
        mark("In your renewal the sale of the servers costs {won:,.0f} won."),
        required=mark("Costs are positive here, so money that comes in has the other sign."),
        won=sum(got) * m["salvage_won"],
    )


@npv.diagnose
def no_end(work: Work) -> Mistake | None:
    """The last year knows neither the sale nor the way out."""
    missing = [
        key
        for option, key in (("renew", "salvage_won"), ("cloud", "exit_won"))
        if not any(_moves_by(work, option, key)[1])
    ]
    if not missing:
        return None
    m = base_inputs(work)
    return Mistake(
        "no_salvage_or_exit",
        mark(
            "Your case ends in mid-air: `{keys}` ({won:,.0f} won) moves nothing. Leaving has a "
            "price in the cloud and servers have one when they are sold."
        ),
        required=mark("Both options are followed to their end, with what it costs or brings."),
        keys=", ".join(missing),
        won=sum(m[key] for key in missing),
    )


@npv.diagnose
def double_run(work: Work) -> Mistake | None:
    """The months in which both run are free of charge."""
    m, got = _moves_by(work, "cloud", "double_run_months")
    if any(got):
        return None
    return Mistake(
        "double_run_forgotten",
        mark(
            "In your cloud the old servers stop on the day the new ones start: {months:g} months "
            "of running both cost you 0 won."
        ),
        required=mark("While both run, both are paid."),
        months=m["double_run_months"],
    )


@npv.diagnose
def month_for_year(work: Work) -> Mistake | None:
    """A monthly bill stands where a year's belongs."""
    m, got = _moves_by(work, "cloud", "storage_won_month")
    per = got[2] / (1 + m["cloud_support_share"])
    if not (close(per * 1e6, 1e6) or close(got[2] * 1e6, 1e6)):
        return None
    return Mistake(
        "month_as_year",
        mark("Your cloud stores data for {won:,.0f} won a year: that is the bill of one month."),
        required=mark("Each flow is the sum of a whole year; the unit stands beside each input."),
        won=m["storage_won_month"] * got[2],
    )
