"""Netdata: ``/api/v1/data?chart=system.cpu&format=csv``, and JSON, plain or with jsonwrap.

Format: Netdata's API reference, data of a chart. ``time`` and one column per dimension,
newest first; what goes out is drawn below zero. Idle time is no dimension: the load is the
sum of all but waiting. Only jsonwrap names machine and chart; else the dimensions tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kit.data.readers.metrics import fold, slug
from kit.data.readers.points import dict_in, list_in, name_in, text_of
from kit.data.readers.settle import Block, Derive, Raw
from kit.data.readers.shares import plus, scaled
from kit.data.readers.table import Table
from kit.i18n import phrase

_CHARTS: dict[str, frozenset[str]] = {
    "system.cpu": frozenset({"user", "system", "iowait", "softirq"}),
    "system.ram": frozenset({"free", "used", "cached", "buffers"}),
    "system.net": frozenset({"received", "sent"}),
    "system.io": frozenset({"in", "out"}),
}
_SUM = phrase("cpu_percent is the sum of system.cpu's dimensions, without waiting for a disk.")
_PLACE = re.compile(r"host:(?P<host>[^/]+)/instance:(?P<chart>[^/]+)/")
_CHART_NAME = re.compile(r"[_ -]?system\.(cpu|ram|net|io)\b")


def _chart_of(names: Sequence[str]) -> str:
    """Name the chart that has these dimensions; the small ones must have no others."""
    found = set(names)
    for chart, dimensions in _CHARTS.items():
        if dimensions == found or (chart in {"system.cpu", "system.ram"} and dimensions < found):
            return chart
    return ""


def _machine(stem: str) -> str:
    """The file's name without the chart's, which people keep in it."""
    return _CHART_NAME.sub("", stem) or stem


def claims_table(table: Table) -> bool:
    """Whether the columns are ``time`` and the dimensions of a chart of the whole machine."""
    header = [fold(cell) for cell in table.header]
    return header[0] == "time" and bool(_chart_of(header[1:])) and not table.preamble


def read_table(table: Table, stem: str) -> Raw:
    """Read CSV; the file's name is the machine's, because netdata names none."""
    raw = Raw("netdata", rejects=list(table.odd))
    names = [fold(cell) for cell in table.header[1:]]
    cells = dict(zip(names, table.columns[1:], strict=True))
    machine = _machine(stem)
    _blocks(_chart_of(names), cells, machine, table.columns[0], table.rows, table.fault, raw)
    return raw


def claims(data: Any) -> bool:
    """Whether the JSON is a chart's data, with or without jsonwrap."""
    return "data" in _result(data) and list_in(_result(data).get("labels"))[:1] == ["time"]


def _result(data: Any) -> dict[str, Any]:
    known = dict_in(data)
    return dict_in(known.get("result")) if "result" in known else known


def read(data: Any, stem: str) -> Raw:
    """Read JSON; its numbers of seconds are UTC."""
    raw, result = Raw("netdata"), _result(data)
    place = _PLACE.search(name_in(data.get("id")) + "/")
    names = [text_of(name) for name in list_in(result["labels"])[1:]]
    points = [list_in(point) for point in list_in(result["data"])]
    cells = {name: [_cell(point, at) for point in points] for at, name in enumerate(names, start=1)}
    chart = place["chart"] if place else _chart_of(names)
    machine = place["host"] if place else _machine(stem)
    times, rows = [_cell(point, 0) for point in points], range(1, len(points) + 1)
    _blocks(chart, cells, machine, times, rows, None, raw)
    return raw


def _cell(point: list[Any], at: int) -> str:
    # Version 2 of the API gives a value as a list of itself, its anomaly rate and its flags.
    value = point[at] if at < len(point) else None
    return text_of(value[0] if isinstance(value, list) and value else value)


def _blocks(
    chart: str,
    cells: Mapping[str, Sequence[str]],
    machine: str,
    times: Sequence[str],
    rows: Sequence[int],
    fault: Sequence[str] | None,
    raw: Raw,
) -> None:
    def add(metric: str, name: str, unit: str = "", derive: Derive | None = None) -> None:
        block = Block(metric, machine, times, cells[name], rows, name, "time", unit, fault, derive)
        raw.blocks.append(block)

    if chart == "system.cpu" and "user" in cells:
        rest = [cells[name] for name in cells if name not in {"user", "iowait", "idle"}]
        raw.notes.append(_SUM)
        add("cpu_percent", "user", derive=plus(*rest))
    elif chart == "system.ram" and "used" in cells:
        add("memory_used_bytes", "used", "MB")
    elif chart == "system.net" and {"received", "sent"} <= set(cells):
        add("network_in_bytes_per_second", "received", "kilobits/s", scaled(1.0))
        add("network_out_bytes_per_second", "sent", "kilobits/s", scaled(1.0))
    elif chart == "system.io" and {"in", "out"} <= set(cells):
        add("disk_read_bytes_per_second", "in", "KB/s", scaled(1.0))
        add("disk_write_bytes_per_second", "out", "KB/s", scaled(1.0))
    else:
        for name in cells:
            add(slug(f"{chart} {name}"), name)
