"""sar: ``sadf -d`` (semicolons) and ``sadf -j`` (JSON), of sysstat 10 and later.

Format: sadf(1). CPU load is 100 - %idle - %iowait: waiting for a disk uses no processor.
Only the whole machine is read, not its single processors, disks or interfaces.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.data.readers.points import dict_in, list_in, name_in, text_of
from kit.data.readers.record import RowNote
from kit.data.readers.settle import Block, Raw
from kit.data.readers.shares import busy
from kit.data.readers.table import Grid
from kit.i18n import phrase

_BUSY = phrase(
    "cpu_percent is 100 - %idle - %iowait of all processors together. Read are "
    "load, memory and transfer rates; sar's other columns are not."
)
_SECTOR = 512.0  # sar counts disk transfers in blocks of 512 bytes; see sar(1), bread/s
_COLUMNS = {
    "%memused": ("memory_percent", "percent"),
    "kbmemused": ("memory_used_bytes", "KB"),
    "kbavail": ("memory_available_bytes", "KB"),
    "bread/s": ("disk_read_bytes_per_second", ""),
    "bwrtn/s": ("disk_write_bytes_per_second", ""),
}
# Columns that split a section by part of the machine, and the part that means all of it.
_PARTS = {"CPU": {"-1", "all"}, "DEV": set(), "IFACE": set(), "TTY": set(), "FAN": set()}


def claims_text(text: str) -> bool:
    """Whether the text is the output of ``sadf -d``."""
    return text.lstrip("\ufeff").startswith("# hostname;interval;timestamp")


def read_grid(grid: Grid, file: str) -> Raw:
    """Read every section; each starts with its own header line."""
    raw = Raw("sar", notes=[_BUSY])
    # Options such as -u -r -b print one section after another, each with its header.
    header: list[str] = []
    rows: list[tuple[list[str], int]] = []
    restarts = 0
    for record, row in zip(grid.records, grid.rows, strict=True):
        if record and record[0].startswith("# hostname"):
            _section(header, rows, raw)
            header, rows = [record[0].removeprefix("# "), *record[1:]], []
        # These lines are shorter by design; they are marks in time, not damage.
        elif any("RESTART" in cell or cell.startswith("COM") for cell in record[3:4]):
            restarts += 1
        elif any(cell.strip() for cell in record):
            _keep(record, row, header, rows, raw, file)
    _section(header, rows, raw)
    if restarts:
        raw.notes.append(
            phrase(
                "The machine restarted or was annotated {restarts} times (no values).",
                restarts=restarts,
            )
        )
    return raw


def _keep(
    record: list[str],
    row: int,
    header: list[str],
    rows: list[tuple[list[str], int]],
    raw: Raw,
    file: str,
) -> None:
    whole = {"hostname", "timestamp"} <= set(header)
    if whole and len(record) == len(header):
        rows.append((record, row))
        return
    expected = f"{len(header)} cells in the row, not {len(record)}"
    if not whole:
        expected = "a header line above that names hostname, interval and timestamp"
    read = ";".join(record)[:200]
    fix = "Run sadf again, or go on without this line."
    raw.rejects.append(RowNote(file, row, "(whole row)", read, expected, fix))


def _section(header: list[str], rows: list[tuple[list[str], int]], raw: Raw) -> None:
    """Turn one section into blocks."""
    if not rows:
        return
    for part, whole in _PARTS.items():
        # Summing or averaging parts is not our decision; sar has a row for the whole.
        if part in header:
            at = header.index(part)
            kept = [(record, row) for record, row in rows if record[at] in whole]
            if len(kept) < len(rows):
                raw.notes.append(
                    phrase(
                        "{count} rows of single parts ({part}) describe no whole machine and are "
                        "not read.",
                        count=len(rows) - len(kept),
                        part=part,
                    )
                )
            rows = kept
    cells = dict(zip(header, zip(*(record for record, _ in rows), strict=True), strict=False))
    if not cells:
        return
    numbers = [row for _, row in rows]
    if "%idle" in cells:
        raw.blocks.append(_busy(cells["hostname"], cells["timestamp"], cells, numbers))
    for name, (metric, unit) in _COLUMNS.items():
        if name in cells:
            raw.blocks.append(
                Block(
                    metric=metric,
                    machine=cells["hostname"],
                    time=cells["timestamp"],
                    value=cells[name],
                    row=numbers,
                    column=name,
                    unit=unit,
                    derive=_sectors if name.endswith("/s") else None,
                )
            )


def _busy(machine: Any, time: Any, cells: dict[str, tuple[str, ...]], rows: list[int]) -> Block:
    idle = cells["%idle"]
    # Old kernels print no iowait; an unreadable one makes its row unusable.
    waiting = cells.get("%iowait", ("0",) * len(idle))
    return Block(
        metric="cpu_percent",
        machine=machine,
        time=time,
        value=idle,
        row=rows,
        column="%idle",
        derive=busy(waiting),
    )


def _sectors(count: pd.Series) -> pd.Series:
    return count * _SECTOR


def claims(data: Any) -> bool:
    """Whether the JSON is the output of ``sadf -j``."""
    return isinstance(data, dict) and "sysstat" in data


def read(data: Any) -> Raw:
    """Read every host and every statistics record."""
    raw = Raw("sar", notes=[_BUSY])
    start = 0
    # Concatenated files of several hosts keep one running record number.
    for host in map(dict_in, list_in(dict_in(data["sysstat"]).get("hosts"))):
        records = list_in(host.get("statistics"))
        _host(host, records, start, raw)
        start += len(records)
    return raw


def _host(host: dict[str, Any], records: list[Any], start: int, raw: Raw) -> None:
    machine = name_in(host.get("nodename"))
    known = [dict_in(record) for record in records]
    times = [_time_of(dict_in(record.get("timestamp"))) for record in known]
    loads = [_whole(list_in(record.get("cpu-load"))) for record in known]
    numbers = range(start + 1, start + len(known) + 1)
    cells = {
        "%idle": tuple(text_of(load.get("idle")) for load in loads),
        "%iowait": tuple(text_of(load.get("iowait", 0)) for load in loads),
    }
    # sadf leaves out the statistics that were not asked for; that is no missing value.
    if any(loads):
        raw.blocks.append(_busy(machine, times, cells, list(numbers)))
    for section, key, column in (
        ("memory", "memused-percent", "%memused"),
        ("memory", "memused", "kbmemused"),
        ("memory", "avail", "kbavail"),
    ):
        parts = [dict_in(record.get(section)) for record in known]
        if any(key in part for part in parts):
            metric, unit = _COLUMNS[column]
            values = [text_of(part.get(key)) for part in parts]
            raw.blocks.append(Block(metric, machine, times, values, numbers, key, unit=unit))
    _transfers(machine, times, known, numbers, raw)


def _transfers(
    machine: str, times: list[str], known: list[dict[str, Any]], rows: range, raw: Raw
) -> None:
    for group, key, column in (
        ("io-reads", "bread", "bread/s"),
        ("io-writes", "bwrtn", "bwrtn/s"),
    ):
        parts = [dict_in(dict_in(record.get("io")).get(group)) for record in known]
        if any(key in part for part in parts):
            values = [text_of(part.get(key)) for part in parts]
            metric = _COLUMNS[column][0]
            raw.blocks.append(Block(metric, machine, times, values, rows, key, derive=_sectors))


def _whole(loads: list[Any]) -> dict[str, Any]:
    """Return the load of all processors together."""
    whole = (one for one in map(dict_in, loads) if text_of(one.get("cpu")) in {"all", "-1"})
    return next(whole, {})


def _time_of(stamp: dict[str, Any]) -> str:
    clock = f"{text_of(stamp.get('date'))} {text_of(stamp.get('time'))}".strip()
    return f"{clock}Z" if stamp.get("utc") == 1 and clock else clock
