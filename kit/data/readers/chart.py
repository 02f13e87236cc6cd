"""vSphere Client: the CSV export of an advanced performance chart.

Format, as public programs that read such files show it: the first line is
``Time`` and one ``<counter> for <object>`` per line of the chart, without title, unit or
quotes; comma, comma and space, or semicolon apart; decimal commas in some locales. Times are
ISO 8601, or Java's ``Mon Mar 4 09:00:00 GMT+0900 2024``. Units are those of vSphere's
performance counters (vSphere Web Services API, PerformanceManager): KB and KB/s.
"""

from __future__ import annotations

import re

from kit.data.readers.generic import default_metric, unknown_columns
from kit.data.readers.metrics import fold, names
from kit.data.readers.settle import Raw, column_block
from kit.data.readers.table import Table
from kit.i18n import phrase

_COLUMN = re.compile(r"^(?P<counter>\w[^,;]*?) for (?P<machine>\S.*)$", re.I)
# Counter -> metric and unit, which the header leaves out.
_COUNTERS: dict[str, tuple[str, str]] = {
    "usage in mhz": ("cpu_used_mhz", "MHz"),
    "consumed": ("memory_used_bytes", "KB"),
    "active": ("memory_active_bytes", "KB"),
    "read rate": ("disk_read_bytes_per_second", "KB/s"),
    "write rate": ("disk_write_bytes_per_second", "KB/s"),
    "data receive rate": ("network_in_bytes_per_second", "KB/s"),
    "data transmit rate": ("network_out_bytes_per_second", "KB/s"),
}
# Counters that stand beside "Usage" in a chart of each kind, and words of file names.
_BESIDE: dict[str, frozenset[str]] = {
    "cpu": names("usage in mhz|ready|readiness|demand|co-stop|wait|idle|used"),
    "memory": names("consumed|active|granted|shared|balloon|host consumed %"),
    "disk": names("read rate|write rate|highest latency"),
    "network": names("data receive rate|data transmit rate|packets received"),
}
_IN_NAME = {
    "cpu": re.compile(r"cpu|프로세서", re.I),
    "memory": re.compile(r"mem|메모리", re.I),
    "disk": re.compile(r"disk|datastore|디스크", re.I),
    "network": re.compile(r"net|네트워크", re.I),
}


def claims(table: Table) -> bool:
    """Whether the header is ``Time`` and counters of vSphere, each for an object."""
    # A preamble would make any sentence with "for" in it look like a counter.
    if table.preamble or fold(table.header[0]) != "time":
        return False
    found = [_COLUMN.match(cell) for cell in table.header[1:] if cell]
    known = {"usage", *_COUNTERS}
    return all(found) and any(one and fold(one["counter"]) in known for one in found)


def read(table: Table, file: str, stem: str, unit: str | None) -> Raw:
    """Read the counters that describe a whole machine; the others are named in a note.

    Raises DataError when none of the columns is such a counter.
    """
    raw = Raw("vcenter", rejects=list(table.odd))
    columns = [(at, _COLUMN.match(cell)) for at, cell in enumerate(table.header)]
    found = [(at, one["machine"], fold(one["counter"])) for at, one in columns if one]
    usage = _usage(table, found, stem, raw, unit)
    unread: list[str] = []
    for at, machine, counter in found:
        metric, scale = usage if counter == "usage" else _COUNTERS.get(counter, ("", ""))
        if metric:
            raw.blocks.append(column_block(table, at, machine, metric, scale))
        else:
            unread.append(table.header[at])
    if not raw.blocks:
        raise unknown_columns(table, file)
    if unread:
        raw.notes.append(
            phrase(
                "Columns that are no known measurement, not read: {names}.",
                names=", ".join(unread),
            )
        )
    return raw


def _usage(
    table: Table, found: list[tuple[int, str, str]], stem: str, raw: Raw, unit: str | None
) -> tuple[str, str]:
    """Say what "Usage" measures here: vSphere calls four different counters so."""
    counters = {counter for _, _, counter in found}
    beside = [kind for kind, marks in _BESIDE.items() if counters & marks]
    named = [kind for kind, word in _IN_NAME.items() if word.search(stem)]
    kind = (beside or named or [""])[0]
    if kind in {"cpu", "memory"}:
        return f"{kind}_percent", "percent"
    # The rate of a disk or card without direction fits no metric.
    if kind or "usage" not in counters:
        return "", ""
    cells = [cell for at, _, name in found if name == "usage" for cell in table.columns[at]]
    return default_metric(cells, raw, unit), ""
