"""Google Cloud Monitoring: JSON of ``projects.timeSeries.list``.

Format: Cloud Monitoring API v3, TimeSeries. Points run from the newest to the oldest and
end at ``interval.endTime``; 64-bit integers are texts. ``cpu/utilization`` is a fraction.
Bytes of disk and network are sums over each interval.
"""

from __future__ import annotations

import re
from typing import Any

from kit.data.readers.generic import metric_from_stem
from kit.data.readers.metrics import slug
from kit.data.readers.points import Numbering, dict_in, list_in, name_in, text_of
from kit.data.readers.settle import Block, Raw

# By the end of the metric's type; its beginning says whose metric it is.
_METRICS = {
    "instance/cpu/utilization": ("cpu_percent", "fraction"),
    "database/cpu/utilization": ("cpu_percent", "fraction"),
    "instance/memory/balloon/ram_used": ("memory_used_bytes", "bytes"),
    "database/memory/utilization": ("memory_percent", "fraction"),
    "instance/network/received_bytes_count": ("network_in_bytes", "bytes"),
    "instance/network/sent_bytes_count": ("network_out_bytes", "bytes"),
    "instance/disk/read_bytes_count": ("disk_read_bytes", "bytes"),
    "instance/disk/write_bytes_count": ("disk_write_bytes", "bytes"),
}
_OPS_MEMORY = "agent.googleapis.com/memory/percent_used"
_NAMES = ("instance_name", "node_name", "database_id", "instance_id", "host")


def _series_in(data: Any) -> list[Any]:
    return list_in(data.get("timeSeries")) if isinstance(data, dict) else list_in(data)


def claims(data: Any) -> bool:
    """Whether the JSON is a list of time series, or the answer around it."""
    found = [dict_in(one) for one in _series_in(data)[:20]]
    return any("points" in one and "metric" in one for one in found)


def read(data: Any, stem: str) -> Raw:
    """Read every series."""
    raw, numbering = Raw("gcp"), Numbering()
    for series in map(dict_in, _series_in(data)):
        kind = name_in(dict_in(series.get("metric")).get("type"))
        labels = _labels(series)
        metric, unit = _metric(kind, labels)
        points = list_in(series.get("points"))
        raw.blocks.append(
            Block(
                metric=metric,
                machine=_machine(series, labels, stem),
                time=[_end(dict_in(point)) for point in points],
                value=[_value(dict_in(point)) for point in points],
                row=numbering.take(len(points)),
                column=kind or "points",
                time_column="endTime",
                unit=unit,
            )
        )
    return raw


def _labels(series: dict[str, Any]) -> dict[str, str]:
    parts = (dict_in(dict_in(series.get(key)).get("labels")) for key in ("resource", "metric"))
    return {key: text_of(value) for part in parts for key, value in part.items()}


def _machine(series: dict[str, Any], labels: dict[str, str], stem: str) -> str:
    """The instance's name, which only some answers carry, else its number, else the file's."""
    system = dict_in(dict_in(series.get("metadata")).get("systemLabels"))
    names = [text_of(system.get("name")), *(labels.get(key, "") for key in _NAMES)]
    return next((name for name in names if name), metric_from_stem(stem)[1])


def _metric(kind: str, labels: dict[str, str]) -> tuple[str, str]:
    """Return metric and unit of a type; labels that split a machine become its end."""
    if kind == _OPS_MEMORY and labels.get("state") == "used":
        return "memory_percent", "percent"
    extra = "".join(
        f"_{slug(labels[key])}"
        for key in ("device_name", "state", "cpu_number", "cpu_state", "interface")
        if labels.get(key)
    )
    for end, (metric, unit) in _METRICS.items():
        if kind.endswith(f".googleapis.com/{end}"):
            return metric + extra, unit
    return slug(re.sub(r"^[^/]*/", "", kind)) + extra, ""


def _end(point: dict[str, Any]) -> str:
    return text_of(dict_in(point.get("interval")).get("endTime"))


def _value(point: dict[str, Any]) -> str:
    value = dict_in(point.get("value"))
    return text_of(value.get("doubleValue", value.get("int64Value")))
