"""RRDtool: ``rrdtool xport``, as XML and with ``--json``; Cacti, LibreNMS and Munin keep such data.

Format: rrdxport(1). One row per step; the legend names the columns; without option -t a row's
time is start + step * number. A step without data is NaN or null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kit.data.readers.generic import machine_in_header, metric_from_stem
from kit.data.readers.metrics import metric_of, slug
from kit.data.readers.points import dict_in, list_in, text_of
from kit.data.readers.settle import Block, Raw

_TAG = r"<{0}>\s*(.*?)\s*</{0}>"
_START, _STEP = (re.compile(_TAG.format(name)) for name in ("start", "step"))
_ENTRY, _ROW, _TIME, _VALUE = (
    re.compile(_TAG.format(name), re.DOTALL) for name in ("entry", "row", "t", "v")
)
_STATES = {"idle", "user", "system", "total", "load"}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}


@dataclass
class _Export:
    start: str
    step: str
    legend: list[str]
    rows: list[tuple[str, list[str]]]

    def time(self, at: int) -> str:
        """Time of a row, as seconds since 1970; empty where the file does not tell."""
        if self.rows[at][0]:
            return self.rows[at][0]
        # Only plain numbers: damage must not place a value somewhere.
        whole = self.start.isdigit() and self.step.isdigit()
        return str(int(self.start) + int(self.step) * at) if whole else ""


def claims_text(text: str) -> bool:
    """Whether the text is XML of ``rrdtool xport``."""
    return bool(re.match(r"\s*(<\?xml[^>]*>)?\s*<xport>", text[:400]))


def read_xml(text: str, stem: str) -> Raw:
    """Read XML; by patterns, so that damage costs its rows and no document is expanded."""
    rows = []
    for row in _ROW.findall(text):
        time = _TIME.search(row)
        rows.append((time[1] if time else "", _VALUE.findall(row)))
    start, step = (found[1] if found else "" for found in (_START.search(text), _STEP.search(text)))
    legend = [_plain(name) for name in _ENTRY.findall(text)]
    return _read(_Export(start, step, legend, rows), stem)


def _plain(text: str) -> str:
    for entity, letter in _ENTITIES.items():
        text = text.replace(entity, letter)
    return text


def claims(data: Any) -> bool:
    """Whether the JSON is an answer of ``rrdtool xport --json``."""
    meta = dict_in(dict_in(data).get("meta"))
    return "legend" in meta and "step" in meta and "data" in data


def read(data: Any, stem: str) -> Raw:
    """Read JSON; with -t the first cell of a row is its time, as text."""
    meta = dict_in(data["meta"])
    legend = [text_of(name) for name in list_in(meta.get("legend"))]
    rows = []
    for row in map(list_in, list_in(data["data"])):
        cells = [text_of(cell) for cell in row]
        timed = len(cells) > len(legend)
        rows.append((cells[0], cells[1:]) if timed else ("", cells))
    return _read(_Export(text_of(meta.get("start")), text_of(meta.get("step")), legend, rows), stem)


def _read(export: _Export, stem: str) -> Raw:
    raw = Raw("rrd")
    times = [export.time(at) for at in range(len(export.rows))]
    numbers = range(1, len(times) + 1)
    for at, name in enumerate(export.legend):
        cells = [values[at] if at < len(values) else "" for _, values in export.rows]
        machine, metric = _of(name, stem)
        raw.blocks.append(Block(metric, machine, times, cells, numbers, name, "t"))
    return raw


def _of(name: str, stem: str) -> tuple[str, str]:
    """Return machine and metric of a column by its legend, else by the file's name."""
    metric = metric_of(name)
    if metric:
        words = [word for word in machine_in_header(name).split() if word.lower() not in _STATES]
        machine = " ".join(words)
        return (metric_from_stem(stem)[1] if machine in {"", name} else machine), metric
    # "idle" alone says little; beside a file called web-01_cpu it is the idle time of a CPU.
    return metric_from_stem(stem)[1], metric_of(f"{stem} {name}") or slug(name)
