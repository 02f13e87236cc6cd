"""The regular rows of a large table, parsed by DuckDB: plain numbers and ISO or epoch times.

Every line is read as one text and split here, so that a damaged line is known by its number
and costs itself alone. A row with anything irregular is handed over whole, as its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kit.data.readers.encode import SEPARATOR
from kit.data.readers.inventory import Stated
from kit.data.readers.layout import Layout, Measure
from kit.data.readers.metrics import limits_of
from kit.data.readers.settle import FRACTION_PEAK, may_be_fraction, scale_of
from kit.errors import DataError

if TYPE_CHECKING:
    import duckdb

_PLAIN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_CLOCK = (
    r"(?:19[7-9][0-9]|2[01][0-9]{2})[-./](?:0[1-9]|1[0-2])[-./][0-9]{2}"
    r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_NAME = r"[^\s\p{Z}\p{C}](?:.*[^\s\p{Z}\p{C}])?"
_EPOCH = r"[1-4][0-9]{9}(?:[0-9]{3})?"
# Lines of one query; a file whose every line is irregular must fit too.
_SPAN = 100_000
# Rows that are sorted in one go.
_SORTED = 6_000_000
# More different names are no names of metrics.
_MOST_PAIRS = 10_000


def quoted(path: Path, *, pattern: bool = True) -> str:
    """A path as SQL text; in a ``pattern`` no letter may stand for others."""
    text = re.sub(r"([*?\[])", r"[\1]", str(path)) if pattern else str(path)
    return "'" + text.replace("'", "''") + "'"


def parts_in(folder: Path) -> str:
    """All files of a folder as SQL text."""
    return quoted(folder)[:-1] + "/*.parquet'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Lines:
    """The lines of a file below its header, split into cells ``c``; null where Python must."""

    source: Path
    layout: Layout

    @property
    def sql(self) -> str:
        """A query with the columns row, line and c."""
        mark = _text(self.layout.delimiter)
        cell = f'"[^"{re.escape(self.layout.delimiter)}]*"|[^"{re.escape(self.layout.delimiter)}]*'
        shape = _text(f"(?:{cell})(?:{re.escape(self.layout.delimiter)}(?:{cell}))*")
        return f"""
            select row, line, case
                when not contains(line, '"') then string_split(line, {mark})
                when regexp_full_match(line, {shape})
                    then string_split(replace(line, '"', ''), {mark}) end as c
            from (select row_number() over () as row, coalesce(line, '') as line
                from read_csv({quoted(self.source)}, columns = {{'line': 'VARCHAR'}},
                    delim = '{SEPARATOR}', quote = '', escape = '', header = false,
                    auto_detect = false, strict_mode = false))
            where row > {self.layout.header_row}"""


@dataclass
class Regular:
    """What SQL parses; ``wide`` has a row per line, with its text where it is irregular."""

    db: duckdb.DuckDBPyConnection
    lines: Lines
    work: Path
    unit: str | None
    measures: list[Measure] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        layout = self.lines.layout
        if layout.metric >= 0:
            for pair in self._pairs():
                self.add_pair(pair)
        else:
            self.measures = list(layout.measures)
        self.measures = [self._with_unit(one) for one in self.measures]

    def add_pair(self, pair: tuple[str, str]) -> None:
        """Measures for rows that name a metric and a unit which were not met before."""
        self.pairs.append(pair)
        self.measures += self.lines.layout.measures_of(pair, len(self.pairs))

    def _cell(self, at: int) -> str:
        return f"coalesce(c[{at + 1}], '')"

    def _pairs(self) -> list[tuple[str, str]]:
        layout = self.lines.layout
        unit = self._cell(layout.unit) if layout.unit >= 0 else "''"
        found = self.db.execute(
            f"select distinct {self._cell(layout.metric)}, {unit} from ({self.lines.sql}) "
            f"where c is not null and len(c) = {layout.width} limit {_MOST_PAIRS + 1}"
        ).fetchall()
        if len(found) > _MOST_PAIRS:
            raise DataError(
                "Column {column!r} holds more than {most} different names: it names no metrics.",
                where=self.lines.source.name,
                fix="Say what the columns are: which one names the metric, if any.",
                column=layout.header[layout.metric],
                most=_MOST_PAIRS,
            )
        return [(str(name), str(unit)) for name, unit in found]

    def _with_unit(self, one: Measure) -> Measure:
        """Settle for the whole file whether a percentage that is called a ratio is one."""
        if one.block.unit or not may_be_fraction(one.block):
            return one
        only = ""
        if one.key:
            name, unit = self.pairs[one.key - 1]
            layout = self.lines.layout
            only = f" and {self._cell(layout.metric)} = {_text(name)}"
            only += f" and {self._cell(layout.unit)} = {_text(unit)}" if layout.unit >= 0 else ""
        peak = self.db.execute(
            f"select max(try_cast(trim({self._cell(one.at)}) as double)) "
            f"from ({self.lines.sql}) where c is not null{only}"
        ).fetchone()
        small = peak is not None and peak[0] is not None and peak[0] <= FRACTION_PEAK
        return replace(one, block=replace(one.block, unit="fraction" if small else "percent"))

    @property
    def wide(self) -> Path:
        """The parsed lines."""
        return self.work / "wide.parquet"

    def write(self) -> None:
        """Parse all lines into ``wide``."""
        columns = sorted({one.at for one in self.measures})
        values = ", ".join(f"{self._value(at)} as v{n}" for n, at in enumerate(columns))
        checks = " and ".join(f"coalesce(v{n}.ok, false)" for n in range(len(columns)))
        kept = ", ".join(f"case when fit then v{n}.value end as v{n}" for n in range(len(columns)))
        self.db.execute(f"""
            copy (select row, case when fit then machine end as machine,
                    case when fit then t.clock end as time, case when fit then t.zone end as zone,
                    fit and t.epoch as epoch, key, {kept}, case when not fit then line end as line
                from (select *, c is not null and t.clock is not null and machine is not null
                        and key is not null and {checks} as fit
                    from (select row, line, c, {self._machine()} as machine,
                            {self._time()} as t, key, {values}
                        from ({self._keyed()}))))
            to {quoted(self.wide, pattern=False)} (format parquet)""")

    def _keyed(self) -> str:
        """Lines with the number of their pair of metric and unit; 0 where rows name none."""
        layout = self.lines.layout
        whole = f"select row, line, case when len(c) = {layout.width} then c end as c"
        if layout.metric < 0:
            return f"{whole}, 0 as key from ({self.lines.sql})"
        rows = [(name, unit, at) for at, (name, unit) in enumerate(self.pairs, start=1)]
        self.db.execute("create or replace temp table pairs (name varchar, unit varchar, key int)")
        if rows:
            self.db.executemany("insert into pairs values (?, ?, ?)", rows)
        unit = self._cell(layout.unit) if layout.unit >= 0 else "''"
        return (
            f"{whole}, key from ({self.lines.sql}) left join pairs "
            f"on name = {self._cell(layout.metric)} and unit = {unit}"
        )

    def _machine(self) -> str:
        at = self.lines.layout.machine
        if at < 0:
            return "''"
        name = f"trim({self._cell(at)})"
        return f"case when regexp_full_match({name}, '{_NAME}') then {name} end"

    def _time(self) -> str:
        layout = self.lines.layout
        cell = f"trim({self._cell(layout.time)})"
        if layout.date >= 0:
            cell = f"trim({self._cell(layout.date)} || ' ' || {self._cell(layout.time)})"
        rest = f"substr({cell}, 20)"
        base = f"translate(left({cell}, 19), 'T/.', ' --')"
        part = f"try_cast(rpad(regexp_extract({rest}, '^[.]([0-9]+)', 1), 6, '0') as int)"
        sign, hours, minutes = (
            f"regexp_extract({rest}, '([+-])([0-9][0-9]):?([0-9][0-9])$', {n})" for n in (1, 2, 3)
        )
        zone = (
            f"case when {rest} = '' then null when {rest} like '%Z' then 0 when {sign} <> '' then "
            f"(case {sign} when '-' then -1 else 1 end) * "
            f"(try_cast({hours} as int) * 60 + try_cast({minutes} as int)) end"
        )
        formats = "['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M']"
        number = f"try_cast({cell} as bigint) * (case when len({cell}) = 10 then 1000 else 1 end)"
        return f"""case
            when regexp_full_match({cell}, '{_CLOCK}') then {{
                'clock': try_strptime({base}, {formats}) + case when {rest} like '.%'
                    then to_microseconds({part}) else to_microseconds(0) end,
                'zone': {zone}, 'epoch': false}}
            when regexp_full_match({cell}, '{_EPOCH}') then {{
                'clock': make_timestamp_ms({number}), 'zone': 0, 'epoch': true}} end"""

    def _value(self, at: int) -> str:
        """Value and whether it is one, scaled; the scale follows the pair where rows name one."""
        cell = f"trim({self._cell(at)})"
        scales = []
        for one in (one for one in self.measures if one.at == at):
            limits = limits_of(one.block.metric)
            factor, _, repair = scale_of(one.block.unit, limits.unit, self.unit)
            # A declared conversion is a repair of each cell and is listed, so Python does it.
            scale = "null" if repair else f"{factor!r}::double"
            scales.append(
                f"when {one.key} then {{'f': {scale}, 'low': {limits.low!r}::double, "
                f"'high': {limits.high!r}::double}}"
            )
        scale = f"(case key {' '.join(scales)} end)"
        number = f"try_cast({cell} as double) * {scale}.f"
        return (
            f"case when regexp_full_match({cell}, '{_PLAIN}') then {{'value': {number}, "
            f"'ok': {number} between {scale}.low and {scale}.high}} end"
        )

    def irregular(self) -> Iterator[tuple[list[int], list[str]]]:
        """Numbers and texts of the lines that SQL refused, in spans of the file."""
        wide = f"read_parquet({quoted(self.wide)})"
        last = self.db.execute(f"select max(row), count(line) from {wide}").fetchone()
        if not last or not last[1]:
            return
        for start in range(0, last[0] + 1, _SPAN):
            found = self.db.execute(
                f"select row, line from {wide} where line is not null "
                f"and row >= {start} and row < {start + _SPAN} order by row"
            ).fetchall()
            if found:
                yield [row for row, _ in found], [line for _, line in found]

    def zones(self) -> tuple[set[float], bool, int]:
        """Of regular times the offsets in minutes, whether any counts from 1970, their number."""
        found = self.db.execute(
            f"select zone, epoch, count(*) from read_parquet({quoted(self.wide)}) "
            "where line is null group by zone, epoch"
        ).fetchall()
        offsets = {float(zone) for zone, _, _ in found if zone is not None}
        return offsets, any(epoch for _, epoch, _ in found), sum(count for *_, count in found)

    def stated(self) -> list[Stated]:
        """Machine, vCPU and memory as the lines state them, each once, as they first occur."""
        layout = self.lines.layout
        if not layout.sizes.places:
            return []
        lone = {one.machine for one in self.measures}
        name = _text(str(next(iter(lone)))) if layout.machine < 0 else self._cell(layout.machine)
        cells = [
            self._cell(at) if at >= 0 else "''" for at in (layout.sizes.vcpu, layout.sizes.memory)
        ]
        return self.db.execute(
            f"select trim({name}) as machine, {cells[0]} as vcpu, {cells[1]} as memory "
            f"from ({self.lines.sql}) where c is not null and len(c) = {layout.width} "
            f"group by all order by min(row) limit {_MOST_PAIRS}"
        ).fetchall()

    def sort(self, target: Path, places: Sequence[int], utc: bool) -> None:
        """Write all samples, those of the pieces too, into the folder ``target``.

        Sorted by machine, place of their measure, row; a machine's rows are in one file.

        ``places`` is the order of ``measures``; times are moved to UTC with ``utc``.
        """
        columns = sorted({one.at for one in self.measures})
        self.db.execute(
            "create or replace temp table measures (key int, v int, place int, machine varchar, "
            "metric varchar, unit varchar)"
        )
        self.db.executemany(
            "insert into measures values (?, ?, ?, ?, ?, ?)",
            [
                (
                    one.key,
                    columns.index(one.at),
                    place,
                    one.machine,
                    one.block.metric,
                    self._base(one),
                )
                for one, place in zip(self.measures, places, strict=True)
            ],
        )
        values = ", ".join(f"v{n}" for n in range(len(columns)))
        time = "time - to_minutes(coalesce(zone, 0))" if utc else "time"
        pieces = parts_in(self.work / "pieces")
        target.mkdir()
        # Sorting everything at once would need more memory than there may be, even spilling.
        parts = self._count(len(columns)) // _SORTED + 1
        named = all(one.machine is None for one in self.measures)
        for part in range(parts):
            mine = f"hash(machine) % {parts} = {part}"
            # Before the values are taken apart, where the line itself names the machine.
            early = f" and {mine}" if named else ""
            self.db.execute(f"""
                copy (select * from (
                    select coalesce(m.machine, w.machine) as machine, m.metric, m.unit,
                        w.time::timestamp_ns as time, w.value, w.row, m.place
                    from (select row, machine, {time} as time, key,
                            unnest(range({len(columns)})) as v, unnest([{values}]) as value
                        from read_parquet({quoted(self.wide)}) where line is null{early}) w
                    join measures m on m.key = w.key and m.v = w.v
                    union all by name select * from read_parquet({pieces}))
                    where {mine} order by machine, place, row)
                to {quoted(target / f"{part:04d}.parquet", pattern=False)} (format parquet)""")

    def _count(self, columns: int) -> int:
        found = self.db.execute(f"select count(*) from read_parquet({quoted(self.wide)})")
        row = found.fetchone()
        return columns * row[0] if row else 0

    def _base(self, one: Measure) -> str:
        limits = limits_of(one.block.metric)
        return scale_of(one.block.unit, limits.unit, self.unit)[1]
