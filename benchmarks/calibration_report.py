"""Print how the generators stand to the real series: class x statistic.

Columns: the real series' value, its 90 % day-block bootstrap interval, the
generator's median and range over 50 seeds, how many seeds lie inside, and the
median time of one draw. The real values need UPSKILL_REAL_DATA; without it
they are "-" and the rest is printed from the kit's own table.

    python benchmarks/calibration_report.py
"""

from __future__ import annotations

import os
import statistics as stats
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from kit.data.calibration import INTERVALS, STATISTICS, bootstrap_intervals, statistics
from kit.data.traffic import request_series
from kit.data.utilisation import KINDS, cpu_series

SEEDS = 50
FILES = {
    "under-used": "ec2_cpu_utilization_24ae8d",
    "idle-with-bursts": "ec2_cpu_utilization_77c1ca",
    "bursty": "ec2_cpu_utilization_fe7f93",
    "steady": "rds_cpu_utilization_cc0c53",
    "saturated": "ec2_cpu_utilization_825cc2",
    "regime-change": "ec2_cpu_utilization_ac20cd",
    "requests": "elb_request_count_8c0756",
}


def real_series(key: str) -> np.ndarray | None:
    path = Path(os.environ.get("UPSKILL_REAL_DATA", "")) / "cloudwatch" / f"{FILES[key]}.csv"
    return pd.read_csv(path)["value"].to_numpy(dtype=float) if path.is_file() else None


def makers() -> dict[str, Callable[[np.random.Generator], np.ndarray]]:
    made = {kind: (lambda rng, kind=kind: cpu_series(kind, rng)) for kind in KINDS}
    return {**made, "requests": lambda rng: request_series("bursty", rng)}


def rows(key: str, make: Callable[[np.random.Generator], np.ndarray]) -> list[list[str]]:
    real = real_series(key)
    intervals = INTERVALS[key] if real is None else bootstrap_intervals(real)
    values = None if real is None else statistics(real)
    found, times = [], []
    for seed in range(SEEDS):
        began = time.perf_counter()
        series = make(np.random.default_rng(seed))
        times.append(1_000 * (time.perf_counter() - began))
        found.append(statistics(series))
    table = []
    for i, (name, (low, high)) in enumerate(zip(STATISTICS, intervals, strict=True)):
        drawn = [one[i] for one in found]
        inside = sum(low - 1e-9 <= value <= high + 1e-9 for value in drawn)
        table.append(
            [
                key if i == 0 else "",
                name,
                "-" if values is None else f"{values[i]:.4g}",
                f"{low:.4g} to {high:.4g}",
                f"{stats.median(drawn):.4g}",
                f"{min(drawn):.4g} to {max(drawn):.4g}",
                f"{inside}/{SEEDS}",
                f"{stats.median(times):.1f}" if i == 0 else "",
            ]
        )
    return table


def main() -> None:
    table = Table(title=f"Calibration of the generators, {SEEDS} seeds, 14 days of 5 minutes")
    heads = ("class", "statistic", "real", "90 % interval", "median", "range", "inside", "ms")
    for head in heads:
        table.add_column(head)
    for key, make in makers().items():
        for row in rows(key, make):
            table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
