"""nmon: the file that ``nmon -f`` writes, on Linux and AIX.

Format: lines of sections, named by their first cell. ``AAA,host`` names the machine; a
section's first line names its columns; later lines carry a snapshot such as T0001, whose
time ``ZZZZ`` gives. Sizes are MB, transfer rates KB/s. Source: nmon's own notes (AAA,note).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kit.data.readers.metrics import slug
from kit.data.readers.record import RowNote
from kit.data.readers.settle import Block, Derive, Raw
from kit.data.readers.shares import BUSY, busy, minus
from kit.data.readers.table import Grid

_SNAPSHOT = re.compile(r"^T\d{4,}$")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DEVICES = {
    "DISKREAD": (r"^(?P<part>.+)$", "disk_read_bytes_per_second"),
    "DISKWRITE": (r"^(?P<part>.+)$", "disk_write_bytes_per_second"),
    "NET": (r"^(?P<part>(?!lo-).+)-read-KB/s$", "network_in_bytes_per_second"),
    "NET out": (r"^(?P<part>(?!lo-).+)-write-KB/s$", "network_out_bytes_per_second"),
}


@dataclass
class _Section:
    header: list[str]
    records: list[list[str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def cells(self, name: str) -> list[str]:
        """One column by name; empty cells where a line is too short or the column is absent."""
        at = self.header.index(name) if name in self.header else len(self.header)
        return [record[at] if at < len(record) else "" for record in self.records]


def claims_text(text: str) -> bool:
    """Whether the text opens with nmon's description of itself."""
    return text.lstrip("\ufeff \r\n").startswith("AAA,progname,")


def read_grid(grid: Grid, file: str) -> Raw:
    """Read load, memory and transfer rates of the whole machine."""
    raw = Raw("nmon", notes=[BUSY])
    machine = ""
    clocks: dict[str, str] = {}
    sections: dict[str, _Section] = {}
    for record, row in zip(grid.records, grid.rows, strict=True):
        if record[:2] == ["AAA", "host"] and len(record) > 2:
            machine = record[2]
        elif record[:1] == ["ZZZZ"] and len(record) > 3:
            clocks[record[1]] = _clock(record[2], record[3])
        elif len(record) > 2 and _SNAPSHOT.match(record[1]):
            section = sections.setdefault(record[0], _Section([]))
            section.records.append(record)
            section.rows.append(row)
        elif len(record) == 1 and record[0].strip():
            expected, fix = (
                "an export of measurements",
                "Remove the line from the export, or go on without it.",
            )
            raw.rejects.append(RowNote(file, row, "(whole row)", record[0][:200], expected, fix))
        elif len(record) > 2:
            # A restarted nmon describes its columns again; the last description counts.
            sections.setdefault(record[0], _Section([])).header = record
    for name, section in sections.items():
        if section.records:
            times = [clocks.get(record[1], "") for record in section.records]
            _blocks(name, section, machine, times, raw)
    return raw


def _clock(time: str, date: str) -> str:
    """Write 10:03:08 and 22-NOV-2026 as one time; what is not of that form stays as it is."""
    day, _, rest = date.partition("-")
    month, _, year = rest.partition("-")
    if month.upper() not in _MONTHS:
        return f"{date} {time}"
    return f"{year}-{_MONTHS.index(month.upper()) + 1:02d}-{day.zfill(2)} {time}"


def _blocks(name: str, section: _Section, machine: str, times: list[str], raw: Raw) -> None:
    def add(metric: str, column: str, unit: str, derive: Derive | None = None) -> None:
        cells, label = section.cells(column), f"{name}: {column}"
        block = Block(metric, machine, times, cells, section.rows, label, "ZZZZ", unit)
        raw.blocks.append(replace(block, derive=derive))

    if name == "CPU_ALL":
        add("cpu_percent", "Idle%", "percent", busy(section.cells("Wait%")))
    elif name == "MEM" and "memtotal" in section.header:
        rest = [section.cells(one) for one in ("memfree", "cached", "buffers")]
        add("memory_used_bytes", "memtotal", "bytes", minus(*rest, factor=1024.0**2))
    for key, (pattern, metric) in _DEVICES.items():
        if key.split()[0] != name:
            continue
        found = [(one, re.match(pattern, one)) for one in section.header[2:] if one]
        parts = [(one, match["part"]) for one, match in found if match]
        for column, part in parts:
            add(metric if len(parts) == 1 else f"{metric}_{slug(part)}", column, "KB/s")
