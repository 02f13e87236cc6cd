"""atop: parseable output, ``atop -r FILE -P CPU,MEM,DSK,NET``.

Format: atop(1), section "Parseable output": label, host, seconds since 1970, date, time,
interval, then the label's own fields. The first sample of a run, behind RESET, covers the
time since the machine started and is no sample. Sectors are of 512 bytes, memory is in pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from kit.data.readers.metrics import slug
from kit.data.readers.record import RowNote
from kit.data.readers.settle import Block, Derive, Raw
from kit.data.readers.shares import numbers, per
from kit.i18n import phrase

_LINE = re.compile(r"^[A-Za-z]{3,5} \S+ \d{9,10} \d{4}/\d\d/\d\d \d\d:\d\d:\d\d \d+( |$)")
_MARKS = {"RESET", "SEP", ""}
# Fields behind the interval. CPU: ticks a second, processors, then ticks by kind.
_CPU, _IDLE, _WAIT = range(8, 16), 11, 12
_PAGE, _PHYSICAL, _FREE, _CACHE, _BUFFER = 6, 7, 8, 9, 10
# Label, name, amount, factor to bytes -> metric.
_RATES = (
    ("DSK", 6, 9, 512.0, "disk_read_bytes_per_second"),
    ("DSK", 6, 11, 512.0, "disk_write_bytes_per_second"),
    ("NET", 6, 8, 1.0, "network_in_bytes_per_second"),
    ("NET", 6, 10, 1.0, "network_out_bytes_per_second"),
)
_SINCE_START = phrase("The first sample behind each RESET covers the time since start: not read.")


@dataclass
class _Lines:
    cells: list[list[str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def at(self, place: int) -> list[str]:
        """One field of every line, empty where a line is too short."""
        return [cells[place] if place < len(cells) else "" for cells in self.cells]


def claims_text(text: str) -> bool:
    """Whether one of the first lines has atop's six leading fields."""
    return any(_LINE.match(line) for line in text[:20_000].splitlines()[:40])


def read_lines(text: str, file: str) -> Raw:
    """Read the load, memory and transfer rates of the whole machine."""
    raw, first = Raw("atop", notes=[_SINCE_START]), False
    found: defaultdict[tuple[str, str], _Lines] = defaultdict(_Lines)
    for row, line in enumerate(text.replace("\r", "").split("\n"), start=1):
        cells = line.split()
        if line.strip() in _MARKS:
            # The sample behind RESET ends with the next SEP.
            first = line.strip() == "RESET" or (first and line.strip() != "SEP")
        elif not _LINE.match(line):
            expected, fix = (
                "an export of measurements",
                "Remove the line from the export, or go on without it.",
            )
            raw.rejects.append(RowNote(file, row, "(whole row)", line[:200], expected, fix))
        elif not first:
            part = cells[6] if cells[0] in {"DSK", "NET"} and len(cells) > 6 else ""
            lines = found[cells[0], part]
            lines.cells.append(cells)
            lines.rows.append(row)
    for (label, part), lines in found.items():
        if label == "CPU":
            _add(raw, "cpu_percent", "CPU", lines, _IDLE, _load(lines))
        elif label == "MEM":
            _add(raw, "memory_used_bytes", "MEM", lines, _PHYSICAL, _used(lines))
        elif part not in {"upper", "lo"}:
            _rates(raw, label, part, lines, sum(key[0] == label for key in found))
    return raw


def _rates(raw: Raw, label: str, part: str, lines: _Lines, parts: int) -> None:
    # upper and lo are no adapters, and stand beside each of them.
    alone = parts == (3 if label == "NET" else 1)
    for known, _, amount, factor, metric in _RATES:
        if known == label:
            name = metric if alone else f"{metric}_{slug(part)}"
            _add(raw, name, f"{label} {part}", lines, amount, per(lines.at(5), factor))


def _add(raw: Raw, metric: str, column: str, lines: _Lines, at: int, derive: Derive) -> None:
    times = [" ".join(cells[3:5]) for cells in lines.cells]
    hosts, unit = lines.at(1), "bytes/s" if metric.startswith(("disk", "network")) else ""
    raw.blocks.append(
        Block(metric, hosts, times, lines.at(at), lines.rows, column, "date", unit, None, derive)
    )


def _load(lines: _Lines) -> Derive:
    total = sum((numbers(lines.at(at)) for at in _CPU if at != _IDLE), start=0.0)
    wait = numbers(lines.at(_WAIT))
    return lambda idle: (100.0 * (total - wait) / (total + idle)).round(6)


def _used(lines: _Lines) -> Derive:
    rest = sum((numbers(lines.at(at)) for at in (_FREE, _CACHE, _BUFFER)), start=0.0)
    return lambda physical: (physical - rest) * numbers(lines.at(_PAGE))
