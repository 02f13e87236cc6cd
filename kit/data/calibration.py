"""What the generators are calibrated to: figures measured on real series.

Definitions used throughout:

- Percentiles by linear interpolation (numpy's and pandas's default).
- Lag-1 autocorrelation r1 = sum((x[t]-m)(x[t+1]-m)) / sum((x[t]-m)^2), m the
  mean of the whole series (Box and Jenkins, Time Series Analysis, ch. 2).
- Interval: the 5th and 95th percentile of a statistic over 2,000 day-block
  bootstrap resamples of the real series. One resample is 14 whole days drawn
  with replacement from the 14 real days and laid end to end (blocks of 288
  samples, not overlapping, each starting where the series starts); the
  statistic is taken over the whole resample, seams included
  (Kuensch 1989, on block bootstraps).

Two readings of the intervals must be known. ``under-used`` is degenerate in
median and p95: the real machine reports in steps of 0.002 and every resample
gives the same figure, so the generator meets it exactly. In ``steady`` and
``regime-change`` the level changes late in the series, so the lag-1 interval
comes from resamples with several seams or none; it is wide, but it is the
series' own, and it is used as it is.

Only figures stand here: quantiles, shares and intervals; no rows of data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]
Interval = tuple[float, float]
STATISTICS = ("median", "p95", "p99_5", "lag1")
BOOTSTRAP_RESAMPLES = 2_000
BOOTSTRAP_SEED = 20_140_214
# Two decimal fractions that print alike may differ in the last bit.
_TOLERANCE = 1e-9


class Statistics(NamedTuple):
    """Median, 95th and 99.5th percentile and lag-1 autocorrelation of a series."""

    median: float
    p95: float
    p99_5: float
    lag1: float


class Intervals(NamedTuple):
    """The 90 % bootstrap interval (low, high) of each statistic."""

    median: Interval
    p95: Interval
    p99_5: Interval
    lag1: Interval


INTERVALS: Mapping[str, Intervals] = {
    "under-used": Intervals(
        (0.134, 0.134), (0.136, 0.136), (0.202, 0.33138), (-0.0611757, -0.0232463)
    ),
    "idle-with-bursts": Intervals(
        (0.1, 0.102), (81.8444, 93.1003), (98.7792, 99.734), (0.788173, 0.836033)
    ),
    "bursty": Intervals(
        (2.32795, 2.926), (11.0474, 47.0733), (65.5962, 72.22), (0.698882, 0.752558)
    ),
    "steady": Intervals(
        (6.044, 6.458), (13.9393, 15.5567), (15.5667, 16.1879), (0.954667, 0.975646)
    ),
    "saturated": Intervals(
        (91.0623, 93.416), (95.666, 96.6209), (97.1852, 97.874), (0.639919, 0.982406)
    ),
    "regime-change": Intervals(
        (34.0789, 35.798), (40.7084, 99.39), (45.2071, 99.67), (0.883463, 0.990903)
    ),
    "requests": Intervals((42, 53), (162, 181), (261, 301.605), (0.185217, 0.258544)),
}

# (probability, value) knots of each real series' quantile function, in percent
# of CPU, or requests in 5 minutes for the load balancer.
QUANTILES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "under-used": (
        (0, 0.066), (0.176, 0.066), (0.1765, 0.068), (0.2255, 0.068), (0.226, 0.132),
        (0.447, 0.132), (0.4475, 0.134), (0.9253, 0.134), (0.9258, 0.136), (0.9605, 0.136),
        (0.961, 0.198), (0.97, 0.198), (0.9705, 0.2), (0.984, 0.2), (0.9845, 0.202),
        (0.9944, 0.202), (0.995, 0.266), (0.9956, 0.332), (0.996, 0.602), (0.9962, 1.4),
        (0.998, 1.53), (0.9995, 1.6), (1, 2.344),
    ),
    "idle-with-bursts": (
        (0, 0.064), (0.005, 0.066), (0.05, 0.066), (0.2, 0.068), (0.25, 0.098), (0.3, 0.1),
        (0.5, 0.1), (0.6, 0.102), (0.77, 0.102), (0.8, 0.266), (0.81, 0.473), (0.8215, 0.95),
        (0.83, 1.9), (0.84, 6.75), (0.85, 10.7), (0.86, 16.8), (0.87, 25.1), (0.88, 32.5),
        (0.89, 41.2), (0.9, 62.2), (0.91, 72.6), (0.92, 77.0), (0.93, 83.3), (0.94, 86.9),
        (0.95, 89.77), (0.96, 92.3), (0.97, 94.5), (0.98, 97.4), (0.985, 98.4), (0.99, 99.1),
        (0.995, 99.64), (0.998, 99.74), (1, 99.9),
    ),
    "bursty": (
        (0, 1.8), (0.005, 1.85), (0.02, 1.91), (0.05, 1.96), (0.1, 2.02), (0.2, 2.12),
        (0.3, 2.23), (0.4, 2.34), (0.5, 2.58), (0.6, 2.92), (0.7, 3.22), (0.75, 3.43),
        (0.8, 3.75), (0.85, 4.43), (0.88, 5.07), (0.9, 5.72), (0.91, 6.25), (0.92, 7.36),
        (0.93, 9.62), (0.94, 15.6), (0.95, 28.8), (0.96, 45.1), (0.97, 52.9), (0.98, 55.9),
        (0.985, 58.8), (0.99, 64.2), (0.995, 68.1), (0.998, 72.8), (0.999, 79.1), (1, 99.7),
    ),
    "steady": (
        (0, 5.19), (0.005, 5.42), (0.02, 5.62), (0.05, 5.71), (0.1, 5.83), (0.2, 5.85),
        (0.25, 6.01), (0.4, 6.04), (0.5, 6.08), (0.6, 6.25), (0.7, 6.64), (0.75, 7.1),
        (0.764, 7.6), (0.765, 11.7), (0.77, 12.8), (0.78, 13.4), (0.8, 13.9), (0.83, 13.95),
        (0.85, 14.44), (0.888, 14.53), (0.9, 15.0), (0.93, 15.0), (0.95, 15.09), (0.96, 15.47),
        (0.98, 15.56), (0.99, 15.68), (0.995, 16.11), (0.998, 16.66), (0.999, 17.2), (1, 25.1),
    ),
    "saturated": (
        (0, 18.7), (0.001, 24.1), (0.01, 24.8), (0.02, 25.2), (0.03, 36.0), (0.0325, 55.0),
        (0.0335, 78.0), (0.035, 82.8), (0.04, 84.5), (0.05, 85.3), (0.1, 87.0), (0.2, 88.3),
        (0.3, 89.9), (0.4, 91.4), (0.5, 92.45), (0.6, 93.2), (0.7, 93.9), (0.8, 94.7),
        (0.85, 95.1), (0.9, 95.6), (0.95, 96.24), (0.98, 96.85), (0.99, 97.17), (0.995, 97.58),
        (0.998, 98.0), (1, 99.1),
    ),
    "regime-change": (
        (0, 2.46), (0.01, 2.7), (0.02, 2.84), (0.033, 3.69), (0.0425, 5.5), (0.0435, 28.5),
        (0.05, 29.5), (0.1, 31.5), (0.2, 32.7), (0.3, 33.4), (0.4, 34.0), (0.5, 34.66),
        (0.6, 35.5), (0.7, 36.5), (0.75, 37.6), (0.8, 39.5), (0.82, 40.7), (0.85, 42.2),
        (0.88, 45.2), (0.886, 50.6), (0.8868, 97.0), (0.89, 98.29), (0.9, 98.59), (0.92, 98.9),
        (0.95, 99.2), (0.97, 99.34), (0.99, 99.51), (0.995, 99.58), (0.998, 99.67), (1, 99.74),
    ),
    "requests": (
        (0, 1), (0.005, 2), (0.02, 3), (0.05, 5), (0.1, 7), (0.2, 12), (0.25, 15), (0.3, 22),
        (0.4, 35), (0.5, 48), (0.6, 62), (0.7, 79), (0.75, 89), (0.8, 101), (0.85, 116.4),
        (0.9, 138), (0.92, 150.5), (0.95, 170), (0.97, 194), (0.98, 220.4), (0.99, 251.4),
        (0.995, 282.7), (0.998, 322.7), (0.999, 338), (0.9997, 385), (1, 656),
    ),
}  # fmt: skip


def lag1(series: Series) -> float:
    """Return the lag-1 autocorrelation of ``series``; 0.0 for a constant one."""
    centred = series - series.mean()
    total = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / total if total > 0 else 0.0


def statistics(series: Series) -> Statistics:
    """Return the four statistics that the generators are calibrated on."""
    median, p95, p99_5 = np.percentile(series, (50, 95, 99.5))
    return Statistics(float(median), float(p95), float(p99_5), lag1(series))


def bootstrap_intervals(
    series: Series, *, per_day: int = 288, resamples: int = BOOTSTRAP_RESAMPLES
) -> Intervals:
    """Return the 90 % day-block bootstrap intervals, as the module defines them.

    A last day that is not whole is left out. Deterministic: the resampling
    uses ``BOOTSTRAP_SEED``.
    """
    days = len(series) // per_day
    blocks = series[: days * per_day].reshape(days, per_day)
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    draws = [statistics(blocks[rng.integers(0, days, days)].ravel()) for _ in range(resamples)]
    low, high = np.percentile(np.array(draws), (5, 95), axis=0)
    return Intervals(*[(float(a), float(b)) for a, b in zip(low, high, strict=True)])


def within(found: Statistics, intervals: Intervals) -> bool:
    """Tell whether every statistic lies in its interval, ends included."""
    return all(
        low - _TOLERANCE <= value <= high + _TOLERANCE
        for value, (low, high) in zip(found, intervals, strict=True)
    )


def draw_targets(key: str, rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw median, p95 and p99.5 to aim at, uniform in the inner 80 % of each interval."""
    low, high = np.array(INTERVALS[key])[:3].T
    # The margin leaves room for rounding and for the grid of sample ranks.
    median, p95, p99_5 = low + (high - low) * rng.uniform(0.1, 0.9, 3)
    return float(median), float(p95), float(p99_5)


def target_values(
    key: str,
    size: int,
    targets: tuple[float, float, float],
    *,
    knees: Mapping[float, float],
    ceiling: float = 100.0,
) -> Series:
    """Return ``size`` ascending values whose percentiles are ``targets``.

    The real series' quantile knots are moved twice. ``knees`` moves
    probabilities (real share below a regime's edge -> wanted share). Then the
    values move on the logit scale of ``ceiling``, by offsets fixed at the
    median, 95 % and 99.5 % and interpolated between, so that order, floor and
    ceiling hold.
    """
    base = np.array(QUANTILES[key])
    moved = np.interp(base[:, 0], [0.0, *knees, 1.0], [0.0, *knees.values(), 1.0])
    grid = np.linspace(0.0, 1.0, size)
    now = np.interp([0.5, 0.95, 0.995], moved, base[:, 1])
    median, p95, p99_5 = _logit(np.array(targets), ceiling) - _logit(now, ceiling)
    edge = max([0.5, *(knee for knee in knees.values() if knee < 0.95)])
    shift = np.interp(grid, [0.5, edge, 0.95, 0.995], [median, median, p95, p99_5])
    logits = _logit(np.interp(grid, moved, base[:, 1]), ceiling) + shift
    return np.asarray(np.maximum.accumulate(ceiling / (1 + np.exp(-logits))))


def _logit(values: Series, ceiling: float) -> Series:
    return np.asarray(np.log(values / (ceiling - values)))
