"""Any table by the columns of a contract: texts, times, numbers and money, row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kit.data.money import parse_money
from kit.data.own.contract import ColumnRule, TableRule
from kit.data.own.masks import Masker
from kit.data.own.people import personal_text
from kit.data.own.samples import SUMMARY_COLUMNS
from kit.data.own.suggest import column_names
from kit.data.own.tables import table_with
from kit.data.readers import Ledger, RowNote, source
from kit.data.readers.metrics import fold, unit_in, unit_of
from kit.data.readers.settle import nothing_usable
from kit.data.readers.source import is_large
from kit.data.readers.table import Table
from kit.data.readers.times import parse_times
from kit.data.readers.values import is_number, parse_values
from kit.errors import DataError
from kit.i18n import mark, phrase

_TIME = mark("a date and time, such as 2024-03-04 14:05:00")
_ADVICE = mark("Correct the cell in the export, or go on without this record.")


@dataclass(frozen=True)
class Rows:
    """Rows of a table as ``Samples``: the columns of the contract, then ``file`` and ``row``."""

    table: TableRule
    rows: pd.DataFrame
    ledger: Ledger

    def frame(self, machine: str = "") -> pd.DataFrame:
        """All rows, or those of one machine where the contract has such a column."""
        rows = self.rows
        if machine and "machine" in rows:
            rows = rows[rows["machine"] == machine]
        return rows.reset_index(drop=True)

    def summary(self) -> pd.DataFrame:
        """One row for each file, with the span of the first column of times."""
        time = next((c.id for c in self.table.columns if c.type == "time"), None)
        told = []
        for file, rows in self.rows.groupby("file", sort=False):
            times = rows[time] if time in rows else pd.Series(dtype="datetime64[ns]")
            told.append((file, "", self.table.id, "", len(rows), times.min(), times.max()))
        return pd.DataFrame(told, columns=list(SUMMARY_COLUMNS))


@dataclass(frozen=True)
class _Cells:
    """One parsed column: values, what was converted, and why a cell cannot be used."""

    values: pd.Series
    repair: pd.Series
    fault: pd.Series
    notes: tuple[str, ...] = ()


def require_size(path: Path, rule: TableRule, label: str) -> None:
    """DataError for a table that would not fit into memory: its rows are held at once."""
    if is_large(path):
        raise DataError(
            "{file} has {size:,.0f} MB; a table of rows ({title}) is read at once, and may have "
            "{limit:,.0f} MB.",
            where=label,
            fix="Export fewer rows (a shorter period, fewer machines), and only what the unit "
            "needs: {columns}.",
            file=label,
            size=path.stat().st_size / 1e6,
            title=rule.title,
            limit=source.LARGE / 1e6,
            columns=", ".join(column.id for column in rule.columns),
        )


def read_columns(
    path: Path, rule: TableRule, roles: Mapping[str, str], masker: Masker | None, *, label: str = ""
) -> Rows:
    """Read one file by confirmed roles (column to id). A record is a row.

    A row with a cell that the contract needs and that cannot be read is rejected; one whose
    optional cell is empty stays. People's columns, and addresses, phone and registration
    numbers inside texts, are masked before anything is kept. DataError when no row is left.
    """
    origin, table = table_with(path, roles)
    at = {role: column_names(table).index(column) for column, role in roles.items()}
    file = label or path.name
    parsed = {
        need.id: _parsed(table, at[need.id], need, masker) for need in rule.columns if need.id in at
    }
    frame = pd.DataFrame({name: cells.values for name, cells in parsed.items()})
    frame["file"], frame["row"] = file, pd.Series(table.rows, dtype="int64")
    told = [note for cells in parsed.values() for note in cells.notes]
    repairs, rejects = _notes(table, at, rule, parsed, file)
    good = ~frame["row"].isin([note.row for note in rejects])
    if not good.any():
        fix = mark("Check that the columns are what you said, and that the file has rows.")
        raise nothing_usable(file, rejects, fix)
    ledger = Ledger(
        read=len(frame) + len(table.odd),
        kept=int(good.sum()) - len(repairs),
        repaired=len(repairs),
        rejected=len(rejects) + len(table.odd),
        repairs=tuple(repairs),
        rejects=(*table.odd, *rejects),
        notes=tuple(dict.fromkeys([*origin.notes, *told, *_unread(table, roles)])),
    )
    return Rows(rule, frame[good].reset_index(drop=True), ledger)


def _unread(table: Table, roles: Mapping[str, str]) -> list[str]:
    left = [name for name in column_names(table) if name not in roles]
    if not left:
        return []
    return [
        phrase("Columns that the unit does not need, not read: {names}.", names=", ".join(left))
    ]


def _parsed(table: Table, at: int, need: ColumnRule, masker: Masker | None) -> _Cells:
    cells = pd.Series([str(cell).strip() for cell in table.columns[at]], dtype=object)
    none = pd.Series("", index=cells.index, dtype=object)
    if need.type == "text":
        fault = none.mask(cells == "", mark("a text"))
        return _Cells(*_without_people(cells, need, masker), fault)
    if need.type == "time":
        times = parse_times(list(cells))
        return _Cells(times.clock, times.repair, none.mask(times.clock.isna(), _TIME), times.notes)
    if need.type == "money":
        return _amounts(cells, need, table.header[at])
    return _numbers(cells, need, table.header[at])


def _amounts(cells: pd.Series, need: ColumnRule, header: str) -> _Cells:
    """Sums in the contract's currency; another one is not converted, since rates change."""
    brackets = re.search(r"[(\[]([^()\[\]]+)[)\]]", header)
    stated = parse_money(f"1{brackets[1]}", need.currency) if brackets else None
    factor = stated.amount if stated and stated.currency == need.currency else 1.0

    def read(cell: str) -> tuple[float, str, str]:
        found = parse_money(cell, need.currency)
        if found is None:
            return float("nan"), "", mark("an amount of money")
        if found.currency != need.currency:
            other = phrase("an amount in {currency}, not in {other}", currency=need.currency,
                           other=found.currency)  # fmt: skip
            return float("nan"), "", other
        plain = is_number(cell)
        amount = found.amount * factor if plain else found.amount
        done = phrase("read as {amount:,.0f} {currency}", amount=amount, currency=need.currency)
        return amount, "" if plain else done, ""

    told = {cell: read(cell) for cell in cells.unique()}
    amounts, repair, fault = (cells.map({c: one[at] for c, one in told.items()}) for at in range(3))
    amounts = amounts.astype("float64")
    outside = amounts.notna() & ~need.allows(amounts)
    span = phrase("a value within {span}", span=need.span()) if need.bounded else ""
    return _Cells(amounts, repair.astype(object), fault.astype(object).mask(outside, span))


def _without_people(
    cells: pd.Series, need: ColumnRule, masker: Masker | None
) -> tuple[pd.Series, pd.Series]:
    """Texts with people masked; without a key they are left out altogether."""

    def hidden(cell: str) -> str:
        kind = need.id if need.person else personal_text(cell)
        if not (cell and kind):
            return cell
        return masker.mask(cell, fold(kind)) if masker else ""

    masked = cells.map({cell: hidden(cell) for cell in cells.unique()})
    done = pd.Series("", index=cells.index, dtype=object)
    if not need.person:
        done = done.mask(masked != cells, mark("speaks of a person: masked"))
    return masked, done


def _numbers(cells: pd.Series, need: ColumnRule, header: str) -> _Cells:
    known = unit_of(need.unit) if need.unit else None
    stated = unit_of(unit_in(header)) or known
    factor = stated[1] if stated and known and stated[0] == known[0] else 1.0
    values = parse_values(list(cells), unit=known[0] if known else "", factor=factor)
    # in the contract's unit, whatever the base unit of the parser is
    number = values.number / (known[1] if known else 1.0)
    outside = number.notna() & ~need.allows(number)
    span = phrase("a value within {span}", span=need.span()) if need.bounded else ""
    return _Cells(number, values.repair, values.fault.mask(outside & (values.fault == ""), span))


def _notes(
    table: Table, at: Mapping[str, int], rule: TableRule, parsed: Mapping[str, _Cells], file: str
) -> tuple[list[RowNote], list[RowNote]]:
    """One note for each row that is not as it was written: the first reason counts."""
    repairs: dict[int, RowNote] = {}
    rejects: dict[int, RowNote] = {}

    def note(need: ColumnRule, index: int, expected: str, action: str) -> RowNote:
        read = str(table.columns[at[need.id]][index])[:200]
        hidden = need.person or personal_text(read)
        return RowNote(
            file, table.rows[index], table.header[at[need.id]], "…" if hidden else read,
            expected, action,
        )  # fmt: skip

    for index, shape in enumerate(table.fault or []):
        if shape:
            rejects[index] = RowNote(file, table.rows[index], "(whole row)", "", shape, _ADVICE)
    for need in (column for column in rule.columns if column.id in parsed):
        cells = parsed[need.id]
        for index in cells.fault.index[cells.fault != ""]:
            empty = not str(table.columns[at[need.id]][index]).strip()
            if not (need.optional and empty):
                rejects.setdefault(index, note(need, index, cells.fault[index], _ADVICE))
        for index in cells.repair.index[cells.repair != ""]:
            told = phrase("{kind} as a contract writes it", kind=need.id)
            repairs.setdefault(index, note(need, index, told, cells.repair[index]))
    kept = [repairs[index] for index in sorted(repairs) if index not in rejects]
    return kept, [rejects[index] for index in sorted(rejects)]
