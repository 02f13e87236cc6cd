"""Sizes of machines that a table states: vCPU, and memory in GiB, one row for each machine.

Beside times a column counts as a size only by a name that no measurement has, such as vCPU or
메모리 용량; in a list of machines, which has no times, RAM and 메모리(GB) are sizes too.
A column that is called CPU alone is never one: it may be percent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from kit.data.readers.metrics import fold, names, unit_in, unit_of
from kit.data.readers.record import MACHINE_COLUMNS, RowNote
from kit.data.readers.table import Table
from kit.data.readers.values import is_missing, parse_values
from kit.i18n import phrase

VCPU_NAMES = names(
    "vcpu|vcpus|vcpu count|vcpu 수|vcpu수|cpu core|cpu cores|cpu-cores|cpu core count|core|cores|"
    "core count|cpus|cpu count|num cpu|numcpu|코어|코어 수|코어수|cpu 코어|cpu코어|cpu 코어 수|"
    "cpu 코어수|cpu 수|cpu 개수|할당 vcpu|할당 cpu|kerne|cpu-kerne|anzahl vcpu"
)
MEMORY_NAMES = names(
    "memory_gib|memory gib|memory size|memory total|total memory|installed memory|ram size|"
    "total ram|memory capacity|메모리 용량|메모리용량|메모리 크기|총 메모리|할당 메모리|ram 용량|"
    "speichergröße|speicherausbau"
)
# what these mean beside times is a measurement
MEMORY_ALONE = MEMORY_NAMES | names("memory|mem|ram|메모리|arbeitsspeicher|hauptspeicher")
_GIB = 1024.0**3
# above this a bare number is no GiB
_MOST_GIB = 4096
_COUNT = re.compile(r"^(\d{1,4})(?:\.0+)?\s*(?:v?cpus?|cores?|코어|개|ea)?$", re.I)
_VCPU_EXPECTED = "a whole number of virtual processors"
_MEMORY_EXPECTED = "a size of memory, such as 16 GiB"
_ADVICE = "Correct the cell in the export, or go on without this machine."
Stated = tuple[str, str, str]


@dataclass(frozen=True)
class Sizes:
    """Positions of the columns of sizes, -1 for none."""

    vcpu: int = -1
    memory: int = -1

    @property
    def places(self) -> set[int]:
        """The columns that are there."""
        return {self.vcpu, self.memory} - {-1}


def bare(header: str) -> str:
    """A header folded, without what stands in brackets."""
    return fold(re.sub(r"[(\[][^()\[\]]*[)\]]", " ", header))


def sizes_in(header: Sequence[str], *, alone: bool = False) -> Sizes:
    """Columns that state sizes; ``alone`` is whether the table has no times."""
    folded = [bare(cell) for cell in header]

    def first(wanted: frozenset[str]) -> int:
        return next((at for at, name in enumerate(folded) if name in wanted), -1)

    return Sizes(first(VCPU_NAMES), first(MEMORY_ALONE if alone else MEMORY_NAMES))


def stated_in(table: Table, sizes: Sizes, machine: str | Sequence[str]) -> list[Stated]:
    """Machine, vCPU and memory as written in each row."""
    count = len(table.rows)
    named = [machine] * count if isinstance(machine, str) else [one.strip() for one in machine]
    columns = [table.columns[at] if at >= 0 else [""] * count for at in (sizes.vcpu, sizes.memory)]
    return list(zip(named, *columns, strict=True))


def inventory_of(
    stated: Iterable[Stated], header: Sequence[str], sizes: Sizes
) -> tuple[pd.DataFrame, list[str]]:
    """One row for each machine that states one size all along, and notes on the others."""
    stated = [one for one in dict.fromkeys(stated) if one[0]]
    vcpu, memory, notes = _parsed(stated, header, sizes)
    found: dict[str, set[tuple[float, float]]] = {}
    for (name, *cells), pair in zip(stated, zip(vcpu, memory, strict=True), strict=True):
        if not all(is_missing(cell) for cell in cells):
            # NaN differs from itself
            found.setdefault(name, set()).add((_or_none(pair[0]), _or_none(pair[1])))
    several = [name for name, pairs in found.items() if len(pairs) > 1]
    if several:
        told = ", ".join(several[:5])
        notes.append(phrase("More than one size is stated, so none is taken: {names}.", names=told))
    rows = [(name, *next(iter(pairs))) for name, pairs in found.items() if len(pairs) == 1]
    return _frame([row for row in rows if row[1] > 0 or row[2] > 0]), notes


def list_of_machines(
    table: Table, file: str, machine: int, sizes: Sizes
) -> tuple[pd.DataFrame, list[RowNote], list[str]]:
    """The machines of a table without times; rows without a readable size are rejected."""
    stated = stated_in(table, sizes, table.columns[machine])
    vcpu, memory, notes = _parsed(stated, table.header, sizes)
    rows, rejects = [], []
    for at, (name, _, size) in enumerate(stated):
        wrong = (
            (machine, "the name of a machine", not name),
            (sizes.vcpu, _VCPU_EXPECTED, vcpu[at] != vcpu[at] and sizes.vcpu >= 0),
            (sizes.memory, _MEMORY_EXPECTED, memory[at] != memory[at] and not is_missing(size)),
        )
        fault = next(((where, why) for where, why, is_so in wrong if is_so), None)
        if fault is None:
            rows.append((name, _or_none(vcpu[at]), _or_none(memory[at])))
            continue
        read = str(table.columns[fault[0]][at])[:200]
        note = RowNote(file, table.rows[at], table.header[fault[0]], read, fault[1], _ADVICE)
        rejects.append(note)
    return _frame(rows), rejects, notes


def _or_none(number: float) -> float:
    return -1.0 if number != number else number


def _frame(rows: Sequence[tuple[str, float, float]]) -> pd.DataFrame:
    known = [
        (name, vcpu if vcpu > 0 else None, gib if gib > 0 else None, None, "", "")
        for name, vcpu, gib in rows
    ]
    return pd.DataFrame(known, columns=list(MACHINE_COLUMNS))


def _parsed(
    stated: Sequence[Stated], header: Sequence[str], sizes: Sizes
) -> tuple[list[float], list[float], list[str]]:
    counts = [_COUNT.match(cell.strip()) for _, cell, _ in stated]
    vcpu = [float(one[1]) if one and int(one[1]) else float("nan") for one in counts]
    name = header[sizes.memory] if sizes.memory >= 0 else ""
    known = unit_of(unit_in(name)) or (unit_of("GiB") if re.search(r"gib|gb", fold(name)) else None)
    cells, notes = [cell for *_, cell in stated], list[str]()
    memory = parse_values(cells, unit="bytes", factor=known[1] if known else _GIB).number / _GIB
    if known is None and (memory > _MOST_GIB).any():
        memory = parse_values(cells, unit="bytes", factor=1024.0**2).number / _GIB
        notes.append(phrase("{column} states no unit: read as MiB, by its size.", column=name))
    elif known is None and memory.notna().any():
        notes.append(phrase("{column} states no unit: read as GiB.", column=name))
    return vcpu, list(memory.where(memory > 0)), notes
