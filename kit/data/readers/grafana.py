"""Grafana: a panel's "Inspect", "Data", "Download CSV".

Format, as Grafana's source writes it: only the header is quoted, "Time" first; one column per
series, or Value; ``sep=,`` before it when downloaded for Excel; units in the cells with
"Formatted data". Up to version 6: ``"Series";"Time";"Value"``. A series without a name of
its own is called by its labels, ``{instance="web-01:9100", job="node"}``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kit.data.readers.generic import metric_from_stem, read_table
from kit.data.readers.metrics import metric_of
from kit.data.readers.prometheus import machine_of
from kit.data.readers.settle import Raw
from kit.data.readers.table import Grid, Table, table_of

_NEW = re.compile(r'^\ufeff?(sep=[,;\t]\r?\n)?"Time"[,;\t]"[^\n]*"\r?\n[^"\r\n]', re.I)
_OLD = re.compile(r'^\ufeff?(sep=[,;]\r?\n)?"?Series"?[,;]"?Time"?[,;]"?Value"?\r?\n', re.I)
_SERIES = re.compile(r"^(?P<name>[\w:]*)\{(?P<labels>.*)\}$")
_LABEL = re.compile(r'(?P<key>\w+)="?(?P<value>[^",]*)"?')


def claims_text(text: str) -> bool:
    """Whether the header is written as Grafana's."""
    return bool(_NEW.match(text) or _OLD.match(text))


def read_grid(grid: Grid, file: str, stem: str, unit: str | None) -> Raw:
    """Read a panel's series. Raises DataError when no column is a measurement."""
    firsts = [at for at, one in enumerate(grid.records) if any(map(str.strip, one))]
    # "sep=," is split at its own comma.
    skipped = grid.records[firsts[0]][0].startswith("sep=") if firsts else False
    table = table_of(grid, file, 1 if skipped else 0)
    labelled = [_SERIES.match(cell) for cell in table.header]
    if not any(labelled):
        return read_table(table, file, stem, tool="grafana", unit=unit)
    plain = _plain(table, stem)
    raw = read_table(plain, file, stem, tool="grafana", unit=unit)
    back = dict(zip(plain.header, table.header, strict=True))
    raw.blocks = [
        replace(block, machine=_machine(back[block.column], stem), column=back[block.column])
        for block in raw.blocks
    ]
    return raw


def _machine(header: str, stem: str) -> str:
    series = _SERIES.match(header)
    pairs = _LABEL.findall(series["labels"]) if series else []
    return machine_of(dict(pairs), stem) if pairs else header


def _plain(table: Table, stem: str) -> Table:
    """Give every series a header that says its metric, or its machine alone."""
    header = []
    for at, cell in enumerate(table.header):
        series = _SERIES.match(cell)
        machine = _machine(cell, stem) if series else cell
        metric = metric_of(series["name"]) if series and series["name"] else ""
        metric = metric or metric_from_stem(stem)[0]
        header.append(f"{machine} {metric} #{at}" if series and metric else cell)
    return replace(table, header=header)
