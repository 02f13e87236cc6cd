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
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.data.prices import HOURS_PER_MONTH, PriceCard

if TYPE_CHECKING:
    import numpy.typing as npt

OPTIONS = ("fixed", "schedule", "burstable", "autoscale")
STEPS_PER_DAY = 288
BUSY_HOURS = 8


@dataclass(frozen=True)
class Option:
    """One way to serve the load. ``loss`` is a share of samples, ``won_month`` its price."""

    option: str
    vcpu: int
    loss: float
    won_month: float


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
        month = size.won_per_hour * HOURS_PER_MONTH
        found.append(Option("fixed", size.vcpu, _loss(demand, size.vcpu), month))
        if size.vcpu >= 4:
            found.append(_scheduled(demand, hours, size.vcpu, month))
            found.append(_scaled(demand, size.vcpu, month))
    for small in prices.burstable:
        month = small.won_per_hour * HOURS_PER_MONTH
        capacity = _credits(demand, small.vcpu, small.baseline)
        found.append(Option("burstable", small.vcpu, _loss(demand, capacity), month))
    return found


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


def _scheduled(
    demand: npt.NDArray[np.float64], hours: npt.NDArray[Any], vcpu: int, month: float
) -> Option:
    busiest = pd.Series(demand).groupby(hours).mean().nlargest(BUSY_HOURS).index
    on = np.isin(hours, busiest)
    share = (BUSY_HOURS + (24 - BUSY_HOURS) / 4) / 24
    return Option("schedule", vcpu, _loss(demand, np.where(on, vcpu, vcpu / 4)), month * share)


def _credits(demand: npt.NDArray[np.float64], vcpu: int, baseline: float) -> Any:
    earned = vcpu * baseline
    limit = balance = earned * STEPS_PER_DAY
    capacity = np.empty(len(demand))
    for step, wanted in enumerate(demand.tolist()):
        capacity[step] = vcpu if balance > 0 else earned
        balance = min(limit, max(0.0, balance + earned - min(wanted, capacity[step])))
    return capacity


def _scaled(demand: npt.NDArray[np.float64], vcpu: int, month: float) -> Option:
    # 5 minutes late is one sample; 30 minutes before shrinking is the maximum of six
    wanted = np.clip(np.ceil(demand / 0.7), 1, vcpu)
    held = pd.Series(wanted).rolling(6, min_periods=1).max().to_numpy()
    there = np.concatenate([[held[0]], held[:-1]])
    return Option("autoscale", vcpu, _loss(demand, there), month * float(there.mean()) / vcpu)
