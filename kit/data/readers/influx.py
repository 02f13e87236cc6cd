"""InfluxDB 1.x: CSV and JSON of ``influx -format csv`` and of ``/query``.

Formats: InfluxDB 1.x, "Query data with the API". One column per field; tags stand together in
one column with GROUP BY, and in columns of their own with SELECT *. 2.x: see ``flux``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kit.data.readers.points import Numbering, dict_in, list_in, text_of
from kit.data.readers.settle import Raw
from kit.data.readers.table import Grid
from kit.data.readers.telegraf import Found, raw_of, series_in, tag_columns

_OWN = frozenset({"name", "tags", "time"})


def claims_grid(grid: Grid) -> bool:
    """Whether the header is ``name,tags,time`` or ``name,time``."""
    head = next((one for one in grid.records if any(map(str.strip, one))), [])
    return head[:3] == ["name", "tags", "time"] or head[:2] == ["name", "time"]


def read_grid(grid: Grid, stem: str) -> Raw:
    """Read CSV; every measurement starts with a header line of its own."""
    found: Found = {}
    header: list[str] = []
    tagged: set[str] = set()
    for record, row in zip(grid.records, grid.rows, strict=True):
        if record[:1] == ["name"]:
            header = record
            tagged = tag_columns(header, grid, row, _OWN)
        elif any(map(str.strip, record)):
            cells = dict(zip(header, [*record, *[""] * len(header)], strict=False))
            tags = _parted(cells.get("tags", "")) | {name: cells[name] for name in tagged}
            values = {name: cells[name] for name in header if name not in _OWN | tagged}
            series = series_in(found, cells.get("name", ""), tags, values)
            series.add(cells.get("time", ""), row, values)
    return raw_of(found, stem)


def _parted(tags: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in tags.split(",") if "=" in part)
    return {key: value for key, _, value in pairs}


def claims(data: Any) -> bool:
    """Whether the JSON is an answer of ``/query``."""
    results = list_in(dict_in(data).get("results"))
    return any("statement_id" in dict_in(one) or "series" in dict_in(one) for one in results)


def read(data: Any, stem: str) -> Raw:
    """Read JSON; points are numbered across the series."""
    found: Found = {}
    numbering = Numbering()
    for one, point in _points(data):
        columns = [text_of(name) for name in list_in(one.get("columns"))]
        cells = dict(zip(columns, [*map(text_of, point), *[""] * len(columns)], strict=False))
        tags = {key: text_of(value) for key, value in dict_in(one.get("tags")).items()}
        values = {name: cell for name, cell in cells.items() if name != "time"}
        series = series_in(found, text_of(one.get("name")), tags, values)
        series.add(cells.get("time", ""), numbering.take(1)[0], values)
    return raw_of(found, stem)


def _points(data: Any) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    for result in map(dict_in, list_in(data["results"])):
        for one in map(dict_in, list_in(result.get("series"))):
            for point in list_in(one.get("values")):
                yield one, list_in(point)
