"""Where each learner stands in each unit: one state for each cell of the cohort's grid."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kit.cohort import Cohort
from kit.i18n import Marked, mark
from kit.model import Part, Programme, Unit
from kit.reports.cells import Cells
from kit.reports.tables import completion_table, evidence_table, submitted

if TYPE_CHECKING:
    import pandas as pd

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
    import numpy as np

    people = cohort.learners[["learner", "name", "team", "enrolled"]]
    known = people["name"].where(people["name"] != "", people["learner"].astype("str"))
    people = people.assign(name=known).sort_values(["name", "learner"], ignore_index=True)
    cells = Cells(people["learner"], programme.units)
    evidence = evidence_table(cohort, units)
    table = completion_table(evidence, people["learner"], programme)
    still = cohort.requests[cohort.requests["state"] == "open"]
    use = cohort.declarations["use"].astype("str")
    table = table.assign(
        **{name: cells.by_learner(people[name]) for name in ("name", "team", "enrolled")},
        **_work(cohort, cells),
        use=cells.last(cells.places(cohort.declarations), use, ""),
        requests=cells.total(cells.places(still), np.ones(len(still))),
    )
    table["state"] = _states(cohort, table, cells)
    # by person: all units of the first learner come first
    by_person = np.arange(cells.size).reshape(cells.shape).T.ravel()
    return table.take(by_person).reset_index(drop=True), evidence


def _work(cohort: Cohort, cells: Cells) -> dict[str, Any]:
    """Columns of what was handed in, for each cell."""
    import numpy as np
    import pandas as pd

    # the latest last: its version stands
    work = submitted(cohort).sort_values("submitted_at", kind="stable")
    places, late = cells.places(work), np.ceil(work["late"].clip(lower=0) / _DAY)
    columns = {
        "late": cells.most(places, late, 0.0),
        "penalty": cells.total(places, work["penalty"]),
        "to_grade": cells.total(places, work["to_grade"]),
        "version": cells.last(places, work["version"], ""),
    }
    failed, failure = (work["failure"] != "").to_numpy(dtype=bool), np.full(cells.size, "", object)
    for part, at in ((Part.PRACTICE, "practice_at"), (Part.GRADED, "handed_in_at")):
        mine = (work["part"] == part.value).to_numpy(dtype=bool)
        columns[at] = cells.last(np.where(mine, places, -1), work["submitted_at"], pd.NaT)
        columns[f"late_{part.value}"] = cells.most(places[mine], late[mine], 0.0)
        # where both failed, the graded part's reason stands
        why = cells.last(np.where(mine & failed, places, -1), work["failure"].astype("str"), "")
        failure = np.where(why != "", why, failure)
    return {**columns, "failure": pd.array(failure, dtype="str")}


def _states(cohort: Cohort, table: pd.DataFrame, cells: Cells) -> Any:
    import numpy as np

    practised = cells.any(cells.places(cohort.practice))
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
