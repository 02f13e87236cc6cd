"""The irregular rows of a large table, in pieces, by the code that reads small files whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from kit.data.readers.inventory import inventory_of
from kit.data.readers.layout import Layout, Measure
from kit.data.readers.listing import Listing
from kit.data.readers.metrics import limits_of
from kit.data.readers.settle import (
    FEW,
    FRACTION_PEAK,
    Block,
    Part,
    cell_unit,
    low_notes,
    nothing_usable,
    says_unit,
    settle_block,
)
from kit.data.readers.sql import Regular, parts_in, quoted
from kit.data.readers.table import Table, cut, split
from kit.data.readers.times import TimeSurvey
from kit.data.readers.values import proves_comma

_PIECE = 50_000


@dataclass(frozen=True)
class Account:
    """What a whole file came to."""

    usable: int
    listing: Listing
    notes: tuple[str, ...]
    unclear: tuple[tuple[str, str], ...]
    machines: pd.DataFrame


@dataclass
class Pieces:
    """Reads what SQL refused, and counts all."""

    layout: Layout
    regular: Regular
    file: str
    unit: str | None
    notes: tuple[str, ...]
    listing: Listing
    survey: TimeSurvey = field(default_factory=TimeSurvey)
    commas: set[tuple[int, int]] = field(default_factory=set)
    units_in_cells: set[tuple[int, int]] = field(default_factory=set)

    @property
    def utc(self) -> bool:
        """Whether the file prints several offsets, so that all times are shown in UTC."""
        return self.survey.habits().utc

    def settle(self, work: Path) -> None:
        """Judge every irregular row; samples go to ``work``, notes to the listing."""
        self._look()
        (work / "pieces").mkdir()
        self._write(pd.DataFrame(columns=[*_KEPT, "place"]), work / "pieces" / "none.parquet")
        for number, table in enumerate(self._tables()):
            self.listing.add([], table.odd)
            clocks: dict[int, Any] = {}
            parts = []
            for one, block in self._blocks(table):
                part = settle_block(block, self.file, self.unit, clocks)
                self._note(one, part)
                parts.append(part.samples[_KEPT].assign(place=self._places()[one.key, one.at]))
            filled = [part for part in parts if len(part)]
            if filled:
                piece = pd.concat(filled, ignore_index=True)
                self._write(piece, work / "pieces" / f"{number}.parquet")

    def _look(self) -> None:
        """What only all rows together tell: the order of dates, decimal commas, offsets."""
        for table in self._tables():
            self.survey.add(list(self.layout.cells_of_time(table)))
            for pair in self._pairs(table):
                if pair not in self.regular.pairs:
                    self.regular.add_pair(pair)
            for one, block in self._blocks(table):
                if proves_comma(block.value):
                    self.commas.add((one.key, one.at))
        offsets, epoch, count = self.regular.zones()
        self.survey.forms.read += count
        self.survey.offsets |= offsets
        self.survey.epoch |= epoch

    def _tables(self) -> Iterator[Table]:
        for rows, lines in self.regular.irregular():
            for at in range(0, len(rows), _PIECE):
                records = [split(line, self.layout.delimiter) for line in lines[at : at + _PIECE]]
                pairs = zip(records, rows[at : at + _PIECE], strict=True)
                kept = [(one, row) for one, row in pairs if any(cell.strip() for cell in one)]
                body, numbers = [one for one, _ in kept], [row for _, row in kept]
                yield cut(list(self.layout.header), body, numbers, self.file, [], "")

    def _pairs(self, table: Table) -> set[tuple[str, str]]:
        return set(self._keys(table)) if self.layout.metric >= 0 else set()

    def _keys(self, table: Table) -> list[tuple[str, str]]:
        names = table.columns[self.layout.metric]
        units = table.columns[self.layout.unit] if self.layout.unit >= 0 else [""] * len(names)
        return list(zip(names, units, strict=True))

    def _blocks(self, table: Table) -> Iterator[tuple[Measure, Block]]:
        time = list(self.layout.cells_of_time(table))
        keys = self._keys(table) if self.layout.metric >= 0 else []
        places: dict[int, list[int]] = {}
        numbers = {pair: at for at, pair in enumerate(self.regular.pairs, start=1)}
        for at, pair in enumerate(keys):
            places.setdefault(numbers.get(pair, -1), []).append(at)
        for one in self.regular.measures:
            if not keys:
                yield one, self._block(one, table, time, None)
            elif one.key in places:
                yield one, self._block(one, table, time, places[one.key])

    def _block(
        self, one: Measure, table: Table, time: Sequence[str], pick: list[int] | None
    ) -> Block:
        def some(cells: Sequence[Any]) -> Sequence[Any]:
            return cells if pick is None else [cells[at] for at in pick]

        names = table.columns[self.layout.machine] if one.machine is None else ()
        return replace(
            one.block,
            machine=one.machine if one.machine is not None else some(names),
            # The same list where it is the same, so that its times are parsed once.
            time=some(time),
            value=some(table.columns[one.at]),
            row=some(table.rows),
            fault=None if table.fault is None else some(table.fault),
            habits=self.survey.habits(),
            comma=(one.key, one.at) in self.commas,
        )

    def _write(self, piece: pd.DataFrame, target: Path) -> None:
        db = self.regular.db.cursor()
        db.register("piece", piece)
        columns = ", ".join(f"{name}::{kind} as {name}" for name, kind in _SQL.items())
        db.execute(f"copy (select {columns} from piece) to {quoted(target, pattern=False)}")
        db.close()

    def _note(self, one: Measure, part: Part) -> None:
        self.listing.add(part.repairs, part.rejects)
        if cell_unit(part):
            self.units_in_cells.add((one.key, one.at))

    def places(self) -> list[int]:
        """The place of each measure among all: by its pair as pairs sort, then by its column."""
        order = {pair: at for at, pair in enumerate(sorted(self.regular.pairs))}
        ranks = [
            (order[self.regular.pairs[one.key - 1]] if one.key else 0, at)
            for at, one in enumerate(self.regular.measures)
        ]
        sorted_ranks = {rank: at for at, rank in enumerate(sorted(ranks))}
        return [sorted_ranks[rank] for rank in ranks]

    def _places(self) -> dict[tuple[int, int], int]:
        pairs = zip(self.regular.measures, self.places(), strict=True)
        return {(one.key, one.at): place for one, place in pairs}

    def account(self, samples: Path) -> Account:
        """Count what was written. Raises DataError when not one record can be used."""
        found = self.regular.db.execute(
            "select place, any_value(metric), any_value(unit), count(*), max(value), "
            "count(*) filter (value > 0) "
            f"from read_parquet({parts_in(samples)}) group by place order by place"
        ).fetchall()
        layout = self.layout
        machines, sized = inventory_of(self.regular.stated(), layout.header, layout.sizes)
        usable = sum(count for *_, count, _, _ in found) + len(machines)
        if not usable:
            raise nothing_usable(self.file, self.listing.rejects, count=self.listing.rejected)
        peaks: dict[str, tuple[float, int]] = {}
        for _, metric, unit, _, peak, positive in found:
            if unit == "percent" and positive:
                before = peaks.get(metric, (0.0, 0))
                peaks[metric] = (max(before[0], peak), before[1] + positive)
        notes = [*self.notes, *layout.notes, *sized, *self.survey.notes()]
        notes += low_notes([(metric, *pair) for metric, pair in sorted(peaks.items())])
        unclear = tuple((self.file, metric) for metric in self._unclear(found))
        return Account(usable, self.listing, tuple(notes), unclear, machines)

    def _unclear(self, found: Sequence[tuple[Any, ...]]) -> list[str]:
        """As ``settle`` does for a small file: percentages that may be fractions of 1."""
        by_place = {
            place: one for one, place in zip(self.regular.measures, self.places(), strict=True)
        }
        series: dict[str, tuple[int, float]] = {}
        for place, metric, _, count, peak, _ in found:
            one = by_place[place]
            percent = limits_of(metric).unit == "percent" and not self.unit
            if (
                percent
                and not says_unit(one.block)
                and (one.key, one.at) not in self.units_in_cells
            ):
                before = series.get(metric, (0, 0.0))
                series[metric] = (before[0] + count, max(before[1], peak))
        return [
            metric
            for metric, (count, peak) in series.items()
            if count >= FEW and 0 < peak <= FRACTION_PEAK
        ]


_SQL = {
    "machine": "varchar",
    "metric": "varchar",
    "unit": "varchar",
    "time": "timestamp_ns",
    "value": "double",
    "row": "bigint",
    "place": "int",
}
_KEPT = [name for name in _SQL if name != "place"]
