"""collectd: the files of its csv plugin, ``HOST/PLUGIN-INSTANCE/TYPE-INSTANCE-DATE``.

Format: collectd.conf(5), plugin csv, and types.db(5). A file holds one measurement and
names neither machine nor measurement; both stand in its folders. Rates need
``StoreRates true``, the plugin cpu ``ValuesPercentage true``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from kit.data.readers.generic import metric_from_stem
from kit.data.readers.metrics import slug
from kit.data.readers.settle import Raw, column_block
from kit.data.readers.shares import WAITS, busy
from kit.data.readers.table import Grid, table_of
from kit.i18n import phrase

# Names of the values in types.db that machines are measured by.
_VALUES = {"value", "rx", "tx", "read", "write", "shortterm", "midterm", "longterm"}
_VALUES |= {"used", "free", "io_time", "weighted_io_time", "in", "out"}
_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_PLUGIN = re.compile(r"^(cpu|memory|interface|disk|load|df|swap|aggregation|netlink)(-|$)")
# Type and value -> metric and unit; types that two plugins share are told apart below.
_METRICS = {
    ("percent-idle", "value"): ("cpu_percent", "percent"),
    ("percent-active", "value"): ("cpu_percent", "percent"),
    ("memory-used", "value"): ("memory_used_bytes", "bytes"),
    ("if_octets", "rx"): ("network_in_bytes_per_second", "bytes/s"),
    ("if_octets", "tx"): ("network_out_bytes_per_second", "bytes/s"),
    ("disk_octets", "read"): ("disk_read_bytes_per_second", "bytes/s"),
    ("disk_octets", "write"): ("disk_write_bytes_per_second", "bytes/s"),
}


def claims_grid(grid: Grid) -> bool:
    """Whether the header is ``epoch`` and names of values in types.db."""
    head = next((record for record in grid.records if record), [])
    return len(head) > 1 and head[0].strip() == "epoch" and set(head[1:]) <= _VALUES


def read_grid(grid: Grid, file: str, path: Path) -> Raw:
    """Read one file; its folders name the machine and what was measured."""
    table = table_of(grid, file, 0)
    raw = Raw("collectd", rejects=list(table.odd))
    folder, kind = path.resolve().parent, _DATE.sub("", path.name)
    placed = bool(_PLUGIN.match(folder.name))
    plugin = folder.name if placed else ""
    machine = folder.parent.name if placed else _DATE.sub("", metric_from_stem(path.stem)[1])
    if not placed:
        raw.notes.append(
            phrase("collectd names machine and measurement by folders; this file stands alone.")
        )
    for at in range(1, len(table.header)):
        metric, unit = _metric(plugin, kind, table.header[at])
        block = column_block(table, at, machine, metric, unit)
        if kind == "percent-idle":
            block = replace(block, derive=busy())
            raw.notes.append(WAITS)
        raw.blocks.append(block)
    return raw


def _metric(plugin: str, kind: str, value: str) -> tuple[str, str]:
    """Return metric and unit of one value of one type."""
    if plugin == "memory" and kind == "percent-used":
        return "memory_percent", "percent"
    known = _METRICS.get((kind, value))
    name, _, instance = plugin.partition("-")
    if known:
        # The interface or disk tells files of one machine apart.
        several = instance if name in {"interface", "disk"} else ""
        return "_".join(filter(None, [known[0], slug(several) if several else ""])), known[1]
    parts = [plugin, kind, "" if value == "value" else value]
    return slug(" ".join(filter(None, parts))), ""
