"""Headers met in the field, beside those that the readers know: German, mostly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from kit.data.readers.generic import (
    MACHINE_NAMES,
    METRIC_NAMES,
    UNIT_NAMES,
    VALUE_NAMES,
)
from kit.data.readers.inventory import MEMORY_ALONE, MEMORY_NAMES, VCPU_NAMES, bare
from kit.data.readers.metrics import fold, metric_of, names
from kit.data.readers.table import TIME_NAMES
from kit.i18n import mark

_TIMES = TIME_NAMES | names(
    "zeit|zeitstempel|uhrzeit|zeitpunkt|messzeit|messzeitpunkt|datum|datum/uhrzeit|"
    "datum uhrzeit|datum und uhrzeit|when|wann|측정 시각|수집 시각|기록 시각|측정시각|수집시각"
)
_NAMES: dict[str, frozenset[str]] = {
    "time": _TIMES,
    "date": _TIMES,
    "machine": MACHINE_NAMES
    | names(
        "rechner|rechnername|maschine|gerät|gerätename|knoten|server-name|hostname/ip|"
        "system-name|virtuelle maschine|instanz|서버 호스트명|대상 서버|대상서버"
    ),
    "metric": METRIC_NAMES | names("metrik|messgröße|kennzahl|zähler"),
    "unit": UNIT_NAMES | names("einheit"),
    "value": VALUE_NAMES | names("wert|messwert|mittelwert|durchschnitt|maximum|minimum"),
    "vcpu": VCPU_NAMES,
    "memory_gib": MEMORY_NAMES | MEMORY_ALONE,
    "cpu": names("auslastung|prozessorauslastung|prozessorlast|cpu-last|cpu auslastung"),
    "memory": names("arbeitsspeicher|speicherauslastung|ram-auslastung|hauptspeicher"),
}


@lru_cache(maxsize=64)
def names_of(role: str) -> frozenset[str]:
    """Folded headers that name a role by themselves; empty for a role that the kit lacks."""
    return _NAMES.get(role.removesuffix("_percent"), frozenset())


def known_to_readers(column: str, role: str) -> bool:
    """Whether the readers of any table take this header for the same part by themselves."""
    if role == "machine":
        return fold(column) in MACHINE_NAMES
    if role in ("metric", "unit", "value"):
        return fold(column) in {*METRIC_NAMES, *UNIT_NAMES, *VALUE_NAMES}
    if role in ("vcpu", "memory_gib"):
        return bare(column) in (VCPU_NAMES if role == "vcpu" else MEMORY_NAMES)
    # times are found by what stands in the column, whatever its name
    return role in ("time", "date") or metric_of(column) is not None


# the names that code uses for what an export holds, in words
COLUMN_WORDS: Mapping[str, str] = {
    "machine": mark("machine"),
    "metric": mark("measured"),
    "unit": mark("unit"),
    "time": mark("time"),
    "value": mark("value"),
    "file": mark("file"),
    "row": mark("row"),
    "vcpu": "vCPU",
    "memory_gib": mark("memory (GiB)"),
    "powered_on": mark("switched on"),
    "os": mark("operating system"),
    "host": mark("host"),
}


def column_word(name: str, say: Callable[..., str]) -> str:
    """A column in words; one that the kit does not know stays as it is written."""
    return say(COLUMN_WORDS[name]) if name in COLUMN_WORDS else name
