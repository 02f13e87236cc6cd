"""Recognise the tool behind an export by its content, and read one or several files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from kit.data.readers import TOOLS, generic
from kit.data.readers.metrics import fold, unit_of
from kit.data.readers.record import Ledger, Reading, RowNote, add_ledgers
from kit.data.readers.settle import Raw, settle
from kit.data.readers.source import Source, load
from kit.data.readers.table import Table, grid_of, sheets_of, table_of
from kit.errors import DataError, UsageError


def read_one(path: Path, name: str, *, tool: str | None, unit: str | None) -> Reading:
    """Read one file under the label ``name``; see ``kit.data.readers.read_export``."""
    _check_choice(tool, unit)
    source = load(path, name)
    raw = _read(source, tool, unit)
    raw.notes[:0] = source.notes
    return settle(raw, name, unit=unit)


def _check_choice(tool: str | None, unit: str | None) -> None:
    if tool is not None and tool not in TOOLS:
        raise UsageError(
            f"There is no reader for {tool!r}.", where="tool", fix=f"Choose: {', '.join(TOOLS)}."
        )
    if unit is not None and unit_of(unit) is None:
        raise UsageError(
            f"The unit {unit!r} is not known.",
            where="unit",
            fix="Choose: percent, fraction, bytes, KB, MB, GB, KB/s, MB/s, MHz, count.",
        )


def _read(source: Source, tool: str | None, unit: str | None) -> Raw:
    if source.is_workbook:
        return _read_workbook(source, tool, unit)
    if source.looks_json:
        raise DataError(f"{source.name} is JSON of no known tool.", where=source.name)
    grid, delimiter = grid_of(source.text)
    table = table_of(grid, source.name)
    raw = _read_table(table, source, tool, unit)
    raw.notes.insert(0, f"Delimiter: {_DELIMITER_NAMES.get(delimiter, delimiter)}.")
    return raw


_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


def _read_workbook(source: Source, tool: str | None, unit: str | None) -> Raw:
    grid = sheets_of(source)[0]
    return _read_table(table_of(grid, source.name), source, tool, unit)


def _read_table(table: Table, source: Source, tool: str | None, unit: str | None) -> Raw:
    name = tool or ("nab" if [fold(c) for c in table.header] == ["timestamp", "value"] else "table")
    return generic.read_table(table, source.name, source.stem, tool=name, unit=unit)


def read_all(paths: list[Path]) -> Reading:
    """Read several files; see ``kit.data.readers.read_many``."""
    if not paths:
        raise UsageError("No file was given.", where="paths", fix="Pass at least one export.")
    readings: list[Reading] = []
    failures: list[tuple[str, DataError]] = []
    for path, name in zip(paths, _labels(paths), strict=True):
        try:
            readings.append(read_one(path, name, tool=None, unit=None))
        except DataError as error:
            failures.append((name, error))
    if not readings:
        raise failures[0][1]
    return _combine(readings, failures)


def _labels(paths: list[Path]) -> list[str]:
    """Name each file; where two share a name, the folder tells them apart."""
    counts = Counter(path.name for path in paths)
    return [p.name if counts[p.name] == 1 else f"{p.parent.name}/{p.name}" for p in paths]


def _combine(readings: list[Reading], failures: list[tuple[str, DataError]]) -> Reading:
    tools = list(dict.fromkeys(reading.tool for reading in readings))
    machines = [reading.machines for reading in readings if len(reading.machines)]
    return Reading(
        tool="+".join(tools),
        samples=pd.concat([reading.samples for reading in readings], ignore_index=True),
        machines=pd.concat(machines, ignore_index=True) if machines else readings[0].machines,
        ledger=add_ledgers([*(reading.ledger for reading in readings), *map(_lost, failures)]),
    )


def _lost(failure: tuple[str, DataError]) -> Ledger:
    """Account for a file that could not be read at all."""
    name, error = failure
    note = RowNote(name, 0, "(whole file)", error.what, "an export of measurements", error.fix)
    return Ledger(read=1, kept=0, repaired=0, rejected=1, rejects=(note,))
