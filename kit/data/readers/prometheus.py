"""Prometheus: JSON of ``/api/v1/query_range`` and ``/api/v1/query``.

Format: Prometheus documentation, HTTP API, expression queries. Times are seconds since
1970; values are texts, among them "NaN" and "+Inf", which are no measurements.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from kit.data.readers.generic import default_metric, metric_from_stem
from kit.data.readers.metrics import metric_of, slug
from kit.data.readers.points import Numbering, dict_in, list_in, name_in, text_of
from kit.data.readers.settle import Block, Raw
from kit.errors import DataError

# From the surest to the vaguest; instance is host:port and comes late.
_MACHINE_LABELS = ("nodename", "node", "hostname", "host", "instance", "pod", "job")


def claims(data: Any) -> bool:
    """Whether the JSON is an answer of Prometheus' query API."""
    # Datadog answers with a status too, and says what kind of answer it is.
    known = isinstance(data, dict) and "status" in data and "res_type" not in data
    return known and ("data" in data or "error" in data)


def read(data: Any, stem: str, file: str, unit: str | None) -> Raw:
    """Read every series. Raises DataError when Prometheus answered with an error."""
    # Prometheus answers errors in the same shape; saved by script they look like data.
    if data.get("status") != "success":
        error = text_of(data.get("error") or data.get("status"))
        raise DataError(
            "{file} is an error answer of Prometheus: {told!r}.",
            where=file,
            fix="Correct the query, run it again, and save the new answer.",
            file=file,
            told=error[:200],
        )
    raw = Raw("prometheus")
    found = [dict_in(one) for one in list_in(dict_in(data.get("data")).get("result"))]
    labels = [{k: text_of(v) for k, v in dict_in(one.get("metric")).items()} for one in found]
    points = [_points(one) for one in found]
    fallback = _fallback(labels, points, stem, unit, raw)
    names = _names(labels, fallback, stem)
    numbering = Numbering()
    for (machine, metric), series, one in zip(names, points, labels, strict=True):
        block = _block(series, machine, metric, numbering)
        raw.blocks.append(replace(block, name=one.get("__name__", "")))
    return raw


def _points(series: dict[str, Any]) -> list[Any]:
    # An instant query answers with one "value", a range query with "values".
    return [series["value"]] if "value" in series else list_in(series.get("values"))


def _fallback(
    labels: list[dict[str, str]], points: list[list[Any]], stem: str, unit: str | None, raw: Raw
) -> str:
    """Name the metric of series that are results of an expression and carry no name."""
    if all("__name__" in one for one in labels):
        return ""
    cells = [_pair(point)[1] for series in points for point in series]
    return metric_from_stem(stem)[0] or default_metric(cells, raw, unit)


def _names(labels: list[dict[str, str]], fallback: str, stem: str) -> list[tuple[str, str]]:
    """Return machine and metric per series, told apart by their labels where needed."""
    pairs = [(machine_of(one, stem), _metric(one, fallback)) for one in labels]
    shared = Counter(pairs)
    # Only labels that differ tell series apart; the common ones would be noise.
    varying = {
        key for one in labels for key in one if len({other.get(key) for other in labels}) > 1
    }
    named = []
    for one, (machine, metric) in zip(labels, pairs, strict=True):
        rest = sorted(varying - {"__name__", *_MACHINE_LABELS})
        extra = "".join(f"_{slug(one[key])}" for key in rest if key in one)
        named.append((machine, metric + extra if shared[machine, metric] > 1 else metric))
    return named


def machine_of(labels: dict[str, str], stem: str) -> str:
    """Return the first label that names a machine, without its port."""
    for key in _MACHINE_LABELS:
        name = labels.get(key, "")
        if name:
            host, colon, port = name.rpartition(":")
            return host if colon and port.isdigit() else name
    return metric_from_stem(stem)[1]


def _metric(labels: dict[str, str], fallback: str) -> str:
    name = labels.get("__name__", "")
    if not name:
        return fallback
    # A counter only grows; it is no load until rate() is taken of it.
    return slug(name) if name.endswith("_total") else metric_of(name) or slug(name)


def _block(points: list[Any], machine: str, metric: str, numbering: Numbering) -> Block:
    pairs = [_pair(point) for point in points]
    return Block(
        metric=metric,
        machine=machine,
        time=[time for time, _ in pairs],
        value=[value for _, value in pairs],
        row=numbering.take(len(pairs)),
        column="values",
        time_column="values",
    )


def _pair(point: Any) -> tuple[str, str]:
    """Return time and value of a point; a damaged point is all value, without a time."""
    if isinstance(point, list) and len(point) == 2:
        return text_of(point[0]), text_of(point[1])
    return "", name_in(point) or text_of(point)
