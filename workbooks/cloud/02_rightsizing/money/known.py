"""What a memo's figures may stand for: all that follows from the learner's own model."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.checking import Work
from kit.data.prices import HOURS_PER_MONTH

from ..sizing.case import cpu_of
from .figures import HOURS, MONTHS, PERCENT, RATIO, WON, Figure
from .ledger import FIELDS, FUTURES, LINES, OPTIONS
from .tornado import SHARES, Swing, check_ranges, swings
from .work import Model, every_future, passes

if TYPE_CHECKING:
    from ..case import Case

# a percentage beside one of these is about a machine's load, not about money
LOAD = re.compile(r"CPU|percentile|백분위|P\d\d|sample|표본|headroom|여유|processor|사용률", re.I)


@dataclass
class Known:
    """What a memo's figures may stand for, by kind; ``ends`` are pairs that span a range.

    ``facts`` are sums that were handed out: to repeat them says nothing about a range.
    """

    won: list[float] = field(default_factory=list)
    percent: list[float] = field(default_factory=list)
    facts: list[float] = field(default_factory=list)
    ends: list[tuple[float, float]] = field(default_factory=list)
    flips: dict[str, list[float]] = field(default_factory=dict)
    load: list[float] = field(default_factory=list)
    machines: tuple[str, ...] = ()

    def holds(self, figure: Figure) -> bool:
        """Whether some quantity of the model reads like this figure."""
        if figure.kind == WON:
            return any(figure.stands_for(value) for value in self.won)
        if figure.kind == PERCENT:
            about = self.load if self.speaks_of_load(figure) else []
            return any(figure.stands_for(100 * value) for value in [*self.percent, *about])
        if figure.kind == RATIO:
            return any(figure.stands_for(value) for value in self.flips[RATIO])
        return True

    def names_a_machine(self, figure: Figure) -> bool:
        """Whether a machine of the case stands in the figure's sentence."""
        return any(name in figure.sentence for name in self.machines)

    def speaks_of_load(self, figure: Figure) -> bool:
        """Whether the figure's sentence is about how busy a machine is."""
        return bool(LOAD.search(figure.sentence)) or self.names_a_machine(figure)

    def tells_a_flip(self, figure: Figure) -> bool:
        """Whether the figure names a value at which the decision would change."""
        return any(figure.stands_for(value) for value in self.flips.get(figure.kind, []))


def known(work: Work, model: Model) -> Known:
    """All that follows from the learner's inputs, functions, ranges."""
    m, found = model.m, Known()
    found.facts = [m[key] for key, (unit, _) in FIELDS.items() if unit.startswith("won")]
    found.won += found.facts
    found.won.append(m["admin_hours_year"] * m["admin_won_hour"])
    found.won += [_line(line.inputs, line.constant, m) for line in LINES]
    for option in OPTIONS:
        row = model.flows(option, m)
        found.won += [*row, sum(row), model.worth(option, "base", m)]
    found.percent += [m[key] for key in SHARES] + [1.0, 0.0, m["growth"]]
    _add_futures(found, model)
    bars = own_bars(work, model)
    _add_ranges(found, model, bars)
    _add_flips(found, model, bars)
    _add_load(found, work)
    return found


def _line(inputs: Iterable[str], constant: float, m: dict[str, Any]) -> float:
    total = constant
    for key in inputs:
        total *= m[key]
    return total


def _add_futures(found: Known, model: Model) -> None:
    rate, years = model.m["rate"], model.m["years"]
    yearly = rate / (1 - (1 + rate) ** -years)
    table = {(f, o): model.worth(o, f, model.m) for f, o in every_future()}
    leads = {f: table[f, "renew"] - table[f, "cloud"] for f in FUTURES}
    found.won += [*table.values(), *leads.values()]
    found.won += [leads[f] - leads["base"] for f in ("stop", "grow")]
    found.won += [yearly * won for won in (table["base", "renew"], table["base", "cloud"])]
    found.won.append(yearly * leads["base"])
    found.percent += [leads["base"] / table["base", option] for option in OPTIONS]
    found.ends += [(leads[a], leads[b]) for a, b in itertools.combinations(FUTURES, 2)]


def own_bars(work: Work, model: Model) -> list[Swing]:
    """The learner's tornado; none while their ranges do not stand."""
    if not work.has("ranges") or not passes(
        lambda w: check_ranges(w.value("ranges"), model.m), work
    ):
        return []
    return swings(model, work.value("ranges"))


def _add_ranges(found: Known, model: Model, bars: list[Swing]) -> None:
    for bar in bars:
        found.ends.append((bar.lead_low, bar.lead_high))
        found.won += [bar.lead_low, bar.lead_high, bar.width]
        for option in OPTIONS:
            low, high = (
                model.worth(option, "base", {**model.m, bar.key: end})
                for end in (bar.low, bar.high)
            )
            found.ends.append((low, high))
            found.won += [low, high]
        for value in (bar.low, bar.high):
            found.percent += [value] if bar.key in SHARES else []
            found.percent += [value / model.m[bar.key] - 1] if model.m[bar.key] else []
            if FIELDS[bar.key][0].startswith("won"):
                found.won.append(value)


def _add_flips(found: Known, model: Model, bars: list[Swing]) -> None:
    u = model.u_star
    found.flips = {
        RATIO: [u],
        PERCENT: [100 * u],
        HOURS: [u * HOURS_PER_MONTH],
        WON: [],
        MONTHS: [],
    }
    found.percent.append(u)
    for key in {bar.key for bar in bars} | {"capex"}:
        value = model.tipping(key)
        unit = FIELDS[key][0]
        if value != value or value < 0:
            continue
        if unit.startswith("won"):
            found.flips[WON].append(value)
            found.won.append(value)
        elif key in SHARES:
            found.flips[PERCENT].append(100 * value)
            found.percent.append(value)
        elif unit == "months":
            found.flips[MONTHS].append(value)
        if model.m[key]:
            found.flips[PERCENT].append(100 * (value / model.m[key] - 1))
            found.percent.append(value / model.m[key] - 1)


def _add_load(found: Known, work: Work) -> None:
    """Percentiles of each machine, and how often it wants more than a size on the card."""
    case: Case = work.case
    today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
    found.machines = tuple(today)
    for name, cpu in cpu_of(case).items():
        found.load += [float(q) / 100 for q in np.percentile(cpu, (50, 75, 90, 95, 99, 99.5, 100))]
        found.load.append(float(np.mean(cpu)) / 100)
        demand = today[name] * cpu / 100
        found.load += [float(np.mean(demand > size)) for size in case.prices.vcpus]
    # percentiles by name, and the headroom that tools offer
    found.load += [0.5, 0.9, 0.95, 0.99, 0.995, 0.2, 0.3]
    plan = work.value("plan") if work.has("plan") else {}
    found.load += [float(plan[key]) for key in ("headroom", "loss", "limit") if key in plan]
