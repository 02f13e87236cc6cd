"""Model answers of the money half: exercise to the answer cell's source. Reaches no learner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .case import fresh_inputs
from .ledger import amounts

_NPV = """
def npv(flows, rate):
    total = 0.0
    for year, flow in enumerate(flows):
        total += flow / (1 + rate) ** year
    return total


def renew_flows(m):
    flows = [0.0] * (m["years"] + 1)
    flows[0] += m["capex"]
    power = m["power_kw"] * m["pue"] * 8760 * m["tariff"]
    for year in range(1, m["years"] + 1):
        flows[year] += m["capex"] * m["support_share"] + power + m["space_won_year"]
    flows[m["refresh_year"]] += m["refresh_won"]
    flows[m["years"]] -= m["salvage_won"]
    return flows


def cloud_flows(m):
    flows = [0.0] * (m["years"] + 1)
    flows[0] += m["migration_won"] + m["retraining_won"]
    machines = m["cloud_won_per_hour_total"] * 8760 * m["on_share"]
    stored = 12 * (m["storage_won_month"] + m["egress_won_month"])
    bill = (machines + stored) * (1 + m["cloud_support_share"])
    for year in range(1, m["years"] + 1):
        flows[year] += bill + m["headcount_change"] * m["person_won_year"]
    flows[1] += m["double_run_months"] * m["old_won_month"]
    flows[m["years"]] += m["exit_won"]
    return flows
"""

_BREAK_EVEN = """
def annualised(capex, rate, years, opex):
    return capex * rate / (1 - (1 + rate) ** -years) + opex


def break_even(a_onprem, fixed_cloud, rate_per_hour, n):
    return (a_onprem - fixed_cloud) / (rate_per_hour * 8760 * n)
"""

_FUTURES = """
def futures(m, renew, cloud):
    start, more = m["growth_year"], m["growth"] - 1
    stop = {
        "renew": [renew[0], renew[1] - m["resale_year1_won"]],
        "cloud": [cloud[0], cloud[1] + m["exit_won"]],
    }
    grow = {"renew": list(renew), "cloud": list(cloud)}
    grow["renew"][start - 1] += more * m["capex"]
    grow["renew"][start] += m["lead_time_weeks"] * m["lost_won_week"]
    power = m["power_kw"] * m["pue"] * 8760 * m["tariff"]
    running = m["capex"] * m["support_share"] + power + m["space_won_year"]
    machines = m["cloud_won_per_hour_total"] * 8760 * m["on_share"]
    stored = 12 * (m["storage_won_month"] + m["egress_won_month"])
    usage = (machines + stored) * (1 + m["cloud_support_share"])
    for year in range(start, m["years"] + 1):
        grow["renew"][year] += more * running
        grow["cloud"][year] += more * usage
    return {"stop": stop, "grow": grow}
"""

_RANGES = """
ranges = {
    "on_share": (m["on_share"] * 0.7, min(1.0, m["on_share"] * 1.15), "nobody logged nights"),
    "capex": (m["capex"] * 0.95, m["capex"] * 1.02, "the quote is signed until March"),
    "cloud_won_per_hour_total": (
        m["cloud_won_per_hour_total"] * 0.9,
        m["cloud_won_per_hour_total"] * 1.3,
        "list price; the sizes are ours",
    ),
    "migration_won": (m["migration_won"] * 0.9, m["migration_won"] * 1.8, "last move took twice"),
    "double_run_months": (m["double_run_months"], m["double_run_months"] + 4, "the ERP is late"),
}


def swing(key):
    low, high, _ = ranges[key]
    lead = [
        npv(renew_flows(m | {key: v}), m["rate"]) - npv(cloud_flows(m | {key: v}), m["rate"])
        for v in (low, high)
    ]
    return abs(lead[1] - lead[0])


flips = sorted(ranges, key=swing)[-2:]
"""

_U_STAR = """
u_star = break_even(
    annualised(npv(renew_flows(m), m["rate"]), m["rate"], m["years"], 0),
    annualised(npv(cloud_flows(m | {"on_share": 0}), m["rate"]), m["rate"], m["years"], 0),
    m["cloud_won_per_hour_total"] * (1 + m["cloud_support_share"]) / m["machines"],
    m["machines"],
)
hours_month = u_star * 730
"""

# the draft is text: a faulty claim is told by what it does, as a reader does
_AUDIT = """
SIGNS = {
    "leave more than 20 % headroom over that": "sized on the mean of a machine with bursts",
    "lets it go one size down": "saturated: its demand cannot be seen",
    "retire it this month": "fourteen days can miss month-end; the owner was not asked",
    "to take the noise out": "hourly means hide five-minute peaks",
    "the long window is the safer one": "the load changed; the last days count",
    "equal parts.": "straight line: interest is missing",
    "would waste the": "sunk cost, gone either way",
    "that is what u* is compared with": "u* is on-time, not CPU",
    "of 730 hours, the machines cost": "a month's bill called a year's",
    "are deducted from its cost": "hours are no cash while the same people stay",
}
findings = {}
for row in case.draft.itertuples():
    for sign, reason in SIGNS.items():
        if sign in row.text:
            findings[row.claim] = reason
    if f"{m['capex'] / 1e5:,.0f} million won" in row.text:
        findings[row.claim] = "ten times too many millions"
wb.answer("audit", findings)
"""

_BET = """
from kit.checking import unit_module

uncertain = unit_module(wb.unit, "money.bet").ranges_of(case)


def lead_at(key, end):
    told = m | {key: end}
    return npv(renew_flows(told), m["rate"]) - npv(cloud_flows(told), m["rate"])


moved = {key: abs(lead_at(key, high) - lead_at(key, low)) for key, (low, high) in uncertain.items()}
order = sorted(moved, key=moved.get, reverse=True)
wb.answer("bet", order)
"""

_PRICE = """
def lead_for(price):
    told = m | {"capex": price}
    return npv(renew_flows(told), m["rate"]) - npv(cloud_flows(told), m["rate"])


slope = lead_for(m["capex"] + 1e6) - lead_for(m["capex"])
wb.answer("price", round(m["capex"] / 1e6 - lead_for(m["capex"]) / slope, 1))
"""

_MEMO = """
worth = {o: npv(flows(m), m["rate"]) / 1e6 for o, flows in (
    ("renew", renew_flows), ("cloud", cloud_flows))}
lead = worth["renew"] - worth["cloud"]
u = break_even(
    annualised(npv(renew_flows(m), m["rate"]), m["rate"], m["years"], 0),
    annualised(npv(cloud_flows(m | {"on_share": 0}), m["rate"]), m["rate"], m["years"], 0),
    m["cloud_won_per_hour_total"] * (1 + m["cloud_support_share"]) / m["machines"],
    m["machines"],
)


def lead_at(key, value):
    told = m | {key: value}
    return (npv(renew_flows(told), m["rate"]) - npv(cloud_flows(told), m["rate"])) / 1e6


key = flips[-1]
ends = sorted(lead_at(key, value) for value in ranges[key][:2])
table = futures(m, renew_flows(m), cloud_flows(m))
stop = (npv(table["stop"]["renew"], m["rate"]) - npv(table["stop"]["cloud"], m["rate"])) / 1e6
recommend = "cloud" if lead > 0 else "renew"
better = "less" if lead > 0 else "more"
memo = f'''We recommend the option "{recommend}" for the {m["machines"]} servers.

Over {m["years"]} years the cloud costs {abs(lead):,.1f} million won {better} than renewal, in
today's money. Over our range of {key} the difference, renewal minus cloud, lies between
{ends[0]:,.1f} million won and {ends[1]:,.1f} million won. If the service is switched off after
one year it is {stop:,.1f} million won.

The decision turns at an on-time share of {100 * u:.0f} %. That is hours switched on, not load of
the CPU. The {m["already_paid"]:,.0f} won of last year are in neither option.
We will log the hours for a month before we sign.'''
"""

_WORTH = """
flows = {"base": {"renew": renew_flows(m), "cloud": cloud_flows(m)}}
flows |= futures(m, flows["base"]["renew"], flows["base"]["cloud"])
lead = {
    name: npv(row["renew"], m["rate"]) - npv(row["cloud"], m["rate"])
    for name, row in flows.items()
}
worth = {"stop": lead["stop"] - lead["base"], "grow": lead["grow"] - lead["base"]}
"""

_DEFENCE = """
from kit.checking import unit_module

asked = unit_module(wb.unit, "money.defence").asked_of(wb.work())
rows, today = wb.carry("graded-clean"), case.servers.set_index("machine")["vcpu"]


def lead_of(told):
    return npv(renew_flows(told), told["rate"]) - npv(cloud_flows(told), told["rate"])


def demand(machine):
    return rows[machine]["value"] / 100 * today[machine]


def ends(key):
    return [lead_of(m | {key: end}) for end in ranges[key][:2]]


def against(key):
    worst = min if recommend == "cloud" else max
    return worst(ranges[key][:2], key=lambda end: lead_of(m | {key: end}))


def share(key):
    return (ranges[key][1] - ranges[key][0]) / abs(m[key] or 1.0)


def answer(kind, told):
    key = told.get("key")
    if kind == "smaller":
        return 100 * float((demand(told["machine"]) > told["size"]).mean())
    if kind == "against":
        return lead_of(m | {k: against(k) for k in told["keys"]})
    if kind == "end":
        return abs(lead_of(m | {key: against(key)}) - lead_of(m))
    if kind == "least":
        return min(ranges, key=lambda k: abs(ends(k)[1] - ends(k)[0]))
    if kind == "width":
        half = [lead_of(m | {key: (m[key] + end) / 2}) for end in ranges[key][:2]]
        return abs(half[1] - half[0])
    if kind == "narrow":
        return max(ends(min(ranges, key=share)))
    if kind == "hours":
        return min(730, u_star * 730)
    if kind == "double-run":
        return told["months"] * m["old_won_month"] / (1 + m["rate"])
    if kind == "rate":
        return lead_of(m | {"rate": told["rate"]})
    if kind == "price":
        bare = lead_of(m | {"capex": 0.0})
        return m["capex"] * bare / (bare - lead_of(m))
    above = rows[told["machine"]][demand(told["machine"]) > told["size"]]
    return str(above["time"].iloc[0])


defence = {key: answer(question.kind, question.values) for key, question in asked.items()}
answered = "alone"
"""

_GRADED_RANGES = (
    _RANGES.replace("nobody logged nights", "the table states it, no log shows the nights")
    .replace("list price; the sizes are ours", "list price of the card; our sizes may still grow")
    .replace("last move took twice", "the table's figure; the last move's invoice was twice that")
    .replace("the ERP is late", "its owner expects to leave the old servers months later")
)
_DOUBT = """
memo += f" We are least sure of the size of {case.puzzle}: two weeks may miss its month-end."
"""

ANSWERS: dict[str, str] = {
    "npv": _NPV,
    "futures": _BREAK_EVEN + _FUTURES + _RANGES,
    "bet": _BET,
    "price": _PRICE,
    "audit": _AUDIT,
    "memo": _MEMO,
    "graded-npv": _NPV,
    "graded-options": _FUTURES + _WORTH,
    "graded-breakeven": _BREAK_EVEN + _U_STAR,
    "graded-assumptions": _GRADED_RANGES,
    "graded-memo": _MEMO + _DOUBT,
    "graded-defence": _DEFENCE,
}

# pre and post question to its right option; the file that learners get holds digests only
ITEM_ANSWERS: dict[str, str] = {
    "pre-bursts": "c",
    "post-bursts": "b",
    "pre-window": "d",
    "post-window": "a",
    "pre-sunk": "b",
    "post-sunk": "d",
    "pre-on-time": "a",
    "post-on-time": "c",
}


def _planned(rng: np.random.Generator) -> tuple[Any, ...]:
    """Fresh inputs with the flows of both options as planned."""
    m = fresh_inputs(rng)
    return m, amounts("renew", "base", m), amounts("cloud", "base", m)


INPUTS: dict[str, Callable[[np.random.Generator], tuple[Any, ...]]] = {"futures": _planned}
