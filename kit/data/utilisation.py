"""Utilisation of fictional machines, made by a regime-switching generator.

Each class copies the character of one real machine and none of its rows. A
draw has three steps:

1. *Path*: which regime holds at each step (idle, burst, outage, after the
   change), from burst counts, durations and day profiles, and inside each
   regime a wandering level with noise.
2. *Values*: the path's ranks are mapped onto the class's quantile function,
   whose level and regime shares are drawn anew for each series
   (``kit.data.calibration``). Ranks keep bursts where they are.
3. *Acceptance*: the draw is kept if median, p95, p99.5 and lag-1
   autocorrelation lie within the 90 % day-block bootstrap intervals of the
   real series; otherwise a new path is drawn from the same ``rng``. Step 2
   meets the percentiles by itself; only lag-1 ever turns a draw down (over
   1,000 seeds, 45 % of first draws of ``bursty`` pass, 86 to 98 % of the others).

So every 14-day series of 5-minute steps lies within the intervals, whatever
the seed. Other lengths and steps use the first draw and claim no calibration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from kit.data.calibration import (
    INTERVALS,
    Series,
    draw_targets,
    statistics,
    target_values,
    within,
)
from kit.data.dirt import Dirt, dirty_export
from kit.errors import DataError, UsageError

__all__ = ["KINDS", "Dirt", "Kind", "cpu_series", "dirty_export", "memory_series"]

Kind = Literal["under-used", "idle-with-bursts", "bursty", "steady", "saturated", "regime-change"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MINUTES_PER_DAY = 1_440
CALIBRATED_DAYS = 14
CALIBRATED_STEP = 5
MAX_DRAWS = 200

Regimes = npt.NDArray[np.int64]


class SampleClock:
    """Sample counts of a series: how many, per hour and per day, and the weekday.

    ``samples`` cuts a last day that is not whole. Raises ``UsageError`` for
    less than a day or a step that does not divide the day.
    """

    def __init__(
        self, days: int, step_minutes: int, start: str, *, samples: int | None = None
    ) -> None:
        if days < 1 or step_minutes < 1 or MINUTES_PER_DAY % step_minutes:
            raise UsageError(
                "A series of {days} days in steps of {step_minutes} minutes cannot be made.",
                fix="Ask for at least one day and a step that divides 1,440 minutes.",
                days=days,
                step_minutes=step_minutes,
            )
        self.days = days
        self.per_day = MINUTES_PER_DAY // step_minutes
        self.n = days * self.per_day if samples is None else samples
        self.calibrated = (days, step_minutes) == (CALIBRATED_DAYS, CALIBRATED_STEP)
        self.first = int(np.datetime64(start, "m").astype(np.int64)) // step_minutes

    def hours(self, hours: float) -> int:
        """Return ``hours`` in samples, at least one."""
        return max(1, round(hours * self.per_day / 24))

    def hour_of_day(self) -> Series:
        """Return the hour of each sample, 0 to below 24."""
        return np.asarray((self.first + np.arange(self.n)) % self.per_day * 24 / self.per_day)

    def weekend(self) -> npt.NDArray[np.bool_]:
        """Tell for each sample whether it falls on Saturday or Sunday."""
        day = (self.first + np.arange(self.n)) // self.per_day
        # 1970-01-01, day 0 of the count, was a Thursday.
        return np.asarray((day + 3) % 7 >= 5)


_Path = tuple[Regimes, Series, dict[float, float]]


def cpu_series(
    kind: Kind,
    rng: np.random.Generator,
    *,
    days: int = 14,
    step_minutes: int = 5,
    start: str = "2026-03-02",
) -> Series:
    """Return CPU utilisation in percent (0 to 100), one value per step.

    Shape: ``days * 1440 / step_minutes``. ``start`` matters through weekends,
    when bursts are rarer. The calibration is stated at the top of the module.
    Note that ``steady`` rises to a second level in its last days, as the real
    machine does, and that ``regime-change`` ends saturated.

    Raises ``UsageError`` for an unknown kind or an impossible length.
    """
    path = _path_of(kind)
    clock = SampleClock(days, step_minutes, start)
    for _ in range(MAX_DRAWS):
        regimes, level, knees = path(rng, clock)
        values = target_values(kind, clock.n, _targets(kind, rng), knees=knees)
        series = np.empty(clock.n)
        series[np.lexsort((level, regimes))] = np.round(values, 3)
        if not clock.calibrated or within(statistics(series), INTERVALS[kind]):
            return series
    raise DataError(
        "No {kind} series within the calibrated intervals in {draws} draws.",
        fix="Draw from another seed, and report this one: it should not happen.",
        kind=kind,
        draws=MAX_DRAWS,
    )


def memory_series(
    kind: Kind,
    rng: np.random.Generator,
    *,
    days: int = 14,
    step_minutes: int = 5,
    start: str = "2026-03-02",
) -> Series:
    """Return memory in use in percent (0 to 100), of the shape of ``cpu_series``.

    Plausible, not calibrated: no real memory series was measured. A working
    set with a daily swing, a slow leak that a restart ends on some machines,
    and bursts where the class has them. A database fills most of its memory.
    """
    _path_of(kind)
    clock = SampleClock(days, step_minutes, start)
    low, high = _MEMORY[kind]
    series = np.full(clock.n, rng.uniform(low, high))
    series += rng.uniform(0.3, 1.5) * wander(rng, clock.n, clock.hours(12))
    series += 0.2 * rng.standard_normal(clock.n)
    if kind in ("idle-with-bursts", "bursty"):
        regimes, level = _bursts(rng, clock, 0.1, minutes=35, blips=0.2)
        series += np.where(regimes == 1, rng.uniform(8, 20) * np.clip(level, 0, 1), 0.0)
    if kind == "regime-change":
        series[round(0.86 * clock.n) :] += rng.uniform(8, 18)
    if rng.random() < 0.35:
        restart = int(rng.integers(clock.n // 3, clock.n))
        leak = rng.uniform(0.2, 0.6) / clock.per_day * np.arange(clock.n)
        series += np.where(np.arange(clock.n) < restart, leak, leak - leak[restart])
    return np.asarray(np.round(np.clip(series, 0.5, 99.5), 3))


def _path_of(kind: str) -> Callable[[np.random.Generator, SampleClock], _Path]:
    if kind not in _PATHS:
        raise UsageError(
            "There is no utilisation class {kind!r}.",
            fix="Choose one of: {known}.",
            kind=kind,
            known=", ".join(KINDS),
        )
    return _PATHS[kind]


def _targets(kind: Kind, rng: np.random.Generator) -> tuple[float, float, float]:
    median, p95, p99_5 = draw_targets(kind, rng)
    if kind == "regime-change":
        # At least 11.5 % of the samples come after the change, so the upper part
        # of the wide intervals is the only part that belongs to the class.
        return median, float(rng.uniform(98.7, 99.35)), float(rng.uniform(99.45, 99.66))
    return median, p95, p99_5


def wander(rng: np.random.Generator, n: int, samples: float) -> Series:
    """Return a unit-variance AR(1) path that forgets in about ``samples`` steps."""
    return _ar1(rng, n, float(np.exp(-1 / samples)))


def _ar1(rng: np.random.Generator, n: int, phi: float) -> Series:
    # A truncated moving average is the AR(1) to 0.1 % and needs no Python loop.
    reach = min(n, max(2, int(np.ceil(np.log(1e-3) / np.log(abs(phi))))))
    kernel = phi ** np.arange(reach)
    noise = rng.standard_normal(n + reach - 1)
    width = 1 << (len(noise) + reach).bit_length()
    path = np.fft.irfft(np.fft.rfft(noise, width) * np.fft.rfft(kernel, width), width)
    return np.asarray(path[reach - 1 : reach - 1 + n] * np.sqrt(1 - phi * phi))


def _under_used(rng: np.random.Generator, clock: SampleClock) -> _Path:
    regimes = np.zeros(clock.n, dtype=np.int64)
    level = _ar1(rng, clock.n, float(rng.uniform(-0.5, -0.3)))
    at = int(rng.integers(clock.per_day))
    jitter = rng.integers(-2, 3, clock.days)
    nightly = np.clip(at + clock.per_day * np.arange(clock.days) + jitter, 0, clock.n - 1)
    extra = rng.choice(clock.n, max(1, round(0.0006 * clock.n)), replace=False)
    regimes[nightly] = 1
    regimes[extra] = 1
    return regimes, level, {}


def _idle_with_bursts(rng: np.random.Generator, clock: SampleClock) -> _Path:
    share = 0.1785 * rng.uniform(0.88, 1.12)
    minutes = float(rng.uniform(32, 44))
    regimes, level = _bursts(rng, clock, share, minutes=minutes, blips=0.4)
    return regimes, level, {0.8215: 1 - share}


def _bursty(rng: np.random.Generator, clock: SampleClock) -> _Path:
    share = 0.075 * rng.uniform(0.85, 1.15)
    minutes = float(rng.uniform(19, 26))
    regimes, level = _bursts(rng, clock, share, minutes=minutes, blips=0.1)
    return regimes, level, {0.925: 1 - share}


def _bursts(
    rng: np.random.Generator, clock: SampleClock, share: float, *, minutes: float, blips: float
) -> tuple[Regimes, Series]:
    """Place bursts until they fill ``share`` of the samples.

    ``minutes`` is the mean length of a full burst, ``blips`` the part of
    events that last one or two samples and stay low. Busy days and busy hours
    differ from seed to seed.
    """
    wanted = round(share * clock.n)
    regimes = np.zeros(clock.n, dtype=np.int64)
    level = wander(rng, clock.n, clock.hours(30)) + 0.7 * rng.standard_normal(clock.n)
    chance = _busy_hours(rng, clock)
    length = max(2.0, minutes * clock.per_day / MINUTES_PER_DAY)
    left = wanted
    while left > 0:
        for start in rng.choice(clock.n, size=64, p=chance):
            size = min(left, clock.n - int(start), _length(rng, length, blips))
            spot = slice(max(0, int(start) - 1), int(start) + size + 1)
            # A burst that touches another would make one long burst of two.
            if size < 1 or regimes[spot].any():
                continue
            regimes[start : start + size] = 1
            level[start : start + size] = _shape(rng, size)
            left -= size
    return regimes, level


def _length(rng: np.random.Generator, mean: float, blips: float) -> int:
    if rng.random() < blips:
        return int(rng.integers(1, 3))
    return max(3, int(rng.normal(mean, 0.3 * mean)))


def _shape(rng: np.random.Generator, size: int) -> Series:
    """Return a burst's relative levels: a plateau with partial first and last steps."""
    if size < 3:
        return np.asarray(rng.uniform(0.0, 0.45, size))
    levels = rng.uniform(0.5, 0.8) + rng.uniform(0.0, 0.35, size)
    levels[[0, -1]] = rng.uniform(0.0, 0.65, 2)
    return np.asarray(levels)


def _busy_hours(rng: np.random.Generator, clock: SampleClock) -> Series:
    days = np.repeat(rng.gamma(1.2, 1.0, clock.days) + 0.05, clock.per_day)
    hour = 2 * np.pi * (np.arange(clock.n) % clock.per_day) / clock.per_day
    peak, swing = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.8)
    weight = days * (1 + swing * np.cos(hour - peak)) * np.where(clock.weekend(), 0.5, 1.0)
    return np.asarray(weight / weight.sum())


def _steady(rng: np.random.Generator, clock: SampleClock) -> _Path:
    share = float(rng.uniform(0.19, 0.28))
    regimes = np.zeros(clock.n, dtype=np.int64)
    change = round((1 - share) * clock.n)
    regimes[change:] = 1
    # The real database alternates between two figures from step to step.
    level = _ar1(rng, clock.n, float(rng.uniform(-0.9, -0.4)))
    level += rng.uniform(0.2, 0.6) * wander(rng, clock.n, clock.hours(20))
    level[change] += 8.0
    return regimes, level, {0.7645: 1 - share}


def _saturated(rng: np.random.Generator, clock: SampleClock) -> _Path:
    regimes = np.ones(clock.n, dtype=np.int64)
    level = 1.2 * wander(rng, clock.n, clock.hours(rng.uniform(12, 40)))
    level += 0.5 * wander(rng, clock.n, clock.hours(1)) + 0.35 * rng.standard_normal(clock.n)
    tick = np.arange(clock.n) % clock.hours(rng.choice([1, 2, 4])) == 0
    level += rng.uniform(0.3, 1.0) * tick
    down = clock.hours(rng.uniform(5, 15))
    start = int(rng.integers(clock.n // 10, clock.n - down - clock.n // 10))
    regimes[start : start + down] = 0
    return regimes, level, {0.033: down / clock.n}


def _regime_change(rng: np.random.Generator, clock: SampleClock) -> _Path:
    regimes = np.ones(clock.n, dtype=np.int64)
    level = wander(rng, clock.n, clock.hours(40)) + rng.uniform(1.5, 3.0) * rng.standard_normal(
        clock.n
    )
    change = round((1 - rng.uniform(0.115, 0.16)) * clock.n)
    regimes[change:] = 2
    first = round(rng.uniform(0.06, 0.12) * clock.n)
    level[:first] += 6.0
    down = round(rng.uniform(0.025, 0.06) * clock.n)
    start = int(rng.integers(first, change - down - clock.n // 10))
    regimes[start : start + down] = 0
    return regimes, level, {0.043: down / clock.n, 0.8866: change / clock.n}


_PATHS: dict[str, Callable[[np.random.Generator, SampleClock], _Path]] = {
    "under-used": _under_used,
    "idle-with-bursts": _idle_with_bursts,
    "bursty": _bursty,
    "steady": _steady,
    "saturated": _saturated,
    "regime-change": _regime_change,
}

# Ranges of the working set, percent of memory: from experience, not measured.
_MEMORY: dict[str, tuple[float, float]] = {
    "under-used": (8, 25),
    "idle-with-bursts": (22, 45),
    "bursty": (30, 55),
    "steady": (68, 82),
    "saturated": (55, 80),
    "regime-change": (35, 55),
}
