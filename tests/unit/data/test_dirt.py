"""Defective exports: what is planted is what the truth says, and it can be repaired."""

import numpy as np
import pandas as pd
import pytest

from kit.data.dirt import OVERFLOW, SENTINEL, Dirt
from kit.data.utilisation import cpu_series, dirty_export
from kit.errors import UsageError

Case = tuple[np.ndarray, pd.DataFrame, Dirt]


@pytest.fixture(params=range(12))
def case(request: pytest.FixtureRequest) -> Case:
    rng = np.random.default_rng(request.param)
    clean = cpu_series("bursty", rng)
    frame, dirt = dirty_export("web-07", clean, rng)
    return clean, frame, dirt


def repaired(frame: pd.DataFrame) -> pd.DataFrame:
    """Repair as the data's note says, without looking at the truth."""
    percent = frame["value"].where(frame["unit"] == "%", frame["value"] * 100)
    frame = frame.assign(value=percent, time=pd.to_datetime(frame["time"]))
    frame = frame[frame["value"].between(0, 100)].drop_duplicates("time", keep="first")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def test_columns_and_types_are_an_exports(case: Case) -> None:
    _, frame, _ = case
    assert list(frame.columns) == ["machine", "time", "value", "unit"]
    assert set(frame["machine"]) == {"web-07"}
    assert frame["time"].str.fullmatch(r"2026-03-\d\d \d\d:\d\d:00").all()
    assert set(frame["unit"]) == {"%", "fraction"}


def test_a_right_repair_gives_exactly_the_truth(case: Case) -> None:
    clean, frame, dirt = case
    found, truth = repaired(frame), dirt.truth(clean)
    assert list(found["time"]) == list(truth["time"])
    assert found["value"].to_numpy() == pytest.approx(truth["value"].to_numpy(), abs=1e-9)
    assert len(truth) == dirt.valid_samples
    assert dirt.coverage == pytest.approx(len(truth) / 4_032)


def test_every_defect_changes_the_answer_if_it_is_overlooked(case: Case) -> None:
    clean, frame, dirt = case
    truth = dirt.truth(clean).set_index("time")["value"]
    last_wins = frame.iloc[::-1].reset_index(drop=True)
    clipped = frame.assign(value=frame["value"].clip(0, 100))
    as_percent = frame.assign(unit="%")
    for wrong in (last_wins, clipped, as_percent):
        found = repaired(wrong).set_index("time")["value"]
        both = truth.index.intersection(found.index)
        differs = len(found) != len(truth) or not np.allclose(found[both], truth[both], atol=1e-6)
        assert differs


def test_gap_lasts_40_to_120_minutes_and_has_no_rows(case: Case) -> None:
    _, frame, dirt = case
    assert 40 <= dirt.gap_samples * 5 <= 120
    assert not frame["time"].between(*dirt.gap).any()
    assert frame["time"].nunique() == 4_032 - dirt.gap_samples


def test_duplicates_are_counted_apart_from_conflicts(case: Case) -> None:
    _, frame, dirt = case
    assert int(frame.duplicated().sum()) == dirt.duplicate_rows > 0
    distinct = frame.drop_duplicates()
    repeated = distinct[distinct.duplicated("time")]
    assert len(repeated) == dirt.conflicting_duplicates == 12
    assert (repeated["time"].min(), repeated["time"].max()) == dirt.clock_step


def test_clock_goes_back_once_and_a_block_arrives_late(case: Case) -> None:
    _, frame, dirt = case
    moved = frame[pd.to_datetime(frame["time"]).diff() < pd.Timedelta(0)]
    assert len(moved) == 2
    assert dirt.clock_step[0] in set(moved["time"])
    assert dirt.out_of_order[0] in set(moved["time"])
    assert frame["time"].between(*dirt.out_of_order).sum() == dirt.out_of_order_rows


def test_fractions_last_four_hours_or_more_and_say_so(case: Case) -> None:
    _, frame, dirt = case
    part = frame[frame["unit"] == "fraction"]
    assert len(part) == dirt.fraction_rows >= 48
    assert part["value"].between(0, 1).all()
    assert (part["time"].min(), part["time"].max()) == dirt.fraction


def test_rejects_are_where_the_truth_says(case: Case) -> None:
    _, frame, dirt = case
    assert set(frame.loc[frame["value"] == SENTINEL, "time"]) == set(dirt.sentinels)
    assert set(frame.loc[frame["value"] == OVERFLOW, "time"]) == set(dirt.impossible)
    assert len(dirt.sentinels) >= 3 and len(dirt.impossible) >= 2
    good = frame[~frame["value"].isin([SENTINEL, OVERFLOW])]
    assert good["value"].between(0, 100).all()


def test_defects_differ_from_seed_to_seed_and_repeat_with_it() -> None:
    clean = np.linspace(1, 99, 4_032)
    made = [dirty_export("db-01", clean, np.random.default_rng(s))[1] for s in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
    assert made[0].gap != made[2].gap


@pytest.mark.parametrize(("days", "step"), [(2, 5), (2, 60), (3, 1), (40, 15)])
def test_other_lengths_can_be_repaired_too(days: int, step: int) -> None:
    rng = np.random.default_rng(4)
    clean = np.round(rng.uniform(1, 99, days * 1_440 // step), 3)
    frame, dirt = dirty_export("a", clean, rng, start="2026-05-30", step_minutes=step)
    found, truth = repaired(frame), dirt.truth(clean)
    assert list(found["time"]) == list(truth["time"])
    assert found["value"].to_numpy() == pytest.approx(truth["value"].to_numpy(), abs=1e-9)


def test_less_than_two_days_are_refused() -> None:
    with pytest.raises(UsageError, match="too few"):
        dirty_export("a", np.full(500, 5.0), np.random.default_rng(0))
