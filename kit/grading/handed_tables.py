"""What came along with submissions, and what checks recognised, as a cohort's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from pydantic_core import from_json

from kit.cohort import COLUMNS, FAILURES, table
from kit.grading.handed import LINES, NONE, SHAPE, Practice
from kit.grading.remarks import remark
from kit.grading.store import FAILED
from kit.i18n import mark, phrase, recognised
from kit.model import OutcomeKind

# texts that are cut up at once
PART = 5_000
Parts = Mapping[str, tuple[str, str]]
# columns of numbers of the practice table
_NUMBERS = {"attempts": int, "passed": bool, "hints": int, "taken": bool, "minutes": float}
# columns of the two tables that are read
HANDIN = (
    "assignment",
    "learner",
    "version",
    "state",
    "reason",
    "practice",
    "declared",
    "submitted_at",
)
SEEN = ("learner", "assignment", "exercise", "kind", "label", "earlier")


@dataclass(frozen=True)
class Handed:
    """Tables of ``kit.cohort``, and ``rows``: assignment, learner, version, state, failure."""

    mistakes: pd.DataFrame
    practice: pd.DataFrame
    items: pd.DataFrame
    applied: pd.DataFrame
    declarations: pd.DataFrame
    notes: tuple[str, ...]
    rows: pd.DataFrame

    def of(self, names: Any, students: Any, place: Any, who: Any) -> pd.DataFrame:
        """Version, state, failure for pairs of positions in assignments and students; else ""."""
        size = len(students)
        columns = pd.Index(names), pd.Index(students)
        first = columns[0].get_indexer(self.rows["assignment"])
        second = columns[1].get_indexer(self.rows["learner"])
        # somebody may have been taken out of the gradebook since
        known = (first >= 0) & (second >= 0)
        found = pd.Index((first * size + second)[known]).get_indexer(place * size + who)
        taken = {
            name: pd.Series([*self.rows[name][known], ""], dtype="str").array.take(found)
            for name in ("version", "state", "failure")
        }
        return pd.DataFrame(taken)


def handed_tables(rows: pd.DataFrame, seen: pd.DataFrame, parts: Parts) -> Handed:
    """Tables out of what was read as ``HANDIN`` and ``SEEN`` say."""
    rows["unit"] = _units(rows["assignment"], parts)
    rows["failure"] = rows["reason"].where(rows["state"] == FAILED, "")
    told, words = _told(_latest(rows, "practice"))
    del rows["practice"]
    practice, labels = _practice(told, words)
    odd = rows[rows["reason"] != ""]
    return Handed(
        mistakes=_mistakes(seen, parts, practice, labels),
        practice=practice,
        items=_items(told, words),
        applied=_applied(told, words),
        declarations=_declarations(_latest(rows, "declared")),
        notes=tuple(_note(row) for row in odd.itertuples(index=False)),
        rows=rows,
    )


def _units(assignments: pd.Series, parts: Parts) -> pd.Series:
    return assignments.map({name: unit for name, (unit, _) in parts.items()})


def _note(row: Any) -> str:
    told = mark("{learner}, {assignment}: could not be graded: {reason}")
    if row.state != FAILED:
        told = mark("{learner}, {assignment}: {reason}")
    reason = recognised(row.reason, FAILURES) if row.state == FAILED else remark(row.reason)
    return phrase(told, learner=row.learner, assignment=row.assignment, reason=reason)


def _latest(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The last word of each learner on a unit, which may have come with either part."""
    columns = ["learner", "unit", "submitted_at", column]
    some = rows.loc[(rows[column] != "") & rows["unit"].notna(), columns]
    twice = some.duplicated(["unit", "learner"], keep=False)
    if not twice.any():
        return some
    # an ISO time is in the order of its text
    some = some.sort_values("submitted_at", kind="stable")
    return some.drop_duplicates(["unit", "learner"], keep="last")


def _told(told: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Who told of practice, and its lines by name; without what another kit has stored."""
    # the texts are big, and their lines are all that is needed
    texts = told.pop("practice")
    lines = _lines(texts)
    if lines is None:
        # looked at one by one only then: it is slow
        known = np.array([Practice.from_stored(text) is not None for text in texts], dtype=bool)
        told, lines = told[known], _lines(texts[known])
    return told, lines or {name: [] for name in LINES}


def _lines(texts: pd.Series) -> dict[str, list[str]] | None:
    """One line of each text under each name; None when any text has another shape."""
    columns: dict[str, list[str]] = {name: [] for name in LINES}
    # in parts, since all of it at once takes as much room again
    for start in range(0, len(texts), PART):
        part = texts.iloc[start : start + PART]
        lines = "\n".join(part).split("\n")
        if len(lines) != len(part) * len(LINES) or set(lines[:: len(LINES)]) != {SHAPE}:
            return None
        for place, name in enumerate(LINES):
            # nobody asks for these, and there are many
            columns[name] += [] if name in ("shape", "kept") else lines[place :: len(LINES)]
    return columns


def _parsed(texts: Iterable[str]) -> list[Any]:
    # one text for all of them: a parser started fifty thousand times is slow
    return list(from_json(f"[{','.join(texts)}]"))


def _split(columns: list[str]) -> Any:
    return np.array(" ".join(columns).split(), dtype=object)


def _numbers(columns: list[str], n: int) -> Any:
    text = " ".join(filter(None, columns))
    if len(text) == 2 * n - 1:
        # digits and spaces in turn, as flags and small counts are: their bytes tell all
        return np.frombuffer(text.encode(), np.uint8)[::2] - ord("0")
    return np.fromstring(text, dtype=float, sep=" ")


def _counts(columns: list[str]) -> Any:
    return np.fromiter((len(words.split()) for words in columns), int, len(columns))


def _key(words: Any) -> pd.Categorical:
    codes, alike = pd.factorize(words)
    return pd.Categorical.from_codes(codes, pd.Index(alike, dtype="str"))


def _word_key(columns: list[str]) -> pd.Categorical:
    """The words of all texts in turn as a category; few texts differ, and each is cut once."""
    places, texts = pd.factorize(np.array(columns, dtype=object))
    words = [text.split() for text in texts]
    codes, alike = pd.factorize(np.array(list(chain.from_iterable(words)), dtype=object))
    sizes = np.array([len(some) for some in words], dtype=int)
    starts = np.cumsum(sizes) - sizes
    # for each text of the column where its words begin, and then one after the other
    lengths = sizes[places]
    shift = np.repeat(starts[places] - (np.cumsum(lengths) - lengths), lengths)
    taken = codes[shift + np.arange(len(shift))]
    return pd.Categorical.from_codes(taken, pd.Index(alike, dtype="str"))


def _repeated(told: pd.DataFrame, counts: Any) -> dict[str, Any]:
    places = np.repeat(np.arange(len(told)), counts)
    names = ("learner", "unit")
    return {name: _key(told[name].to_numpy(dtype=object)).take(places) for name in names}


def _practice(told: pd.DataFrame, words: dict[str, list[str]]) -> tuple[pd.DataFrame, Any]:
    """The table, and the labels of each row as one word."""
    rows = _repeated(told, _counts(words["passed"]))
    rows["exercise"] = _word_key(words["exercise"])
    first = _word_key(words["first"])
    rows["first"] = first.rename_categories(lambda word: "" if word == NONE else word)
    for name, kind in _NUMBERS.items():
        rows[name] = _numbers(words[name], len(rows["exercise"])).astype(kind)
    return table("practice", rows), _split(words["labels"])


def _items(told: pd.DataFrame, words: dict[str, list[str]]) -> pd.DataFrame:
    rows = _repeated(told, _counts(words["items"]))
    codes, alike = pd.factorize(_split(words["items"]))
    pairs = [word.rsplit("=", 1) for word in alike]
    rows["pair"] = np.array([pair for pair, _ in pairs], dtype=object)[codes]
    for place, name in enumerate(("pre", "post")):
        rows[name] = np.array([both[place] == "1" for _, both in pairs], dtype=bool)[codes]
    return table("items", rows)


def _applied(told: pd.DataFrame, words: dict[str, list[str]]) -> pd.DataFrame:
    done = _parsed([one for one in words["applied"] if one])
    rows = _repeated(told, [1 if one else 0 for one in words["applied"]])
    rows["at"] = pd.to_datetime([one["at"] for one in done], utc=True, format="ISO8601")
    rows["rows"] = [one["rows"] for one in done]
    return table("applied", rows)


def _declarations(told: pd.DataFrame) -> pd.DataFrame:
    spoken = _parsed(told["declared"])
    rows = _repeated(told, [1] * len(told))
    return table("declarations", rows | {n: [one[n] for one in spoken] for n in ("use", "note")})


def _mistakes(seen: pd.DataFrame, parts: Parts, practice: pd.DataFrame, labels: Any) -> Any:
    """Seen when graded, then those that only the learner's kit tells of; each once."""
    seen["unit"] = _units(seen["assignment"], parts)
    seen = seen[seen["unit"].notna()].assign(verified=True)
    seen["solved"] = seen["kind"] == OutcomeKind.PASSED.value
    before = seen[seen["earlier"] != ""]
    before = before.assign(label=before["earlier"].str.split()).explode("label")
    wanted = list(COLUMNS["mistakes"])
    graded = pd.concat([seen[seen["label"] != ""][wanted], before[wanted]])
    whole = pd.concat([graded, _told_mistakes(practice, labels)[wanted]])
    for name in ("learner", "unit", "exercise", "label"):
        whole[name] = _key(whole[name].to_numpy(dtype=object))
    once = whole.drop_duplicates(["learner", "unit", "exercise", "label"])
    return table("mistakes", once.reset_index(drop=True))


def _told_mistakes(practice: pd.DataFrame, labels: Any) -> pd.DataFrame:
    some = np.flatnonzero(labels != NONE)
    split = [word.split(",") for word in labels[some]]
    places = np.repeat(some, [len(words) for words in split])
    rows = practice[["learner", "unit", "exercise", "passed"]].take(places)
    rows = rows.rename(columns={"passed": "solved"})
    return rows.assign(label=list(chain.from_iterable(split)), verified=False)
