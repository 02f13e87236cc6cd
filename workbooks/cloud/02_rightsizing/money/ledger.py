"""What each input of the business case means: which option pays it, and in which year.

The ledger says, line by line, what the words in ``FIELDS`` mean. Checks compare
it with what the learner's flows do when one input moves, charts and the
spreadsheet take their labels from it. Costs are positive, won, at the end of
the year; year 0 is today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit.data.prices import HOURS_PER_YEAR
from kit.i18n import mark

Inputs = Mapping[str, Any]

OPTIONS = ("renew", "cloud")
FUTURES = ("stop", "base", "grow")

FIELDS: dict[str, tuple[str, str]] = {
    "years": (mark("years"), mark("how long the decision binds: years 1 to this one")),
    "rate": (
        mark("share a year"),
        mark("the firm's discount rate, for flows at the end of a year"),
    ),
    "machines": (mark("machines"), mark("how many servers the case is about")),
    "already_paid": (mark("won"), mark("paid last year for extra rack space; no one returns it")),
    "capex": (mark("won"), mark("renewal: price of the new servers, due today")),
    "support_share": (
        mark("share of capex"),
        mark("renewal: vendor support, this share of the purchase price every year"),
    ),
    "power_kw": (mark("kW"), mark("renewal: what the servers draw, day and night")),
    "pue": (mark("factor"), mark("renewal: kW at the meter for one kW at the servers")),
    "tariff": (mark("won per kWh"), mark("renewal: price of electricity")),
    "space_won_year": (mark("won a year"), mark("renewal: rack space")),
    "refresh_year": (mark("year"), mark("renewal: the year of the refresh (disks, batteries)")),
    "refresh_won": (mark("won"), mark("renewal: price of the refresh, once, in refresh_year")),
    "salvage_won": (
        mark("won"),
        mark("renewal: what the servers fetch when they are sold at the end of the last year"),
    ),
    "cloud_won_per_hour_total": (
        mark("won an hour"),
        mark(
            "cloud: all machines together while they are on, from the price card; the price of "
            "schedule or autoscale, which leaves idle hours out by itself, divided by on_share"
        ),
    ),
    "on_share": (mark("share of 8,760 h"), mark("cloud: share of the year that machines are on")),
    "storage_won_month": (
        mark("won a month"),
        mark("cloud: storage, billed also while machines are off"),
    ),
    "egress_won_month": (mark("won a month"), mark("cloud: data going out")),
    "cloud_support_share": (
        mark("share of the bill"),
        mark("cloud: support on top of machines, storage and egress, every year"),
    ),
    "migration_won": (mark("won"), mark("cloud: moving, paid today")),
    "retraining_won": (mark("won"), mark("cloud: training the team, paid today")),
    "double_run_months": (
        mark("months"),
        mark("cloud: in year 1 the old servers run on beside the cloud for this long"),
    ),
    "old_won_month": (mark("won a month"), mark("cloud: what the old servers cost in that time")),
    "decommission_won": (
        mark("won"),
        mark("wiping and removing the old servers in year 1, due whichever option is chosen"),
    ),
    "exit_won": (
        mark("won"),
        mark("cloud: getting the data out at the end of the last year of use"),
    ),
    "admin_hours_year": (
        mark("hours a year"),
        mark("cloud: hours of administration that the team no longer needs"),
    ),
    "admin_won_hour": (mark("won an hour"), mark("what the cost sheet says an hour costs")),
    "headcount_change": (
        mark("people"),
        mark("cloud: change of the payroll from year 1; 0 means that the same people stay"),
    ),
    "person_won_year": (mark("won a year"), mark("one person on the payroll")),
    "resale_year1_won": (
        mark("won"),
        mark("future stop, renewal: what the servers fetch at the end of year 1"),
    ),
    "growth": (mark("factor"), mark("future grow: demand becomes this many times as large")),
    "growth_year": (mark("year"), mark("future grow: the first year of the larger demand")),
    "lead_time_weeks": (
        mark("weeks"),
        mark("future grow, renewal: from the order to servers that run"),
    ),
    "lost_won_week": (
        mark("won a week"),
        mark("future grow, renewal: margin lost while the larger demand cannot be served"),
    ),
}
"""Each input's unit and meaning: the contract that the learner reads and the check applies."""

# these place a flow in time or scale a future; moving them is no sum of money
SHAPE = ("years", "rate", "machines", "refresh_year", "growth", "growth_year")


@dataclass(frozen=True)
class Line:
    """One row of the case: a product of inputs, times ``constant``, in some of the years.

    ``when`` is today, each, first, last or refresh; ``scales`` tells whether the
    row grows with demand.
    """

    id: str
    option: str
    title: str
    when: str
    inputs: tuple[str, ...]
    constant: float = 1.0
    scales: bool = False


_COMPUTE = ("cloud_won_per_hour_total", "on_share")
LINES: tuple[Line, ...] = (
    Line("purchase", "renew", mark("Servers"), "today", ("capex",)),
    Line("care", "renew", mark("Vendor support"), "each", ("capex", "support_share"), scales=True),
    Line(
        "power",
        "renew",
        mark("Power"),
        "each",
        ("power_kw", "pue", "tariff"),
        HOURS_PER_YEAR,
        scales=True,
    ),
    Line("space", "renew", mark("Rack space"), "each", ("space_won_year",), scales=True),
    Line("refresh", "renew", mark("Refresh"), "refresh", ("refresh_won",)),
    Line("salvage", "renew", mark("Sale of the servers"), "last", ("salvage_won",), -1.0),
    Line("moving", "cloud", mark("Migration"), "today", ("migration_won",)),
    Line("training", "cloud", mark("Retraining"), "today", ("retraining_won",)),
    Line("compute", "cloud", mark("Machines"), "each", _COMPUTE, HOURS_PER_YEAR, scales=True),
    Line("storage", "cloud", mark("Storage"), "each", ("storage_won_month",), 12, scales=True),
    Line("egress", "cloud", mark("Egress"), "each", ("egress_won_month",), 12, scales=True),
    Line(
        "help-compute",
        "cloud",
        mark("Support on machines"),
        "each",
        ("cloud_support_share", *_COMPUTE),
        HOURS_PER_YEAR,
        scales=True,
    ),
    Line(
        "help-storage",
        "cloud",
        mark("Support on storage"),
        "each",
        ("cloud_support_share", "storage_won_month"),
        12,
        scales=True,
    ),
    Line(
        "help-egress",
        "cloud",
        mark("Support on egress"),
        "each",
        ("cloud_support_share", "egress_won_month"),
        12,
        scales=True,
    ),
    Line(
        "double-run",
        "cloud",
        mark("Double running"),
        "first",
        ("old_won_month", "double_run_months"),
    ),
    Line("payroll", "cloud", mark("Payroll"), "each", ("headcount_change", "person_won_year")),
    Line("exit", "cloud", mark("Exit"), "last", ("exit_won",)),
)


@dataclass(frozen=True)
class Entry:
    """A product of inputs that falls due in one year."""

    year: int
    inputs: tuple[str, ...]
    factor: float


def years_of(when: str, m: Inputs) -> tuple[int, ...]:
    """The years in which a line with this ``when`` falls due."""
    last = int(m["years"])
    spans: dict[str, tuple[int, ...]] = {
        "today": (0,),
        "each": tuple(range(1, last + 1)),
        "first": (1,),
        "last": (last,),
        "refresh": (int(m["refresh_year"]),),
    }
    return spans[when]


def entries(option: str, future: str, m: Inputs, key: str = "") -> Iterator[Entry]:
    """All that one option pays in one future, or only what depends on the input ``key``."""
    for line in LINES:
        # years are worked out only for what is wanted: checks move each input in turn
        if line.option != option or (key and key not in line.inputs):
            continue
        for year in years_of(line.when, m):
            if future != "stop" or year <= 1:
                yield Entry(year, line.inputs, line.constant)
            if future == "grow" and line.scales and year >= m["growth_year"]:
                yield Entry(year, line.inputs, line.constant * (m["growth"] - 1))
    yield from (e for e in _extra(option, future, m) if not key or key in e.inputs)


def _extra(option: str, future: str, m: Inputs) -> Iterator[Entry]:
    if future == "stop":
        sold, left = ("resale_year1_won",), ("exit_won",)
        yield Entry(1, sold if option == "renew" else left, -1.0 if option == "renew" else 1.0)
    if future == "grow" and option == "renew":
        start = int(m["growth_year"])
        # the order goes out when the demand is there, at the end of the year before
        yield Entry(start - 1, ("capex",), m["growth"] - 1)
        yield Entry(start, ("lead_time_weeks", "lost_won_week"), 1.0)


def amounts(option: str, future: str, m: Inputs) -> list[float]:
    """Won by year, from year 0 to the last; the longer futures have years + 1 of them."""
    last = 1 if future == "stop" else int(m["years"])
    totals = [0.0] * (last + 1)
    for entry in entries(option, future, m):
        product = entry.factor
        for name in entry.inputs:
            product *= m[name]
        totals[entry.year] += product
    return totals


def moves(key: str, option: str, future: str, m: Inputs) -> list[float]:
    """How many won each year moves when the input ``key`` goes up by one."""
    last = 1 if future == "stop" else int(m["years"])
    totals = [0.0] * (last + 1)
    for entry in entries(option, future, m, key):
        product = entry.factor
        for name in entry.inputs:
            product *= 1.0 if name == key else m[name]
        totals[entry.year] += product
    return totals


def due(key: str, m: Inputs) -> dict[str, list[int]]:
    """Options and years in which an input counts, in the base future."""
    found = {option: moves(key, option, "base", m) for option in OPTIONS}
    return {
        option: [year for year, won in enumerate(row) if won]
        for option, row in found.items()
        if any(row)
    }
