"""What must hold of any sizing, whatever the servers: what ``data.toml`` has no words for.

No value is compared with an expected one; nobody knows the right sizes of a stranger's
servers. ``mine`` has the learner's functions, and their ``q``, ``headroom`` and ``sizes``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.checking import expect
from kit.checking.invariants import Mine, invariant
from kit.i18n import mark, phrase

if TYPE_CHECKING:
    from .own_data import OwnData

FINE_VCPU = 256


def numbers(mine: Mine, name: str) -> Callable[..., Any]:
    """One of the learner's functions, which must give numbers; they come as they are."""

    def call(*args: Any) -> Any:
        told = mine[name](*args)
        expect.number(told, f"{name}(...)")
        return told

    return call


@invariant(
    "coverage", says=mark("coverage is a share, and falls when samples are missing"), each=True
)
def coverage(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """A share of what should be there, and less of it when every second sample is gone."""
    series, step = mine["clean"](raw), own.step_minutes(machine)
    days = len(series) * step / 1440
    if days <= 0:
        return phrase("too few samples for a coverage")
    whole, half = (
        float(numbers(mine, "coverage")(s, step, days)) for s in (series, series.iloc[::2])
    )
    if not 0 <= whole <= 1.0001:
        return f"{whole:.2f}"
    if half < 0.6 * whole:
        return ""
    return phrase("{whole:.2f}, and {half:.2f} with every second sample", whole=whole, half=half)


@invariant("on-the-card", says=mark("sizes are on the price card"), each=True)
def on_the_card(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """No size that nobody sells."""
    cpu = mine["clean"](raw)["value"].to_numpy()
    sizes, pick = mine["sizes"], numbers(mine, "pick_size")
    size = pick(cpu, own.vcpu[machine], mine["q"], mine["headroom"], sizes)
    return "" if size in sizes else phrase("{size} vCPU is no size of the price card", size=size)


@invariant(
    "stricter",
    says=mark("a stricter rule never gives a smaller size, and half kept free a larger one"),
    each=True,
)
def stricter(_own: OwnData, mine: Mine, _machine: str, raw: pd.DataFrame) -> str:
    """More percentile or more headroom asks for as much or more, and a size for its load."""
    cpu = mine["clean"](raw)["value"].to_numpy()
    # sizes that double hide most steps, so a large machine and sizes of one vCPU are tried
    fine = list(range(1, 4 * FINE_VCPU))
    pick = numbers(mine, "pick_size")
    by_q = [pick(cpu, FINE_VCPU, one, mine["headroom"], fine) for one in (50, 90, 95, 99.5)]
    if sorted(by_q) != by_q:
        return phrase(
            "P50, P90, P95, P99.5 of {vcpu} vCPU give {sizes}", vcpu=FINE_VCPU, sizes=by_q
        )
    by_headroom = [pick(cpu, FINE_VCPU, mine["q"], one, fine) for one in (0.0, 0.2, 0.3, 0.5)]
    # what hardly works fits into one vCPU with any headroom
    idle = np.percentile(cpu, mine["q"]) / 100 * FINE_VCPU < 2
    if sorted(by_headroom) == by_headroom and (idle or by_headroom[0] < by_headroom[-1]):
        return ""
    return phrase("more headroom gives {sizes}", sizes=by_headroom)


@invariant("risk", says=mark("the risk is a share, and falls with the size"), each=True)
def risk(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """A share of samples, and a larger size leaves fewer of them above it."""
    cpu, vcpu = mine["clean"](raw)["value"].to_numpy(), own.vcpu[machine]
    burst = numbers(mine, "burst_risk")
    risks = [float(burst(cpu, vcpu, size)) for size in sorted(mine["sizes"])]
    if not all(0 <= one <= 1 for one in risks):
        return phrase("shares from {low:.2f} to {high:.2f}", low=min(risks), high=max(risks))
    if sorted(risks, reverse=True) != risks:
        return phrase("a larger size has a higher risk")
    below, above = int(np.median(cpu) / 100 * FINE_VCPU) - 1, FINE_VCPU + 1
    all_fits = float(burst(cpu, FINE_VCPU, above))
    half = float(burst(cpu, FINE_VCPU, below)) if below > 0 else 1.0
    if all_fits == 0 and half >= 0.5:
        return ""
    return phrase(
        "{half:.2f} for less than the median, {all_fits:.2f} for more than there is",
        half=half,
        all_fits=all_fits,
    )


@invariant(
    "order-of-samples", says=mark("a size does not depend on the order of samples"), each=True
)
def order_of_samples(own: OwnData, mine: Mine, machine: str, raw: pd.DataFrame) -> str:
    """Percentiles know no order."""
    cpu, q, headroom = mine["clean"](raw)["value"].to_numpy(), mine["q"], mine["headroom"]
    pick = numbers(mine, "pick_size")
    one, other = (
        pick(values, own.vcpu[machine], q, headroom, mine["sizes"])
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
