"""Recognise the tool behind an export by its content, and read one or several files."""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from kit.data.readers import (
    TOOLS,
    atop,
    azure,
    chart,
    cloudwatch,
    collectd,
    datadog,
    dstat,
    esxtop,
    flux,
    gcp,
    generic,
    grafana,
    influx,
    netdata,
    nmon,
    pcp,
    perfmon,
    prometheus,
    rrd,
    sar,
    vmware,
    zabbix,
)
from kit.data.readers.metrics import fold, unit_of
from kit.data.readers.record import Ledger, Reading, RowNote, add_ledgers
from kit.data.readers.settle import Raw, settle
from kit.data.readers.source import Source, head_of, is_large, load, too_large
from kit.data.readers.table import Grid, Table, grid_of, sheets_of, table_of
from kit.data.readers.tools import BY_NAME
from kit.errors import DataError, UsageError
from kit.files import labels_of
from kit.i18n import mark, phrase

_Claims = dict[str, Callable[[Any], bool]]
# Who knows what at each step; the first word is the tool's name. The order decides nowhere:
# the shapes exclude each other, which the tests prove for every fixture.
_TEXTS: _Claims = {
    "sar": sar.claims_text,
    "nmon": nmon.claims_text,
    "atop": atop.claims_text,
    "rrd": rrd.claims_text,
    "grafana": grafana.claims_text,
}
_JSONS: _Claims = {
    "cloudwatch": cloudwatch.claims,
    "sar": sar.claims,
    "azure": azure.claims,
    "prometheus": prometheus.claims,
    "rrd": rrd.claims,
    "netdata": netdata.claims,
    "influx": influx.claims,
    "gcp": gcp.claims,
    "datadog": datadog.claims,
    "zabbix": zabbix.claims,
}
_GRIDS: _Claims = {
    "esxtop": perfmon.is_esxtop,
    "perfmon": perfmon.claims_grid,
    "cloudwatch": cloudwatch.claims_grid,
    "dstat": dstat.claims_grid,
    "influx": influx.claims_grid,
    "influx 2": flux.claims_grid,
    "pcp": pcp.claims_grid,
    "collectd": collectd.claims_grid,
}
_TABLES: _Claims = {
    "rvtools": lambda table: bool(vmware.kind_of(table)),
    "vcenter": vmware.claims_stat,
    "vcenter chart": chart.claims,
    "netdata": netdata.claims_table,
    "zabbix": zabbix.claims_table,
}


def _claimed(claims: _Claims, content: Any, tool: str | None) -> Iterator[str]:
    """Name the readers that know the content, or the chosen tool's alone."""
    known = (name for name in claims if tool in (None, name.split()[0]))
    return (name for name in known if claims[name](content))


def claimants(source: Source) -> set[str]:
    """Tools whose readers claim a text or JSON file; none for a table of any other origin."""
    if source.looks_json:
        found = set(_claimed(_JSONS, source.json, None))
    else:
        found = set(_claimed(_TEXTS, source.text, None))
        grid = grid_of(source.text, multiline=_is_rvtools(source.text, None))[0]
        found |= set(_claimed(_GRIDS, grid, None))
        # A table is looked for only where nothing surer was found.
        found = found or set(_claimed(_TABLES, table_of(grid, source.name), None))
    return {name.split()[0] for name in found}


def read_one(path: Path, name: str, *, tool: str | None, unit: str | None) -> Reading:
    """Read one file under the label ``name``; see ``kit.data.readers.read_export``."""
    # A wrong choice is told before the file is touched.
    _check_choice(tool, unit)
    if is_large(path):
        raise _too_large(head_of(path, name), tool)
    with _many_objects():
        source = load(path, name)
        raw = _read(source, tool, unit)
        raw.notes[:0] = source.notes
        return settle(raw, name, unit=unit)


def _too_large(head: Source, tool: str | None) -> DataError:
    """How to export less, by the tool that the first lines show; what streams is not read here."""
    if head.is_workbook or head.looks_json:
        return too_large(head)
    name = next(iter({tool} & set(BY_NAME) or claimants(head)), "")
    if name not in BY_NAME:
        return too_large(head)
    known = BY_NAME[name]
    return too_large(head, phrase("an export of {tool}", tool=known.label), known.less)


@contextlib.contextmanager
def _many_objects() -> Iterator[None]:
    """Hold the garbage collector back: it takes longer than reading, and finds no cycles.

    Millions of rows are millions of lists; each collection looks at all of them again.
    """
    held = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if held:
            gc.enable()


def _check_choice(tool: str | None, unit: str | None) -> None:
    if tool is not None and tool not in TOOLS:
        raise UsageError(
            "There is no reader for {tool!r}.",
            where="tool",
            fix="Choose: {known}.",
            tool=tool,
            known=", ".join(TOOLS),
        )
    if unit is not None and unit_of(unit) is None:
        raise UsageError(
            "The unit {unit!r} is not known.",
            where="unit",
            fix="Choose: percent, fraction, bytes, KB, MB, GB, KB/s, MB/s, MHz, count.",
            unit=unit,
        )


def _read(source: Source, tool: str | None, unit: str | None) -> Raw:
    if source.is_workbook:
        return _read_workbook(source, tool, unit)
    if source.looks_json:
        return _read_json(source, tool, unit)
    reader = _text_reader(source, tool, unit)
    if reader:
        return reader()
    # Only RVTools has cells with line breaks: its annotations.
    grid, delimiter = grid_of(source.text, multiline=_is_rvtools(source.text, tool))
    raw = _read_grid(grid, source, source.stem, tool, unit)
    raw.notes.insert(0, phrase("Delimiter: {name}.", name=_DELIMITER_NAMES[delimiter]))
    return raw


def _text_reader(source: Source, tool: str | None, unit: str | None) -> Callable[[], Raw] | None:
    """The reader of a text that is no single table: sections, or marks that splitting loses."""
    text, file, stem = source.text, source.name, source.stem
    readers: dict[str, Callable[[], Raw]] = {
        "sar": lambda: sar.read_grid(grid_of(text)[0], file),
        "nmon": lambda: nmon.read_grid(grid_of(text)[0], file),
        "atop": lambda: atop.read_lines(text, file),
        "rrd": lambda: rrd.read_xml(text, stem),
        "grafana": lambda: grafana.read_grid(grid_of(text)[0], file, stem, unit),
    }
    return next((readers[name] for name in _claimed(_TEXTS, text, tool)), None)


_DELIMITER_NAMES = {
    ",": mark("comma"),
    ";": mark("semicolon"),
    "\t": mark("tab"),
    "|": mark("vertical bar"),
}


def _is_rvtools(text: str, tool: str | None) -> bool:
    return tool == "rvtools" or bool(re.match(r'\ufeff?"?VM"?[,;\t]"?Powerstate', text))


def _read_json(source: Source, tool: str | None, unit: str | None) -> Raw:
    """Try the tools in the order in which their shapes exclude each other."""
    data, stem, file = source.json, source.stem, source.name
    readers: dict[str, Callable[[], Raw]] = {
        "cloudwatch": lambda: cloudwatch.read(data, stem),
        "sar": lambda: sar.read(data),
        "azure": lambda: azure.read(data, stem),
        "prometheus": lambda: prometheus.read(data, stem, file, unit),
        "rrd": lambda: rrd.read(data, stem),
        "netdata": lambda: netdata.read(data, stem),
        "influx": lambda: influx.read(data, stem),
        "gcp": lambda: gcp.read(data, stem),
        "datadog": lambda: datadog.read(data, stem, file),
        "zabbix": lambda: zabbix.read(data, stem, file, unit),
    }
    for name in _claimed(_JSONS, data, tool):
        return readers[name]()
    # The keys tell people at a glance which file they picked.
    keys = sorted(map(str, data))[:8] if isinstance(data, dict) else type(data).__name__
    wanted = tool or (
        "CloudWatch, sar (sadf -j), Azure Monitor, Prometheus, RRDtool, Netdata, InfluxDB, "
        "Google Cloud Monitoring, Datadog or Zabbix"
    )
    raise DataError(
        "{file} is JSON, but not of {wanted}: read {keys} at its top.",
        where=phrase("{file}, row 1", file=file),
        fix="Save the tool's answer unchanged, without picking out a part of it.",
        file=file,
        wanted=wanted,
        keys=keys,
    )


def _read_workbook(source: Source, tool: str | None, unit: str | None) -> Raw:
    """Read the tabs of RVTools together, any other workbook sheet by sheet."""
    grids = sheets_of(source)
    if not grids:
        raise DataError(
            "{file} is a workbook with no filled sheet.",
            where=source.name,
            fix="Save the sheet with the measurements into the workbook.",
            file=source.name,
        )
    # The tabs belong together: vMetaData holds the time of all the others.
    tabs = _rvtools_tabs(grids, source.name)
    if tabs and tool in (None, "rvtools"):
        return vmware.read_tabs(tabs, source.name)
    raws, failures = _sheet_by_sheet(grids, source, tool, unit)
    if not raws:
        raise failures[0]
    first = raws[0]
    # One file is one reading, however many sheets it has.
    for other in raws[1:]:
        first.blocks += other.blocks
        first.rejects += other.rejects
        first.notes += other.notes
    if failures:
        first.notes.append(
            phrase("{count} sheets hold no measurements and are not read.", count=len(failures))
        )
    return first


def _rvtools_tabs(grids: list[Grid], file: str) -> list[tuple[str, Table]]:
    tables = [table_of(grid, file, 0) for grid in grids if len(grid.records[0]) > 1]
    kinds = [(vmware.kind_of(table), table) for table in tables]
    return [(kind, table) for kind, table in kinds if kind]


def _sheet_by_sheet(
    grids: list[Grid], source: Source, tool: str | None, unit: str | None
) -> tuple[list[Raw], list[DataError]]:
    raws: list[Raw] = []
    failures: list[DataError] = []
    for grid in grids:
        # Many keep one sheet per machine; its title is then the machine's name.
        named = len(grids) > 1 and not _UNNAMED.fullmatch(grid.sheet)
        stem = grid.sheet if named else source.stem
        try:
            raw = _read_grid(grid, source, stem, tool, unit)
        except DataError as error:
            # Cover pages and charts are no failure as long as some sheet can be read.
            failures.append(error)
            continue
        if len(grids) > 1:
            blocks = raw.blocks
            raw.blocks = [replace(b, column=f"{grid.sheet}: {b.column}") for b in blocks]
        raws.append(raw)
    return raws, failures


_UNNAMED = re.compile(r"(?i)(sheet|시트)\s*\d*")


def _read_grid(grid: Grid, source: Source, stem: str, tool: str | None, unit: str | None) -> Raw:
    """Recognise a table by its first lines, then by its header."""
    file = source.name
    readers: dict[str, Callable[[], Raw]] = {
        "esxtop": lambda: esxtop.read_grid(grid, file),
        "perfmon": lambda: perfmon.read_grid(grid, file),
        "cloudwatch": lambda: cloudwatch.read_grid(grid, stem),
        "dstat": lambda: dstat.read_grid(grid, file),
        "influx": lambda: influx.read_grid(grid, stem),
        "influx 2": lambda: flux.read_grid(grid, stem),
        "pcp": lambda: pcp.read_grid(grid, file, stem),
        "collectd": lambda: collectd.read_grid(grid, file, source.path),
    }
    # Marks inside the first lines are surer than column names, so they come first.
    for name in _claimed(_GRIDS, grid, tool):
        return readers[name]()
    return _read_table(table_of(grid, file), file, stem, tool, unit)


def _read_table(table: Table, file: str, stem: str, tool: str | None, unit: str | None) -> Raw:
    readers: dict[str, Callable[[], Raw]] = {
        "rvtools": lambda: vmware.read_tab(vmware.kind_of(table), table, file),
        "vcenter": lambda: vmware.read_stat(table, file, stem, unit),
        "vcenter chart": lambda: chart.read(table, file, stem, unit),
        "netdata": lambda: netdata.read_table(table, stem),
        "zabbix": lambda: zabbix.read_rows(table, file, stem, unit),
    }
    for name in _claimed(_TABLES, table, tool):
        return readers[name]()
    return generic.read_table(table, file, stem, tool=tool or _plain_tool(table), unit=unit)


def _plain_tool(table: Table) -> str:
    if azure.claims_table(table):
        return "azure"
    return "nab" if [fold(cell) for cell in table.header] == ["timestamp", "value"] else "table"


def read_all(
    paths: list[Path], *, unit: str | None = None, step: Callable[[int], object] | None = None
) -> Reading:
    """Read several files; see ``kit.data.readers.read_many``."""
    if not paths:
        raise UsageError("No file was given.", where="paths", fix="Pass at least one export.")
    readings: list[Reading] = []
    failures: list[tuple[str, DataError]] = []
    _check_choice(None, unit)
    for at, (path, name) in enumerate(zip(paths, labels_of(paths), strict=True)):
        if step:
            step(at)
        try:
            reading = read_one(path, name, tool=None, unit=None)
            # Percentages beside fractions must not be multiplied.
            if unit and reading.unit_unclear:
                reading = read_one(path, name, tool=None, unit=unit)
            readings.append(reading)
        except DataError as error:
            # One bad file among ten must not cost the other nine.
            failures.append((name, error))
    if not readings:
        raise failures[0][1]
    return combine(readings, failures)


def combine(readings: list[Reading], failures: list[tuple[str, DataError]]) -> Reading:
    """One reading of several; ``failures`` are files that could not be read, by name."""
    tools = list(dict.fromkeys(reading.tool for reading in readings))
    machines = [reading.machines for reading in readings if len(reading.machines)]
    return Reading(
        tool="+".join(tools),
        samples=pd.concat([reading.samples for reading in readings], ignore_index=True),
        machines=pd.concat(machines, ignore_index=True) if machines else readings[0].machines,
        ledger=add_ledgers([*(reading.ledger for reading in readings), *map(lost_of, failures)]),
        unit_unclear=tuple(pair for reading in readings for pair in reading.unit_unclear),
    )


def lost_of(failure: tuple[str, DataError]) -> Ledger:
    """Account for a file that could not be read at all."""
    name, error = failure
    what, fix = (phrase(template, **values) for template, values in error.facts())
    note = RowNote(name, 0, "(whole file)", what, "an export of measurements", fix)
    return Ledger(read=1, kept=0, repaired=0, rejected=1, rejects=(note,))
