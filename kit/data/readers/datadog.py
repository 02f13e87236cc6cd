"""Datadog: JSON of ``GET /api/v1/query``.

Format: Datadog API reference, "Query timeseries points": each series has pairs of
milliseconds since 1970 and value, the tags of its scope, and the unit of its metric.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kit.data.readers.generic import metric_from_stem
from kit.data.readers.metrics import slug
from kit.data.readers.points import Numbering, dict_in, list_in, name_in, text_of
from kit.data.readers.settle import Block, Raw
from kit.data.readers.shares import WAITS, busy
from kit.errors import DataError

# Datadog's own checks of a machine; units as its documentation of the check "system" says.
_METRICS = {
    "system.cpu.idle": ("cpu_percent", "percent"),
    "system.mem.used": ("memory_used_bytes", "bytes"),
    "system.mem.usable": ("memory_available_bytes", "bytes"),
    "system.mem.pct_usable": ("memory_available_percent", "fraction"),
    "system.net.bytes_rcvd": ("network_in_bytes_per_second", "bytes/s"),
    "system.net.bytes_sent": ("network_out_bytes_per_second", "bytes/s"),
    "aws.ec2.cpuutilization": ("cpu_percent", "percent"),
    "azure.vm.percentage_cpu": ("cpu_percent", "percent"),
    "gcp.gce.instance.cpu.utilization": ("cpu_percent", "fraction"),
    "docker.cpu.usage": ("docker_cpu_usage", "percent"),
}
_HOSTS = ("host", "name", "instance", "vm", "node")


def claims(data: Any) -> bool:
    """Whether the JSON is an answer of the query API, or its list of errors."""
    if not isinstance(data, dict):
        return False
    found = [dict_in(one) for one in list_in(data.get("series"))[:20]]
    return "res_type" in data or any("pointlist" in one for one in found) or set(data) == {"errors"}


def read(data: Any, stem: str, file: str) -> Raw:
    """Read every series. Raises DataError when Datadog answered with an error."""
    if data.get("status", "ok") != "ok" or "errors" in data:
        raise DataError(
            "{file} is an error answer of Datadog: {told!r}.",
            where=file,
            fix="Correct the query or the keys, run it again, and save the new answer.",
            file=file,
            told=text_of(data.get("error") or data.get("errors"))[:200],
        )
    raw, numbering = Raw("datadog"), Numbering()
    for series in map(dict_in, list_in(data.get("series"))):
        name = name_in(series.get("metric"))
        tags = _tags(series)
        metric, unit = _METRICS.get(name, (slug(name.replace(".", " ")), _unit(series)))
        pairs = [_pair(point) for point in list_in(series.get("pointlist"))]
        block = Block(
            metric=metric,
            machine=next((tags[key] for key in _HOSTS if tags.get(key)), metric_from_stem(stem)[1]),
            time=[time for time, _ in pairs],
            value=[value for _, value in pairs],
            row=numbering.take(len(pairs)),
            column=name or "pointlist",
            time_column="pointlist",
            unit=unit,
        )
        if name == "system.cpu.idle":
            raw.notes.append(WAITS)
            block = replace(block, derive=busy())
        raw.blocks.append(block)
    return raw


def _tags(series: dict[str, Any]) -> dict[str, str]:
    """The tags of a series, from its set or from the scope in words."""
    texts = [text_of(tag) for tag in list_in(series.get("tag_set"))]
    texts += name_in(series.get("scope")).split(",")
    pairs = (text.strip().partition(":") for text in texts)
    return {key: value for key, _, value in pairs if value and value != "*"}


def _unit(series: dict[str, Any]) -> str:
    """The unit of the metric, without the one that it is counted by."""
    first = next(iter(list_in(series.get("unit"))), None)
    known = dict_in(first)
    short = {"percent": "percent", "byte": "bytes", "kibibyte": "KB", "mebibyte": "MB"}
    return short.get(name_in(known.get("name")), "")


def _pair(point: Any) -> tuple[str, str]:
    """Time and value of a point; a time is whole milliseconds, written as a decimal."""
    if not isinstance(point, list) or len(point) != 2:
        return "", text_of(point)
    time = point[0]
    whole = isinstance(time, float) and time.is_integer()
    return text_of(int(time) if whole else time), text_of(point[1])
