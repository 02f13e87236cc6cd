"""The scripted AI draft of the audit: twelve claims, computed from the learner's own case.

No model wrote it. Each claim family has a sound and a faulty form; the seed
chooses which form the draft uses, so the numbers of faulty claims differ
between learners. Four more claims surprise and are true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.data.prices import HOURS_PER_MONTH, HOURS_PER_YEAR, PriceCard
from kit.i18n import mark

from .ledger import FIELDS, OPTIONS, amounts

if TYPE_CHECKING:
    from ..sizing.case import Sizing

SOUND, FAULTY, SURPRISING = "sound", "faulty", "surprising"
# spelt out: feedback on graded work keeps only words that stand in a file of the unit
IDS = ("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12")


@dataclass(frozen=True)
class Claim:
    """One sentence of the draft. ``form`` is sound, faulty or surprising (and true)."""

    id: str
    family: str
    topic: str
    form: str
    template: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the draft's author looked at; the cloud machines are as large as today's."""

    sizing: Sizing
    m: dict[str, Any]
    u_star: float

    def machine(self, kind: str) -> dict[str, Any]:
        """Name, size and statistics of the first machine of a kind."""
        name = next(n for n, k in sorted(self.sizing.kinds.items()) if k == kind)
        row = self.sizing.servers.set_index("machine").loc[name]
        frame = self.sizing.truth[name]
        cpu = frame["value"].to_numpy()
        hourly = frame.set_index("time")["value"].resample("1h").mean().dropna()
        small = max(1, int(2 ** np.ceil(np.log2(max(row["vcpu"] * cpu.mean() / 80, 1)))))
        return {
            "machine": name,
            "vcpu": int(row["vcpu"]),
            "half": int(row["vcpu"]) // 2,
            "mean": float(cpu.mean()),
            "median": float(np.median(cpu)),
            "recent": float(np.median(cpu[-576:])),
            "high": float(cpu.max()),
            "p95": float(np.percentile(cpu, 95)),
            "p995": float(np.percentile(cpu, 99.5)),
            "hourly": float(np.percentile(hourly, 99.5)),
            "need": float(row["vcpu"] * np.percentile(cpu, 95) / 80),
            "small": small,
            "over": float(100 * (cpu / 100 * row["vcpu"] > small).mean()),
        }


def facts(sizing: Sizing, money: dict[str, Any], prices: PriceCard) -> Facts:
    """The draft's figures, from the case."""
    sizes = sizing.servers["vcpu"]
    m = {
        **money,
        "machines": len(sizes),
        "cloud_won_per_hour_total": sum(prices.of(int(v)).won_per_hour for v in sizes),
        "storage_won_month": money["storage_gib"] * prices.storage_gib_month,
        "egress_won_month": money["egress_gib_month"] * prices.egress_gib,
        "cloud_support_share": prices.support_share,
    }
    m = {key: m[key] for key in FIELDS}
    weights = (1 + m["rate"]) ** -np.arange(m["years"] + 1.0)
    renew, idle, busy = (
        float(weights @ np.array(amounts(option, "base", m | {"on_share": share})))
        for option, share in (("renew", 1), ("cloud", 0), ("cloud", 1))
    )
    return Facts(sizing, m, (renew - idle) / (busy - idle))


def claims(
    rng: np.random.Generator, sizing: Sizing, money: dict[str, Any], prices: PriceCard
) -> list[Claim]:
    """Twelve claims in an order of their own: six faulty, two sound, four that surprise."""
    told = facts(sizing, money, prices)
    chosen: list[tuple[str, str, str]] = []
    for topic, families in (("sizing", _SIZING), ("money", _MONEY)):
        names = [str(name) for name in rng.permutation(sorted(families))][:4]
        chosen += [(topic, name, FAULTY) for name in names[:3]] + [(topic, names[3], SOUND)]
    chosen += [("surprise", name, SURPRISING) for name in sorted(_SURPRISES)]
    found = []
    for claim, index in zip(IDS, rng.permutation(len(chosen)), strict=True):
        topic, name, form = chosen[int(index)]
        sound, faulty, values = _ALL[name]
        template = faulty if form == FAULTY else sound
        found.append(Claim(claim, name, topic, form, template, values(told)))
    return found


def draft(
    rng: np.random.Generator, sizing: Sizing, money: dict[str, Any], prices: PriceCard
) -> pd.DataFrame:
    """The draft as a frame: claim (D1 to D12), text."""
    rows = [(c.id, c.template.format(**c.values)) for c in claims(rng, sizing, money, prices)]
    return pd.DataFrame(rows, columns=["claim", "text"])


Values = Callable[[Facts], dict[str, Any]]
Family = tuple[str, str, Values]


def _of(kind: str) -> Values:
    return lambda told: told.machine(kind)


def _purchase(told: Facts) -> dict[str, Any]:
    m = told.m
    straight = m["capex"] / m["years"]
    yearly = m["capex"] / float(np.sum((1 + m["rate"]) ** -np.arange(1.0, m["years"] + 1)))
    return {
        "straight": straight,
        "yearly": yearly,
        "years": m["years"],
        "rate": m["rate"],
        "capex": m["capex"],
        "million": m["capex"] / 1e6,
        "slip": m["capex"] / 1e5,
    }


def _sunk(told: Facts) -> dict[str, Any]:
    return {"paid": told.m["already_paid"]}


def _break_even(told: Facts) -> dict[str, Any]:
    means = [float(frame["value"].mean()) for frame in told.sizing.truth.values()]
    return {
        "u": told.u_star,
        "cpu": float(np.mean(means)),
        "hours": told.u_star * HOURS_PER_MONTH,
    }


def _compute(told: Facts) -> dict[str, Any]:
    hour, on = told.m["cloud_won_per_hour_total"], told.m["on_share"]
    return {
        "hour": hour,
        "month": hour * on * HOURS_PER_MONTH,
        "year": hour * on * HOURS_PER_YEAR,
        "on": on,
    }


def _staff(told: Facts) -> dict[str, Any]:
    hours, won = told.m["admin_hours_year"], told.m["admin_won_hour"]
    return {"hours": hours, "won": won, "saved": hours * won}


_SIZING: dict[str, Family] = {
    "mean": (
        mark(
            "{machine} averages {mean:.1f} % of its {vcpu} vCPU, but {small} vCPU would be "
            "exceeded in {over:.1f} % of the samples: its mean does not size it."
        ),
        mark(
            "{machine} averages {mean:.1f} % of its {vcpu} vCPU; {small} vCPU leave more than "
            "20 % headroom over that and are enough."
        ),
        _of("idle-with-bursts"),
    ),
    "saturated": (
        mark(
            "{machine} has a median of {median:.0f} %: what it would use on more cores cannot be "
            "seen, so its {vcpu} vCPU stay until the demand is measured."
        ),
        mark(
            "{machine} never passed {high:.0f} %, so it fits, and a newer generation of CPU lets "
            "it go one size down to {half} vCPU."
        ),
        _of("saturated"),
    ),
    "retire": (
        mark(
            "{machine} used {median:.2f} % CPU at the median of fourteen days; the owner is asked "
            "whether month-end needs it."
        ),
        mark(
            "{machine} used {median:.2f} % CPU at the median of fourteen days: nobody needs it, "
            "retire it this month."
        ),
        _of("under-used"),
    ),
    "hourly": (
        mark(
            "p99.5 of {machine} is {p995:.1f} % on five-minute samples; hourly means would show "
            "{hourly:.1f} % and are not used."
        ),
        mark(
            "p99.5 of {machine} is {hourly:.1f} % (hourly means, to take the noise out); with "
            "20 % headroom on that figure no five-minute sample is cut beyond the rule."
        ),
        _of("bursty"),
    ),
    "window": (
        mark(
            "{machine} has a median of {median:.0f} % over fourteen days and {recent:.0f} % over "
            "the last two: it is not sized on the long window."
        ),
        mark(
            "{machine} has a median of {median:.0f} % over fourteen days; the long window is the "
            "safer one, so {half} of its {vcpu} vCPU are enough."
        ),
        _of("regime-change"),
    ),
}

_MONEY: dict[str, Family] = {
    "straight": (
        mark(
            "At {rate:.1%} the servers cost {yearly:,.0f} won a year over {years} years, more "
            "than the {straight:,.0f} won of equal parts: tied-up money has a price."
        ),
        mark(
            "At {rate:.1%} the servers cost {straight:,.0f} won a year: {capex:,.0f} won in "
            "{years} equal parts."
        ),
        _purchase,
    ),
    "sunk": (
        mark(
            "The {paid:,.0f} won paid last year for rack space are in neither option: they are "
            "gone whatever is decided."
        ),
        mark(
            "Going to the cloud would waste the {paid:,.0f} won paid last year for rack space, "
            "so they are added to the cloud's cost."
        ),
        _sunk,
    ),
    "u-star": (
        mark(
            "Break-even u* is {u:.0%}: the cloud is cheaper while machines are on for less than "
            "{hours:,.0f} of 730 hours a month. CPU load has no part in it."
        ),
        mark(
            "Break-even u* is {u:.0%}. The CPUs average {cpu:.0f} %, and that is what u* is "
            "compared with: the further they stay below it, the cheaper the cloud."
        ),
        _break_even,
    ),
    "months": (
        mark(
            "At {hour:,.0f} won an hour and on for {on:.0%} of the year, the machines cost "
            "{year:,.0f} won a year."
        ),
        mark(
            "At {hour:,.0f} won an hour and on for {on:.0%} of 730 hours, the machines cost "
            "{month:,.0f} won a year."
        ),
        _compute,
    ),
    "slip": (
        mark("The servers cost {capex:,.0f} won, that is {million:,.0f} million won."),
        mark("The servers cost {capex:,.0f} won, that is {slip:,.0f} million won."),
        _purchase,
    ),
    "staff": (
        mark(
            "The cloud frees {hours:,.0f} hours of administration a year. The same people stay, "
            "so no won of it is in the flows."
        ),
        mark(
            "The cloud frees {hours:,.0f} hours of administration a year at {won:,.0f} won; the "
            "same people stay, and {saved:,.0f} won a year are deducted from its cost."
        ),
        _staff,
    ),
}


def _cheaper(told: Facts) -> dict[str, Any]:
    share = min(0.9, float(np.floor(told.u_star / 1.1 * 100)) / 100)
    return {"share": share, "u": told.u_star / share}


def _always(told: Facts) -> dict[str, Any]:
    on = amounts("cloud", "base", told.m)[2]
    always = amounts("cloud", "base", told.m | {"on_share": 1})[2]
    return {"on": told.m["on_share"], "bill": on, "always": always, "left": on / always}


def _stopped(told: Facts) -> dict[str, Any]:
    spent = dict(zip(OPTIONS, (sum(amounts(o, "stop", told.m)) for o in OPTIONS), strict=True))
    return {"spent": spent["cloud"], "exit": told.m["exit_won"]}


_SURPRISES: dict[str, Family] = {
    "bursts": (
        mark(
            "{machine} idles at a median of {median:.1f} %, and the p95 rule with 20 % headroom "
            "still asks for {need:.1f} vCPU, more than the {vcpu} that it has."
        ),
        "",
        _of("idle-with-bursts"),
    ),
    "above-one": (
        mark(
            "If the hourly price fell to {share:.0%} of the card's, u* would be {u:.2f}. A u* "
            "above 1 is no error: the cloud would then be cheaper even always on."
        ),
        "",
        _cheaper,
    ),
    "still-billed": (
        mark(
            "Machines that are on for {on:.0%} of the year do not cut the cloud bill to {on:.0%} "
            "of always on: year 2 costs {bill:,.0f} instead of {always:,.0f} won, {left:.0%}."
        ),
        "",
        _always,
    ),
    "stopping": (
        mark(
            "Stopping after year 1 is not free in the cloud: {spent:,.0f} won are spent by then, "
            "{exit:,.0f} of them to get the data out."
        ),
        "",
        _stopped,
    ),
}
_ALL: dict[str, Family] = {**_SIZING, **_MONEY, **_SURPRISES}
