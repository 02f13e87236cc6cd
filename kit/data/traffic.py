"""Request counts of a fictional service, and what a scaling policy makes of them.

``bursty`` copies the character of one real load balancer (mean 62 requests in
5 minutes, peak over mean about 10, little daily rhythm) and none of its rows;
it is calibrated like the utilisation series (``kit.data.calibration``).
``rhythm`` is made up: strong daily and weekly cycles, where a policy that
follows demand wins. Everything about scaling here is a simulation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from kit.data.calibration import INTERVALS, Series, draw_targets, statistics, target_values, within
from kit.data.utilisation import MAX_DRAWS, SampleClock, wander
from kit.errors import DataError, UsageError

TrafficKind = Literal["bursty", "rhythm"]
TRAFFIC_KINDS: tuple[TrafficKind, ...] = get_args(TrafficKind)
# Far above any count, so that the quantile function moves on a log scale.
_CEILING = 10_000.0


@dataclass(frozen=True)
class Fixed:
    """The same number of instances at all times."""

    instances: int


@dataclass(frozen=True)
class TargetTracking:
    """Follow demand so that instances run at ``target`` (0 to 1) of their capacity."""

    target: float
    minimum: int = 1
    maximum: int | None = None


@dataclass(frozen=True)
class Scheduled:
    """Instances by hour of the day (24 numbers each), on weekdays and at weekends."""

    weekday: tuple[int, ...]
    weekend: tuple[int, ...]


Policy = Fixed | TargetTracking | Scheduled


@dataclass(frozen=True)
class ScalingResult:
    """Cost and loss of a policy on one demand series."""

    instance_hours: float
    dropped_share: float
    """Requests beyond capacity over all requests, 0 to 1."""
    instances: npt.NDArray[np.int64]
    """Instances in service at each step."""


def request_series(
    kind: TrafficKind,
    rng: np.random.Generator,
    *,
    days: int = 14,
    step_minutes: int = 5,
    start: str = "2026-03-02",
) -> Series:
    """Return requests per step, whole numbers, ``days * 1440 / step_minutes`` of them.

    A 14-day ``bursty`` series of 5-minute steps lies within the real series'
    90 % bootstrap intervals for any seed. Raises ``UsageError`` for an unknown
    kind or an impossible length.
    """
    clock = SampleClock(days, step_minutes, start)
    if kind == "bursty":
        return _bursty(rng, clock)
    if kind == "rhythm":
        return _rhythm(rng, clock)
    raise UsageError(
        "There is no kind of traffic {kind!r}.",
        fix="Choose one of: {known}.",
        kind=kind,
        known=", ".join(TRAFFIC_KINDS),
    )


def _bursty(rng: np.random.Generator, clock: SampleClock) -> Series:
    for _ in range(MAX_DRAWS):
        level = rng.standard_normal(clock.n)
        level += rng.uniform(0.4, 0.55) * wander(rng, clock.n, clock.hours(rng.uniform(1, 3)))
        level += rng.uniform(0.35, 0.6) * _day_wave(clock, float(rng.uniform(14, 21)))
        values = target_values(
            "requests", clock.n, draw_targets("requests", rng), knees={}, ceiling=_CEILING
        )
        series = np.empty(clock.n)
        series[np.argsort(level)] = np.round(values)
        if not clock.calibrated or within(statistics(series), INTERVALS["requests"]):
            return series
    raise DataError(
        "No bursty traffic within the calibrated intervals in {draws} draws.",
        fix="Draw from another seed, and report this one: it should not happen.",
        draws=MAX_DRAWS,
    )


def _rhythm(rng: np.random.Generator, clock: SampleClock) -> Series:
    hour = clock.hour_of_day()
    morning, evening = rng.uniform(9.0, 11.5), rng.uniform(14.0, 20.0)
    width = rng.uniform(1.6, 2.6)
    shape = np.exp(-0.5 * ((hour - morning) / width) ** 2)
    shape += rng.uniform(0.6, 1.3) * np.exp(-0.5 * ((hour - evening) / width) ** 2)
    floor = rng.uniform(0.04, 0.1)
    week = np.where(clock.weekend(), rng.uniform(0.2, 0.45), 1.0)
    mean = rng.uniform(330, 480) * (floor + shape / shape.max()) * week
    # A few percent of slow drift keeps the days from being copies of each other.
    mean *= np.exp(0.06 * wander(rng, clock.n, clock.hours(6)))
    return np.asarray(rng.poisson(mean), dtype=np.float64)


def _day_wave(clock: SampleClock, peak_hour: float) -> Series:
    return np.asarray(np.cos(2 * np.pi * (clock.hour_of_day() - peak_hour) / 24))


def simulate_scaling(
    demand: Series,
    policy: Policy,
    *,
    capacity_per_instance: float = 40,
    lag_minutes: int = 5,
    scale_in_minutes: int = 25,
    step_minutes: int = 5,
    start: str = "2026-03-02",
) -> ScalingResult:
    """Return what ``policy`` costs and loses on ``demand`` (requests per step).

    The model, [SIMULATED]:

    - An instance serves ``capacity_per_instance`` requests in one step. What
      goes beyond is dropped: no queue, no retry. Demand is seen in full.
    - Target tracking reads step s and wants
      ceil(demand[s] / (capacity_per_instance * target)) instances, at least
      ``minimum`` and at most ``maximum``.
    - A reading takes effect ``lag_minutes`` later; before the first one, the
      fleet is what the first step wants.
    - Scale-out is at once. Scale-in follows only when no reading of the last
      ``scale_in_minutes`` asked for more: instances[t] is the maximum of what
      the readings from t - lag - scale_in to t - lag want. 0 means scale-in
      at once. Starting and stopping cost no extra time.
    - Hours are count x step: a missing step is neither filled nor billed.

    The figures hang on ``scale_in_minutes``; state it beside them. Raises
    ``UsageError`` where times are no multiple of the step or a policy is void.
    """
    wanted = _wanted(demand, policy, capacity_per_instance, step_minutes, start)
    if isinstance(policy, TargetTracking):
        lag = _steps("lag_minutes", lag_minutes, step_minutes)
        hold = _steps("scale_in_minutes", scale_in_minutes, step_minutes)
        wanted = _followed(wanted, lag, hold)
    dropped = np.maximum(0.0, demand - wanted * capacity_per_instance).sum()
    total = float(demand.sum())
    return ScalingResult(
        instance_hours=float(wanted.sum()) * step_minutes / 60,
        dropped_share=float(dropped) / total if total else 0.0,
        instances=wanted,
    )


def instances_for(demand: float, capacity_per_instance: float = 40) -> int:
    """Return the smallest fleet, at least one, that serves ``demand`` in a step."""
    # Without the small allowance 0.3 / 0.1 would ask for a fourth instance.
    return max(1, int(np.ceil(demand / capacity_per_instance - 1e-9)))


def fit_schedule(
    history: Series,
    *,
    percentile: float = 95,
    capacity_per_instance: float = 40,
    step_minutes: int = 5,
    start: str = "2026-03-02",
) -> Scheduled:
    """Return the schedule that serves each hour's ``percentile`` of ``history``.

    Weekdays and weekends apart; percentiles by linear interpolation. ``history``
    needs at least one weekday and one weekend day, else ``UsageError``.
    """
    clock = _clock_of(history, step_minutes, start)
    hour, weekend = clock.hour_of_day().astype(int), clock.weekend()
    plans = []
    for part in (~weekend, weekend):
        groups = [history[part & (hour == h)] for h in range(24)]
        if not all(len(group) for group in groups):
            raise UsageError(
                "A schedule needs at least one whole weekday and one whole weekend day.",
                fix="Give a week of history or more.",
            )
        need = [float(np.percentile(group, percentile)) for group in groups]
        plans.append(tuple(instances_for(value, capacity_per_instance) for value in need))
    return Scheduled(*plans)


def _wanted(
    demand: Series, policy: Policy, capacity: float, step_minutes: int, start: str
) -> npt.NDArray[np.int64]:
    if isinstance(policy, Fixed):
        return np.full(len(demand), policy.instances, dtype=np.int64)
    if isinstance(policy, Scheduled):
        clock = _clock_of(demand, step_minutes, start)
        hour = clock.hour_of_day().astype(int)
        weekday, weekend = np.array(policy.weekday), np.array(policy.weekend)
        return np.asarray(np.where(clock.weekend(), weekend[hour], weekday[hour]))
    if not 0 < policy.target <= 1:
        raise UsageError(
            "A target of {target} cannot be tracked.",
            fix="Give the target as a share of capacity, such as 0.6 for 60 %.",
            target=policy.target,
        )
    wanted = np.ceil(demand / (capacity * policy.target) - 1e-9).astype(np.int64)
    return np.asarray(np.clip(wanted, policy.minimum, policy.maximum))


def _followed(wanted: npt.NDArray[np.int64], lag: int, hold: int) -> npt.NDArray[np.int64]:
    """Return the running maximum over ``hold`` + 1 readings, ``lag`` steps late."""
    early = np.full(lag + hold, wanted[0])
    readings = np.concatenate([early, wanted])[: hold + len(wanted)]
    windows = np.lib.stride_tricks.sliding_window_view(readings, hold + 1)
    return np.asarray(windows.max(axis=1))


def _clock_of(series: Series, step_minutes: int, start: str) -> SampleClock:
    days = -(-len(series) * step_minutes // 1_440)
    return SampleClock(days, step_minutes, start, samples=len(series))


def _steps(name: str, minutes: int, step_minutes: int) -> int:
    if minutes < 0 or minutes % step_minutes:
        raise UsageError(
            "{name} is {minutes}, which is no multiple of the step of {step_minutes} minutes.",
            fix="Give {name} as 0 or a multiple of {step_minutes}.",
            name=name,
            minutes=minutes,
            step_minutes=step_minutes,
        )
    return minutes // step_minutes
