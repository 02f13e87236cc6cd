"""Where each learner stands in each unit: one state for each cell of the cohort's grid."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kit.cohort import Cohort
from kit.i18n import Marked, mark
from kit.model import Part, Programme, Unit
from kit.reports.tables import completion_table, evidence_table, submitted

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ["learner", "unit"]
_DAY = 86_400.0


class State(StrEnum):
    """How far a learner is in a unit, from nothing to complete."""

    CLOSED = "closed"
    NOTHING = "nothing"
    PRACTISING = "practising"
    HANDED_IN = "handed_in"
    FAILED = "failed"
    TO_GRADE = "to_grade"
    GRADED = "graded"
    SELF_REPORTED = "self_reported"
    COMPLETE = "complete"


# a symbol beside the words: no state is told by its colour alone
SYMBOLS = {
    State.CLOSED: "–",
    State.NOTHING: "○",
    State.PRACTISING: "◔",
    State.HANDED_IN: "◑",
    State.FAILED: "✕",
    State.TO_GRADE: "✎",
    State.GRADED: "◕",
    State.SELF_REPORTED: "◍",
    State.COMPLETE: "✔",
}
NAMES: dict[State, Marked] = {
    State.CLOSED: mark("not released yet"),
    State.NOTHING: mark("nothing handed in yet"),
    State.PRACTISING: mark("practising"),
    State.HANDED_IN: mark("handed in, not graded yet"),
    State.FAILED: mark("handed in, could not be graded"),
    State.TO_GRADE: mark("to be graded by a person"),
    State.GRADED: mark("graded"),
    State.SELF_REPORTED: mark("complete, self-reported"),
    State.COMPLETE: mark("complete, verified"),
}


def standing_table(
    cohort: Cohort, units: Mapping[str, Unit], programme: Programme
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every learner × every unit of the programme, and the evidence behind it.

    The first table has the columns of ``completion_table`` and ``name``, ``team``, ``enrolled``,
    ``state``, ``practice_at`` and ``handed_in_at`` (UTC, NaT without), ``late_practice`` and
    ``late_graded`` (days begun past the due date, as the late penalty counts them), ``late``
    (the later of both), ``penalty`` (points), ``to_grade`` (cells), ``failure`` (why work
    could not be graded, "" when it could), ``version``, ``use`` (of AI, "" when not declared),
    ``requests`` (open ones). It is sorted by name, then as the programme is: never by what
    somebody achieved.
    """
    evidence = evidence_table(cohort, units)
    table = completion_table(evidence, cohort.learners["learner"], programme)
    people = cohort.learners[["learner", "name", "team", "enrolled"]]
    table = table.merge(people, on="learner", how="left")
    table = table.merge(_work(cohort), on=_KEYS, how="left")
    table = table.merge(_declared(cohort), on=_KEYS, how="left")
    table = table.merge(_open_requests(cohort), on=_KEYS, how="left")
    counts = ["late", "late_practice", "late_graded", "penalty", "to_grade", "requests"]
    table = table.assign(
        **{name: table[name].fillna(0) for name in counts},
        **{name: table[name].fillna("") for name in ("version", "use", "failure")},
    )
    table["name"] = table["name"].where(table["name"] != "", table["learner"])
    table["state"] = _states(cohort, table)
    order = {unit: place for place, unit in enumerate(programme.units)}
    ranked = table.assign(place=table["unit"].map(order).astype(int))
    table = ranked.sort_values(["name", "learner", "place"], ignore_index=True)
    return table.drop(columns="place"), evidence


def _work(cohort: Cohort) -> pd.DataFrame:
    """What was handed in, by learner and unit."""
    import numpy as np

    work = submitted(cohort)
    begun = np.ceil(work["late"].clip(lower=0) / _DAY)
    work = work.assign(late=begun)
    practice = work[work["part"] == Part.PRACTICE.value].set_index(_KEYS)
    graded = work[work["part"] == Part.GRADED.value].set_index(_KEYS)
    sums = work.groupby(_KEYS).agg(
        late=("late", "max"), penalty=("penalty", "sum"), to_grade=("to_grade", "sum")
    )
    latest = work.sort_values("submitted_at").drop_duplicates(_KEYS, keep="last")
    joined = sums.join(practice["submitted_at"].rename("practice_at"))
    joined = joined.join(graded["submitted_at"].rename("handed_in_at"))
    joined = joined.join(latest.set_index(_KEYS)["version"])
    # the graded part's reason, where both failed: it sorts before "practice"
    failed = work[work["failure"] != ""].sort_values("part").drop_duplicates(_KEYS)
    joined = joined.join(failed.set_index(_KEYS)["failure"])
    joined = joined.join(practice["late"].rename("late_practice"))
    joined = joined.join(graded["late"].rename("late_graded"))
    return joined.reset_index()


def _declared(cohort: Cohort) -> pd.DataFrame:
    return cohort.declarations.drop_duplicates(_KEYS, keep="last")[[*_KEYS, "use"]]


def _open_requests(cohort: Cohort) -> pd.DataFrame:
    still = cohort.requests[cohort.requests["state"] == "open"]
    return still.groupby(_KEYS).size().rename("requests").reset_index()


def _states(cohort: Cohort, table: pd.DataFrame) -> Any:
    import numpy as np
    import pandas as pd

    keys = pd.MultiIndex.from_frame(table[_KEYS])
    practised = keys.isin(pd.MultiIndex.from_frame(cohort.practice[_KEYS].drop_duplicates()))
    opened = set(cohort.assignments.loc[cohort.assignments["released"], "unit"])
    rules = [
        (State.COMPLETE, table["complete"] & table["verified"]),
        (State.FAILED, table["failure"] != ""),
        (State.SELF_REPORTED, table["complete"]),
        (State.TO_GRADE, table["to_grade"] > 0),
        (State.GRADED, table["graded"].notna()),
        (State.HANDED_IN, table["handed_in_at"].notna()),
        (State.PRACTISING, table["practice_at"].notna() | practised),
        (State.CLOSED, ~table["unit"].isin(opened)),
    ]
    conditions = [condition.to_numpy(dtype=bool) for _, condition in rules]
    return np.select(conditions, [state.value for state, _ in rules], State.NOTHING.value)
