"""Each cell of the grid says how far a learner is; rows are in the order of names."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from kit.cohort import Cohort, table
from kit.grading.cohort_file import LatePolicy
from kit.reports.evidence import SELF
from kit.reports.states import NAMES, SYMBOLS, State, standing_table
from tests.unit.reports.cohorts import STAGES, make_cohort, several_units


def standing(cohort: Cohort) -> pd.DataFrame:
    units, programme = several_units(1)
    return standing_table(cohort, units, programme)[0].set_index("learner")


def test_every_stage_has_its_state() -> None:
    found = standing(make_cohort(6))
    expected = ["nothing", "practising", "to_grade", "graded", "complete", "complete"]
    assert [found.loc[f"learner-{i:04d}", "state"] for i in range(len(STAGES))] == expected


def test_own_gradebook_never_reads_as_verified() -> None:
    states = set(standing(make_cohort(12, verifier=SELF))["state"])
    assert State.SELF_REPORTED in states
    assert State.COMPLETE not in states


def test_what_nobody_has_graded_is_handed_in() -> None:
    cohort = make_cohort(6)
    untouched = cohort.submissions.assign(
        checks=0, passed=0, max_score=0.0, score=0.0, to_grade=0
    )  # fmt: skip
    states = standing(replace(cohort, submissions=table("submissions", untouched)))["state"]
    assert states["learner-0004"] == State.HANDED_IN


def test_a_unit_that_is_not_released_is_closed() -> None:
    cohort = make_cohort(6)
    shut = replace(cohort, assignments=cohort.assignments.assign(released=False))
    assert standing(shut).loc["learner-0000", "state"] == State.CLOSED


def test_order_is_that_of_names_whatever_anybody_scored() -> None:
    names = list(standing(make_cohort(40))["name"])
    assert names == sorted(names)


def test_somebody_without_a_name_goes_by_the_id() -> None:
    cohort = make_cohort(3)
    nameless = replace(cohort, learners=cohort.learners.assign(name=""))
    found = standing(nameless)
    assert list(found["name"]) == list(found.index)


def test_days_late_points_taken_and_declaration_stand_beside_the_work() -> None:
    cohort = make_cohort(6)
    mine = cohort.submissions["learner"] == "learner-0004"
    late = cohort.submissions.assign(late=0.0, penalty=0.0)
    late.loc[mine, "late"] = 2 * 86_400.0
    late.loc[mine, "penalty"] = 1.5
    said = table(
        "declarations",
        {"learner": ["learner-0004"], "unit": ["rightsizing"], "use": ["draft"], "note": [""]},
    )
    row = standing(replace(cohort, submissions=late, declarations=said)).loc["learner-0004"]
    # both assignments of the unit lost points
    assert (row["late"], row["penalty"], row["use"]) == (2.0, 3.0, "draft")


@pytest.mark.parametrize("state", list(State))
def test_no_state_is_told_by_its_colour_alone(state: State) -> None:
    assert SYMBOLS[state]
    assert NAMES[state]
    assert len(set(SYMBOLS.values())) == len(State)


@pytest.mark.parametrize("seconds", [0.0, 1.0, 86_399.0, 86_400.0, 86_401.0, 200_000.0])
def test_days_late_are_those_that_the_late_penalty_counts(seconds: float) -> None:
    cohort = make_cohort(12)
    practice = cohort.submissions["assignment"] == "rightsizing-practice"
    late = cohort.submissions.assign(late=practice * seconds)
    standing, _ = standing_table(replace(cohort, submissions=late), *several_units(1))
    row = standing.set_index("learner").loc["learner-0004"]
    days = LatePolicy(per_day=0.01).penalty(100.0, seconds)
    assert (row["late_practice"], row["late_graded"], row["late"]) == (days, 0.0, days)
