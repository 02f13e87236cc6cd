"""Any table by the columns of a contract: texts, times, numbers and money, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kit.data.own.cells import Cells, Habit, parse_cells, plain_form
from kit.data.own.contract import ColumnRule, TableRule
from kit.data.own.masks import Masker
from kit.data.own.people import personal_text
from kit.data.own.rows import Rows
from kit.data.own.suggest import column_names
from kit.data.own.tables import table_with
from kit.data.readers import Ledger, RowNote
from kit.data.readers.settle import nothing_usable
from kit.data.readers.table import Table
from kit.errors import DataError
from kit.i18n import mark, phrase

_ADVICE = mark("Correct the cell in the export, or go on without this record.")


@dataclass(frozen=True)
class Roles:
    """Which of a file's columns the contract needs, and where they stand.

    ``told`` is column to id; ``at`` the place of each id that the file has.
    """

    rule: TableRule
    told: Mapping[str, str]
    header: tuple[str, ...]
    masker: Masker | None
    file: str

    @classmethod
    def of(
        cls,
        table: Table,
        rule: TableRule,
        told: Mapping[str, str],
        masker: Masker | None,
        file: str,
    ) -> Roles:
        """The roles of this very table."""
        return cls(rule, told, tuple(column_names(table)), masker, file)

    @property
    def at(self) -> dict[str, int]:
        """The place of each column of the contract that the file has."""
        return {role: self.header.index(column) for column, role in self.told.items()}

    @property
    def needs(self) -> list[ColumnRule]:
        """Columns of the contract that the file has, in the contract's order."""
        return [need for need in self.rule.columns if need.id in self.at]

    def unread(self) -> list[str]:
        """A note of the columns that are not read, if there are any."""
        left = [name for name in self.header if name not in self.told]
        if not left:
            return []
        told = phrase(
            "Columns that the unit does not need, not read: {names}.", names=", ".join(left)
        )
        return [told]


@dataclass(frozen=True)
class Judged:
    """A table, or a piece of one: rows that can be used, and a note of every other thing."""

    rows: pd.DataFrame
    repairs: list[RowNote]
    rejects: list[RowNote]
    notes: list[str]


def read_columns(
    path: Path, rule: TableRule, roles: Mapping[str, str], masker: Masker | None, *, label: str = ""
) -> Rows:
    """Read one file by confirmed roles (column to id). A record is a row.

    A row with a cell that the contract needs and that cannot be read is rejected; one whose
    optional cell is empty stays. People's columns, and addresses, phone and registration
    numbers inside texts, are masked before anything is kept. DataError when no row is left.
    """
    origin, table = table_with(path, roles)
    known = Roles.of(table, rule, roles, masker, label or path.name)
    found = judge(table, known)
    if not len(found.rows):
        raise no_rows(known.file, found.rejects, len(found.rejects))
    ledger = Ledger(
        read=len(found.rows) + len(found.rejects),
        kept=len(found.rows) - len(found.repairs),
        repaired=len(found.repairs),
        rejected=len(found.rejects),
        repairs=tuple(found.repairs),
        rejects=tuple(found.rejects),
        notes=tuple(dict.fromkeys([*origin.notes, *found.notes, *known.unread()])),
    )
    return Rows(rule, found.rows, ledger)


def no_rows(file: str, rejects: Sequence[RowNote], count: int) -> DataError:
    """The error of a table without one usable row, of ``count`` rejected ones."""
    fix = mark("Check that the columns are what you said, and that the file has rows.")
    return nothing_usable(file, rejects, fix, count=count)


def judge(table: Table, roles: Roles, habits: Mapping[str, Habit] | None = None) -> Judged:
    """Parse and account for every row; with ``habits`` the table is a piece of a file."""
    at = roles.at
    parsed = {
        need.id: parse_cells(
            table.columns[at[need.id]],
            table.header[at[need.id]],
            need,
            roles.masker,
            # a column that no habit is known of has none, which is not the same as unknown
            habits.get(need.id, Habit()) if habits is not None else None,
        )
        for need in roles.needs
    }
    frame = pd.DataFrame({name: cells.values for name, cells in parsed.items()})
    frame["file"], frame["row"] = roles.file, pd.Series(table.rows, dtype="int64")
    repairs, rejects = _notes(table, roles, parsed)
    good = ~frame["row"].isin([note.row for note in rejects])
    rejects += [_odd(note, roles.file) for note in table.odd]
    return Judged(
        frame[good].reset_index(drop=True),
        repairs,
        sorted(rejects, key=lambda note: note.row),
        [note for cells in parsed.values() for note in cells.notes],
    )


def _odd(note: RowNote, file: str) -> RowNote:
    """A line that is no record, under the name that the rows have, and without a person."""
    return note._replace(file=file, read="…" if personal_text(note.read) else note.read)


def _notes(
    table: Table, roles: Roles, parsed: Mapping[str, Cells]
) -> tuple[list[RowNote], list[RowNote]]:
    """One note for each row that is not as it was written: the first reason counts."""
    repairs: dict[int, RowNote] = {}
    rejects: dict[int, RowNote] = {}
    at = roles.at

    def note(need: ColumnRule, index: int, expected: str, action: str) -> RowNote:
        read = str(table.columns[at[need.id]][index])[:200]
        hidden = need.person or personal_text(read)
        return RowNote(
            roles.file, table.rows[index], table.header[at[need.id]], "…" if hidden else read,
            expected, action,
        )  # fmt: skip

    for index, shape in enumerate(table.fault or []):
        if shape:
            row = table.rows[index]
            rejects[index] = RowNote(roles.file, row, "(whole row)", "", shape, _ADVICE)
    for need in roles.needs:
        cells = parsed[need.id]
        for index in cells.fault.index[cells.fault != ""]:
            empty = not str(table.columns[at[need.id]][index]).strip()
            if not (need.optional and empty):
                rejects.setdefault(index, note(need, index, cells.fault[index], _ADVICE))
        for index in cells.repair.index[cells.repair != ""]:
            repairs.setdefault(index, note(need, index, plain_form(need), cells.repair[index]))
    kept = [repairs[index] for index in sorted(repairs) if index not in rejects]
    return kept, [rejects[index] for index in sorted(rejects)]
