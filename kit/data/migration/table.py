"""What a table holds: its columns by kind, and its key. Rows are tuples in the columns' order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["integer", "text", "amount", "time", "date", "flag"]
Row = tuple[Any, ...]
Key = Any
"""The value of a key of one column, and a tuple of values for several."""


@dataclass(frozen=True)
class Column:
    """A column of the target, by what it means and not by a database's name for it.

    ``integer`` int · ``text`` str · ``amount`` Decimal · ``time`` datetime with a zone ·
    ``date`` date · ``flag`` bool. None is NULL in every kind.
    """

    name: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A table of the target. Without a ``key`` no row can be told from another."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the order of a row."""
        return tuple(column.name for column in self.columns)

    def at(self, column: str) -> int:
        """Where ``column`` stands in a row. Raises ``ValueError`` for an unknown one."""
        return self.names.index(column)

    def key_of(self, row: Row) -> Key:
        """The row's key. Raises ``ValueError`` when the table has none."""
        if not self.key:
            raise ValueError(f"{self.name} has no key")
        found = tuple(row[self.at(name)] for name in self.key)
        return found[0] if len(found) == 1 else found
