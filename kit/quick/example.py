"""A sample export for who has none at hand: eight fictional machines, two weeks, SYNTHETIC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.data.utilisation import Kind
from kit.files import write_text

if TYPE_CHECKING:
    from pathlib import Path

SEED = 2026
START = "2026-10-05"
FILE = "example-SYNTHETIC.csv"

# name, class of load, vCPU
MACHINES: tuple[tuple[str, Kind, int], ...] = (
    ("web-01", "bursty", 16),
    ("web-02", "bursty", 8),
    ("batch-01", "idle-with-bursts", 16),
    ("erp-db", "saturated", 16),
    ("mail-01", "steady", 8),
    ("intra-01", "under-used", 8),
    ("files-01", "steady", 4),
    ("pay-01", "regime-change", 8),
)


def example_sizes() -> dict[str, int]:
    """Today's vCPU of the example's machines."""
    return {name: vcpu for name, _kind, vcpu in MACHINES}


def write_example(folder: Path) -> Path:
    """Write the sample export (machine, timestamp, CPU in percent) and return its path.

    The same bytes each time: the series come from ``kit.data.utilisation`` with a fixed seed.
    """
    import numpy as np
    import pandas as pd

    from kit.data.utilisation import cpu_series

    parts = []
    for number, (name, kind, _vcpu) in enumerate(MACHINES):
        series = cpu_series(kind, np.random.default_rng([SEED, number]), start=START)
        times = pd.date_range(START, periods=len(series), freq="5min").strftime("%Y-%m-%d %H:%M:%S")
        parts.append(pd.DataFrame({"machine": name, "timestamp": times, "cpu_percent": series}))
    path = folder / FILE
    write_text(path, pd.concat(parts).to_csv(index=False, lineterminator="\n"))
    return path
