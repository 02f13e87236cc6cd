"""The tables of a report's files in a reader's language: heads, states and yes or no as words.

In English a table stays as it is: its heads are the keys that other programs read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kit.cohort import FAILURES
from kit.i18n import Marked, Translator, mark, recognised
from kit.reports.evidence import GRADEBOOK, PROGRESS, SELF
from kit.reports.grid import WANT_NAMES
from kit.reports.report import Speaker
from kit.reports.states import NAMES
from kit.reports.wording import PART_NAMES, USE_NAMES

if TYPE_CHECKING:
    import pandas as pd

# of all sheets; a name that means something else on one of them stands in HEADS_THERE
HEADS: dict[str, Marked] = {
    "learner": mark("learner's id"),
    "name": mark("name"),
    "team": mark("team"),
    "enrolled": mark("on the roster"),
    "unit": mark("unit"),
    "state": mark("state"),
    "complete": mark("complete (verified)"),
    "complete_self_reported": mark("complete (self-reported)"),
    "verified": mark("verified"),
    "missing": mark("still short of"),
    "practised": mark("share of practice passed"),
    "graded": mark("share of graded points"),
    "applied": mark("used on own data (self-reported)"),
    "assisted": mark("practised with help"),
    "to_grade": mark("answers to grade"),
    "failure": mark("why it could not be graded"),
    "practice_at": mark("practice handed in ({zone})"),
    "handed_in_at": mark("graded assignment handed in ({zone})"),
    "late_days": mark("days late"),
    "penalty": mark("points taken off"),
    "use_of_ai": mark("use of AI"),
    "requests": mark("open requests to look again"),
    "verifier": mark("who vouches"),
    "version": mark("version of the content"),
    "taken_at": mark("read at ({zone})"),
    "claim": mark("claim"),
    "share": mark("share"),
    "source": mark("source"),
    "date": mark("date ({zone})"),
    "exercise": mark("exercise's id"),
    "title": mark("title"),
    "assignment": mark("assignment"),
    "part": mark("part"),
    "planned": mark("minutes planned"),
    "manual": mark("graded by a person"),
    "n": mark("number of learners"),
    "attempts": mark("attempts, median"),
    "minutes": mark("minutes, median"),
    "first": mark("passed at the first attempt"),
    "n_graded": mark("learners with a grade"),
    "label": mark("label"),
    "met": mark("met it"),
    "solved": mark("have solved it since"),
    "stuck": mark("still on it"),
    "helps": mark("what helps"),
    "synthetic": mark("generated learners"),
}
HEADS_THERE: dict[str, dict[str, Marked]] = {
    "Exercises": {"graded": mark("passed when graded")},
}
SOURCES: dict[str, Marked] = {
    GRADEBOOK: mark("gradebook"),
    PROGRESS: mark("the learner's own log"),
}
VERIFIERS: dict[str, Marked] = {SELF: mark("the learner")}
YES, NO = mark("yes"), mark("no")
# of completion.csv, where another language has words in its cells, and which they are
MEANINGS: dict[str, tuple[Marked, tuple[Marked, ...]]] = {
    "unit": (mark("title of the unit"), ()),
    "state": (mark("how far the learner is: {values}"), tuple(NAMES.values())),
    "missing": (mark("what is still short of the rule: {values}"), tuple(WANT_NAMES.values())),
    "applied": (mark("{values} if used on own data, self-reported; else empty"), (YES,)),
    "use_of_ai": (
        mark("what the learner declared: {values}; empty when nothing"),
        tuple(name for use, name in USE_NAMES.items() if use != "undeclared"),
    ),
}


def head(column: str, sheet: str, tr: Translator, zone: str = "UTC") -> str:
    """What stands above a column of a sheet: its key in English, else words."""
    if tr.language == "en":
        return column
    return tr(HEADS_THERE.get(sheet, {}).get(column) or HEADS[column], zone=zone)


def meaning(column: pd.Series[Any], text: Marked, tr: Translator, zone: str) -> str:
    """What a column holds: ``text``, or in another language the words of its cells."""
    if tr.language != "en" and column.dtype.kind == "b":
        return tr(mark("{yes} or {no}: {what}"), yes=tr(YES), no=tr(NO), what=tr(text))
    if tr.language != "en" and column.name in MEANINGS:
        told, values = MEANINGS[str(column.name)]
        return tr(told, values=", ".join(tr(value) for value in values))
    return tr(text, zone=zone)


def localised(table: pd.DataFrame, sheet: str, speaker: Speaker, zone: str = "UTC") -> pd.DataFrame:
    """The table with heads, words and times for the speaker's people; as it is in English.

    Numbers, ids and labels stay: they are no words of any language.
    """
    if speaker.tr.language == "en":
        return table
    said = _words(speaker)
    told = {
        name: table[name].map(said[name] if name in said else _yes_or_no(speaker.tr))
        for name in table.columns
        if name in said or table[name].dtype.kind == "b"
    }
    times = [name for name in table.columns if table[name].dtype.kind == "M"]
    told |= {name: table[name].dt.tz_convert(zone) for name in times}
    named = {name: head(name, sheet, speaker.tr, zone) for name in table.columns}
    return table.assign(**told).rename(columns=named)


def _words(speaker: Speaker) -> dict[str, Callable[[Any], str]]:
    tr = speaker.tr
    return {
        "unit": speaker.unit,
        "state": _from(NAMES, tr),
        "missing": lambda claims: ", ".join(_from(WANT_NAMES, tr)(c) for c in claims.split()),
        # 1 or nothing claimed
        "applied": lambda used: tr(YES) if used == 1 else "",
        "failure": lambda reason: tr(recognised(reason, FAILURES)),
        "use_of_ai": _from(USE_NAMES, tr),
        "claim": _from(WANT_NAMES, tr),
        "source": _from(SOURCES, tr),
        "verifier": _from(VERIFIERS, tr),
        "part": _from(PART_NAMES, tr),
    }


def _from(names: Mapping[Any, Marked], tr: Translator) -> Callable[[Any], str]:
    # what has no word here, such as a trainer's name, is told as it is
    return lambda value: tr(names[value]) if value in names else str(value)


def _yes_or_no(tr: Translator) -> Callable[[Any], str]:
    return lambda value: tr(YES if value else NO)
