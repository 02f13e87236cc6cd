"""CloudWatch: JSON of ``aws cloudwatch get-metric-statistics`` and ``get-metric-data``.

Formats: AWS CLI reference, ``cloudwatch`` commands, output sections. The console's CSV
download, as a public original shows it: rows Id, StatusCode, Messages, Full label and Label
describe one series per column; year/month/day; no unit, no quotes, no line end at the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kit.data.readers.generic import metric_from_stem
from kit.data.readers.metrics import fold, metric_of, slug
from kit.data.readers.notations import looks_like_time
from kit.data.readers.points import Numbering, dict_in, list_in, name_in, point_block, text_of
from kit.data.readers.settle import Block, Raw
from kit.data.readers.table import Grid
from kit.i18n import phrase

# EC2 instances, RDS resource ids and application load balancers name themselves.
_RESOURCE = re.compile(r"\b(i-[0-9a-f]{8,17}|db-[A-Z0-9]{8,}|app/[\w-]+/[0-9a-f]+)\b")
_STATISTICS = {"Average": "", "Maximum": "_max", "Minimum": "_min", "Sum": "_sum"}
# As the API spells units; "None" and rarer ones leave the values as they are.
_UNITS = {
    "percent": "percent",
    "bytes": "bytes",
    "kilobytes": "KB",
    "megabytes": "MB",
    "gigabytes": "GB",
    "bytes/second": "bytes/s",
    "kilobytes/second": "KB/s",
    "megabytes/second": "MB/s",
    "count": "count",
}
_AVERAGES = phrase("CloudWatch values are averages over each period, not the peaks inside it.")


def claims(data: Any) -> bool:
    """Whether the JSON is an answer of CloudWatch."""
    return isinstance(data, dict) and ("Datapoints" in data or "MetricDataResults" in data)


def read(data: Any, stem: str) -> Raw:
    """Read either of the two answers."""
    raw = Raw("cloudwatch")
    if "MetricDataResults" in data:
        _metric_data(data, stem, raw)
    else:
        _statistics(data, stem, raw)
    return raw


def _statistics(data: dict[str, Any], stem: str, raw: Raw) -> None:
    """One metric of one machine; the answer does not name the machine, so the file does."""
    points = list_in(data["Datapoints"])
    label = name_in(data.get("Label"))
    metric = metric_of(label) or (slug(label) if label else metric_from_stem(stem)[0] or "value")
    rows = range(1, len(points) + 1)
    present = [s for s in _STATISTICS if any(s in dict_in(point) for point in points)]
    unit = next((name_in(dict_in(p).get("Unit")) for p in points if dict_in(p).get("Unit")), "")
    # An answer whose points lack every statistic is still read, and rejected point by point.
    for statistic in present or ["Average"]:
        suffix = _suffix(statistic, metric, present)
        block = point_block(
            points,
            rows,
            metric=metric + suffix,
            machine=metric_from_stem(stem)[1],
            time="Timestamp",
            value=statistic,
            unit=_UNITS.get(unit.lower(), ""),
        )
        raw.blocks.append(block)
    _percentiles(points, metric, stem, raw)
    raw.notes.append(phrase("CloudWatch's answer names no machine: the file's name is used."))
    if "Average" in present:
        raw.notes.append(_AVERAGES)


def _suffix(statistic: str, metric: str, present: list[str]) -> str:
    # Requests and bytes are asked for as sums; alone, the sum is the measurement itself.
    if statistic == "Sum" and "Average" not in present and not metric.endswith("percent"):
        return ""
    return _STATISTICS[statistic]


def _percentiles(points: list[Any], metric: str, stem: str, raw: Raw) -> None:
    """Read the percentiles that --extended-statistics adds to each point."""
    extended = [dict_in(dict_in(point).get("ExtendedStatistics")) for point in points]
    for name in sorted({key for one in extended for key in one}):
        raw.blocks.append(
            Block(
                metric=f"{metric}_{slug(name)}",
                machine=metric_from_stem(stem)[1],
                time=[text_of(dict_in(point).get("Timestamp")) for point in points],
                value=[text_of(one.get(name)) for one in extended],
                row=range(1, len(points) + 1),
                column=f"ExtendedStatistics.{name}",
                time_column="Timestamp",
            )
        )


def _metric_data(data: dict[str, Any], stem: str, raw: Raw) -> None:
    numbering = Numbering()
    for series in map(dict_in, list_in(data["MetricDataResults"])):
        times, values = list_in(series.get("Timestamps")), list_in(series.get("Values"))
        # A damaged answer may hold more times than values; both sides are accounted for.
        size = max(len(times), len(values))
        label = name_in(series.get("Label")) or name_in(series.get("Id"))
        machine, metric = _of_label(label, name_in(series.get("Id")), stem)
        raw.blocks.append(
            Block(
                metric=metric,
                machine=machine,
                time=_padded(times, size),
                value=_padded(values, size),
                row=numbering.take(size),
                column="Values",
                time_column="Timestamps",
            )
        )
        _note_status(label, text_of(series.get("StatusCode")), raw)
    raw.notes.append(phrase("CloudWatch values are one statistic per period, as the query asked."))


def _note_status(label: str, status: str, raw: Raw) -> None:
    if status not in {"", "Complete"}:
        raw.notes.append(
            phrase(
                "CloudWatch marks {label!r} as {status}: not complete.",
                label=label,
                status=status,
            )
        )


def _of_label(label: str, series: str, stem: str) -> tuple[str, str]:
    """Return machine and metric that a series' label carries."""
    metric = metric_of(label) or metric_of(series) or metric_from_stem(stem)[0]
    resource = _RESOURCE.search(label)
    if resource:
        return resource[1], metric or slug(label.replace(resource[1], ""))
    # What remains of a label without its metric is usually a name that somebody chose.
    words = [word for word in re.split(r"[\s/]+", label) if word and not metric_of(word)]
    words = [word for word in words if word not in {"AWS", "EC2", "RDS", "(Average)", "Average"}]
    return " ".join(words) or metric_from_stem(stem)[1], metric or slug(label)


def _padded(cells: list[Any], size: int) -> Sequence[str]:
    return [text_of(cell) for cell in cells] + [""] * (size - len(cells))


_KEYS = {"id", "statuscode", "messages", "full label", "label"}
# region:namespace, dimensions as name:value, then what was measured, how, over how long.
_FULL_LABEL = re.compile(
    r"^[a-z]{2}(?:-[a-z]+)+-\d:(?P<space>\S+)\s+(?P<where>(?:[^\s:]+:\S+\s+)*)"
    r"(?P<metric>\S.*?)\s+(?P<statistic>\S+)\s+(?P<period>\d+)$"
)


def claims_grid(grid: Grid) -> bool:
    """Whether the table opens with the console's description of its series."""
    # The download has no fixed header; its description of the series is what it opens with.
    firsts = {fold(record[0]) for record in grid.records[:12] if record}
    return "full label" in firsts or len(firsts & _KEYS) >= 3


def read_grid(grid: Grid, stem: str) -> Raw:
    """Read the console's CSV download: described columns, then one row per time."""
    raw = Raw("cloudwatch")
    start = _first_data(grid)
    about = {fold(record[0]): record for record in grid.records[:start] if record}
    pairs = zip(grid.records[start:], grid.rows[start:], strict=True)
    body = [(record, row) for record, row in pairs if any(cell.strip() for cell in record)]
    time = [record[0] for record, _ in body]
    width = max((len(record) for record in grid.records[: start + 1]), default=0)
    statistics = set()
    for at in range(1, width):
        label = _described(about, at, "full label", "label", "id")
        machine, metric, statistic = _of_full_label(label, stem)
        statistics.add(statistic)
        raw.blocks.append(
            Block(
                metric=metric,
                machine=machine,
                time=time,
                value=[record[at] if at < len(record) else "" for record, _ in body],
                row=[row for _, row in body],
                column=label or f"column {at + 1}",
            )
        )
        _note_status(label, _described(about, at, "statuscode"), raw)
    if "Average" in statistics:
        raw.notes.append(_AVERAGES)
    return raw


def _of_full_label(label: str, stem: str) -> tuple[str, str, str]:
    """Return machine, metric and statistic that the console's own label spells out."""
    match = _FULL_LABEL.match(label)
    if not match:
        return *_of_label(label, "", stem), ""
    # The bare name decides the metric, the statistic only its suffix.
    name, statistic = match["metric"], match["statistic"]
    metric = metric_of(name) or slug(name)
    suffix = _suffix(statistic, metric, []) if statistic in _STATISTICS else f"_{slug(statistic)}"
    values = [pair.split(":", 1)[1] for pair in match["where"].split()]
    return " ".join(values) or stem, metric + suffix, statistic


def _first_data(grid: Grid) -> int:
    found = (at for at, record in enumerate(grid.records) if record and looks_like_time(record[0]))
    return next(found, len(grid.records))


def _described(about: dict[str, list[str]], at: int, *keys: str) -> str:
    """Return the first description of a column that is filled."""
    cells = [about[key][at].strip() for key in keys if key in about and at < len(about[key])]
    return next((cell for cell in cells if cell), "")
