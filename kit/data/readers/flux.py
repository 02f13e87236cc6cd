"""InfluxDB 2.x: annotated CSV of ``influx query --raw`` and of ``/api/v2/query``.

Format: InfluxDB 2.x, "Annotated CSV". Lines of annotations that start with #, a header, one
row per value with its field beside it; or one column per field after pivot(). A blank line
and a new header start the next table.
"""

from __future__ import annotations

from kit.data.readers.settle import Raw
from kit.data.readers.table import Grid
from kit.data.readers.telegraf import Found, raw_of, series_in, tag_columns

_OWN = frozenset(
    {"", "result", "table", "_start", "_stop", "_time", "_value", "_field", "_measurement"}
)
_MARKS = {"#datatype", "#group", "#default"}


def claims_grid(grid: Grid) -> bool:
    """Whether the first line is an annotation, or a header with result, table and _time."""
    head = next((one for one in grid.records if any(map(str.strip, one))), [])
    return bool(_MARKS & set(head[:1])) or {"result", "table", "_time"} <= set(head)


def read_grid(grid: Grid, stem: str) -> Raw:
    """Read all tables; a row belongs to the last header above it."""
    found: Found = {}
    header: list[str] = []
    tagged: set[str] = set()
    for record, row in zip(grid.records, grid.rows, strict=True):
        if not any(map(str.strip, record)) or record[0].startswith("#"):
            continue
        if {"result", "table"} <= set(record):
            header = record
            tagged = tag_columns(header, grid, row, _OWN)
            continue
        cells = dict(zip(header, [*record, *[""] * len(header)], strict=False))
        tags = {name: cells[name] for name in header if name in tagged}
        if "_value" in cells:
            values = {cells.get("_field", "value"): cells["_value"]}
        else:
            values = {name: cells[name] for name in header if name not in _OWN | tagged}
        series = series_in(found, cells.get("_measurement", ""), tags, values)
        series.add(cells.get("_time", ""), row, values)
    return raw_of(found, stem)
