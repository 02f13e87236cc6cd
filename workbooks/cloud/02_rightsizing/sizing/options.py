"""Four ways to serve a bursty load, what each loses and what each costs: our model, SIMULATED.

Demand of a sample is ``source_vcpu * cpu / 100`` vCPU. Loss is the share of
samples whose demand exceeds what is there. Cost is won a month of 730 hours.

fixed      that size around the clock
schedule   that size in the eight hours of the day that were busiest, a quarter of it otherwise
burstable  the baseline share always, more while credits last; credits fill up below
           the baseline, to one day's worth at most
autoscale  in steps of one vCPU up to that size, as several small instances would: aims at
           70 % use of what is there, grows 5 minutes late, waits 30 minutes before it
           shrinks; priced by the general size's price for one vCPU. Work that cannot be
           split over instances does not scale like this

Memory is that of the whole size; what a schedule or autoscale has while it runs small is
no part of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.data.prices import HOURS_PER_MONTH, PriceCard, Size

if TYPE_CHECKING:
    import numpy.typing as npt

OPTIONS = ("fixed", "schedule", "burstable", "autoscale")
IDLE_UNPAID = ("schedule", "autoscale")
"""Options whose price leaves out by itself what is off."""
STEPS_PER_DAY = 288
BUSY_HOURS = 8


@dataclass(frozen=True)
class Option:
    """One way to serve the load. ``loss`` is a share of samples, ``won_month`` its price."""

    option: str
    vcpu: int
    memory_gib: float
    loss: float
    won_month: float

    def holds(self, need_gib: float | None) -> bool:
        """Whether a memory need fits; one that nobody measured (None) rules nothing out."""
        return need_gib is None or need_gib <= self.memory_gib


def options_for(
    cpu: npt.NDArray[np.float64], times: Any, source_vcpu: int, prices: PriceCard
) -> list[Option]:
    """Every option at every size of the card up to twice the source."""
    demand = source_vcpu * np.asarray(cpu, dtype=float) / 100
    hours = pd.DatetimeIndex(times).hour.to_numpy()
    found = []
    for size in prices.sizes:
        if size.vcpu > 2 * source_vcpu:
            break
        found.append(_option("fixed", size, _loss(demand, size.vcpu)))
        if size.vcpu >= 4:
            found.append(_scheduled(demand, hours, size))
            found.append(_scaled(demand, size))
    for small in prices.burstable:
        capacity = _credits(demand, small.vcpu, small.baseline)
        found.append(_option("burstable", small, _loss(demand, capacity)))
    return found


def _option(name: str, size: Size, loss: float, paid: float = 1.0) -> Option:
    """``paid`` is the share of the size's price that is due."""
    month = size.won_per_hour * HOURS_PER_MONTH
    return Option(name, size.vcpu, size.memory_gib, loss, month * paid)


def pareto(options: list[Option]) -> list[Option]:
    """Those that no other option beats in both loss and cost."""
    return [
        mine
        for mine in options
        if not any(
            other.loss <= mine.loss
            and other.won_month <= mine.won_month
            and (other.loss, other.won_month) != (mine.loss, mine.won_month)
            for other in options
        )
    ]


def _loss(demand: npt.NDArray[np.float64], capacity: Any) -> float:
    return float(np.count_nonzero(demand > capacity) / len(demand))


def _scheduled(demand: npt.NDArray[np.float64], hours: npt.NDArray[Any], size: Size) -> Option:
    busiest = pd.Series(demand).groupby(hours).mean().nlargest(BUSY_HOURS).index
    on = np.isin(hours, busiest)
    share = (BUSY_HOURS + (24 - BUSY_HOURS) / 4) / 24
    there = np.where(on, size.vcpu, size.vcpu / 4)
    return _option("schedule", size, _loss(demand, there), share)


def _credits(demand: npt.NDArray[np.float64], vcpu: int, baseline: float) -> Any:
    earned = vcpu * baseline
    limit = balance = earned * STEPS_PER_DAY
    capacity = np.empty(len(demand))
    for step, wanted in enumerate(demand.tolist()):
        capacity[step] = there = vcpu if balance > 0 else earned
        balance = min(limit, max(0.0, balance + earned - min(wanted, there)))
    return capacity


def _scaled(demand: npt.NDArray[np.float64], size: Size) -> Option:
    # 5 minutes late is one sample; 30 minutes before shrinking is the maximum of six
    wanted = np.clip(np.ceil(demand / 0.7), 1, size.vcpu)
    held = pd.Series(wanted).rolling(6, min_periods=1).max().to_numpy()
    there = np.concatenate([[held[0]], held[:-1]])
    return _option("autoscale", size, _loss(demand, there), float(there.mean()) / size.vcpu)
