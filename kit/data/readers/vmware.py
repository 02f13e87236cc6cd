"""VMware: RVTools workbooks and tab CSVs, and vCenter performance as CSV.

RVTools lists the estate at one moment: vInfo the machines, vCPU the use of MHz, vMemory
the use of MiB (older versions print MB for the same). Columns: RVTools documentation,
tabs vInfo, vCPU, vMemory. vCenter: ``Get-Stat | Export-Csv`` of PowerCLI.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

from kit.data.readers.generic import read_table
from kit.data.readers.metrics import fold
from kit.data.readers.record import MACHINE_COLUMNS, RowNote
from kit.data.readers.settle import Block, Raw
from kit.data.readers.table import Table
from kit.errors import DataError
from kit.i18n import phrase

_Cell = TypeVar("_Cell")
# By columns, not by the tab's title: people rename sheets.
_KINDS = {
    "vinfo": {"vm", "powerstate", "cpus", "memory"},
    "vcpu": {"vm", "powerstate", "cpus", "overall"},
    "vmemory": {"vm", "powerstate", "consumed", "active"},
    "vmetadata": {"rvtools version", "xlsx creation datetime"},
}
_TITLES = {"vcpu": "vCPU", "vmemory": "vMemory", "vmetadata": "vMetaData"}
_OFF = "a machine that is powered on"
_OS = ("OS according to the VMware Tools", "OS according to the configuration file", "OS")


def kind_of(table: Table) -> str:
    """Return which tab of RVTools a table is, an empty text for none."""
    names = {fold(cell) for cell in table.header}
    return next((kind for kind, needed in _KINDS.items() if needed <= names), "")


def read_tab(kind: str, table: Table, file: str) -> Raw:
    """Read one tab that was exported as CSV.

    Raises DataError for tabs of use, because without vMetaData they state no time.
    """
    if kind == "vinfo":
        return read_tabs([(kind, table)], file)
    raise DataError(
        "{file} is the RVTools tab {tab} alone, which does not say when it was taken.",
        where=file,
        fix="In RVTools choose File, Export all to xlsx, and read that workbook.",
        file=file,
        tab=_TITLES[kind],
    )


def read_tabs(tabs: list[tuple[str, Table]], file: str) -> Raw:
    """Read the tabs of one RVTools export together."""
    raw = Raw("rvtools")
    # Without a time the use cannot be placed, and each of its cells is rejected.
    taken = _taken_at(tabs)
    for kind, table in tabs:
        raw.rejects += table.odd
        if kind == "vinfo":
            _machines(table, file, raw)
        elif kind == "vcpu":
            raw.blocks.append(_cpu(table, taken))
        elif kind == "vmemory":
            raw.blocks += [_memory(table, taken, name) for name in ("Consumed", "Active")]
    if raw.blocks:
        raw.notes.append(
            phrase(
                "RVTools shows one moment, not a period: do not size a machine by it "
                "alone. cpu_percent is Overall MHz of Max MHz. Only sizes and use are read "
                "of its tabs."
            )
        )
    return raw


def _taken_at(tabs: list[tuple[str, Table]]) -> str:
    """Return when the export was made; only the workbook says so, in vMetaData."""
    for kind, table in tabs:
        if kind == "vmetadata" and table.rows:
            return str(table.cells("xlsx creation datetime")[0])
    return ""


def _machines(table: Table, file: str, raw: Raw) -> None:
    """Make the inventory; templates and rows without a readable size are rejected."""
    rows = []
    for at, number in enumerate(table.rows):
        cell = {name: str(table.cells(name)[at]).strip() for name in _INVENTORY}
        fault = _machine_fault(cell)
        if fault:
            column, expected = fault
            fix = "Correct the cell in the export, or go on without this machine."
            place = _column(table, column)
            raw.rejects.append(RowNote(file, number, place, cell[column], expected, fix))
            continue
        os = next((str(table.cells(n)[at]) for n in _OS if str(table.cells(n)[at]).strip()), "")
        # RVTools prints MiB; the inventory is in GiB, as clouds sell it.
        size = float(cell["Memory"].replace(",", "")) / 1024
        on = fold(cell["Powerstate"]) == "poweredon"
        rows.append((cell["VM"], int(float(cell["CPUs"])), size, on, os, cell["Host"]))
    found = pd.DataFrame(rows, columns=list(MACHINE_COLUMNS))
    raw.machines = found if raw.machines is None else pd.concat([raw.machines, found])


_INVENTORY = ("VM", "Powerstate", "Template", "CPUs", "Memory", "Host")


def _machine_fault(cell: dict[str, str]) -> tuple[str, str] | None:
    """Return column and expectation of the first cell that cannot be used."""
    if not cell["VM"]:
        return "VM", "the name of a machine"
    # A template never runs; counted as a server it would inflate the estate.
    if fold(cell["Template"]) == "true":
        return "Template", "a machine, not a template"
    if not re.fullmatch(r"\d{1,4}(\.0)?", cell["CPUs"]):
        return "CPUs", "a whole number of virtual processors"
    if not re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?|\d+(\.\d+)?", cell["Memory"]):
        return "Memory", "a size in MiB"
    return None


def _cpu(table: Table, taken: str) -> Block:
    upper = table.cells("Max")
    limit = pd.to_numeric(pd.Series(list(upper), dtype=object), errors="coerce")
    return Block(
        metric="cpu_percent",
        machine=table.cells("VM"),
        time=[taken] * len(table.rows),
        value=table.cells("Overall"),
        row=table.rows,
        column=_column(table, "Overall"),
        time_column="vMetaData: xlsx creation datetime",
        fault=_off_faults(table),
        derive=_share_of(limit),
    )


def _share_of(limit: pd.Series) -> Callable[[pd.Series], pd.Series]:
    def share(used: pd.Series) -> pd.Series:
        # A limit of zero or none makes the share unknown, not infinite.
        return (used / limit.where(limit > 0) * 100).round(3)

    return share


def _memory(table: Table, taken: str, name: str) -> Block:
    return Block(
        metric="memory_used_bytes" if name == "Consumed" else "memory_active_bytes",
        machine=table.cells("VM"),
        time=[taken] * len(table.rows),
        value=table.cells(name),
        row=table.rows,
        column=_column(table, name),
        time_column="vMetaData: xlsx creation datetime",
        unit="MiB",
        fault=_off_faults(table),
    )


def _column(table: Table, name: str) -> str:
    """Name a column so that it can be found: workbooks have several sheets."""
    return f"{table.sheet}: {name}" if table.sheet else name


def _off_faults(table: Table) -> list[str]:
    # A machine that is off reports zero; as a measurement that would call it idle.
    states = [fold(str(state)) for state in table.cells("Powerstate")]
    shapes = table.fault or [""] * len(states)
    return [
        shape or ("" if state == "poweredon" else _OFF)
        for shape, state in zip(shapes, states, strict=True)
    ]


def claims_stat(table: Table) -> bool:
    """Whether the columns are those of PowerCLI's Get-Stat."""
    return {"metricid", "timestamp", "value", "entity"} <= {fold(cell) for cell in table.header}


def read_stat(table: Table, file: str, stem: str, unit: str | None) -> Raw:
    """Read Get-Stat; rows of single processors and disks are no whole machine."""
    # An empty instance is the roll-up of the machine; "0", "1" are its processors.
    whole = [not str(cell).strip() for cell in table.cells("Instance")]
    parts = len(whole) - sum(whole)
    names = {"Entity": "machine", "Timestamp": "timestamp", "MetricId": "metric"}
    names |= {"Unit": "unit", "Value": "value"}
    slim = Table(
        header=list(names.values()),
        columns=[_picked(table.cells(name), whole) for name in names],
        rows=_picked(table.rows, whole),
        fault=None if table.fault is None else _picked(table.fault, whole),
        odd=table.odd,
    )
    raw = read_table(slim, file, stem, tool="vcenter", unit=unit)
    if parts:
        raw.notes.append(
            phrase(
                "{parts} rows of single processors, disks or adapters describe no whole "
                "machine and are not read.",
                parts=parts,
            )
        )
    return raw


def _picked(cells: Sequence[_Cell], keep: list[bool]) -> list[_Cell]:
    return [cell for cell, ok in zip(cells, keep, strict=True) if ok]
