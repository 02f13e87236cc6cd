r"""Windows Performance Monitor: CSV and TSV of logman, relog and typeperf.

Format: first cell ``(PDH-CSV 4.0) (zone)(minutes west of UTC)``, then one column per
counter path ``\\MACHINE\Object(Instance)\Counter``; month/day/year; names in the
language of Windows. The first sample of a rate is blank, because a rate needs two.

As public originals show: the zone's name is cut at its first letter outside ASCII, and the
minutes with it, so Windows in Korean leaves ``(PDH-CSV 4.0) (``; typeperf on the screen prints
no zone, fills the first sample, and closes with sentences; a collector's description follows
the counters as one more column. esxtop of VMware writes the same format; see ``esxtop``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kit.data.readers.metrics import fold, slug
from kit.data.readers.notations import looks_like_time
from kit.data.readers.settle import Raw, column_block
from kit.data.readers.table import Grid, Table, table_of
from kit.data.readers.values import is_number
from kit.errors import DataError
from kit.i18n import phrase

_FIRST = re.compile(r"\(PDH-[CT]SV \d+\.\d+\)\s*(?:\((?P<zone>.*?)\))?\s*(?:\((?P<west>-?\d+)\))?")
# An instance may hold spaces, colons and brackets, as in "0 C:" or "NIC (2)".
_PATH = re.compile(
    r"^\\\\(?P<machine>[^\\]+)\\(?P<object>[^\\(]+?)(?:\((?P<instance>.*?)\))?\\(?P<counter>[^\\]+)$"
)
_CPU = r"^(processor|processor information|프로세서|프로세서 정보)$"
_ESX = re.compile(r"^\\\\[^\\]+\\(Physical Cpu( Load)?|Group Cpu|Vcpu)[(\\]", re.I)
_MEMORY = r"^(memory|메모리)$"
_DISK = r"^(physicaldisk|실제 디스크|물리 디스크|물리적 디스크)$"
_NET = r"^(network interface|network adapter|네트워크 인터페이스|네트워크 어댑터)$"
_AVAILABLE = r"^(available|사용 가능한?)\s*"
# Object, instance, counter -> metric and unit.
Rule = tuple[str, str, str, str, str]
_RULES: tuple[Rule, ...] = (
    # "0,_Total" is one processor group of Processor Information on large machines.
    (_CPU, r"(0,)?_total", r"^% (processor|프로세서) (time|시간)$", "cpu_percent", "percent"),
    (_MEMORY, r"", _AVAILABLE + r"(mbytes|mb|메가바이트)$", "memory_available_bytes", "MB"),
    (_MEMORY, r"", _AVAILABLE + r"(kbytes|kb|킬로바이트)$", "memory_available_bytes", "KB"),
    (_MEMORY, r"", _AVAILABLE + r"(bytes|바이트)$", "memory_available_bytes", "bytes"),
    (_DISK, r"_total", r"^(disk write bytes/sec|디스크 쓰기 바이트/초)$", "disk_write", "bytes/s"),
    (_DISK, r"_total", r"^(disk read bytes/sec|디스크 읽기 바이트/초)$", "disk_read", "bytes/s"),
    (_NET, r".+", r"^(bytes received/sec|수신 바이트/초|받은 바이트/초)$", "network_in", "bytes/s"),
    (_NET, r".+", r"^(bytes sent/sec|보낸 바이트/초|송신 바이트/초)$", "network_out", "bytes/s"),
)


def claims_grid(grid: Grid) -> bool:
    """Whether a header line starts as PerfMon's; typeperf prints an empty line before it."""
    return _header_at(grid) >= 0 and not is_esxtop(grid)


def is_esxtop(grid: Grid) -> bool:
    """Whether PerfMon's format holds the counters of an ESXi host."""
    at = _header_at(grid)
    return at >= 0 and any(map(_ESX.match, _filled(grid)[at]))


def _header_at(grid: Grid) -> int:
    return next((at for at, one in enumerate(_filled(grid)) if "(PDH-" in one[0]), -1)


def _filled(grid: Grid) -> list[list[str]]:
    # table_of drops blank lines too, so an index counts filled ones.
    return [record for record in grid.records[:20] if any(cell.strip() for cell in record)]


def read_grid(grid: Grid, file: str) -> Raw:
    """Read the counters that describe the whole machine; the others are named in a note."""
    return read_counters(grid, file, "perfmon", _RULES, r"\Processor(_Total)\% Processor Time")


def read_counters(grid: Grid, file: str, tool: str, rules: Sequence[Rule], example: str) -> Raw:
    """Read the counters that ``rules`` name: object, instance, counter, metric, unit.

    Raises DataError, which names ``example``, when the file holds none of them.
    """
    table = table_of(_spoken_as_lines(grid), file, _header_at(grid))
    raw = Raw(tool, notes=[_zone_note(table.header[0])], rejects=list(table.odd))
    found = [(at, _PATH.match(cell)) for at, cell in enumerate(table.header)]
    paths = [(at, path, _metric(path, rules)) for at, path in found if path]
    known = _one_each([(at, path, pair) for at, path, pair in paths if pair])
    if not known:
        raise _no_counter(table, file, example)
    shared = Counter((path["machine"], metric) for _, path, (metric, _) in known)
    for at, path, (metric, unit) in known:
        several = shared[path["machine"], metric] > 1
        name = f"{metric}_{slug(path['instance'] or '')}" if several else metric
        block = column_block(table, at, path["machine"], name, unit)
        raw.blocks.append(replace(block, month_first=True))
    _note_unread(table, {at for at, _, _ in known}, raw)
    return raw


_Found = tuple[int, re.Match[str], tuple[str, str]]


# Windows offers both in several counters that measure the same.
_SINGLE = {"cpu_percent", "memory_available_bytes"}
_FINER = ("percent", "bytes", "KB", "MB")


def _one_each(known: list[_Found]) -> list[_Found]:
    """Keep one counter per machine of what Windows measures in several, the finest."""
    best: dict[tuple[str, str], int] = {}
    for at, path, (metric, _) in sorted(known, key=_rank):
        best.setdefault((path["machine"], metric), at)
    return [one for one in known if one[2][0] not in _SINGLE or one[0] in best.values()]


def _rank(found: _Found) -> tuple[bool, int]:
    _, path, (_, unit) = found
    # Other rates than the single ones are kept whole, so their rank is of no matter.
    place = _FINER.index(unit) if unit in _FINER else 0
    return (path["instance"] or "_total").lower() != "_total", place


def _spoken_as_lines(grid: Grid) -> Grid:
    """Join what typeperf says in words: a comma in a sentence does not make it two values."""
    records = [one if _is_record(one) else [",".join(one)] for one in grid.records]
    return Grid(records, grid.rows, grid.sheet)


def _is_record(record: list[str]) -> bool:
    if not record or "(PDH-" in record[0] or looks_like_time(record[0]):
        return True
    return any(is_number(cell) for cell in record[1:])


def _no_counter(table: Table, file: str, example: str) -> DataError:
    shown = ", ".join(cell.split("\\", 3)[-1] for cell in table.header[1:5])
    return DataError(
        "{file} holds no counter of the whole machine that is read here: read {shown}, "
        "expected one such as {example}.",
        where=phrase("{file}, row {row}", file=file, row=table.rows[0] - 1 if table.rows else 1),
        fix="Collect {example} as well; its name in English or Korean is understood.",
        file=file,
        shown=shown,
        example=example,
    )


def _metric(path: re.Match[str], rules: Sequence[Rule]) -> tuple[str, str] | None:
    """Return metric and unit of a counter path, None for a counter that is not read."""
    parts = [fold(path[name] or "") for name in ("object", "instance", "counter")]
    for thing, instance, counter, metric, unit in rules:
        patterns = (thing, f"^{instance}$", counter)
        if all(re.search(p, part) for p, part in zip(patterns, parts, strict=True)):
            return (f"{metric}_bytes_per_second" if unit == "bytes/s" else metric), unit
    return None


def _zone_note(first: str) -> str:
    match = _FIRST.search(first)
    if not match or match["west"] is None:
        return phrase("PerfMon states no time zone here; times are kept as printed.")
    minutes = -int(match["west"])
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    zone = f"UTC{sign}{hours:02d}:{rest:02d}"
    return phrase(
        "PerfMon states the zone {name} ({zone}); times are kept as printed.",
        name=match["zone"],
        zone=zone,
    )


def _note_unread(table: Table, known: set[int], raw: Raw) -> None:
    # The description of a collector stands among them and is no counter.
    paths = [(at, cell) for at, cell in enumerate(table.header) if _PATH.match(cell)]
    unread = [cell for at, cell in paths if at not in known]
    if unread:
        shown = ", ".join(cell.split("\\", 3)[-1] for cell in unread[:8])
        more = f" (+{len(unread) - 8})" if len(unread) > 8 else ""
        raw.notes.append(
            phrase("Counters that are not read: {shown}{more}.", shown=shown, more=more)
        )
