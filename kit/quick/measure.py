"""From samples to one row of statistics per machine; works for one machine or thousands."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kit.quick.finding import Stats
from kit.quick.rules import BUSY_PERCENT, RECENT_DAYS


def distinct(samples: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Samples sorted by machine and time, first measurement of each time; and repeats dropped."""
    ordered = samples.sort_values(["machine", "time"], kind="stable", ignore_index=True)
    again = ordered.duplicated(["machine", "time"])
    repeated = again.groupby(ordered["machine"], sort=False).sum()
    return ordered[~again].reset_index(drop=True), repeated


def measure(samples: pd.DataFrame) -> dict[str, Stats]:
    """Statistics by machine, of the samples of one metric."""
    clean, repeated = distinct(samples)
    if clean.empty:
        return {}
    clean["machine"] = clean["machine"].astype("category")
    machine = clean["machine"]
    step = _steps(clean, machine)
    by_machine = clean.groupby("machine", observed=True)
    table = by_machine.agg(
        samples=("value", "size"),
        first=("time", "min"),
        last=("time", "max"),
        mean=("value", "mean"),
        peak=("value", "max"),
    )
    table["step"] = step
    table[["p50", "p90", "p95", "p99_5"]] = _quantiles(by_machine, (0.5, 0.9, 0.95, 0.995))
    since = machine.map(table["last"] - pd.Timedelta(days=RECENT_DAYS))
    recent = clean["time"] > pd.to_datetime(since)
    late = clean[recent].groupby("machine", observed=True)
    table[["recent", "recent_p90", "recent_p99_5"]] = _quantiles(late, (0.5, 0.9, 0.995))
    table["before"] = clean[~recent].groupby("machine", observed=True)["value"].median()
    table["busy"] = (clean["value"] > BUSY_PERCENT).groupby(machine, observed=True).mean()
    table["repeated"] = repeated
    return {str(name): _stats(row) for name, row in table.iterrows()}


def _steps(clean: pd.DataFrame, machine: pd.Series) -> pd.Series:
    gap = clean["time"].diff().where(machine == machine.shift()).dt.total_seconds()
    steps: pd.Series = gap.groupby(machine, observed=True).median() / 60
    return steps


def _quantiles(groups: Any, shares: tuple[float, ...]) -> pd.DataFrame:
    return groups["value"].quantile(list(shares)).unstack()  # type: ignore[no-any-return]


def _stats(row: pd.Series) -> Stats:
    step = 0.0 if np.isnan(row["step"]) else float(row["step"])
    span = (row["last"] - row["first"]).total_seconds() / 60
    # one sample has no step, and so no share of steps
    slots = round(span / step) + 1 if step else math.nan
    names = ("mean", "p50", "p90", "p95", "p99_5", "peak", "recent", "before")
    numbers = {name: float(row[name]) for name in (*names, "recent_p90", "recent_p99_5", "busy")}
    return Stats(
        samples=int(row["samples"]),
        repeated=int(row["repeated"]),
        step_minutes=step,
        days=int(row["samples"]) * step / 1440,
        window_days=0.0 if math.isnan(slots) else slots * step / 1440,
        coverage=int(row["samples"]) / max(slots, int(row["samples"])),
        first=row["first"].to_pydatetime(),
        last=row["last"].to_pydatetime(),
        **numbers,
    )


def change_date(series: pd.DataFrame) -> date:
    """Day on which the level of one machine's series shifts most (extreme of the CUSUM).

    Source: E. S. Page, Continuous Inspection Schemes, Biometrika 41 (1954).
    """
    ordered = series.sort_values("time", kind="stable")
    hourly = ordered.groupby(ordered["time"].dt.floor("h"))["value"].median()
    drift = (hourly - hourly.mean()).cumsum().abs()
    return hourly.index[int(drift.argmax())].date()  # type: ignore[no-any-return]


def peak_times(series: pd.DataFrame) -> pd.Timestamp:
    """When one machine's series is highest."""
    when: pd.Timestamp = series["time"].iloc[int(series["value"].argmax())]
    return when


def memory_needs(samples: pd.DataFrame) -> pd.DataFrame:
    """P99.5 of memory by machine: ``percent`` and ``gib``, NaN where not measured."""
    result = pd.DataFrame(columns=["percent", "gib"], dtype=float)
    for metric, column, factor in (
        ("memory_percent", "percent", 1.0),
        ("memory_used_bytes", "gib", 1 / 1024**3),
    ):
        rows = samples[samples["metric"] == metric]
        if not rows.empty:
            high = rows.groupby("machine")["value"].quantile(0.995) * factor
            result = result.reindex(result.index.union(high.index))
            result[column] = high
    return result
