"""Checks of ``repair``: a clean series from a dirty export."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from kit.checking import Mistake, Work, exercise_check, expect
from kit.data.utilisation import cpu_series, dirty_export
from kit.i18n import mark

from .case import SAMPLES

TOLERANCE = 0.02


def _fresh_exports(work: Work) -> tuple[tuple[pd.DataFrame, pd.DataFrame], ...]:
    """Three raw exports (time, value, unit) with what a right repair keeps of them."""
    return _exports_of(work.seed)


# checking again is common, and making an export takes longer than checking it
@lru_cache(maxsize=2)
def _exports_of(seed: int) -> tuple[tuple[pd.DataFrame, pd.DataFrame], ...]:
    pairs = []
    # the idle one has percentages below 1: a unit guessed by size shows there alone
    for salt, kind in enumerate(("bursty", "steady", "idle-with-bursts")):
        rng = Work({}, seed=seed).fresh(salt)
        clean = cpu_series(kind, rng)  # type: ignore[arg-type]
        raw, dirt = dirty_export("new-01", clean, rng, start="2026-03-02")
        pair = raw, dirt.truth(clean)
        pairs.append(_at_the_limits(*pair) if kind == "steady" else pair)
    return tuple(pairs)


def _at_the_limits(raw: pd.DataFrame, truth: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same export with four more readings: just what a CPU can have, and just what not."""
    times = pd.to_datetime(raw["time"])
    plain = raw.index[
        (raw["unit"] == "%") & ~times.duplicated(keep=False) & times.isin(truth["time"])
    ]
    places = plain[[100, 200, 300, 400]]
    raw, truth = raw.copy(), truth.set_index("time")
    raw.loc[places, "value"] = [0.0, 100.0, -0.2, 100.2]
    truth.loc[times[places[:2]], "value"] = [0.0, 100.0]
    return raw, truth.drop(times[places[2:]]).reset_index()


def _cleaned(work: Work, raw: pd.DataFrame) -> pd.DataFrame:
    result = expect.frame(work.function("clean")(raw), "clean(raw)", ["time", "value"])
    if not pd.api.types.is_datetime64_any_dtype(result["time"]):
        raise Mistake(
            "time_is_text",
            "The column `time` of your result holds text, so it sorts like words.",
            required="`time` as dates: `pd.to_datetime`.",
        )
    return result


@exercise_check("repair", "graded-clean")
def repair(work: Work) -> None:
    """Clean three fresh exports: order, units, rejects, nothing invented, nothing lost."""
    clean, coverage = work.function("clean"), work.function("coverage")
    del clean
    for raw, truth in _fresh_exports(work):
        result = _cleaned(work, raw)
        _ordered(result)
        _nothing_invented(result, raw)
        _plausible(result)
        _nothing_lost(result, truth)
        _same_values(result, truth)
        _covered(coverage, truth)


def _ordered(result: pd.DataFrame) -> None:
    if result["time"].duplicated().any():
        raise Mistake(
            "repeated_times",
            "On a fresh export your result has {count} times twice.",
            required="Each time once.",
            step="The clock went back for a while: decide which of the two measurements stays.",
            count=int(result["time"].duplicated().sum()),
        )
    if not result["time"].is_monotonic_increasing:
        raise Mistake(
            "not_sorted",
            "On a fresh export your result jumps back in time {count} times.",
            required="Times ascending.",
            step="Files of two agents were joined; sort, but mind what the order decided before.",
            count=int((result["time"].diff() < pd.Timedelta(0)).sum()),
        )


def _nothing_invented(result: pd.DataFrame, raw: pd.DataFrame) -> None:
    measured = pd.to_datetime(raw["time"])
    invented = result.loc[~result["time"].isin(measured), "time"].tolist()
    if invented:
        raise Mistake(
            "invented_samples",
            "Your result has {count} samples at times when nothing was measured, "
            "the first at {first:%Y-%m-%d %H:%M}.",
            required="Only what was measured. A gap stays a gap and lowers the coverage.",
            step="Leave out the line that fills or resamples.",
            count=len(invented),
            first=invented[0],
        )


def _plausible(result: pd.DataFrame) -> None:
    values = result["value"].astype(float)
    wrong = values.isna() | (values < 0) | (values > 100)
    if wrong.any():
        raise Mistake(
            "implausible_kept",
            "Your result still has {count} values that no CPU can have, such as {value:g} %.",
            required="A value is a percentage of a CPU: what cannot be one is no measurement.",
            count=int(wrong.sum()),
            value=float(values[wrong].iloc[0]),
        )


def _nothing_lost(result: pd.DataFrame, truth: pd.DataFrame) -> None:
    lost = truth.loc[~truth["time"].isin(result["time"]), "time"].tolist()
    kept = result.loc[~result["time"].isin(truth["time"]), "time"].tolist()
    if lost:
        raise Mistake(
            "lost_samples",
            "{count} good measurements of a fresh export are missing from your result, "
            "the first at {first:%Y-%m-%d %H:%M}.",
            required="Only rows that cannot be a measurement go; every other time stays once.",
            step="Look at the raw rows around that time.",
            count=len(lost),
            first=min(lost),
        )
    if kept:
        raise Mistake(
            "rejects_kept",
            "Your result has a value at {count} times when the export says there was no reading.",
            required="No reading is no sample: the time is left out, not given a value.",
            step="Look at {first:%Y-%m-%d %H:%M} in your result and in the raw export.",
            count=len(kept),
            first=min(kept),
        )


def _same_values(result: pd.DataFrame, truth: pd.DataFrame) -> None:
    both = truth.merge(result[["time", "value"]], on="time", suffixes=("", "_yours"))
    apart = (both["value"] - both["value_yours"].astype(float)).abs() > TOLERANCE
    if apart.any():
        row = both[apart].iloc[0]
        raise Mistake(
            "changed_values",
            "{count} values of your result are not what was measured: "
            "at {time:%Y-%m-%d %H:%M} yours is {value:.3f}.",
            required="The measured value in percent, unchanged.",
            step="Find that time in the raw export: value and unit.",
            count=int(apart.sum()),
            time=row["time"],
            value=float(row["value_yours"]),
        )


def _covered(coverage: Any, truth: pd.DataFrame) -> None:
    share = expect.number(coverage(truth, 5, 14), "coverage(...)", low=0, high=1)
    # half of the samples must give half of the coverage
    half = expect.number(coverage(truth.iloc[::2], 5, 14), "coverage(...)", low=0, high=1)
    due = len(truth) / SAMPLES
    if abs(share - due) > 0.001 or abs(half - due / 2) > 0.001:
        raise Mistake(
            "wrong_coverage",
            "For a series of {count} samples your coverage is {share:.1%}; "
            "for every second one of them it is {half:.1%}.",
            required="Distinct samples times the step, over the days that should be there.",
            count=len(truth),
            share=share,
            half=half,
        )
    # every second sample of the first week is what a tool with a step of ten minutes writes
    week = truth[truth["time"] < truth["time"].iloc[0].normalize() + pd.Timedelta(days=7)].iloc[::2]
    other = expect.number(coverage(week, 10, 7), "coverage(...)", low=0)
    if abs(other - len(week) / (SAMPLES // 4)) > 0.001:
        raise Mistake(
            "step_or_days_fixed",
            "For {count} samples of one week, one every 10 minutes, your coverage is {other:.1%}.",
            required="The share of what should be there for the step and the days that are given.",
            step="Look for a 5, a 14 or a 4,032 in your function.",
            count=len(week),
            other=other,
        )


@repair.diagnose
def fractions_left(work: Work) -> Mistake | None:
    """Rows in fractions were taken as percent."""
    raw, truth = _fresh_exports(work)[1]
    result = _cleaned(work, raw)
    both = truth.merge(result[["time", "value"]], on="time", suffixes=("", "_yours"))
    small = (both["value_yours"] * 100 - both["value"]).abs() < TOLERANCE
    if small.sum() < 20:
        return None
    return Mistake(
        "fractions_left",
        "{count} rows say `fraction` in their unit, and your result reads them as percent: "
        "the machine seems to sleep for {hours:.0f} hours.",
        required="One unit for all rows: percent.",
        step="Use the column `unit` before anything else.",
        count=int(small.sum()),
        hours=small.sum() / 12,
    )


@repair.diagnose
def unit_guessed(work: Work) -> Mistake | None:
    """Small values were taken for fractions, whatever their unit says."""
    raw, truth = _fresh_exports(work)[2]
    result = _cleaned(work, raw)
    both = truth.merge(result[["time", "value"]], on="time", suffixes=("", "_yours"))
    grown = (both["value"] * 100 - both["value_yours"]).abs() < TOLERANCE
    if grown.sum() < 20:
        return None
    return Mistake(
        "unit_guessed",
        "{count} small percentages of a fresh, idle machine were taken for fractions: its median "
        "is {median:.1f} % in your result, as if it were never at rest.",
        required="The unit that the column `unit` names: an idle CPU is often below 1 %.",
        step="How small a value is says nothing about its unit. Look at a quiet hour, row by row.",
        count=int(grown.sum()),
        median=float(both["value_yours"].median()),
    )


@repair.diagnose
def clipped(work: Work) -> Mistake | None:
    """Impossible values were cut to the limits and so became measurements."""
    raw, truth = _fresh_exports(work)[0]
    result = _cleaned(work, raw)
    extra = result[~result["time"].isin(truth["time"])]
    edge = extra["value"].isin([0, 100])
    if extra.empty or not edge.all():
        return None
    return Mistake(
        "clipped",
        "You cut impossible values down to 0 or 100: {count} faults of the counter now "
        "look like {full} full and {idle} idle moments.",
        required="A value that cannot be is no measurement; its time is left out.",
        step="Filter instead of clipping.",
        count=len(extra),
        full=int((extra["value"] == 100).sum()),
        idle=int((extra["value"] == 0).sum()),
    )


@repair.diagnose
def second_measurement(work: Work) -> Mistake | None:
    """Of two measurements at one time the later row, or their mean, was kept."""
    raw, truth = _fresh_exports(work)[0]
    result = _cleaned(work, raw)
    scaled = raw["value"].where(raw["unit"] == "%", raw["value"] * 100)
    rows = raw.assign(time=pd.to_datetime(raw["time"]), scaled=scaled)
    last = rows.drop_duplicates("time", keep="last").set_index("time")["scaled"]
    mean = rows.groupby("time")["scaled"].mean()
    both = truth.merge(result[["time", "value"]], on="time", suffixes=("", "_yours"))
    apart = both[(both["value"] - both["value_yours"]).abs() > TOLERANCE]
    if apart.empty:
        return None
    for label, other, seen in (
        (
            "last_kept",
            last,
            mark("After the clock went back, {count} times were measured twice, and you kept "
                 "the later row."),
        ),
        (
            "averaged",
            mean,
            mark("After the clock went back, {count} times were measured twice, and you kept "
                 "the mean of both rows."),
        ),
    ):  # fmt: skip
        away = np.abs(apart["value_yours"].to_numpy() - other[apart["time"]].to_numpy())
        if away.max() < TOLERANCE:
            return Mistake(
                label,
                seen,
                required="The first measurement in the file's own order: "
                "the clock was right until then.",
                step="Sorting or grouping before that choice mixes the two; choose first.",
                count=len(apart),
            )
    return None


@repair.diagnose
def both_dropped(work: Work) -> Mistake | None:
    """Every time that occurs twice was dropped altogether."""
    raw, truth = _fresh_exports(work)[0]
    result = _cleaned(work, raw)
    twice = set(pd.to_datetime(raw.loc[raw["time"].duplicated(keep=False), "time"]))
    lost = set(truth["time"]) - set(result["time"])
    if not lost or not lost <= twice or len(lost) < 5:
        return None
    return Mistake(
        "both_dropped",
        "Where a time occurs twice you dropped both rows: {count} real measurements are gone.",
        required="One measurement for each time that was measured.",
        count=len(lost),
    )


@repair.diagnose
def span_coverage(work: Work) -> Mistake | None:
    """Coverage was taken as last time minus first time."""
    _, truth = _fresh_exports(work)[0]
    holes = truth.iloc[[0, -1]]
    share = expect.number(work.function("coverage")(holes, 5, 14), "coverage(...)")
    if share < 0.9:
        return None
    return Mistake(
        "span_coverage",
        "Two samples, one on the first day and one on the last, have {share:.0%} coverage "
        "by your function.",
        required="Count what was measured, not the time between first and last.",
        share=share,
    )
