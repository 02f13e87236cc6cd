"""Points of InfluxDB, of either version: series with tags, and what Telegraf calls its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kit.data.readers.generic import metric_from_stem
from kit.data.readers.metrics import metric_of, slug
from kit.data.readers.settle import Block, Raw
from kit.data.readers.shares import BUSY, WAITS, busy
from kit.data.readers.table import Grid
from kit.data.readers.values import is_number
from kit.i18n import phrase

_HOSTS = ("host", "hostname", "server", "instance", "node", "vm")
# Telegraf's measurements that only count upwards: no load until a rate is taken of them.
_COUNTERS = {"net", "diskio"}


@dataclass
class Series:
    """Points of one measurement with the same tags; ``cells`` holds a column for each field."""

    times: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)

    def add(self, time: str, row: int, values: Mapping[str, str]) -> None:
        """Add a point."""
        self.times.append(time)
        self.rows.append(row)
        for name, value in values.items():
            self.cells.setdefault(name, []).append(value)


Found = dict[tuple[str, tuple[tuple[str, str], ...], frozenset[str]], Series]


def series_in(
    found: Found, name: str, tags: Mapping[str, str], fields: Mapping[str, str]
) -> Series:
    """The series of a measurement with these tags and fields, new if there is none yet."""
    return found.setdefault((name, tuple(sorted(tags.items())), frozenset(fields)), Series())


def tag_columns(header: list[str], grid: Grid, row: int, own: frozenset[str]) -> set[str]:
    """The columns but ``own`` that hold words: SELECT * and 2.x write tags beside the fields."""
    at = grid.rows.index(row)
    body = [one for one in grid.records[at + 1 : at + 200] if len(one) == len(header)]
    found = set()
    for place, name in enumerate(header):
        filled = [one[place] for one in body if one[place].strip()]
        if name not in own and filled:
            found |= {name} if name in _HOSTS or not any(map(is_number, filled)) else set()
    return found


def raw_of(found: Found, stem: str) -> Raw:
    """Blocks of all series; the tag ``host`` names the machine, other tags end the metric."""
    raw = Raw("influx")
    parts = 0
    for (name, tags, _), series in found.items():
        known = dict(tags)
        machine = next((known[key] for key in _HOSTS if known.get(key)), metric_from_stem(stem)[1])
        # Telegraf tells each processor, and all of them as cpu-total.
        if known.get("cpu", "cpu-total") != "cpu-total":
            parts += len(series.rows)
            continue
        rest = [value for key, value in tags if key not in {*_HOSTS, "cpu"} and value]
        for label in series.cells:
            raw.blocks.append(_block(name, label, machine, rest, series, raw))
    if parts:
        raw.notes.append(phrase("{count} rows of single processors are not read.", count=parts))
    return raw


def _block(
    name: str, label: str, machine: str, rest: Sequence[str], series: Series, raw: Raw
) -> Block:
    metric, unit = _metric(name, label)
    cells = series.cells[label]
    extra = "".join(f"_{slug(part)}" for part in rest)
    block = Block(metric + extra, machine, series.times, cells, series.rows, label, "time", unit)
    if label == "usage_idle":
        waiting = [series.cells["usage_iowait"]] if "usage_iowait" in series.cells else []
        raw.notes.append(BUSY if waiting else WAITS)
        block = replace(block, derive=busy(*waiting))
    return replace(block, name=f"{name} {label}")


def _metric(name: str, label: str) -> tuple[str, str]:
    if label == "usage_idle":
        return "cpu_percent", "percent"
    # What is free is less than what is available; one name for both would mix them.
    if name in _COUNTERS or label in {"free", "total"}:
        return slug(f"{name} {label}"), ""
    return metric_of(f"{name} {label}") or slug(f"{name} {label}"), ""
