"""What must hold of any sizing, whatever the servers: what ``data.toml`` has no words for.

No value is compared with an expected one; nobody knows the right sizes of a stranger's
servers. ``mine`` has the learner's functions, and their ``q``, ``headroom`` and ``sizes``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.checking.invariants import Mine, invariant
from kit.i18n import mark, phrase

if TYPE_CHECKING:
    from .own_data import OwnData

FINE_VCPU = 256


@invariant(
    "coverage", says=mark("coverage is a share, and falls when samples are missing"), each=True
)
def coverage(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """A share of what should be there, and less of it when every second sample is gone."""
    series, step = mine["clean"](raw), own.step_minutes(machine)
    days = len(series) * step / 1440
    if days <= 0:
        return phrase("too few samples for a coverage")
    whole, half = (float(mine["coverage"](s, step, days)) for s in (series, series.iloc[::2]))
    if not 0 <= whole <= 1.0001:
        return f"{whole:.2f}"
    if half < 0.6 * whole:
        return ""
    return phrase("{whole:.2f}, and {half:.2f} with every second sample", whole=whole, half=half)


@invariant("on-the-card", says=mark("sizes are on the price card"), each=True)
def on_the_card(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """No size that nobody sells."""
    cpu = mine["clean"](raw)["value"].to_numpy()
    sizes = mine["sizes"]
    size = mine["pick_size"](cpu, own.vcpu[machine], mine["q"], mine["headroom"], sizes)
    return "" if size in sizes else phrase("{size} vCPU is no size of the price card", size=size)


@invariant("stricter", says=mark("a stricter rule never gives a smaller size"), each=True)
def stricter(_own: OwnData, mine: Mine, _machine: str, raw: pd.DataFrame) -> str:
    """More percentile or more headroom asks for as much or more."""
    cpu = mine["clean"](raw)["value"].to_numpy()
    # sizes that double hide most steps, so a large machine and sizes of one vCPU are tried
    fine = list(range(1, 4 * FINE_VCPU))
    pick = mine["pick_size"]
    by_q = [pick(cpu, FINE_VCPU, one, mine["headroom"], fine) for one in (50, 90, 95, 99.5)]
    if sorted(by_q) != by_q:
        return phrase(
            "P50, P90, P95, P99.5 of {vcpu} vCPU give {sizes}", vcpu=FINE_VCPU, sizes=by_q
        )
    by_headroom = [pick(cpu, FINE_VCPU, mine["q"], one, fine) for one in (0.0, 0.2, 0.3, 0.5)]
    if sorted(by_headroom) == by_headroom:
        return ""
    return phrase("more headroom gives {sizes}", sizes=by_headroom)


@invariant("risk", says=mark("the risk is a share, and falls with the size"), each=True)
def risk(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """A share of samples, and a larger size leaves fewer of them above it."""
    cpu, vcpu = mine["clean"](raw)["value"].to_numpy(), own.vcpu[machine]
    risks = [float(mine["burst_risk"](cpu, vcpu, size)) for size in sorted(mine["sizes"])]
    if not all(0 <= one <= 1 for one in risks):
        return phrase("shares from {low:.2f} to {high:.2f}", low=min(risks), high=max(risks))
    return "" if sorted(risks, reverse=True) == risks else phrase("a larger size has a higher risk")


@invariant(
    "order-of-samples", says=mark("a size does not depend on the order of samples"), each=True
)
def order_of_samples(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """Percentiles know no order."""
    cpu, q, headroom = mine["clean"](raw)["value"].to_numpy(), mine["q"], mine["headroom"]
    one, other = (
        mine["pick_size"](values, own.vcpu[machine], q, headroom, mine["sizes"])
        for values in (cpu, np.sort(cpu))
    )
    if one == other:
        return ""
    return phrase("{one} or {other} vCPU, by the order of the samples", one=one, other=other)


@invariant("memory", says=mark("memory that nobody measured stays unknown"))
def memory(_own: OwnData, mine: Mine) -> str:
    """What was never measured is no figure."""
    answer = mine["memory_need"](pd.Series(np.full(4032, np.nan)), 32.0, 0.2)
    if isinstance(answer, str) and answer == "unknown":
        return ""
    return phrase("your function says {answer}", answer=repr(answer)[:40])
