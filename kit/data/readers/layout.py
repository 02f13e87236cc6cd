"""Which columns of a table are measured: found in its first rows, to read the rest in pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kit.data.readers.generic import Roles, named_metric, read_table, roles_of, time_cells
from kit.data.readers.inventory import Sizes, sizes_in
from kit.data.readers.metrics import statistic_in, unit_in
from kit.data.readers.settle import Block
from kit.data.readers.table import Grid, Table, find_header, grid_of, table_of


@dataclass(frozen=True)
class Measure:
    """One column of values. ``key`` is the pair of metric and unit of its rows, 0 for all rows."""

    at: int
    block: Block
    key: int = 0

    @property
    def machine(self) -> str | None:
        """The machine of all rows, None where a column names it."""
        return self.block.machine if isinstance(self.block.machine, str) else None


@dataclass(frozen=True)
class Layout:
    """A table's shape: positions of its columns in the file, -1 for none."""

    delimiter: str
    header: tuple[str, ...]
    header_row: int
    time: int
    date: int
    machine: int
    metric: int
    unit: int
    measures: tuple[Measure, ...]
    notes: tuple[str, ...]
    sizes: Sizes

    @property
    def width(self) -> int:
        """Cells of a whole row."""
        return len(self.header)

    def measures_of(self, pair: tuple[str, str], key: int) -> list[Measure]:
        """The measures of rows that name this metric and this unit."""
        several = len(self.measures) > 1
        return [
            replace(one, key=key, block=_named(one.block, pair, several)) for one in self.measures
        ]

    def cells_of_time(self, table: Table) -> Sequence[str]:
        """The times of a piece of the table, joined with their dates where the two are apart."""
        return time_cells(table, Roles(self.time, self.date, self.machine, self.metric, self.unit))


def _named(block: Block, pair: tuple[str, str], several: bool) -> Block:
    name, unit = pair
    metric = named_metric(name, unit) + (statistic_in(block.column) if several else "")
    return replace(block, metric=metric, unit=unit or unit_in(name), name=name)


def layout_of(
    head: str, file: str, stem: str, roles: Mapping[str, str], unit: str | None
) -> Layout:
    """Find the layout in the first lines of a file.

    ``roles`` says what the reader shall call a column, by its name in the file; '' leaves it
    out. Raises DataError where no time or no measured column is found.
    """
    grid, delimiter = grid_of(head)
    at = _header_at(grid, roles)
    table = table_of(grid, file, at)
    named, places = _renamed(table, roles)
    raw = read_table(named, file, stem, tool="table", unit=unit)
    found = roles_of(named, file)
    place = {**dict(enumerate(places)), -1: -1}
    machine = found.machine
    # The reader may have taken a column that alone tells equal times apart.
    if machine < 0 and raw.blocks and not isinstance(raw.blocks[0].machine, str):
        told = raw.blocks[0].machine
        machine = next((at for at, cells in enumerate(named.columns) if cells is told), -1)
    original = tuple(name or f"column {n}" for n, name in enumerate(table.header, start=1))
    filled = [
        row for row, one in zip(grid.rows, grid.records, strict=True) if any(map(str.strip, one))
    ]
    time_column = original[place[found.time]]
    sizes = sizes_in(named.header)
    measures = [
        Measure(place[at], _prototype(block, original[place[at]], time_column))
        for block, at in _columns(raw.blocks, named, found.metric >= 0)
    ]
    return Layout(
        delimiter,
        original,
        filled[at] if at >= 0 else 0,
        place[found.time],
        place[found.date],
        place[machine],
        place[found.metric],
        place[found.unit] if found.metric >= 0 else -1,
        tuple(measures),
        tuple(raw.notes),
        Sizes(place[sizes.vcpu], place[sizes.memory]),
    )


def _header_at(grid: Grid, roles: Mapping[str, str]) -> int:
    """The line whose cells are the named columns, else what looks like a header."""
    filled = [[cell.strip() for cell in one] for one in grid.records if any(map(str.strip, one))]
    named = next((at for at, one in enumerate(filled) if roles and set(roles) <= set(one)), None)
    return find_header(filled) if named is None else named


def _renamed(table: Table, roles: Mapping[str, str]) -> tuple[Table, list[int]]:
    """The table as the reader shall see it, and where its columns stand in the file."""
    names = [name or f"column {at}" for at, name in enumerate(table.header, start=1)]
    kept = [at for at, name in enumerate(names) if roles.get(name, name)]
    header = [roles.get(names[at], table.header[at]) for at in kept]
    return replace(table, header=header, columns=[table.columns[at] for at in kept]), kept


def _columns(blocks: Sequence[Block], table: Table, by_row: bool) -> list[tuple[Block, int]]:
    """Each block with its column; where rows name their metric, one for each column of values."""
    if not by_row:
        whole = {id(cells): at for at, cells in enumerate(table.columns)}
        return [(block, whole[id(block.value)]) for block in blocks]
    first: dict[str, Block] = {}
    for block in blocks:
        first.setdefault(block.column, block)
    return [(block, table.header.index(name)) for name, block in first.items()]


def _prototype(block: Block, column: str, time_column: str) -> Block:
    """A block without its cells, named as in the file."""
    machine = block.machine if isinstance(block.machine, str) else ()
    return replace(
        block,
        machine=machine,
        time=(),
        value=(),
        row=(),
        fault=None,
        column=column,
        time_column=time_column,
    )
