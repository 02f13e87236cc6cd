"""Performance Co-Pilot: ``pmrep -o csv METRIC...``, live or of an archive.

Format: pmrep(1), output csv: ``Time`` and one quoted metric per column, its instance behind
a dash. Counters come out as rates: milliseconds of CPU a second of all processors together,
so that only with ``hinv.ncpu`` beside them they are a share. Sizes are Kbyte (pminfo -d).
The host stands in the comment lines of option -x alone.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from kit.data.readers.generic import metric_from_stem
from kit.data.readers.metrics import slug
from kit.data.readers.settle import Derive, Raw, column_block
from kit.data.readers.shares import BUSY, numbers
from kit.data.readers.table import Grid, Table, table_of
from kit.i18n import phrase

_METRIC = re.compile(r"^(kernel|mem|disk|network|hinv|swap|filesys|proc|nfs|tape)\.[a-z_.0-9]+")
_HOST = re.compile(r"^#\s+host: (?P<host>\S+)$")
_KNOWN = {
    "mem.util.available": ("memory_available_bytes", "KB"),
    "mem.util.used": ("mem_util_used", "KB"),
    "mem.physmem": ("mem_physmem", "KB"),
    "disk.all.read_bytes": ("disk_read_bytes_per_second", "KB/s"),
    "disk.all.write_bytes": ("disk_write_bytes_per_second", "KB/s"),
}
_NETWORK = {
    "network.interface.in.bytes": "network_in_bytes_per_second",
    "network.interface.out.bytes": "network_out_bytes_per_second",
}
_IDLE, _WAIT, _COUNT = "kernel.all.cpu.idle", "kernel.all.cpu.wait.total", "hinv.ncpu"


def claims_grid(grid: Grid) -> bool:
    """Whether the header is ``Time`` and names of the Performance Metrics Name Space."""
    head = _header(grid)
    return bool(head) and head[0] == "Time" and any(map(_METRIC.match, head[1:]))


def _header(grid: Grid) -> list[str]:
    """The first line that is neither blank nor one of the comments that -x writes."""
    lines = (one for one in grid.records[:40] if any(map(str.strip, one)))
    return next((one for one in lines if not one[0].startswith("#")), [])


def read_grid(grid: Grid, file: str, stem: str) -> Raw:
    """Read load, memory and rates of the whole machine."""
    comments = [one for one in grid.records[:40] if one and one[0].startswith("#")]
    hosts = [match["host"] for one in comments if (match := _HOST.match(one[0].strip()))]
    picked = [at for at, one in enumerate(grid.records) if one not in comments]
    body = Grid([grid.records[at] for at in picked], [grid.rows[at] for at in picked])
    table = table_of(body, file, 0)
    raw = Raw("pcp", rejects=list(table.odd))
    machine = (hosts or [metric_from_stem(stem)[1]])[0]
    names = set(table.header)
    for at, name in enumerate(table.header[1:], start=1):
        metric, unit = _of(name, names)
        block = column_block(table, at, machine, metric, unit)
        if metric == "cpu_percent":
            block = replace(block, derive=_load(table))
            raw.notes.append(BUSY)
        if name != _COUNT and name != _WAIT:
            raw.blocks.append(block)
    if _IDLE in names and _COUNT not in names:
        raw.notes.append(
            phrase("pmrep's CPU times are a share only with hinv.ncpu: add it to the command.")
        )
    return raw


def _of(name: str, names: set[str]) -> tuple[str, str]:
    """Return metric and unit of a column."""
    if name == _IDLE and _COUNT in names:
        return "cpu_percent", ""
    stem, dash, instance = name.partition("-")
    if stem in _NETWORK:
        return _NETWORK[stem] + (f"_{slug(instance)}" if dash else ""), "bytes/s"
    return _KNOWN.get(name, (slug(name.replace(".", " ")), ""))


def _load(table: Table) -> Derive:
    """Turn milliseconds of idle a second, of all processors, into percent of load."""
    count = numbers(table.cells(_COUNT))
    wait = numbers(table.cells(_WAIT)).fillna(0.0)

    def load(idle: pd.Series) -> pd.Series:
        share = 100.0 - (idle + wait) / count / 10.0
        # The tick of the clock may miss the ends of the scale by a little.
        return share.mask(share.between(-2.0, 0.0), 0.0).round(6)

    return load
