"""dstat: ``dstat --time --cpu --mem --disk --net --output dstat.csv 10``, and PCP's dstat.

Format, as both programs write it: lines about author, host and command; a line of groups, each
named once above its columns; a line of names. Times are day-month without a year, which the
line about the command holds. The first row averages the time since the machine started.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.data.readers.metrics import slug
from kit.data.readers.settle import Raw, column_block
from kit.data.readers.shares import BUSY, busy
from kit.data.readers.table import Grid, Table, table_of
from kit.i18n import phrase

_TITLE = re.compile(r"^(pcp-)?dstat \S+ csv output$", re.I)
_SHORT = re.compile(r"^\s*(?P<day>\d\d)-(?P<month>\d\d) (?P<clock>\d\d:\d\d:\d\d)\s*$")
_DELAY = re.compile(r"\s(?P<delay>\d+)(\s\d+)?$")
# Group and name -> metric, unit in dstat and in PCP's.
_COLUMNS = {
    ("dsk/total", "read"): ("disk_read_bytes_per_second", "bytes/s", "KB/s"),
    ("dsk/total", "writ"): ("disk_write_bytes_per_second", "bytes/s", "KB/s"),
    ("net/total", "recv"): ("network_in_bytes_per_second", "bytes/s", "bytes/s"),
    ("net/total", "send"): ("network_out_bytes_per_second", "bytes/s", "bytes/s"),
    ("memory usage", "used"): ("memory_used_bytes", "bytes", "KB"),
}


def claims_grid(grid: Grid) -> bool:
    """Whether the first line is dstat's title."""
    return bool(grid.records and grid.records[0] and _TITLE.match(grid.records[0][0].strip()))


def read_grid(grid: Grid, file: str) -> Raw:
    """Read load, memory and rates of the whole machine."""
    lines = [at for at, record in enumerate(grid.records) if any(map(str.strip, record))]
    about = {record[0]: record for record in grid.records[:5] if record}
    names_at = next((n for n, at in enumerate(lines) if n > 3 and _names(grid.records[at])), 5)
    table = table_of(grid, file, min(names_at, len(lines) - 1))
    groups = grid.records[lines[min(names_at, len(lines) - 1) - 1]]
    raw = Raw("dstat", rejects=list(table.odd))
    pcp = grid.records[0][0].lower().startswith("pcp")
    table = _without_first(table)
    times = _times(table, about.get("Cmdline:", []), raw)
    machine = [*about.get("Host:", []), "", ""][1]
    named = {key: at for at, key in enumerate(_keys(groups, table.header))}
    for (group, name), at in named.items():
        metric, unit = _metric(group, name, pcp)
        if metric:
            block = replace(column_block(table, at, machine, metric, unit), time=times)
            if metric == "cpu_percent":
                waiting = named.get((group, "wai"), -1)
                block = replace(block, derive=busy(table.columns[waiting]))
                raw.notes.append(BUSY)
            raw.blocks.append(block)
    return raw


def _names(record: list[str]) -> bool:
    return any(cell.rpartition(":")[2] in {"usr", "recv", "read", "used"} for cell in record)


def _keys(groups: list[str], header: list[str]) -> list[tuple[str, str]]:
    """Spread the groups over their columns; PCP repeats some in front of the name."""
    keys, group = [], ""
    for at, name in enumerate(header):
        group = (groups[at].strip() if at < len(groups) else "") or group
        keys.append((group.replace("total usage", "total cpu usage"), name.rpartition(":")[2]))
    return keys


def _metric(group: str, name: str, pcp: bool) -> tuple[str, str]:
    if group.endswith("cpu usage") and name == "idl":
        cpu = group.removesuffix(" cpu usage").removeprefix("total")
        return "cpu_percent" + (f"_{slug(cpu)}" if cpu else ""), "percent"
    metric, own, theirs = _COLUMNS.get((group, name), ("", "", ""))
    return metric, theirs if pcp else own


def _without_first(table: Table) -> Table:
    """Leave out the row that averages the time since start."""
    columns = [column[1:] for column in table.columns]
    fault = None if table.fault is None else table.fault[1:]
    return replace(table, columns=columns, rows=table.rows[1:], fault=fault)


def _times(table: Table, command: list[str], raw: Raw) -> list[str]:
    """Give every row a whole date, or count from the start where none was asked for."""
    raw.notes.append(phrase("dstat's first row averages the time since start: not read."))
    start = pd.to_datetime("".join(command[6:7]), errors="coerce", utc=True)
    if "epoch" in table.header:
        return list(table.cells("epoch"))
    if "time" in table.header:
        return [_dated(cell, start) for cell in table.cells("time")]
    delay = _DELAY.search(command[1] if len(command) > 1 else "")
    seconds = int(delay["delay"]) if delay else 1
    raw.notes.append(phrase("dstat ran without --time: times are counted from its start."))
    steps = range(1, len(table.rows) + 1)
    if pd.isna(start):
        return [""] * len(steps)
    return [str(start + pd.Timedelta(seconds=step * seconds)) for step in steps]


def _dated(cell: str, start: Any) -> str:
    match = _SHORT.match(cell)
    if not match or pd.isna(start):
        return cell
    # A run over New Year's Eve ends in months before the one it began in.
    year = start.year + (int(match["month"]) < start.month)
    return f"{year}-{match['month']}-{match['day']} {match['clock']}"
