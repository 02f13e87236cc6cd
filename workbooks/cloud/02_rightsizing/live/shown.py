"""The live run's tables as people read them: heads and words in the learner's language.

Code goes on with the frames behind them, whose columns keep their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.data.own.words import column_word
from kit.i18n import mark
from kit.quick.words import kind_text, metric_text

if TYPE_CHECKING:
    from kit.data.readers import Ledger

    from .own_data import OwnData

Say = Callable[..., str]
ROWS = 30
LEDGER_ROWS = 12

_UNITS = {"percent": "%", "bytes": mark("bytes"), "count": mark("count")}
_LEDGER = (
    mark("outcome"),
    mark("file"),
    mark("row"),
    mark("column"),
    mark("read"),
    mark("expected"),
    mark("done, or to do"),
)
_OUTCOMES = {"repaired": mark("repaired"), "rejected": mark("rejected")}
_PLAN = {
    "machine": mark("machine"),
    "kind": mark("kind of load"),
    "vcpu": mark("vCPU today"),
    "cpu_percentile": mark("CPU at the percentile, %"),
    "rule_says": mark("vCPU by the rule"),
    "size": mark("vCPU chosen"),
    "exception": mark("exception: why not the rule"),
    "burst_risk": mark("share of samples above it"),
    "memory_gib": mark("memory need (GiB)"),
    "coverage": mark("coverage"),
    "days": mark("days of samples"),
}
_FORMATS = {
    "cpu_percentile": "{:.1f}",
    "rule_says": "{:g}",
    "size": "{:g}",
    "burst_risk": "{:.1%}",
    "memory_gib": "{:.1f}",
    "coverage": "{:.1%}",
    "days": "{:.1f}",
}


def overview(summary: pd.DataFrame, say: Say) -> pd.DataFrame:
    """What was taken for what: one row for each file, machine and metric."""
    frame = summary.copy()
    frame["metric"] = [metric_text(metric, say) for metric in frame["metric"]]
    frame["unit"] = [say(_UNITS.get(unit, unit)) for unit in frame["unit"]]
    names = {name: column_word(name, say) for name in ("file", "machine", "metric", "unit")}
    names |= {
        "samples": say(mark("samples")),
        "first": say(mark("first sample")),
        "last": say(mark("last sample")),
    }
    return frame.rename(columns=names)


def rows(own: OwnData, machine: str, limit: int) -> pd.DataFrame:
    """The first rows as they were read, of one machine or ("") of all, heads in words."""
    names = [machine] if machine else [str(name) for name in own.summary()["machine"].unique()]
    found: list[pd.DataFrame] = []
    # a large file is read machine by machine, and no further than is shown
    for name in names:
        if sum(map(len, found)) < limit:
            found.append(own.frame(name))
    frame = overview(pd.concat(found, ignore_index=True).head(limit), own.say)
    words = {name: column_word(name, own.say) for name in ("time", "value", "row")}
    return frame.rename(columns=words)


def ledger(account: Ledger, say: Say) -> pd.DataFrame:
    """What was repaired or rejected, each with its reason."""
    frame = account.as_frame(say)
    frame.columns = pd.Index([say(head) for head in _LEDGER])
    first = frame.columns[0]
    frame[first] = [say(_OUTCOMES[outcome]) for outcome in frame[first]]
    return frame


def plan(frame: pd.DataFrame, say: Say) -> pd.DataFrame:
    """A plan for people; columns that ``own_plan`` does not make stay as they are."""
    if {"size", "rule_says"} <= set(frame):
        # what is not chosen is what the rule says
        frame = frame.assign(size=frame["size"].fillna(frame["rule_says"]))
    shown = pd.DataFrame(index=frame.index)
    for name, head in _PLAN.items():
        if name in frame:
            shown[say(head)] = [_cell(name, value, say) for value in frame[name]]
    for name in frame.columns.difference(list(_PLAN), sort=False):
        shown[name] = frame[name]
    return shown.set_index(say(_PLAN["machine"])) if "machine" in frame else shown


def _cell(name: str, value: Any, say: Say) -> Any:
    if value is None or value != value:
        # no exception is said by silence, a figure that is missing is not
        return "" if name == "exception" else "-"
    if name == "kind":
        return kind_text(str(value), say)
    if isinstance(value, str):
        return say("unknown") if value == "unknown" else value
    return _FORMATS[name].format(value) if name in _FORMATS else value


def html_of(frame: pd.DataFrame, *, index: bool = False) -> str:
    """A table whose texts are shown whole."""
    # pandas cuts texts at 50 characters
    with pd.option_context("display.max_colwidth", None):
        return str(frame.to_html(index=index, justify="left", notebook=True))
