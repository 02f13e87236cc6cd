"""Azure Monitor: JSON of ``az monitor metrics list``; the portal's download is a table.

Format: Azure Monitor REST API, Metrics - List, response body. Without data in a time
grain the statistics of its point are null or absent; such points are rejected, not zero.
"""

from __future__ import annotations

import re
from typing import Any

from kit.data.readers.metrics import metric_of, slug
from kit.data.readers.points import Numbering, dict_in, list_in, name_in, point_block
from kit.data.readers.settle import Raw
from kit.data.readers.table import Table
from kit.i18n import phrase

# Average and total are the plain metric: Azure offers the one that fits the unit.
_STATISTICS = {"average": "", "total": "", "maximum": "_max", "minimum": "_min"}
_UNITS = {
    "percent": "percent",
    "bytes": "bytes",
    "bytespersecond": "bytes/s",
    "count": "count",
}
# The type of resource varies (virtualMachines, servers, ...); its name comes next.
_RESOURCE = re.compile(r"/providers/[^/]+/[^/]+/([^/]+)(?:/|$)", re.I)


def claims(data: Any) -> bool:
    """Whether the JSON is an answer of Azure Monitor, or its list of metrics alone."""
    return bool(_metrics_in(data))


def read(data: Any, stem: str) -> Raw:
    """Read every time series and each of its statistics."""
    raw = Raw("azure")
    numbering = Numbering()
    # Points are numbered across series, so that a row number is unique in its file.
    for metric in _metrics_in(data):
        for series in map(dict_in, list_in(metric.get("timeseries"))):
            _series(metric, series, stem, numbering, raw)
    # Whoever sizes a machine must know that peaks are hidden inside a grain.
    interval = name_in(dict_in(data).get("interval"))
    if interval:
        raw.notes.append(
            phrase(
                "Azure values are one statistic per {interval}, not peaks inside it.",
                interval=interval,
            )
        )
    return raw


def _metrics_in(data: Any) -> list[dict[str, Any]]:
    """Return the metric objects of a single, a listed or a batch answer."""
    if isinstance(data, dict) and "values" in data:
        return [one for part in list_in(data["values"]) for one in _metrics_in(part)]
    found = data.get("value") if isinstance(data, dict) else data
    return [dict_in(one) for one in list_in(found) if "timeseries" in dict_in(one)]


def _series(
    metric: dict[str, Any], series: dict[str, Any], stem: str, numbering: Numbering, raw: Raw
) -> None:
    points = list_in(series.get("data"))
    rows = numbering.take(len(points))
    title = name_in(dict_in(metric.get("name")).get("value"))
    machine, extra = _dimensions(series)
    machine = machine or _machine(name_in(metric.get("id"))) or stem
    name = (metric_of(title) or slug(title)) + extra
    for statistic in _present(points):
        block = point_block(
            points,
            rows,
            metric=name + _STATISTICS[statistic],
            machine=machine,
            time="timeStamp",
            value=statistic,
            unit=_UNITS.get(name_in(metric.get("unit")).lower(), ""),
        )
        raw.blocks.append(block)


def _present(points: list[Any]) -> list[str]:
    """Return the statistics that any point fills; a series without any is all averages.

    A total beside an average is the same measurement twice and is left out.
    """
    found = [s for s in _STATISTICS if any(dict_in(p).get(s) is not None for p in points)]
    if "average" in found and "total" in found:
        found.remove("total")
    return found or ["average"]


def _machine(path: str) -> str:
    """Take the resource's name out of a metric's id, which is a path."""
    head = re.split(r"/providers/microsoft\.insights/", path, flags=re.I)[0]
    match = _RESOURCE.search(head)
    return match[1] if match else ""


def _dimensions(series: dict[str, Any]) -> tuple[str, str]:
    """Return the machine and the metric's suffix that a split series carries."""
    machine, extra = "", ""
    for entry in map(dict_in, list_in(series.get("metadatavalues"))):
        name = name_in(dict_in(entry.get("name")).get("value")).lower()
        value = name_in(entry.get("value"))
        # A query over a whole region names each machine here and nowhere else.
        if name == "microsoft.resourceid":
            machine = _machine(value) or value
        elif name in {"vmname", "computer", "host"}:
            machine = value
        elif value:
            extra += f"_{slug(value)}"
    return machine, extra


_PORTAL = re.compile(r"^(percentage cpu|available memory|network (in|out)|disk (read|write)).*\(")


def claims_table(table: Table) -> bool:
    """Whether a header is written as the portal's: 'Percentage CPU (Avg)'."""
    return any(_PORTAL.match(cell.lower()) for cell in table.header)
