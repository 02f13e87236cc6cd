"""A table of a file whose columns a person or the kit has named: found, then read by a tool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kit.data.own.contract import PLACES, TableRule
from kit.data.own.people import personal_cells, personal_header
from kit.data.own.suggest import column_names
from kit.data.own.words import names_of
from kit.data.readers import Reading
from kit.data.readers.generic import read_table
from kit.data.readers.metrics import METRICS, fold, metric_of, unit_in
from kit.data.readers.settle import settle
from kit.data.readers.source import Source, head_of, is_large, load, too_large
from kit.data.readers.table import Grid, Table, grid_of, sheets_of, table_of
from kit.errors import DataError, UsageError
from kit.i18n import phrase

# what the reader of any table takes for each part by its name alone
_HEADERS = {"time": "timestamp", "cpu": "cpu_percent", "memory": "memory_percent"}
_HEADERS |= {"memory_gib": "memory size"}
_HEAD = 200_000
_LOOK = 200


def table_in(path: Path) -> Table:
    """The first rows of a CSV's table, or of the first of a workbook's sheets that holds one.

    Enough for a look at its columns. DataError, with file and row, for a file without a table.
    """
    return _first_table(*_grids(path, head=True))


def head_in(path: Path) -> Table | None:
    """As ``table_in``; None for a file without a table."""
    try:
        return table_in(path)
    except DataError:
        return None


def _grids(path: Path, *, head: bool = False) -> tuple[Source, list[Grid]]:
    source = head_of(path, path.name) if head and is_large(path) else load(path, path.name)
    if is_large(path) and (source.looks_json or source.is_workbook):
        raise too_large(source)
    if source.looks_json:
        raise DataError(
            "{file} is JSON and has no columns.",
            where=phrase("{file}, row 1", file=path.name),
            fix='Read it as it is: wb.tools.own("inbox/{file}")',
            file=path.name,
        )
    if source.is_workbook:
        return source, sheets_of(source)
    text = source.text
    if head and len(text) > _HEAD:
        text = text[: text.rfind("\n", 0, _HEAD) + 1] or text
    return source, [grid_of(text)[0]]


def _first_table(source: Source, grids: Sequence[Grid]) -> Table:
    failure: DataError | None = None
    for grid in grids:
        try:
            return table_of(grid, source.name)
        except DataError as error:
            # a cover page before the sheet with the measurements
            failure = failure or error
    if failure is not None:
        raise failure
    raise DataError(
        "{file} is a workbook with no filled sheet.",
        where=source.name,
        fix="Save the sheet with the measurements into the workbook.",
        file=source.name,
    )


def table_with(path: Path, columns: Iterable[str], *, head: bool = False) -> tuple[Source, Table]:
    """The table whose header has all of these columns, in whatever line or sheet it stands.

    ``head`` is enough for a look at the columns. UsageError when there is none; DataError
    for a file without tables.
    """
    source, grids = _grids(path, head=head)
    wanted = set(columns)
    for grid in grids:
        filled = [record for record in grid.records if any(cell.strip() for cell in record)]
        lines = enumerate({cell.strip() for cell in record} for record in filled)
        at = next((at for at, names in lines if wanted <= names), None)
        if at is not None:
            return source, table_of(grid, source.name, at)
    table = _first_table(source, grids)
    if wanted <= set(column_names(table)):
        return source, table
    raise UsageError(
        "No header in {file} has all of: {columns}.",
        where="columns",
        fix="wb.tools.columns(FILE) lists the columns as they are written.",
        file=path.name,
        columns=", ".join(sorted(wanted)),
    )


def read_mapped(
    path: Path,
    roles: Mapping[str, str],
    rule: TableRule,
    *,
    label: str = "",
    tool: str | None = None,
    unit: str | None = None,
) -> Reading:
    """Read measurements by told roles; rows and columns are named as in the file.

    Columns that play no told role are read where their own names say what they are.
    UsageError for an unknown role, and for a column of people.
    """
    source, table = table_with(path, roles)
    _require_known(roles, rule)
    _require_no_person(table, roles)
    named, back = _renamed(table, roles)
    raw = read_table(named, label or path.name, source.stem, tool=tool or "table", unit=unit)
    raw.notes[:0] = source.notes
    # a row's note must name the column that a person finds in the file
    raw.blocks = [
        replace(
            block,
            column=back.get(block.column, block.column),
            time_column=back.get(block.time_column, block.time_column),
        )
        for block in raw.blocks
    ]
    return settle(raw, label or path.name, unit=unit)


def _require_known(roles: Mapping[str, str], rule: TableRule) -> None:
    known = {column.id for column in rule.columns} | set(PLACES)
    for column, role in roles.items():
        if role not in known and metric_of(role.replace("_", " ")) not in METRICS:
            raise UsageError(
                "Column '{column}': there is no role '{role}'.",
                where="columns",
                fix="Use one of: {known}",
                column=column,
                role=role,
                known=", ".join(sorted(known)),
            )


def _require_no_person(table: Table, roles: Mapping[str, str]) -> None:
    columns = dict(zip(column_names(table), table.columns, strict=True))
    for column, role in roles.items():
        told = personal_header(column) and fold(column) not in names_of("machine")
        if role == "machine" and (told or personal_cells(columns[column][:_LOOK])):
            raise UsageError(
                "Column '{column}' speaks of a person, and no person is read as a machine.",
                where="columns",
                fix="Name the column of the machines; if it holds none but machines, rename it.",
                column=column,
            )


def _renamed(table: Table, roles: Mapping[str, str]) -> tuple[Table, dict[str, str]]:
    """The table with headers that the reader knows, and the file's own by those."""
    names = reader_names(table, roles)
    kept = [(at, name) for at, name in enumerate(column_names(table)) if names[name]]
    header = [names[name] for _, name in kept]
    columns = [table.columns[at] for at, _ in kept]
    back = {names[name]: name for _, name in kept}
    return replace(table, header=header, columns=columns), back


def reader_names(table: Table, roles: Mapping[str, str]) -> dict[str, str]:
    """What the reader of any table shall call each column; "" for one that is left out."""
    lone = "machine" not in roles.values()
    found = {}
    for name in column_names(table):
        role = roles.get(name, "")
        if not role:
            found[name] = "" if _in_the_way(name, roles) else name
        else:
            shared = lone and list(roles.values()).count(role) > 1
            found[name] = _header(name, role, shared=shared)
    return found


def _header(name: str, role: str, *, shared: bool) -> str:
    bare = _HEADERS.get(role, role)
    if shared:
        # one column for each machine: the reader takes the metric's words out again
        return f"{name} {bare}"
    return f"{bare} ({unit_in(name)})" if unit_in(name) else bare


def _in_the_way(name: str, roles: Mapping[str, str]) -> bool:
    """Whether an untold column would be taken for a part that another one was told to play."""
    for role in ("time", "machine", "metric", "unit", "value"):
        if role in roles.values() and fold(name) in names_of(role):
            return not ("date" in roles.values() and role == "time")
    metric = metric_of(name)
    told = {metric_of(role.replace("_", " ")) for role in roles.values() if role not in PLACES}
    return metric is not None and metric in told
