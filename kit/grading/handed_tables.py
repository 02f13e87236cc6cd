"""What came along with submissions, and what checks recognised, as a cohort's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from pydantic_core import from_json

from kit.cohort import COLUMNS, table
from kit.grading.store import FAILED
from kit.i18n import mark, phrase

Query = Callable[..., pd.DataFrame]
# hand-ins that are read at once
PART = 10_000
Parts = Mapping[str, tuple[str, str]]
# columns of the practice table that a stored practice has too
_NUMBERS = {"attempts": int, "passed": bool, "hints": int, "taken": bool, "minutes": float}
_HANDIN = (
    "assignment",
    "learner",
    "version",
    "state",
    "reason",
    "practice",
    "declared",
    "submitted_at",
)


@dataclass(frozen=True)
class Handed:
    """Tables of ``kit.cohort``, and ``rows``: assignment, learner, version, state."""

    mistakes: pd.DataFrame
    practice: pd.DataFrame
    items: pd.DataFrame
    applied: pd.DataFrame
    declarations: pd.DataFrame
    notes: tuple[str, ...]
    rows: pd.DataFrame

    def of(self, names: Any, students: Any, place: Any, who: Any) -> pd.DataFrame:
        """Version and state for pairs of positions in assignments and students; else ""."""
        size = len(students)
        columns = pd.Index(names), pd.Index(students)
        first = columns[0].get_indexer(self.rows["assignment"])
        second = columns[1].get_indexer(self.rows["learner"])
        # somebody may have been taken out of the gradebook since
        known = (first >= 0) & (second >= 0)
        found = pd.Index((first * size + second)[known]).get_indexer(place * size + who)
        taken = {
            name: pd.Series([*self.rows[name][known], ""], dtype="str").array.take(found)
            for name in ("version", "state")
        }
        return pd.DataFrame(taken)


def handed_tables(query: Query, parts: Parts) -> Handed:
    """Read hand-ins and outcomes; ``query`` is that of query.py."""
    rows = query(
        "from upskill_handin",
        **{name: name for name in _HANDIN},
    )
    rows["unit"] = rows["assignment"].map({name: unit for name, (unit, _) in parts.items()})
    told = _latest(rows, "practice")
    # in parts, since all of it at once takes ten times the room of the tables
    starts = range(0, max(len(told), 1), PART)
    parsed = [_self_reported(told.iloc[start : start + PART]) for start in starts]
    whole = {name: pd.concat([one[name] for one in parsed]) for name in parsed[0]}
    odd = rows[rows["reason"] != ""]
    return Handed(
        mistakes=_mistakes(query, parts, whole["mistakes"]),
        **{name: whole[name].reset_index(drop=True) for name in ("practice", "items", "applied")},
        declarations=_declarations(_latest(rows, "declared")),
        notes=tuple(_note(row) for row in odd.itertuples(index=False)),
        rows=rows,
    )


def _note(row: Any) -> str:
    told = mark("{learner}, {assignment}: could not be graded: {reason}")
    if row.state != FAILED:
        told = mark("{learner}, {assignment}: {reason}")
    return phrase(told, learner=row.learner, assignment=row.assignment, reason=row.reason)


def _latest(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The last word of each learner on a unit, which may have come with either part."""
    some = rows[(rows[column] != "") & rows["unit"].notna()]
    twice = some.duplicated(["unit", "learner"], keep=False)
    if not twice.any():
        return some
    # an ISO time is in the order of its text
    some = some.sort_values("submitted_at", kind="stable")
    return some.drop_duplicates(["unit", "learner"], keep="last")


def _parsed(texts: pd.Series) -> list[Any]:
    # one text for all of them: a parser started fifty thousand times is slow
    return list(from_json(f"[{','.join(texts)}]"))


def _repeated(told: pd.DataFrame, counts: list[int]) -> dict[str, Any]:
    places = np.repeat(np.arange(len(told)), counts)
    return {name: told[name].astype("str").array.take(places) for name in ("learner", "unit")}


def _self_reported(told: pd.DataFrame) -> dict[str, pd.DataFrame]:
    spoken = _parsed(told["practice"])
    practice = _practice(told, spoken)
    return {
        "practice": practice,
        "items": _items(told, spoken),
        "applied": _applied(told, spoken),
        "mistakes": _told_mistakes(practice, spoken),
    }


def _practice(told: pd.DataFrame, spoken: list[Any]) -> pd.DataFrame:
    tables = [one["exercises"] for one in spoken]
    rows = _repeated(told, [len(one["exercise"]) for one in tables])
    for name in ("exercise", "first"):
        rows[name] = list(chain.from_iterable(one[name] for one in tables))
    for name, kind in _NUMBERS.items():
        # straight into numbers: three million objects would take half a gigabyte
        rows[name] = np.fromiter(chain.from_iterable(one[name] for one in tables), kind)
    return table("practice", rows)


def _items(told: pd.DataFrame, spoken: list[Any]) -> pd.DataFrame:
    rows = _repeated(told, [len(one["items"]) for one in spoken])
    for place, name in enumerate(("pair", "pre", "post")):
        rows[name] = [value[place] for one in spoken for value in one["items"]]
    return table("items", rows)


def _applied(told: pd.DataFrame, spoken: list[Any]) -> pd.DataFrame:
    rows = _repeated(told, [1 if one["applied"] else 0 for one in spoken])
    done = [one["applied"] for one in spoken if one["applied"]]
    rows["at"] = pd.to_datetime([one["at"] for one in done], utc=True, format="ISO8601")
    rows["rows"] = [one["rows"] for one in done]
    return table("applied", rows)


def _declarations(told: pd.DataFrame) -> pd.DataFrame:
    spoken = _parsed(told["declared"])
    rows = _repeated(told, [1] * len(told))
    return table("declarations", rows | {n: [one[n] for one in spoken] for n in ("use", "note")})


def _mistakes(query: Query, parts: Parts, told: pd.DataFrame) -> pd.DataFrame:
    """Seen when graded, then those that only the learner's kit tells of; each once."""
    seen = query(
        "from upskill_outcome where label <> '' or earlier <> '' or kind = 'uncheckable'",
        **{
            name: name for name in ("learner", "assignment", "exercise", "kind", "label", "earlier")
        },
    )
    seen["unit"] = seen["assignment"].map({name: unit for name, (unit, _) in parts.items()})
    seen = seen[seen["unit"].notna()].assign(verified=True)
    seen["solved"] = seen["kind"] == "passed"
    before = seen[seen["earlier"] != ""]
    before = before.assign(label=before["earlier"].str.split()).explode("label")
    wanted = list(COLUMNS["mistakes"])
    whole = pd.concat([seen[seen["label"] != ""][wanted], before[wanted], told[wanted]])
    once = whole.drop_duplicates(["learner", "unit", "exercise", "label"])
    return table("mistakes", once.reset_index(drop=True))


def _told_mistakes(practice: pd.DataFrame, spoken: list[Any]) -> pd.DataFrame:
    places, labels, start = [], [], 0
    for one in spoken:
        for place, label in one["exercises"]["labels"]:
            places.append(start + place)
            labels.append(label)
        start += len(one["exercises"]["exercise"])
    rows = practice[["learner", "unit", "exercise", "passed"]].take(places)
    rows = rows.rename(columns={"passed": "solved"})
    return rows.assign(label=labels, verified=False)
