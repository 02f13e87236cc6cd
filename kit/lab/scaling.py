"""Autoscaling on a trace of demand: target tracking, steps, a schedule, or a fixed fleet.

The embedded cloud takes scaling policies and never acts on them, so elasticity is computed
here, by rules that are written down:

1. Time goes in equal ticks. In tick ``t`` a fleet of ``n[t]`` machines in service can serve
   ``n[t] * capacity``; what demand exceeds that is lost, not queued.
2. After each tick the policy sees the load of that tick over the machines that served it, and
   names the machines it wants. It sees demand, not only what was served: a balancer counts
   the requests that it turns away, too.
3. Machines that are asked for in tick ``t`` serve in tick ``t + lag``; until then they are
   paid for and counted as wanted, so that nobody asks for them twice (warm-up).
4. After a growth nothing more is asked for during ``cooldown`` ticks.
5. The fleet shrinks at once, but only to the most that was wanted in the last
   ``scale_in_delay`` ticks, the present one included; 0 or 1 shrinks at the first low tick.

Target tracking (AWS Auto Scaling User Guide, "Target tracking scaling policies"): wanted =
ceil(load / (capacity * target)). Pure functions, no clock, no cloud: SIMULATED.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kit.errors import UsageError


@dataclass(frozen=True)
class Fleet:
    """The machines: ``capacity`` is what one serves in a tick; delays are counted in ticks."""

    capacity: float
    minimum: int = 1
    maximum: int = 1000
    lag: int = 1
    cooldown: int = 0
    scale_in_delay: int = 0

    def __post_init__(self) -> None:
        if self.capacity <= 0 or not 0 <= self.minimum <= self.maximum:
            raise UsageError(
                "A fleet needs a capacity above 0, and a minimum that is not above its maximum."
            )
        if self.lag < 1 or self.cooldown < 0 or self.scale_in_delay < 0:
            raise UsageError("A machine serves one tick after it is asked for, at the earliest.")


@dataclass(frozen=True)
class Seen:
    """One tick: ``serving`` machines met ``load``; ``asked`` are on order or in service."""

    tick: int
    load: float
    serving: int
    asked: int
    capacity: float


class Policy(Protocol):
    """Says how many machines it wants."""

    def wanted(self, seen: Seen, /) -> int:
        """The machines wanted after what was seen."""


@dataclass(frozen=True)
class TargetTracking:
    """Keep each machine at ``target`` of its capacity, 0 to 1."""

    target: float

    def wanted(self, seen: Seen) -> int:
        """As many as would bring this tick's load to the target."""
        # a quotient that is whole by arithmetic must not be rounded up by its last bit
        return math.ceil(seen.load / (seen.capacity * self.target) - 1e-9)


@dataclass(frozen=True)
class Steps:
    """``steps`` are (from this utilisation, change by so many machines), ascending.

    Below the first step nothing changes; utilisation is load over the capacity that served.
    """

    steps: tuple[tuple[float, int], ...]

    def wanted(self, seen: Seen) -> int:
        """The machines on order, changed by the highest step that is reached."""
        used = seen.load / (max(seen.serving, 1) * seen.capacity)
        change = 0
        for start, by in self.steps:
            if used >= start:
                change = by
        return seen.asked + change


@dataclass(frozen=True)
class Schedule:
    """``machines_at(tick)`` machines, whatever the load; ordered ``ahead`` ticks before."""

    machines_at: Callable[[int], int]
    ahead: int = 0

    def wanted(self, seen: Seen) -> int:
        """What the schedule says for the tick in which machines ordered now are to serve."""
        return self.machines_at(seen.tick + self.ahead)


@dataclass(frozen=True)
class Fixed:
    """Always as many."""

    machines: int

    def wanted(self, _seen: Seen) -> int:
        """The same number."""
        return self.machines


@dataclass(frozen=True)
class Run:
    """What happened. ``serving`` and ``paid`` are machines in each tick; ``lost`` is demand."""

    serving: tuple[int, ...]
    paid: tuple[int, ...]
    lost: tuple[float, ...]
    demand: tuple[float, ...]

    @property
    def lost_share(self) -> float:
        """Demand that was lost over all demand, 0 to 1."""
        return sum(self.lost) / sum(self.demand) if sum(self.demand) else 0.0

    def hours(self, tick_minutes: float) -> float:
        """Machine-hours that are paid for."""
        return sum(self.paid) * tick_minutes / 60


def simulate(demand: Sequence[float], policy: Policy, fleet: Fleet, *, first: int = 0) -> Run:
    """Run a policy over demand in each tick, from ``first`` machines (default: the minimum)."""
    asked = _within(first or fleet.minimum, fleet)
    # machines on order, by the tick in which they begin to serve
    coming: dict[int, int] = {}
    serving, quiet_until = asked, 0
    wishes: list[int] = []
    run: list[tuple[int, int, float]] = []
    for tick, load in enumerate(demand):
        serving += coming.pop(tick, 0)
        run.append((serving, asked, max(0.0, load - serving * fleet.capacity)))
        seen = Seen(tick, load, serving, asked, fleet.capacity)
        wish = _within(policy.wanted(seen), fleet)
        wishes.append(wish)
        if wish > asked and tick >= quiet_until:
            start = tick + fleet.lag
            coming[start] = coming.get(start, 0) + wish - asked
            asked, quiet_until = wish, tick + 1 + fleet.cooldown
        elif wish < asked:
            keep = max(wishes[-max(fleet.scale_in_delay, 1) :])
            if keep < asked:
                serving, coming = _shrunk(serving, coming, asked - keep)
                asked = keep
    columns = list(zip(*run, strict=True)) or [(), (), ()]
    return Run(tuple(columns[0]), tuple(columns[1]), tuple(columns[2]), tuple(demand))


def _within(machines: int, fleet: Fleet) -> int:
    return min(max(machines, fleet.minimum), fleet.maximum)


def _shrunk(serving: int, coming: dict[int, int], surplus: int) -> tuple[int, dict[int, int]]:
    """Give machines back: first those that do not serve yet, the latest order before others."""
    left = dict(coming)
    for start in sorted(left, reverse=True):
        taken = min(left[start], surplus)
        left[start] -= taken
        surplus -= taken
    return serving - surplus, {start: n for start, n in left.items() if n}
