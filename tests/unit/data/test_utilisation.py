"""Generated utilisation: calibrated for every seed, different for every learner.

The intervals below are figures of the real series: the 90 % interval of a
day-block bootstrap (14 days drawn with replacement from 14, 2,000 resamples,
percentiles by linear interpolation). ``test_calibration.py`` derives the kit's
table again where the real series are at hand; this copy makes the test run
everywhere and not depend on the table that the generator itself reads.
"""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kit.data.calibration import INTERVALS
from kit.data.utilisation import KINDS, Kind, cpu_series, memory_series
from kit.errors import UsageError

SEEDS = range(50)
SIZES = (1, 2, 4, 8, 16, 32, 64)
SOURCE_VCPU = 16

# class: (median, p95, p99.5, lag-1 autocorrelation), each (low, high)
REAL_INTERVALS = {
    "under-used": ((0.134, 0.134), (0.136, 0.136), (0.202, 0.33138), (-0.0611757, -0.0232463)),
    "idle-with-bursts": ((0.1, 0.102), (81.8444, 93.1003), (98.7792, 99.734), (0.788173, 0.836033)),
    "bursty": ((2.32795, 2.926), (11.0474, 47.0733), (65.5962, 72.22), (0.698882, 0.752558)),
    "steady": ((6.044, 6.458), (13.9393, 15.5567), (15.5667, 16.1879), (0.954667, 0.975646)),
    "saturated": ((91.0623, 93.416), (95.666, 96.6209), (97.1852, 97.874), (0.639919, 0.982406)),
    "regime-change": ((34.0789, 35.798), (40.7084, 99.39), (45.2071, 99.67), (0.883463, 0.990903)),
}


@pytest.fixture(scope="module")
def drawn() -> dict[Kind, list[np.ndarray]]:
    return {kind: [cpu_series(kind, np.random.default_rng(s)) for s in SEEDS] for kind in KINDS}


def four_statistics(series: np.ndarray) -> list[float]:
    centred = series - series.mean()
    lag = float((centred[1:] * centred[:-1]).sum() / (centred**2).sum())
    return [*(float(np.percentile(series, q)) for q in (50, 95, 99.5)), lag]


def rule(series: np.ndarray, level: float) -> tuple[float, int, float]:
    """Return need in vCPU, smallest size that meets it, share of samples above the size.

    need = vCPU x level / 100 / (1 - 0.2); a sample exceeds a size when its own
    demand, vCPU x value / 100 without headroom, is above it.
    """
    need = SOURCE_VCPU * level / 100 / 0.8
    size = next(s for s in SIZES if s >= need)
    return need, size, float((SOURCE_VCPU * series / 100 > size).mean())


def test_copy_of_the_intervals_is_the_kits_table() -> None:
    assert {kind: tuple(INTERVALS[kind]) for kind in KINDS} == REAL_INTERVALS


@pytest.mark.parametrize("kind", KINDS)
def test_fifty_seeds_lie_within_the_real_series_intervals(
    kind: Kind, drawn: dict[Kind, list[np.ndarray]]
) -> None:
    found = np.array([four_statistics(series) for series in drawn[kind]])
    low, high = np.array(REAL_INTERVALS[kind]).T
    outside = (found < low - 1e-9) | (found > high + 1e-9)
    assert not outside.any(), f"seeds outside (median, p95, p99.5, lag-1): {outside.sum(axis=0)}"


@pytest.mark.parametrize("kind", KINDS)
def test_series_are_percentages_of_fourteen_days(
    kind: Kind, drawn: dict[Kind, list[np.ndarray]]
) -> None:
    for series in drawn[kind]:
        assert series.shape == (4_032,)
        assert series.min() >= 0 and series.max() <= 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_same_series_again(kind: Kind) -> None:
    first, second = (cpu_series(kind, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("kind", ["idle-with-bursts", "bursty"])
def test_two_seeds_burst_at_different_times(
    kind: Kind, drawn: dict[Kind, list[np.ndarray]]
) -> None:
    busy = [series > 8 for series in drawn[kind][:12]]
    for one, other in itertools.combinations(busy, 2):
        # Half of the burst samples in common would be the same picture moved a little.
        assert (one & other).sum() < 0.5 * min(one.sum(), other.sum())


@pytest.mark.parametrize("kind", ["idle-with-bursts", "bursty", "steady", "saturated"])
def test_levels_differ_from_seed_to_seed(kind: Kind, drawn: dict[Kind, list[np.ndarray]]) -> None:
    p95 = [np.percentile(series, 95) for series in drawn[kind]]
    low, high = REAL_INTERVALS[kind][1]
    assert np.ptp(p95) > 0.6 * (high - low)
    assert len(set(np.round(p95, 3))) > 40


@pytest.mark.parametrize("kind", ["steady", "saturated", "regime-change"])
def test_regimes_change_at_different_times(kind: Kind, drawn: dict[Kind, list[np.ndarray]]) -> None:
    jumps = {int(np.argmax(np.abs(np.diff(series)))) for series in drawn[kind]}
    assert len(jumps) > 40


def test_under_used_machine_has_one_small_peak_a_day(
    drawn: dict[Kind, list[np.ndarray]],
) -> None:
    for series in drawn["under-used"]:
        per_day = (series.reshape(14, 288) > 0.5).sum(axis=1)
        # The nightly job drifts by ten minutes, which can put two starts into one day.
        assert (per_day >= 1).sum() >= 12
        assert series.max() < 5


def test_idle_machine_with_bursts_misleads_both_rules(
    drawn: dict[Kind, list[np.ndarray]],
) -> None:
    for series in drawn["idle-with-bursts"]:
        _, size, exceed = rule(series, float(series.mean()))
        assert size <= 4
        assert exceed > 0.10
        need, size, _ = rule(series, float(np.percentile(series, 95)))
        assert need > SOURCE_VCPU
        assert size == 32


def test_bursty_machine_gets_a_larger_size_with_each_percentile(
    drawn: dict[Kind, list[np.ndarray]],
) -> None:
    for series in drawn["bursty"]:
        sizes = [rule(series, float(np.percentile(series, q)))[1] for q in (90, 95, 99.5)]
        assert sizes == sorted(sizes)
        assert sizes[0] < sizes[-1] == 16


def test_recent_window_shows_what_the_whole_period_hides(
    drawn: dict[Kind, list[np.ndarray]],
) -> None:
    for series in drawn["regime-change"]:
        assert np.median(series) < 40
        assert np.median(series[-3 * 288 :]) > 95
    for series in drawn["saturated"]:
        assert np.median(series[-3 * 288 :]) > 80


def test_real_idle_machine_teaches_what_the_unit_says(
    real_series: Callable[[str], np.ndarray],
) -> None:
    series = real_series("ec2_cpu_utilization_77c1ca")
    need, size, exceed = rule(series, float(series.mean()))
    assert (round(need, 2), size) == (2.10, 4)
    assert exceed == pytest.approx(0.1302, abs=5e-5)
    need, size, exceed = rule(series, float(np.percentile(series, 95)))
    assert (round(need, 2), size, exceed) == (17.95, 32, 0.0)


def test_real_bursty_machine_teaches_what_the_unit_says(
    real_series: Callable[[str], np.ndarray],
) -> None:
    series = real_series("ec2_cpu_utilization_fe7f93")
    found = [rule(series, float(np.percentile(series, q))) for q in (90, 95, 99.5)]
    assert [size for _, size, _ in found] == [2, 8, 16]
    assert found[1][2] == pytest.approx(0.0377, abs=5e-5)


@pytest.mark.parametrize(("days", "step"), [(1, 5), (7, 60), (3, 1), (30, 15)])
@pytest.mark.parametrize("kind", KINDS)
def test_other_lengths_and_steps_keep_the_shape(kind: Kind, days: int, step: int) -> None:
    rng = np.random.default_rng(3)
    for make in (cpu_series, memory_series):
        series = make(kind, rng, days=days, step_minutes=step)
        assert series.shape == (days * 1_440 // step,)
        assert np.isfinite(series).all()
        assert series.min() >= 0 and series.max() <= 100


def test_bursts_are_rarer_at_weekends() -> None:
    def weekend_share(start: str) -> float:
        many = [
            cpu_series("idle-with-bursts", np.random.default_rng(s), start=start) for s in SEEDS
        ]
        # Days 5, 6, 12 and 13 are the weekend only if the first day is a Monday.
        busy = np.array(many).reshape(len(SEEDS), 14, 288) > 1
        return float(busy[:, [5, 6, 12, 13]].sum() / busy.sum())

    assert weekend_share("2026-03-02") < 0.22
    assert weekend_share("2026-03-05") > 0.28


@pytest.mark.parametrize("kind", KINDS)
def test_memory_is_steadier_than_cpu_and_differs_between_seeds(kind: Kind) -> None:
    means = []
    for seed in range(10):
        series = memory_series(kind, np.random.default_rng(seed))
        means.append(series.mean())
        assert np.abs(np.diff(series)).max() < 40
        assert 5 < np.median(series) < 95
    assert np.ptp(means) > 3


def test_an_unknown_class_names_the_classes() -> None:
    unknown: Any = "lazy"
    with pytest.raises(UsageError) as caught:
        cpu_series(unknown, np.random.default_rng(0))
    assert "idle-with-bursts" in str(caught.value)


@pytest.mark.parametrize(("days", "step"), [(0, 5), (14, 7), (14, 0)])
def test_an_impossible_length_is_refused(days: int, step: int) -> None:
    with pytest.raises(UsageError):
        cpu_series("steady", np.random.default_rng(0), days=days, step_minutes=step)
