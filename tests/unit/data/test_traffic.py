"""Traffic and scaling: the real trace's figures, and which policy wins on which traffic."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kit.data.traffic import (
    TRAFFIC_KINDS,
    Fixed,
    Policy,
    Scheduled,
    TargetTracking,
    TrafficKind,
    fit_schedule,
    instances_for,
    request_series,
    simulate_scaling,
)
from kit.errors import UsageError

SEEDS = range(50)
# Of the real load balancer, as in test_utilisation.py: median, p95, p99.5, lag-1.
REAL_INTERVALS = ((42, 53), (162, 181), (261, 301.605), (0.185217, 0.258544))
TT50, TT60 = TargetTracking(0.5), TargetTracking(0.6)


def drawn(kind: TrafficKind) -> list[np.ndarray]:
    return [request_series(kind, np.random.default_rng(seed)) for seed in SEEDS]


def correlation(series: np.ndarray, lag: int) -> float:
    return float(np.corrcoef(series[lag:], series[:-lag])[0, 1])


@pytest.fixture(scope="module")
def trace(real_series: Callable[[str], np.ndarray]) -> np.ndarray:
    return real_series("elb_request_count_8c0756")


def test_fifty_bursty_seeds_lie_within_the_real_intervals() -> None:
    for series in drawn("bursty"):
        centred = series - series.mean()
        lag = (centred[1:] * centred[:-1]).sum() / (centred**2).sum()
        found = np.array([*np.percentile(series, (50, 95, 99.5)), lag])
        low, high = np.array(REAL_INTERVALS).T
        assert ((found >= low - 1e-9) & (found <= high + 1e-9)).all()
        assert 55 < series.mean() < 69
        assert 8.5 < series.max() / series.mean() < 13


def test_rhythm_repeats_daily_and_weekly_and_bursty_hardly_does() -> None:
    for rhythm, bursty in zip(drawn("rhythm"), drawn("bursty"), strict=True):
        assert correlation(rhythm, 288) > 0.6
        assert correlation(rhythm, 2_016) > 0.9
        assert correlation(bursty, 288) < 0.3
        assert correlation(bursty, 2_016) < 0.3


@pytest.mark.parametrize("kind", TRAFFIC_KINDS)
def test_requests_are_whole_and_seeded(kind: TrafficKind) -> None:
    one, again, other = (request_series(kind, np.random.default_rng(s)) for s in (5, 5, 6))
    assert one.shape == (4_032,)
    assert np.array_equal(one, again)
    assert np.mean(one == other) < 0.2
    assert np.array_equal(one, np.round(one)) and one.min() >= 0


# Policy, exact hours and loss of this model, and what an earlier measurement gave.
# That one filled the trace's 8 double steps (4,040 steps instead of 4,032: 0.2 %
# more hours) and had "about 25 to 30 minutes" of scale-in delay.
FIGURES: list[tuple[Policy, float, float, float, float]] = [
    (Fixed(17), 5_712.0, 0.0, 5_723, 0.0),
    (Fixed(5), 1_680.0, 0.02283, 1_683, 0.0228),
    (Fixed(6), 2_016.0, 0.01020, 2_016, 0.0102),
    (TT50, 2_428.67, 0.01228, 2_481, 0.0099),
    (TT60, 2_045.33, 0.02176, 1_987, 0.0244),
]


@pytest.mark.parametrize(("policy", "hours", "dropped", "earlier_hours", "earlier"), FIGURES)
def test_real_trace_gives_the_units_figures(
    trace: np.ndarray,
    policy: Policy,
    hours: float,
    dropped: float,
    earlier_hours: float,
    earlier: float,
) -> None:
    found = simulate_scaling(trace, policy)
    assert found.instance_hours == pytest.approx(hours, abs=0.01)
    assert found.dropped_share == pytest.approx(dropped, abs=5e-6)
    assert found.instance_hours == pytest.approx(earlier_hours, rel=0.03)
    assert found.dropped_share == pytest.approx(earlier, abs=0.003)


def test_figures_hang_on_the_scale_in_delay(trace: np.ndarray) -> None:
    for policy, earlier_hours, earlier in ((TT50, 2_481, 0.0099), (TT60, 1_987, 0.0244)):
        runs = [simulate_scaling(trace, policy, scale_in_minutes=m) for m in (20, 25, 30)]
        hours = [run.instance_hours for run in runs]
        # The earlier figures lie inside what 20 to 30 minutes of delay give.
        assert hours[0] < earlier_hours < hours[2]
        assert runs[0].dropped_share > earlier > runs[2].dropped_share
    at_once = simulate_scaling(trace, TT50, scale_in_minutes=0)
    assert at_once.dropped_share == pytest.approx(0.16, abs=0.005)


def test_fleet_for_peak_and_p95_of_the_real_trace(trace: np.ndarray) -> None:
    assert instances_for(trace.max()) == 17
    assert instances_for(float(np.percentile(trace, 95))) == 5
    assert trace.max() / trace.mean() == pytest.approx(10.6, abs=0.05)


def test_on_bursts_a_fixed_fleet_nearly_dominates_target_tracking() -> None:
    for demand in drawn("bursty")[:20]:
        peak = simulate_scaling(demand, Fixed(instances_for(demand.max())))
        tracked = simulate_scaling(demand, TT60)
        fixed = simulate_scaling(demand, Fixed(6))
        assert tracked.instance_hours < 0.6 * peak.instance_hours
        assert fixed.instance_hours < 1.1 * tracked.instance_hours
        assert fixed.dropped_share < tracked.dropped_share


def test_on_a_rhythm_target_tracking_beats_every_fixed_fleet() -> None:
    for demand in drawn("rhythm")[:20]:
        tracked = simulate_scaling(demand, TT60)
        dearer = int(tracked.instance_hours // 336)
        # The largest fixed fleet that costs no more loses far more.
        fixed = simulate_scaling(demand, Fixed(dearer))
        assert fixed.instance_hours <= tracked.instance_hours
        assert tracked.dropped_share < 0.001
        assert fixed.dropped_share > 0.03


def test_schedule_of_the_first_week_serves_the_second_on_a_rhythm_only() -> None:
    for rhythm, bursty in zip(drawn("rhythm")[:20], drawn("bursty")[:20], strict=True):
        losses = []
        for demand in (rhythm, bursty):
            plan = fit_schedule(demand[:2_016])
            run = simulate_scaling(demand[2_016:], plan, start="2026-03-09")
            losses.append(run.dropped_share)
        assert losses[0] < 0.015 < losses[1]


def test_scale_out_waits_for_the_lag_and_scale_in_for_the_delay() -> None:
    demand = np.array([20.0] * 3 + [100.0] + [20.0] * 8)
    run = simulate_scaling(demand, TT50, lag_minutes=10, scale_in_minutes=15)
    # Step 3 wants 5 instances; they serve two steps later and stay 15 minutes more.
    assert run.instances.tolist() == [1, 1, 1, 1, 1, 5, 5, 5, 5, 1, 1, 1]
    assert run.instance_hours == pytest.approx(28 * 5 / 60)
    assert run.dropped_share == pytest.approx(60 / 320)


def test_target_tracking_keeps_its_bounds() -> None:
    demand = np.array([0.0, 1_000.0, 0.0, 0.0])
    policy = TargetTracking(0.5, minimum=2, maximum=7)
    run = simulate_scaling(demand, policy, scale_in_minutes=0)
    assert run.instances.tolist() == [2, 2, 7, 2]


def test_schedule_follows_hour_and_weekend() -> None:
    policy = Scheduled(weekday=tuple(range(1, 25)), weekend=(3,) * 24)
    demand = np.zeros(48)
    friday = simulate_scaling(demand, policy, step_minutes=60, start="2026-03-06")
    assert friday.instances.tolist() == [*range(1, 25), *[3] * 24]
    assert friday.dropped_share == 0.0


def test_a_fleet_that_fits_exactly_needs_no_instance_more() -> None:
    assert instances_for(80, 40) == 2
    assert instances_for(81, 40) == 3
    assert instances_for(0.3, 0.1) == 3
    assert instances_for(0) == 1


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        (TargetTracking(0.0), {}),
        (TargetTracking(60), {}),
        (TT50, {"lag_minutes": 7}),
        (TT50, {"scale_in_minutes": -5}),
    ],
)
def test_a_void_policy_or_time_is_refused(policy: Policy, options: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        simulate_scaling(np.ones(288), policy, **options)


def test_a_schedule_needs_a_weekend_in_its_history() -> None:
    with pytest.raises(UsageError, match="weekend"):
        fit_schedule(np.ones(288))


def test_unknown_traffic_is_refused() -> None:
    unknown: Any = "calm"
    with pytest.raises(UsageError, match="no kind"):
        request_series(unknown, np.random.default_rng(0))
