"""Model answers of the sizing half: exercise to the answer cell's source. Reaches no learner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

_CLEAN = """
def clean(raw):
    frame = raw.copy()
    frame["value"] = frame["value"].where(frame["unit"] == "%", frame["value"] * 100)
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame[frame["value"].between(0, 100)]
    frame = frame.drop_duplicates("time", keep="first")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def coverage(series, step_minutes, days):
    return series["time"].nunique() * step_minutes / (days * 24 * 60)
"""

_SIZE = """
def pick_size(cpu, source_vcpu, q, headroom, sizes):
    need = source_vcpu * np.percentile(cpu, q) / 100 / (1 - headroom)
    return min((s for s in sizes if s >= need), default=max(sizes))


def burst_risk(cpu, source_vcpu, size):
    return float((source_vcpu * np.asarray(cpu) / 100 > size).mean())
"""

_PLAN = """
table = wb.tools.options(case)
fine = table[table["loss"] <= 0.02].sort_values("won_month").iloc[0]
plan = {
    "q": 95,
    "headroom": 0.2,
    "option": fine["option"],
    "vcpu": int(fine["vcpu"]),
    "loss": float(fine["loss"]),
    "limit": 0.02,
}
"""

# the owner's own words are printed for a learner; the rest is the table
_BURSTS = """
from kit.checking import unit_module

owner = unit_module(wb.unit, "sizing.owner").owner_of(case)
rows = wb.tools.options(case).sort_values("won_month")
rows = rows[rows["loss"] <= owner.limit]
if not owner.splits:
    rows = rows[rows["option"] != "autoscale"]
wb.answer("bursts", rows.iloc[0]["option"])
"""

_CLASSIFY = """
def classify(cpu):
    recent, before = np.median(cpu[-864:]), np.median(cpu[:-864])
    if abs(recent - before) > 20:
        return "regime-change"
    if min(recent, before) > 80:
        return "saturated"
    if np.percentile(cpu, 99.5) < 5:
        return "under-used"
    if np.median(cpu) < 5 and np.percentile(cpu, 95) > 50:
        return "idle-with-bursts"
    if np.percentile(cpu, 99.5) > 4 * np.median(cpu):
        return "bursty"
    return "steady"


next_step = {
    "under-used": "ask the owner",
    "idle-with-bursts": "choose by option, not by percentile",
    "bursty": "size by the rule",
    "steady": "size by the rule",
    "saturated": "measure the demand first",
    "regime-change": "size on the recent window",
}
"""

_MEMORY = """
def memory_need(used_percent, installed_gib, headroom):
    here = used_percent.dropna()
    if len(here) < 0.9 * 4032:
        return "unknown"
    return installed_gib * np.percentile(here, 95) / 100 / (1 - headroom)
"""

ANSWERS = {
    "repair": _CLEAN,
    "rule": _SIZE + _PLAN,
    "bursts": _BURSTS,
    "classify": _CLASSIFY,
    "memory": _MEMORY,
    "graded-clean": _CLEAN,
    "graded-size": _SIZE,
    "graded-bursts": _PLAN,
    "graded-classes": _CLASSIFY,
}


def _raw(rng: np.random.Generator) -> tuple[Any, ...]:
    """A small export with every defect: times twice and out of order, both units, no CPU's."""
    rows = int(rng.integers(2, 30))
    frame = {
        "time": pd.Timestamp("2026-03-02") + pd.to_timedelta(rng.integers(0, 20, rows) * 5, "min"),
        "value": rng.choice([-1.0, 0.0, 0.4, 1.0, 55.5, 100.0, 100.1, np.nan], rows),
        "unit": rng.choice(["%", "fraction"], rows),
    }
    return (pd.DataFrame(frame).astype({"time": str}),)


def _cpu(rng: np.random.Generator) -> tuple[Any, ...]:
    """Two levels and bursts, often on a border."""
    levels = [1, 4.9, 5, 20, 40, 59.9, 60, 60.1, 79.9, 80, 80.1, 95]
    cpu = np.repeat(rng.choice(levels, 2), [int(rng.integers(100, 400)), 864])
    cpu[rng.random(len(cpu)) < rng.choice([0.0, 0.01, 0.06])] = rng.choice([4.9, 50, 80, 90])
    return (cpu,)


def _used(rng: np.random.Generator) -> tuple[Any, ...]:
    """Two weeks of memory with about a tenth of the samples missing, exactly or nearly."""
    used = pd.Series(rng.uniform(5, 95, 4032))
    used.iloc[rng.permutation(4032)[: int(rng.integers(400, 408))]] = np.nan
    return used, int(rng.choice([16, 32, 64])), float(rng.choice([0.0, 0.2, 0.5]))


INPUTS: dict[str, Callable[[np.random.Generator], tuple[Any, ...]]] = {
    "clean": _raw,
    "classify": _cpu,
    "memory_need": _used,
}
