"""Any table with a time and measurements: columns are mapped by name, then by content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kit.data.readers.inventory import inventory_of, list_of_machines, sizes_in, stated_in
from kit.data.readers.metrics import (
    METRICS,
    fold,
    metric_of,
    names,
    slug,
    statistic_in,
    unit_in,
    unit_of,
)
from kit.data.readers.notations import looks_like_named_time, looks_like_time
from kit.data.readers.settle import Block, Raw, column_block
from kit.data.readers.table import TIME_NAMES, Table
from kit.data.readers.times import form_of
from kit.data.readers.values import is_missing, is_number
from kit.errors import DataError
from kit.i18n import phrase

# Headers met in the field, folded; a new one is added here and to the tests.
MACHINE_NAMES = names(
    "server|server name|servername|host|hostname|host name|machine|instance|instanceid|"
    "instance id|vm|vm name|vmname|virtual machine|node|nodename|computer|computername|name|"
    "entity|resource|resource name|series|시리즈|서버|서버명|서버 이름|서버이름|호스트|호스트명|"
    "호스트 이름|장비|장비명|자산명|시스템|시스템명|노드|인스턴스|가상머신|가상 머신|컴퓨터|머신"
)
# An address is the last resort, so that a name beside it wins.
_ADDRESS_NAMES = names("ip|ip address|ip주소|ip 주소|아이피")
VALUE_NAMES = names(
    "value|average|avg|mean|values|maximum|max|minimum|min|값|측정값|평균|평균값|최대|최대값|최소"
)
METRIC_NAMES = names(
    "metric|metric name|metricname|counter|item|item name|지표|지표명|항목|항목명|성능지표|성능항목"
)
UNIT_NAMES = names("unit|units|단위")
_FILLERS = names(
    "usage|utilization|utilisation|util|percent|percentage|average|avg|used|사용률|사용율|사용량|평균|%"
)
_PERSONAL = re.compile(r"owner|user|mail|phone|담당|사용자|성명|이름|연락|전화|부서")
_SAMPLE = 200
_CLOCK = re.compile(r"^\s*(오전|오후)?\s*\d{1,2}:\d{2}(:\d{2})?\s*(AM|PM)?\s*$", re.I)
_CLOCKED = re.compile(r"[:시]|^\s*\d{10,}\s*$")
_BARE_HOUR = re.compile(r"^\s*(\d{1,2})\s*시?\s*$")
# Words that a file name spends on the metric; the rest names the machine.
_STEM_WORDS = {
    "cpu_percent": {"cpu", "utilization", "utilisation", "usage", "percent", "util"},
    "requests": {"request", "requests", "count"},
    "disk_write_bytes": {"disk", "write", "bytes"},
    "disk_read_bytes": {"disk", "read", "bytes"},
}


@dataclass(frozen=True)
class Roles:
    """Which column of a table plays which part; -1 for none."""

    time: int
    date: int
    machine: int
    metric: int
    unit: int


def read_table(table: Table, file: str, stem: str, *, tool: str, unit: str | None) -> Raw:
    """Map the columns of a table and return its blocks.

    Raises DataError when no time column or no measured column can be found.
    """
    raw = Raw(tool, rejects=list(table.odd))
    if _machines_alone(table, file, raw):
        return raw
    roles = roles_of(table, file)
    if roles.machine < 0:
        roles = _with_telling_column(table, roles, raw)
    sizes = sizes_in(table.header)
    if sizes.places:
        stated = stated_in(table, sizes, _machine(table, roles, stem))
        raw.machines, notes = inventory_of(stated, table.header, sizes)
        raw.notes += notes
    taken = {*vars(roles).values(), *sizes.places}
    free = [at for at in range(len(table.header)) if at not in taken]
    valued = [at for at in free if fold(table.header[at]) in VALUE_NAMES]
    # A column of metric names decides: without it the values would be mixed.
    if roles.metric >= 0 and (valued or free):
        _long(table, roles, valued or free[:1], raw, stem)
        return raw
    # A metric in the name of a text column, such as "CPU model", is no measurement.
    named = [at for at in free if metric_of(table.header[at]) and _numeric(table, at)]
    if named:
        _named(table, roles, named, raw, stem)
    elif valued:
        _valued(table, roles, valued, raw, stem, unit)
    else:
        _wide(table, roles, free, raw, stem, unit, file)
    _note_unread(table, free, raw)
    return raw


def _machines_alone(table: Table, file: str, raw: Raw) -> bool:
    """Read a list of machines with their sizes; False for a table of another kind."""
    header = [fold(cell) for cell in table.header]
    machine = next((at for at, name in enumerate(header) if name in MACHINE_NAMES), -1)
    sizes = sizes_in(table.header, alone=True)
    if machine < 0 or sizes.vcpu < 0 or _has_times(table, header):
        return False
    raw.machines, rejects, notes = list_of_machines(table, file, machine, sizes)
    raw.rejects += rejects
    raw.notes += notes
    taken = {machine, *sizes.places}
    _note_unread(table, [at for at in range(len(header)) if at not in taken], raw)
    return True


def _has_times(table: Table, header: list[str]) -> bool:
    """Whether a column holds times of measurements; a list of machines has days of purchase."""
    for name, column in zip(header, table.columns, strict=True):
        named = _share(column, looks_like_named_time) + _share(column, _is_clock)
        if name in TIME_NAMES and named > 0:
            return True
        if _share(column, looks_like_time) >= 0.6 and _share(column, _CLOCKED.search) >= 0.6:
            return True
    return False


def metric_from_stem(stem: str) -> tuple[str, str]:
    """Return metric and machine that a file name carries; metric empty when it carries none."""
    metric = metric_of(stem) or ""
    words = [word for word in re.split(r"[_\s]+", stem) if word]
    rest = [word for word in words if word.lower() not in _STEM_WORDS.get(metric, set())]
    return metric, "_".join(rest) or stem


def time_cells(table: Table, roles: Roles) -> Sequence[str]:
    """Return the time column, joined with the date column where the two are apart."""
    if roles.date < 0:
        return table.columns[roles.time]
    pairs = zip(table.columns[roles.date], table.columns[roles.time], strict=True)
    hours = ((date, _BARE_HOUR.sub(r"\1:00", time)) for date, time in pairs)
    return [f"{date} {time}".strip() for date, time in hours]


def roles_of(table: Table, file: str) -> Roles:
    """Find time, machine, metric and unit. Raises DataError where no column holds times."""
    header = [fold(cell) for cell in table.header]

    def named(wanted: frozenset[str], taken: int = -1) -> int:
        return next((i for i, name in enumerate(header) if name in wanted and i != taken), -1)

    time = _time_column(table, header)
    if time < 0:
        first = [str(column[0]) if len(column) else "" for column in table.columns]
        raise DataError(
            "{file} has no column with dates and times: read the columns {columns} and "
            "below them {first}, expected one such as 'timestamp' or '일시'.",
            where=_header_place(table, file),
            fix="Export with the time of each measurement, or name that column 'timestamp'.",
            file=file,
            columns=table.header[:8],
            first=first[:8],
        )
    date = _date_column(table, header, time)
    machine = named(MACHINE_NAMES, time)
    if machine < 0:
        machine = named(_ADDRESS_NAMES, time)
    return Roles(time, date, machine, named(METRIC_NAMES), named(UNIT_NAMES))


def _header_place(table: Table, file: str) -> str:
    # A table without a header has its first record in row 1.
    row = max(1, table.rows[0] - 1) if table.rows else 1
    return phrase("{file}, row {row}", file=file, row=row)


def _with_telling_column(table: Table, roles: Roles, raw: Raw) -> Roles:
    """Take an unknown text column for the machine if it alone tells equal times apart."""
    times = pd.Series(time_cells(table, roles), dtype=object)
    repeated = int(times.duplicated().sum())
    taken = set(vars(roles).values())
    for at, name in enumerate(table.header):
        # Persons tell rows apart too, and must never become the name of a machine.
        if at in taken or _PERSONAL.search(fold(name)) or _numeric(table, at):
            continue
        pairs = pd.DataFrame({"time": times, "name": list(table.columns[at])})
        if repeated and pairs.duplicated().sum() <= repeated // 20:
            raw.notes.append(
                phrase("Column {name!r} tells equal times apart: read as the machine.", name=name)
            )
            return replace(roles, machine=at)
    return roles


def _time_column(table: Table, header: list[str]) -> int:
    # Names first: a column of dates may also be somebody's purchase date.
    by_name = [at for at, name in enumerate(header) if name in TIME_NAMES]
    proven = [at for at in by_name if _share(table.columns[at], looks_like_named_time) > 0]
    clocks = [at for at in by_name if _share(table.columns[at], _is_clock) > 0.5]
    if clocks and len(by_name) > 1:
        return clocks[0]
    if proven:
        return proven[0]
    shares = [_share(column, looks_like_time) for column in table.columns]
    best = max(range(len(shares)), key=shares.__getitem__, default=-1)
    if best >= 0 and shares[best] >= 0.6:
        return best
    return by_name[0] if by_name else -1


def _date_column(table: Table, header: list[str], time: int) -> int:
    """Return the column of dates that belongs to a column of clock times only."""
    if _share(table.columns[time], _is_clock) <= 0.5:
        return -1
    others = (at for at, name in enumerate(header) if name in TIME_NAMES and at != time)
    return next(others, -1)


def _is_clock(text: str) -> bool:
    return bool(_CLOCK.match(text) or _BARE_HOUR.match(text))


def _share(column: Sequence[str], test: object) -> float:
    """Return the share of the first filled cells that pass a test."""
    # A sample is enough to tell a kind of column, and keeps a million rows quick.
    filled = [cell for cell in column[:_SAMPLE] if cell.strip()]
    if not filled or not callable(test):
        return 0.0
    return sum(1 for cell in filled if test(cell)) / len(filled)


def _numeric(table: Table, at: int) -> bool:
    # A column of nothing but gaps is kept: each gap is then accounted for.
    column = [cell for cell in table.columns[at][:_SAMPLE] if not is_missing(cell)]
    return not column or _share(column, is_number) >= 0.5


def _block(table: Table, roles: Roles, at: int, metric: str, machine: str | Sequence[str]) -> Block:
    block = column_block(table, at, machine, metric, unit_in(table.header[at]), roles.time)
    return replace(block, time=time_cells(table, roles))


def _machine(table: Table, roles: Roles, stem: str) -> str | Sequence[str]:
    return table.columns[roles.machine] if roles.machine >= 0 else metric_from_stem(stem)[1]


def _named(table: Table, roles: Roles, named: list[int], raw: Raw, stem: str) -> None:
    """One block per column whose header names a metric.

    Several columns of one metric without a machine column carry the machine in the header.
    """
    metrics = [metric_of(table.header[at]) or "" for at in named]
    for at, metric in zip(named, metrics, strict=True):
        machine = _machine(table, roles, stem)
        # Otherwise two machines would be melted into one series.
        if roles.machine < 0 and metrics.count(metric) > 1:
            machine = machine_in_header(table.header[at])
        raw.blocks.append(_block(table, roles, at, metric, machine))


def machine_in_header(header: str) -> str:
    """Take the words of a metric out of a header such as 'web-01 CPU 사용률(%)'."""
    bare = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", header)
    words = re.split(r"[\s:|/\\]+|\s-\s", bare)
    kept = [w for w in words if w and w != "-" and not metric_of(w) and fold(w) not in _FILLERS]
    return " ".join(kept) or header


def _valued(
    table: Table, roles: Roles, valued: list[int], raw: Raw, stem: str, unit: str | None
) -> None:
    """Read columns named 'value', 'average' and the like; the file name gives the metric."""
    metric = metric_from_stem(stem)[0] or default_metric(_all_cells(table, valued), raw, unit)
    for at in valued:
        extra = statistic_in(table.header[at]) if len(valued) > 1 else ""
        raw.blocks.append(_block(table, roles, at, metric + extra, _machine(table, roles, stem)))


def _wide(
    table: Table,
    roles: Roles,
    free: list[int],
    raw: Raw,
    stem: str,
    unit: str | None,
    file: str,
) -> None:
    """Read a table with one column per machine."""
    columns = [at for at in free if table.header[at] and _numeric(table, at)]
    if not columns or roles.machine >= 0:
        raise unknown_columns(table, file)
    metric = metric_from_stem(stem)[0] or default_metric(_all_cells(table, columns), raw, unit)
    for at in columns:
        # A lone column without a header of its own names no machine; the file does.
        lone = len(columns) == 1 and table.header[at] == f"column {at + 1}"
        machine = metric_from_stem(stem)[1] if lone else table.header[at]
        raw.blocks.append(_block(table, roles, at, metric, machine))


def unknown_columns(table: Table, file: str) -> DataError:
    """Return the error for a table none of whose columns is known to be a measurement."""
    return DataError(
        "{file} has no column that is known to be a measurement: read the columns "
        "{columns}, expected one such as 'cpu_percent' or 'value'.",
        where=_header_place(table, file),
        fix="Rename the measured column, for example to 'cpu_percent', and read it again.",
        file=file,
        columns=table.header[:8],
    )


def default_metric(cells: Sequence[str], raw: Raw, unit: str | None) -> str:
    """Take unnamed values for CPU percent only if nearly all of them can be that."""
    declared = unit_of(unit) if unit else None
    if declared and declared[0] != "percent":
        raw.notes.append(phrase("The file does not say what was measured; the metric is 'value'."))
        return "value"
    numbers = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").dropna()
    # A few impossible values are faults; many say that it is no percentage.
    limits = METRICS["cpu_percent"]
    if len(numbers) and numbers.between(limits.low, limits.high).mean() < 0.95:
        raw.notes.append(
            phrase(
                "The file does not say what was measured, and the values are no "
                "percentages; the metric is 'value'."
            )
        )
        return "value"
    raw.notes.append(
        phrase(
            "The file does not say what was measured: read as CPU percent, as its "
            "values allow. If it is something else, say so in the column's name."
        )
    )
    return "cpu_percent"


def _all_cells(table: Table, columns: list[int]) -> list[str]:
    return [cell for at in columns for cell in table.columns[at]]


def _long(table: Table, roles: Roles, valued: list[int], raw: Raw, stem: str) -> None:
    """Split a table with one record per row by the metric that each row names."""
    keys = pd.Series(table.columns[roles.metric], dtype=object)
    units = table.columns[roles.unit] if roles.unit >= 0 else [""] * len(keys)
    machine = _machine(table, roles, stem)
    time = time_cells(table, roles)
    # A metric of few rows must not have another form than its column.
    whole = form_of(time)
    if whole and (whole.form or whole.year_first):
        raw.notes += whole.notes
    # One block for each metric, because limits and units differ by metric.
    for pair, part in pd.DataFrame({"name": keys, "unit": units}).groupby(["name", "unit"]):
        pick = list(part.index)
        name, unit = str(pair[0]), str(pair[1])
        for at in valued:
            extra = statistic_in(table.header[at]) if len(valued) > 1 else ""
            raw.blocks.append(
                Block(
                    metric=named_metric(name, unit) + extra,
                    machine=machine if isinstance(machine, str) else [machine[i] for i in pick],
                    time=[time[i] for i in pick],
                    value=[table.columns[at][i] for i in pick],
                    row=[table.rows[i] for i in pick],
                    column=table.header[at],
                    time_column=table.header[roles.time],
                    unit=unit or unit_in(name),
                    fault=None if table.fault is None else [table.fault[i] for i in pick],
                    name=name,
                    whole=whole,
                )
            )


def named_metric(name: str, unit: str) -> str:
    """The metric that a row names, with the unit that stands beside it."""
    return metric_of(f"{name} {unit}") or slug(name)


def _note_unread(table: Table, free: list[int], raw: Raw) -> None:
    used = {block.column for block in raw.blocks}
    # Said aloud: what is left out may be a measurement under an unknown name.
    unread = [table.header[at] or "(no name)" for at in free if table.header[at] not in used]
    if unread:
        raw.notes.append(
            phrase(
                "Columns that are no known measurement, not read: {names}.", names=", ".join(unread)
            )
        )
