"""The calibration table: its figures are the real series' own, and the arithmetic is right."""

from collections.abc import Callable

import numpy as np
import pytest

from kit.data.calibration import (
    INTERVALS,
    Statistics,
    bootstrap_intervals,
    lag1,
    statistics,
    target_values,
    within,
)

REAL_SERIES = {
    "under-used": "ec2_cpu_utilization_24ae8d",
    "idle-with-bursts": "ec2_cpu_utilization_77c1ca",
    "bursty": "ec2_cpu_utilization_fe7f93",
    "steady": "rds_cpu_utilization_cc0c53",
    "saturated": "ec2_cpu_utilization_825cc2",
    "regime-change": "ec2_cpu_utilization_ac20cd",
    "requests": "elb_request_count_8c0756",
}


RealSeries = Callable[[str], np.ndarray]


@pytest.mark.parametrize("key", REAL_SERIES)
def test_table_is_what_the_real_series_give(key: str, real_series: RealSeries) -> None:
    series = real_series(REAL_SERIES[key])
    derived = np.array(bootstrap_intervals(series))
    assert len(series) == 4_032
    assert derived == pytest.approx(np.array(INTERVALS[key]), rel=1e-5)
    # A real series that lay outside its own interval would mean a wrong bootstrap.
    assert within(statistics(series), INTERVALS[key])


def test_statistics_of_a_series_worked_out_by_hand() -> None:
    found = statistics(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    # Deviations -2..2: (-2*-1) + 0 + 0 + (1*2) = 4 over 10.
    assert found == pytest.approx(Statistics(3.0, 4.8, 4.98, 0.4))


def test_lag1_of_a_constant_is_zero_and_of_an_alternation_negative() -> None:
    assert lag1(np.full(10, 7.0)) == 0.0
    assert lag1(np.tile([0.0, 1.0], 50)) == pytest.approx(-0.99)


def test_bootstrap_draws_whole_days() -> None:
    days = np.repeat([1.0, 2.0, 3.0], 4)
    intervals = bootstrap_intervals(days, per_day=4, resamples=500)
    # Shuffled samples would bring lag-1 near zero; whole days keep it high.
    assert intervals.lag1[1] > 0.6
    assert intervals.median == (1.0, 3.0)


def test_within_needs_every_statistic() -> None:
    intervals = INTERVALS["bursty"]
    middle = Statistics(*[(low + high) / 2 for low, high in intervals])
    assert within(middle, intervals)
    for name in Statistics._fields:
        outside = getattr(intervals, name)[1] + 0.01
        assert not within(middle._replace(**{name: outside}), intervals)


def test_target_values_meet_the_targets_in_ascending_order() -> None:
    targets = (2.5, 20.0, 70.0)
    values = target_values("bursty", 4_032, targets, knees={0.925: 0.93})
    assert np.all(np.diff(values) >= 0)
    assert values[0] > 0
    assert values[-1] < 100
    assert np.percentile(values, (50, 95, 99.5)) == pytest.approx(targets, rel=0.01)


def test_a_knee_moves_the_share_of_a_regime() -> None:
    def above(share: float) -> float:
        values = target_values(
            "idle-with-bursts", 4_032, (0.1, 88.0, 99.0), knees={0.8215: 1 - share}
        )
        return float((values > 1).mean())

    assert above(0.16) == pytest.approx(0.16, abs=0.01)
    assert above(0.20) == pytest.approx(0.20, abs=0.01)
