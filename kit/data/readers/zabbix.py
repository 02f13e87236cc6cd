"""Zabbix: JSON of ``history.get``, ``trend.get`` and the real-time export; CSV of the same.

Formats: Zabbix manual, API reference (history and trend objects) and "Newline-delimited
JSON export protocol". The CSV is what database clients write of the tables history and
trends, with the host and the item's key joined on.
"""

from __future__ import annotations

from typing import Any

from kit.data.readers.generic import default_metric, metric_from_stem, read_table
from kit.data.readers.metrics import fold, metric_of, slug
from kit.data.readers.points import dict_in, list_in, name_in, point_block, text_of
from kit.data.readers.settle import Raw
from kit.data.readers.table import Table
from kit.errors import DataError
from kit.i18n import phrase

# Key of the value in each kind of record, and the suffix of its metric.
_VALUES = {
    "value": "",
    "value_avg": "",
    "avg": "",
    "value_max": "_max",
    "max": "_max",
    "value_min": "_min",
    "min": "_min",
}


def claims(data: Any) -> bool:
    """Whether the JSON holds history, trends or an error of Zabbix' API."""
    if isinstance(data, dict) and "jsonrpc" in data:
        return True
    records = _records(data)
    # Damage in the first record must not hide the tool.
    return any("clock" in dict_in(one) for one in records[:20])


def _records(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return list_in(data["result"]) if "result" in data else [data]
    return list_in(data)


def read(data: Any, stem: str, file: str, unit: str | None) -> Raw:
    """Read history or trends, item by item. Raises DataError for an error answer."""
    if isinstance(data, dict) and "error" in data:
        error = dict_in(data["error"])
        told = text_of(error.get("data") or error.get("message") or data["error"])
        raise DataError(
            "{file} is an error answer of Zabbix: {told!r}.",
            where=file,
            fix="Sign in again, repeat the request, and save the new answer.",
            file=file,
            told=told[:200],
        )
    raw = Raw("zabbix")
    # Answers mix items; limits and machines are decided item by item.
    groups: dict[tuple[str, str, str], tuple[list[Any], list[int]]] = {}
    for number, record in enumerate(_records(data), start=1):
        points, rows = groups.setdefault(_identity(record), ([], []))
        points.append(record)
        rows.append(number)
    items = {identity[2] for identity in groups}
    for identity, (points, rows) in groups.items():
        _item(identity, points, rows, len(items), stem, unit, raw)
    return raw


def _identity(record: Any) -> tuple[str, str, str]:
    """Return host, item name and item id, as far as the record carries them."""
    known = dict_in(record)
    host = known.get("host")
    if isinstance(host, dict):
        host = host.get("name") or host.get("host")
    item = name_in(known.get("key_")) or name_in(known.get("name"))
    return text_of(host), item, text_of(known.get("itemid"))


def _item(
    identity: tuple[str, str, str],
    points: list[Any],
    rows: list[int],
    items: int,
    stem: str,
    unit: str | None,
    raw: Raw,
) -> None:
    host, name, number = identity
    keys = [key for key in _VALUES if any(key in dict_in(point) for point in points)] or ["value"]
    metric = (metric_of(name) or slug(name)) if name else metric_from_stem(stem)[0]
    if not metric:
        cells = [text_of(dict_in(point).get(keys[0])) for point in points]
        metric = default_metric(cells, raw, unit)
    machine = host or metric_from_stem(stem)[1]
    if not host and items > 1:
        # Better an awkward name than two machines in one series.
        machine += f" item {number}"
        raw.notes.append(phrase("history.get names no host: items are told apart by their number."))
    for key in keys:
        block = point_block(
            points, rows, metric=metric + _VALUES[key], machine=machine, time="clock", value=key
        )
        raw.blocks.append(block)


_NO_VALUES = {"itemid", "ns", "num", "hostid"}
_HEADER = {
    "key_": "metric",
    "key": "metric",
    "item": "metric",
    "name": "metric",
    "item name": "metric",
    "value_avg": "average",
    "value_max": "maximum",
    "value_min": "minimum",
    "units": "unit",
}


def claims_table(table: Table) -> bool:
    """Whether the columns are those of Zabbix' tables history or trends."""
    names = {fold(cell) for cell in table.header}
    return "clock" in names and bool(names & {"itemid", "key_", "value_avg", "value", "ns"})


def read_rows(table: Table, file: str, stem: str, unit: str | None) -> Raw:
    """Read CSV of history or trends."""
    header = [fold(cell) for cell in table.header]
    # A key tells more than a name; the name is then left alone.
    if "key_" in header and "name" in header:
        header[header.index("name")] = "item title"
    # A plain dump of the tables names no host; the item's number keeps the items apart.
    if "itemid" in header and not {"host", "key_", "item", "metric"} & set(header):
        at = header.index("itemid")
        if len(set(table.columns[at])) > 1:
            header[at] = "machine"
    table.header = [_HEADER.get(cell, cell) for cell in header]
    # Numbers that are no measurement; as columns they would be taken for machines.
    keep = [at for at, cell in enumerate(table.header) if cell not in _NO_VALUES]
    table.header = [table.header[at] for at in keep]
    table.columns = [table.columns[at] for at in keep]
    return read_table(table, file, stem, tool="zabbix", unit=unit)
