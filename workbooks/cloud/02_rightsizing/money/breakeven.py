"""Yearly cost and break-even on-time share, each checked by the equation that it solves."""

from __future__ import annotations

import numpy as np

from kit.checking import Mistake, Work, expect
from kit.data.prices import HOURS_PER_YEAR
from kit.i18n import mark

from .npv import close
from .work import inputs_of


def check_yearly(work: Work) -> None:
    """A yearly payment whose present value is the purchase; running cost on top, won for won."""
    yearly = work.function("annualised")
    rng = work.fresh(30)
    for _ in range(4):
        capex, opex = float(rng.uniform(5e7, 4e8)), float(rng.uniform(1e7, 9e7))
        rate, years = float(rng.uniform(0.03, 0.14)), int(rng.integers(3, 9))
        payment = expect.number(yearly(capex, rate, years, 0.0), "annualised(...)", unit="won")
        later = np.arange(1.0, years + 1)
        covered = payment * float(np.sum((1 + rate) ** -later))
        if not close(covered, capex):
            raise Mistake(
                "annuity_gap",
                mark(
                    "{years} payments of {payment:,.0f} won are worth {covered:,.0f} won today at "
                    "{rate:.1%}: not the {capex:,.0f} won of the purchase."
                ),
                required=mark("The payments' present value is the purchase price, to the won."),
                years=years,
                payment=payment,
                covered=covered,
                rate=rate,
                capex=capex,
            )
        if not close(yearly(capex, rate, years, opex) - payment, opex):
            raise Mistake(
                "opex_not_added",
                mark("With {opex:,.0f} won of running cost, your yearly cost rises by {up:,.0f}."),
                required=mark("Running cost is paid every year, won for won, without interest."),
                opex=opex,
                up=yearly(capex, rate, years, opex) - payment,
            )


def _payment(work: Work) -> float:
    told = work.function("annualised")(1e8, 0.1, 5, 0.0)
    return expect.number(told, "annualised(...)", unit="won")


def straight_annual(work: Work) -> Mistake | None:
    """The purchase price divided by the years."""
    if not close(_payment(work), 2e7):
        return None
    m = inputs_of(work)
    return Mistake(
        "straight_line_annual",
        mark(
            "You divide {capex:,.0f} won by {years} years: {part:,.0f} won a year. For {rate:.1%} "
            "that lends the firm's money out free of charge."
        ),
        required=mark("The payments' present value is the purchase price, interest included."),
        capex=m["capex"],
        years=m["years"],
        part=m["capex"] / m["years"],
        rate=m["rate"],
    )


def interest_on_all(work: Work) -> Mistake | None:
    """Equal parts plus a year's interest on the whole sum, as if nothing were paid back."""
    if not close(_payment(work), 3e7):
        return None
    return Mistake(
        "interest_on_full_sum",
        mark(
            "You charge interest on the whole 100,000,000 won in each of 5 years, 10,000,000 won "
            "even in the last, though most is paid back by then."
        ),
        required=mark("Interest falls as the sum is paid back; the payment stays the same."),
    )


# --- break-even -----------------------------------------------------------------------


def check_break_even(work: Work) -> None:
    """At the share that comes back, both sides of the equation are the same sum."""
    solve = work.function("break_even")
    rng = work.fresh(31)
    for goal in (0.4, 0.85, 1.3):
        fixed, rate = float(rng.uniform(5e6, 3e7)), float(rng.uniform(300, 1_500))
        count = int(rng.integers(3, 40))
        owned = fixed + goal * float(rng.uniform(0.9, 1.1)) * HOURS_PER_YEAR * rate * count
        share = expect.number(solve(owned, fixed, rate, count), "break_even(...)", unit="share")
        cloud = fixed + share * HOURS_PER_YEAR * rate * count
        if not close(cloud, owned):
            raise Mistake(
                "sides_differ",
                mark(
                    "You say {share:.3f}. On for that share of 8,760 hours, {count} machines at "
                    "{rate:,.0f} won an hour and {fixed:,.0f} won fixed cost {cloud:,.0f} won a "
                    "year, renewal {owned:,.0f} won."
                ),
                required=mark("The share of the year at which both cost the same."),
                share=share,
                count=count,
                rate=rate,
                fixed=fixed,
                cloud=cloud,
                owned=owned,
            )


def _shares(work: Work) -> tuple[float, float]:
    """Answers for a case at one half and one at one and a half; 100 won an hour, 10 machines."""
    solve = work.function("break_even")
    hours = HOURS_PER_YEAR * 100 * 10
    half, above = (
        expect.number(solve(1e6 + hours * goal, 1e6, 100, 10), "break_even(...)", unit="share")
        for goal in (0.5, 1.5)
    )
    return half, above


def capped(work: Work) -> Mistake | None:
    """A break-even above one is cut off as if it were an error."""
    half, above = _shares(work)
    if not (close(half, 0.5, 1e6) and close(above, 1.0, 1e6)):
        return None
    return Mistake(
        "capped_at_one",
        mark("You cut u* off at 1. A cloud that wins always on then looks like a tie."),
        required=mark("Above 1 the cloud is cheaper even always on; the size says by how much."),
    )


def fixed_ignored(work: Work) -> Mistake | None:
    """Storage, migration and exit are not taken off before dividing."""
    half, _ = _shares(work)
    if not close(half, (1e6 + HOURS_PER_YEAR * 500) / (HOURS_PER_YEAR * 1000), 1e6):
        return None
    return Mistake(
        "fixed_cost_ignored",
        mark(
            "You divide the whole yearly cost by the hourly bill: {half:.2f}. What the cloud costs "
            "while everything is off is paid as well."
        ),
        required=mark("Only what is left after the fixed part can be spent on hours."),
        half=half,
    )


def month_hours(work: Work) -> Mistake | None:
    """A month's hours against a year's cost, or percent for a share."""
    half, _ = _shares(work)
    if close(half, 6.0, 1e6):
        return Mistake(
            "month_hours",
            mark("You set the cost of a year against the hours of one month: {half:.1f}."),
            required=mark("Both sides of the comparison cover the same time."),
            half=half,
        )
    if close(half, 50.0, 1e6):
        return Mistake(
            "percent_for_share",
            mark("`break_even` gives {half:.0f}: percent, where a share is asked for."),
            required=mark("A share: 0 is never on, 1 is always on."),
            half=half,
        )
    if close(half, 5.0, 1e6):
        return Mistake(
            "one_machine",
            mark("You compare the cost of all servers with the hours of one machine: {half:.1f}."),
            required=mark("Both sides of the comparison cover the same machines."),
            half=half,
        )
    return None


DIAGNOSES = (straight_annual, interest_on_all, capped, fixed_ignored, month_hours)
