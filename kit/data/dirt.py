"""A monitoring export as it leaves a real machine, and the truth of its defects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kit.data.calibration import Series
from kit.errors import UsageError

SENTINEL = -1.0
# 0xFFFF tenths of a percent: what a 16-bit counter writes when it has no reading.
OVERFLOW = 6553.5
_TIME_FORMAT = "%Y-%m-%d %H:%M:%S"

Span = tuple[str, str]


@dataclass(frozen=True)
class Dirt:
    """What was planted in an export. Times are the export's own text.

    Spans give the first and the last timestamp concerned, both included. The
    defects lie apart from each other, so each has one right treatment.
    """

    machine: str
    start: str
    step_minutes: int
    samples: int
    """Samples of the clean series, before anything was taken away."""
    gap: Span
    """No row exists for these timestamps; nothing may be invented there."""
    gap_samples: int
    duplicate_rows: int
    """Rows that repeat another row in every column."""
    clock_step: Span
    """The clock went back: these timestamps occur twice, with different values."""
    conflicting_duplicates: int
    """Second measurements at a timestamp; the first in file order is the one to keep."""
    out_of_order: Span
    """A block of rows that stands later in the file than its time says."""
    out_of_order_rows: int
    fraction: Span
    """Rows given as fractions (0 to 1), with ``unit`` saying "fraction"."""
    fraction_rows: int
    sentinels: tuple[str, ...]
    """Timestamps whose value is -1: no reading. To be rejected."""
    impossible: tuple[str, ...]
    """Timestamps whose value is 6553.5 %: an overflow. To be rejected, not clipped."""

    @property
    def valid_samples(self) -> int:
        """Distinct timestamps with a usable measurement."""
        return self.samples - self.gap_samples - len(self.sentinels) - len(self.impossible)

    @property
    def coverage(self) -> float:
        """Valid samples over the samples that the period should have, 0 to 1."""
        return self.valid_samples / self.samples

    def truth(self, clean: Series) -> pd.DataFrame:
        """Return what a right repair keeps: ``time`` (datetime) and ``value`` in percent.

        ``clean`` is the series that the export was made from.
        """
        times = _times(self.start, self.samples, self.step_minutes)
        rejected = set(self.sentinels) | set(self.impossible)
        keep = [text not in rejected and not self.gap[0] <= text <= self.gap[1] for text in times]
        frame = pd.DataFrame({"time": pd.to_datetime(list(times)), "value": np.round(clean, 3)})
        return frame[keep].reset_index(drop=True)


def dirty_export(
    machine: str,
    clean: Series,
    rng: np.random.Generator,
    *,
    start: str = "2026-03-02",
    step_minutes: int = 5,
) -> tuple[pd.DataFrame, Dirt]:
    """Return a defective export of ``clean`` (percent, one value per step) and its truth.

    Columns: ``machine``, ``time`` (text, "2026-03-02 00:05:00"), ``value``
    (float) and ``unit`` ("%" or "fraction"). Planted: one gap of 40 to 120
    minutes, exact duplicate rows, a clock that goes back one hour, a block
    that arrives late, 4 to 8 hours in fractions, sentinels and overflows.
    Values are rounded to 0.001 percent.

    Raises ``UsageError`` for less than two days, where the defects would meet.
    """
    samples = len(clean)
    if samples * step_minutes < 2 * 1_440 or step_minutes > 60:
        raise UsageError(
            "{samples} samples of {step_minutes} minutes are too few for the planted defects.",
            where=machine,
            fix="Give at least two days in steps of at most 60 minutes.",
            samples=samples,
            step_minutes=step_minutes,
        )
    zones = _zones(rng, samples, step_minutes)
    points = _points(rng, samples, zones.values())
    times = _times(start, samples, step_minutes)
    frame = _measured(machine, times, clean, zones["fraction"], points)
    frame = _reordered(frame, rng, zones, points["duplicate"])
    return frame, _dirt(machine, start, step_minutes, times, zones, points)


# every machine of an export has the same ones
@lru_cache(maxsize=4)
def _times(start: str, samples: int, step_minutes: int) -> tuple[str, ...]:
    index = pd.date_range(start, periods=samples, freq=f"{step_minutes}min")
    return tuple(index.strftime(_TIME_FORMAT))


def _zones(rng: np.random.Generator, samples: int, step: int) -> dict[str, slice]:
    """Give each long defect a place in a fifth of the series of its own."""
    minutes = {
        "gap": int(rng.integers(40, 121)),
        "clock": 60,
        "late": int(rng.integers(60, 121)),
        "fraction": int(rng.integers(240, 481)),
    }
    fifths = rng.permutation(5)
    zones = {}
    for fifth, (name, length) in zip(fifths, minutes.items(), strict=False):
        size = max(1, -(-length // step) if name == "fraction" else length // step)
        low = int(fifth) * samples // 5 + 1
        # The late block is put back as many rows after its place as it is long.
        high = (int(fifth) + 1) * samples // 5 - 1 - (2 * size if name == "late" else size)
        first = int(rng.integers(low, max(low + 1, high)))
        zones[name] = slice(first, first + size)
    return zones


def _points(
    rng: np.random.Generator, samples: int, zones: Iterable[slice]
) -> dict[str, npt.NDArray[np.int64]]:
    """Choose samples outside every zone for sentinels, overflows and duplicates."""
    free = np.ones(samples, dtype=bool)
    for zone in zones:
        free[max(0, zone.start - 1) : zone.stop + (zone.stop - zone.start) + 1] = False
    sizes = {
        "sentinel": int(rng.integers(3, 7)),
        "impossible": int(rng.integers(2, 5)),
        "duplicate": int(rng.integers(6, 16)),
    }
    chosen = rng.permutation(np.flatnonzero(free))[: sum(sizes.values())]
    cuts = np.cumsum(list(sizes.values()))[:-1]
    parts = np.split(chosen, cuts)
    return {name: np.sort(part) for name, part in zip(sizes, parts, strict=True)}


def _measured(
    machine: str,
    times: tuple[str, ...],
    clean: Series,
    fraction: slice,
    points: dict[str, npt.NDArray[np.int64]],
) -> pd.DataFrame:
    value = np.round(np.asarray(clean, dtype=float), 3)
    value[points["sentinel"]] = SENTINEL
    value[points["impossible"]] = OVERFLOW
    unit = np.full(len(value), "%", dtype=object)
    value[fraction] = np.round(value[fraction] / 100, 5)
    unit[fraction] = "fraction"
    return pd.DataFrame({"machine": machine, "time": list(times), "value": value, "unit": unit})


def _reordered(
    frame: pd.DataFrame,
    rng: np.random.Generator,
    zones: dict[str, slice],
    duplicates: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Return the rows in the order of the file: gap left out, repeats put in."""
    rows = np.arange(len(frame), dtype=float)
    late, clock = zones["late"], zones["clock"]
    size = late.stop - late.start
    rows[late] = late.stop + size - 1 + _fractions(size)
    second = frame.iloc[clock].copy()
    change = rng.uniform(0.5, 5.0, len(second))
    # Towards the middle of the scale, so that the second value is possible and differs.
    second["value"] = (second["value"] + np.where(second["value"] < 50, change, -change)).round(3)
    again = clock.stop - 1 + _fractions(len(second))
    frame = frame.assign(_row=rows)
    parts = [
        frame.drop(index=frame.index[zones["gap"]]),
        second.assign(_row=again),
        frame.iloc[duplicates].assign(_row=rows[duplicates] + 0.25),
    ]
    ordered = pd.concat(parts).sort_values("_row", kind="stable")
    return ordered.drop(columns="_row").reset_index(drop=True)


def _fractions(size: int) -> Series:
    """Return places for ``size`` rows between one row and the next, in order."""
    return np.asarray(np.arange(1, size + 1) / (size + 1))


def _dirt(
    machine: str,
    start: str,
    step: int,
    times: tuple[str, ...],
    zones: dict[str, slice],
    points: dict[str, npt.NDArray[np.int64]],
) -> Dirt:
    def span(name: str) -> Span:
        return times[zones[name].start], times[zones[name].stop - 1]

    def size(name: str) -> int:
        return int(zones[name].stop - zones[name].start)

    def at(name: str) -> Any:
        return tuple(times[i] for i in points[name])

    return Dirt(
        machine=machine,
        start=start,
        step_minutes=step,
        samples=len(times),
        gap=span("gap"),
        gap_samples=size("gap"),
        duplicate_rows=len(points["duplicate"]),
        clock_step=span("clock"),
        conflicting_duplicates=size("clock"),
        out_of_order=span("late"),
        out_of_order_rows=size("late"),
        fraction=span("fraction"),
        fraction_rows=size("fraction"),
        sentinels=at("sentinel"),
        impossible=at("impossible"),
    )
