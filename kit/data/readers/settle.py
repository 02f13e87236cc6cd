"""From raw columns of text to samples and a ledger: the one place where records are judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kit.data.readers.draft import Habits
from kit.data.readers.metrics import fold, limits_of, unit_of
from kit.data.readers.record import MACHINE_COLUMNS, SAMPLE_COLUMNS, Ledger, Reading, RowNote
from kit.data.readers.table import Table
from kit.data.readers.times import Times, parse_times
from kit.data.readers.values import Values, parse_values
from kit.errors import DataError
from kit.i18n import mark, phrase

Derive = Callable[[pd.Series], pd.Series]


@dataclass(frozen=True)
class Block:
    """Measurements of one metric as the export writes them: aligned columns of text.

    ``unit`` is the unit that the export states, empty for the metric's own. ``fault``
    gives, per row, a reason why the row cannot be used (empty: none is known yet).
    ``derive`` turns the parsed number into the metric, for example idle into load.
    """

    metric: str
    machine: str | Sequence[str]
    time: Sequence[object]
    value: Sequence[object]
    row: Sequence[int]
    column: str = "value"
    time_column: str = "timestamp"
    unit: str = ""
    fault: Sequence[str] | None = None
    derive: Derive | None = None
    # True where the tool always writes the month first, whatever the values suggest.
    month_first: bool = False
    # What the export calls the measurement, where the column's header does not say it.
    name: str = ""
    # What the rest of a file has decided, where the block is a part of one.
    habits: Habits | None = None
    # The times of the whole column where it was split by metric: they tell its form.
    whole: Times | None = None
    comma: bool = False


def column_block(
    table: Table, at: int, machine: str | Sequence[str], metric: str, unit: str, time: int = 0
) -> Block:
    """One column of a table; ``time`` is the column that holds the times."""
    return Block(
        metric=metric,
        machine=machine,
        time=table.columns[time],
        value=table.columns[at],
        row=table.rows,
        column=table.header[at],
        time_column=table.header[time],
        unit=unit,
        fault=table.fault,
    )


@dataclass
class Raw:
    """All that a format's reader found in one file, before anything is judged."""

    tool: str
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rejects: list[RowNote] = field(default_factory=list)
    machines: pd.DataFrame | None = None


_LOOK = mark("Check that this is the export of measurements, and that its period has data.")
_TIME_EXPECTED = "a date and time, such as 2024-03-04 14:05:00"
_ADVICE = (
    ("name of a machine", "Write the name into every row; merged cells name only the first."),
    ("powered on", "Nothing to do: a machine that is off has no load to measure."),
    ("a value;", "Nothing to do if the tool measured nothing then; else export again."),
    ("finite", "Nothing to do: the tool had nothing to compute; or correct the query."),
    ("between", "Check this moment at its source; it is left out until corrected there."),
    ("unit", "Write the number without a unit, or a unit such as %, KB, MB, GB."),
    ("", "Correct the cell in the export, or go on without this record."),
)


def settle(raw: Raw, file: str, *, unit: str | None = None) -> Reading:
    """Judge every record and account for it.

    ``unit`` declares the unit of values whose export states none. Raises DataError when
    not one record can be used.
    """
    clocks: dict[int, Times] = {}
    parts = [settle_block(block, file, unit, clocks) for block in raw.blocks]
    samples = _samples([part.samples for part in parts])
    repairs = tuple(note for part in parts for note in part.repairs)
    rejects = (*raw.rejects, *(note for part in parts for note in part.rejects))
    machines = raw.machines if raw.machines is not None else empty_machines()
    # Counted from what is handed over, so the account cannot promise more than there is.
    usable = len(samples) + len(machines)
    notes = dict.fromkeys([*raw.notes, *(n for times in clocks.values() for n in times.notes)])
    if not usable:
        raise nothing_usable(file, rejects)
    unclear = _unit_unclear(raw.tool, raw.blocks, parts, unit)
    notes |= dict.fromkeys(fraction_notes(samples))
    ledger = Ledger(
        read=usable + len(rejects),
        kept=usable - len(repairs),
        repaired=len(repairs),
        rejected=len(rejects),
        repairs=repairs,
        rejects=rejects,
        notes=tuple(notes),
    )
    return Reading(raw.tool, samples, machines, ledger, tuple((file, m) for m in unclear))


def empty_machines() -> pd.DataFrame:
    """Return an inventory without rows."""
    return pd.DataFrame(columns=list(MACHINE_COLUMNS))


@dataclass(frozen=True)
class Part:
    """What became of one block: its usable samples, and a note for every other record."""

    samples: pd.DataFrame
    repairs: list[RowNote]
    rejects: list[RowNote]


def settle_block(block: Block, file: str, declared: str | None, clocks: dict[int, Times]) -> Part:
    """Judge one block; ``clocks`` keeps the times that other blocks share."""
    # Limits belong to the metric that results, not to the number in the cell.
    limits = limits_of(block.metric)
    factor, base, scaled = scale_of(block.unit or unit_by_name(block), limits.unit, declared)
    # Wide tables share one time column among hundreds of blocks; parse it once.
    if id(block.time) not in clocks:
        clocks[id(block.time)] = parse_times(
            block.time, month_first=block.month_first, habits=block.habits, whole=block.whole
        )
    times = clocks[id(block.time)]
    values = parse_values(block.value, unit=base, factor=factor, comma=block.comma)
    number = block.derive(values.number) if block.derive else values.number
    fault = _faults(block, times, values, number)
    repair = _repairs(times, values, scaled)
    good = fault == ""
    samples = pd.DataFrame(
        {
            "machine": block.machine
            if isinstance(block.machine, str)
            else _stripped(block.machine),
            "metric": block.metric,
            "unit": base,
            "time": times.clock,
            "value": number,
            "file": file,
            "row": pd.Series(list(block.row), index=number.index, dtype="int64"),
        }
    )
    repaired = good & (repair != "")
    rejected = _reject_notes(block, file, fault[~good])
    return Part(samples[good], _repair_notes(block, file, repair[repaired], times), rejected)


def scale_of(stated: str, base: str, declared: str | None) -> tuple[float, str, str]:
    """Return factor, unit of the result, and the repair text of a declared conversion."""
    # What the export states about its own unit beats what the caller declares for the rest.
    known = unit_of(stated) if stated else None
    if known and (not base or known[0] == base):
        return known[1], known[0], _fraction_text(stated, known[1])
    wanted = unit_of(declared) if declared else None
    if wanted and (not base or wanted[0] == base):
        return wanted[1], wanted[0], _fraction_text(declared or "", wanted[1])
    return 1.0, base or stated, ""


def _fraction_text(unit: str, factor: float) -> str:
    return f"{unit} multiplied by 100 to percent" if factor == 100.0 else ""


def _faults(block: Block, times: Times, values: Values, number: pd.Series) -> pd.Series:
    """Say per row what was expected and not found; the first reason counts."""
    limits = limits_of(block.metric)
    fault = values.fault.copy()
    outside = number.notna() & ~number.between(limits.low, limits.high)
    # The tolerance for rounding is ours; what people expect is 0 and 100.
    low, high = (round(bound, 0) + 0.0 for bound in (limits.low, limits.high))
    span = f"{block.metric} between {low:g} and {high:g}"
    fault = fault.mask(outside & (fault == ""), f"{span} {limits.unit}")
    fault = fault.mask(number.isna() & (fault == ""), "a finite number")
    # Last, so that it overrides: without a time no value can be placed.
    fault = fault.mask(times.clock.isna(), _TIME_EXPECTED)
    if not isinstance(block.machine, str):
        nameless = pd.Series(_stripped(block.machine), dtype=object) == ""
        fault = fault.mask(nameless & (fault == ""), "the name of a machine")
    # What the format's reader knows about a row is more precise than any rule here.
    if block.fault is not None:
        known = pd.Series(list(block.fault), index=fault.index, dtype=object)
        fault = fault.mask(known != "", known)
    return fault


def _stripped(names: Sequence[str]) -> list[str]:
    return [name.strip() for name in names]


def _repairs(times: Times, values: Values, scaled: str) -> pd.Series:
    # Most exports need no repair; then this costs one comparison per column.
    repair = values.repair
    for more in (times.repair, pd.Series(scaled, index=repair.index, dtype=object)):
        if (more != "").any():
            both = (repair != "") & (more != "")
            repair = repair + both.map({True: "; ", False: ""}) + more
    return repair


def _repair_notes(block: Block, file: str, repair: pd.Series, times: Times) -> list[RowNote]:
    rows, value, time = block.row, block.value, block.time
    expected = f"{block.metric} as a plain number, with a 24-hour time"
    clock_repair = list(times.repair)
    notes = []
    for at, done in zip(repair.index.tolist(), repair.tolist(), strict=True):
        by_clock = bool(clock_repair[at])
        column = block.time_column if by_clock else block.column
        read = str(time[at] if by_clock else value[at])
        notes.append(RowNote(file, int(rows[at]), column, read, expected, done))
    return notes


def _reject_notes(block: Block, file: str, fault: pd.Series) -> list[RowNote]:
    rows, value, time = block.row, block.value, block.time
    notes = []
    for at, reason in zip(fault.index.tolist(), fault.tolist(), strict=True):
        by_clock = reason == _TIME_EXPECTED
        column = block.time_column if by_clock else block.column
        cell = time[at] if by_clock else value[at]
        read = "" if cell is None else str(cell)
        notes.append(RowNote(file, int(rows[at]), column, read[:200], reason, _advice(reason)))
    return notes


def _advice(reason: str) -> str:
    return next(advice for part, advice in _ADVICE if part in reason)


def _samples(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if filled:
        table = pd.concat(filled, ignore_index=True)
    else:
        table = pd.DataFrame(columns=list(SAMPLE_COLUMNS))
    # Stated even for an empty table, so that code after it need not ask.
    kinds = {"time": "datetime64[ns]", "value": "float64", "row": "int64"}
    texts = {name: object for name in SAMPLE_COLUMNS if name not in kinds}
    return table.astype({**kinds, **texts})


# Highest value of a series that can still be fractions: rates may exceed 1 a little.
FRACTION_PEAK = 1.5
# Tools whose percentages are of 100, whatever the values.
_PERCENT_TOOLS = {"cloudwatch", "rvtools", "vcenter", "zabbix", "sar", "perfmon", "azure", "gcp"}
_PERCENT_TOOLS |= {"esxtop", "collectd", "nmon", "pcp", "netdata", "atop", "dstat"}
_SAYS_PERCENT = re.compile(r"%|percent|pct|퍼센트|백분율")
# Prometheus' rules of naming: a ratio lies between 0 and 1; and its well-known recording rule.
_SAYS_FRACTION = re.compile(r"fraction|_ratio\b|node_cpu_utili[sz]ation:")
FEW = 10


def unit_by_name(block: Block) -> str:
    """Return 'fraction' where the name says so and the values agree, else an empty text."""
    if not may_be_fraction(block):
        return ""
    numbers = pd.to_numeric(pd.Series(list(block.value), dtype=object), errors="coerce")
    return "fraction" if numbers.max() <= FRACTION_PEAK else ""


def may_be_fraction(block: Block) -> bool:
    """Whether the name of a percentage says that it is a fraction; its values decide."""
    named = _SAYS_FRACTION.search(fold(f"{block.name} {block.column}"))
    return bool(named) and limits_of(block.metric).unit == "percent"


def _unit_unclear(
    tool: str, blocks: Sequence[Block], parts: Sequence[Part], declared: str | None
) -> list[str]:
    """Name the metrics whose percentages may be fractions and that no name or unit settles."""
    if declared or tool in _PERCENT_TOOLS:
        return []
    found: dict[str, list[float]] = {}
    for block, part in zip(blocks, parts, strict=True):
        percent = limits_of(block.metric).unit == "percent"
        if percent and not says_unit(block) and not cell_unit(part) and len(part.samples):
            found.setdefault(block.metric, []).extend(part.samples["value"])
    return [
        metric
        for metric, values in found.items()
        if len(values) >= FEW and 0 < max(values) <= FRACTION_PEAK
    ]


def says_unit(block: Block) -> bool:
    """Whether the export states the unit of a block's percentages, or its name does."""
    said = unit_of(block.unit) is not None if block.unit else False
    name = fold(f"{block.name} {block.column}")
    return said or bool(_SAYS_PERCENT.search(name) or unit_by_name(block))


def cell_unit(part: Part) -> bool:
    """Whether a cell of the block carried its own unit."""
    return any(note.action.startswith("unit ") for note in part.repairs)


def fraction_notes(samples: pd.DataFrame) -> list[str]:
    """Warn where percentages may be fractions; the values alone cannot tell."""
    percent = samples[(samples["unit"] == "percent") & (samples["value"] > 0)]
    peaks = percent.groupby("metric")["value"].agg(["max", "size"])
    return low_notes([(str(metric), *pair) for metric, *pair in peaks.itertuples()])


def low_notes(peaks: Iterable[tuple[str, float, int]]) -> list[str]:
    """The warning for each metric whose highest of its many percentages is 1 or less."""
    low = [metric for metric, peak, count in peaks if peak <= 1.0 and count >= FEW]
    return [
        phrase(
            "No value of {metric} exceeds 1: if these are fractions, read with unit='fraction'.",
            metric=metric,
        )
        for metric in low
    ]


def nothing_usable(
    file: str, rejects: Sequence[RowNote], fix: str = _LOOK, *, count: int | None = None
) -> DataError:
    """The error of a file without one usable record; names the first, and what to do.

    ``count`` is how many there are, where not all of them are held.
    """
    if not rejects:
        return DataError(
            "{file} holds no measurement: its columns were read, but no row follows.",
            where=file,
            fix="Run the export again and check that the chosen period has data.",
            file=file,
        )
    first = rejects[0]
    return DataError(
        "None of the {count} records in {file} can be used. The first: read {read!r}, "
        "expected {expected}.",
        where=phrase(
            "{file}, row {row}, column {column}", file=file, row=first.row, column=first.column
        ),
        fix=fix,
        count=len(rejects) if count is None else count,
        file=file,
        read=first.read[:60],
        expected=first.expected,
    )
