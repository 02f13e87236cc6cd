"""Statistics of a cohort are right, and silent about groups of fewer than five."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from kit.cohort import Cohort, table
from kit.reports import figures
from kit.reports.report import Report, make_report
from tests.unit.reports.cohorts import make_cohort, several_units

UNITS, PROGRAMME = several_units(1)


def report(count: int) -> Report:
    return make_report(make_cohort(count), UNITS, PROGRAMME)


def figures_of(name: str, made: Report) -> pd.DataFrame:
    told: pd.DataFrame = getattr(made, name)
    groups = {
        "funnel": figures.STEPS,
        "difficulty": ("attempts", "minutes", "first", "graded"),
        "mistakes": ("met", "solved", "stuck"),
        "gains": ("before", "after", "difference", "low", "high"),
        "declared": figures.USES,
        "helped": ("unaided", "assisted"),
        "dates": ("handed_in", "late"),
    }
    return told[list(groups[name])]


TABLES = ["funnel", "difficulty", "mistakes", "gains", "declared", "helped", "dates"]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("count", [0, 1, 4])
def test_fewer_than_five_have_no_statistics(name: str, count: int) -> None:
    assert figures_of(name, report(count)).isna().all().all()


@pytest.mark.parametrize("name", TABLES)
def test_a_cohort_that_is_large_enough_has_all_of_them(name: str) -> None:
    assert figures_of(name, report(40)).notna().any().all()


def test_five_are_enough() -> None:
    # of five one is untouched: the other four are too few to speak of
    made = report(5)
    assert made.funnel["roster"].tolist() == [5.0]
    assert made.gains["before"].isna().all()
    assert report(6).gains["before"].notna().all()


def test_funnel_counts_who_came_how_far() -> None:
    (row,) = report(12).funnel.to_dict("records")
    assert [row[step] for step in figures.STEPS] == [12, 10, 8, 6, 4]


def test_funnel_never_widens() -> None:
    counts = report(200).funnel[list(figures.STEPS)].to_numpy()
    assert (np.diff(counts, axis=1) <= 0).all()


def test_difficulty_is_medians_and_shares_of_those_who_tried() -> None:
    cohort = make_cohort(12)
    tried = cohort.practice[cohort.practice["exercise"] == "npv"].copy()
    tried["attempts"] = [1, 1, 2, 3, 4, 5, 6, 7, 8, 0]
    tried["first"] = ["passed"] * 2 + ["incorrect"] * 7 + [""]
    made = replace(cohort, practice=table("practice", tried))
    found = figures.difficulty_table(made, UNITS).set_index("exercise").loc["npv"]
    assert (found["n"], found["attempts"]) == (9, 4.0)
    assert found["first"] == pytest.approx(2 / 9)


def test_what_still_waits_for_a_person_is_not_in_the_graded_group() -> None:
    found = report(24).difficulty.set_index("exercise")
    assert found.loc["graded-memo", "n_graded"] == 16 - 16 // 4


def test_mistake_counts_learners_once() -> None:
    cohort = make_cohort(40)
    twice = pd.concat([cohort.mistakes, cohort.mistakes])
    doubled = replace(cohort, mistakes=table("mistakes", twice))
    pd.testing.assert_frame_equal(
        figures.mistake_table(doubled, UNITS), figures.mistake_table(cohort, UNITS)
    )


def test_mistakes_that_most_are_still_on_come_first() -> None:
    stuck = report(60).mistakes["stuck"]
    assert (stuck.diff().dropna() <= 0).all()


def test_gain_is_the_mean_of_learners_not_of_answers() -> None:
    people = [f"p{i}" for i in range(6)]
    # one learner answered four pairs, the others one
    learner = [people[0]] * 4 + people[1:]
    items = {
        "learner": learner,
        "unit": "rightsizing",
        "pair": [f"q{i}" for i in range(9)],
        "pre": [False] * 9,
        "post": [True] * 4 + [False] * 5,
    }
    cohort = replace(make_cohort(6), items=table("items", items))
    (row,) = figures.gain_table(cohort, PROGRAMME).to_dict("records")
    assert row["n"] == 6
    assert row["difference"] == pytest.approx(1 / 6)


def test_interval_holds_the_mean_and_narrows_with_the_group() -> None:
    rng = np.random.default_rng(5)
    draws = pd.Series(rng.choice([-0.25, 0.0, 0.25, 0.5], 400))
    few, many = figures.bootstrap(draws[:20]), figures.bootstrap(draws)
    assert few[0] < draws[:20].mean() < few[1]
    assert many[1] - many[0] < few[1] - few[0]


def test_interval_agrees_with_drawing_learners_one_by_one() -> None:
    rng = np.random.default_rng(6)
    values = rng.choice([-0.5, 0.0, 0.25, 0.75], 30)
    plain = [rng.choice(values, 30).mean() for _ in range(4000)]
    low, high = figures.bootstrap(pd.Series(values))
    assert np.percentile(plain, [2.5, 97.5]) == pytest.approx([low, high], abs=0.03)


def test_undeclared_use_of_ai_is_counted_as_such() -> None:
    cohort = make_cohort(12)
    made = replace(cohort, declarations=cohort.declarations.iloc[:3])
    (row,) = make_report(made, UNITS, PROGRAMME).declared.to_dict("records")
    assert row["n"] == 8
    assert row["undeclared"] == 5


def test_dates_tell_what_is_past_and_what_is_soon() -> None:
    dates = report(12).dates
    assert list(dates["part"]) == ["practice", "graded"]
    assert list(dates["days"]) == [-3.0, 4.0]
    assert list(dates["handed_in"]) == [10.0, 8.0]


def with_guests(count: int, guests: int) -> Cohort:
    """A cohort whose last learners are not on the roster."""
    cohort = make_cohort(count)
    known = [number < count - guests for number in range(count)]
    return replace(cohort, learners=cohort.learners.assign(enrolled=known))


def test_who_is_not_on_the_roster_is_shown_and_counted_nowhere() -> None:
    made = make_report(with_guests(12, 6), UNITS, PROGRAMME)
    roster = report(6)
    assert len(made.standing) == 12
    assert int(made.standing["enrolled"].sum()) == 6
    # six people of a cohort of twelve are the cohort of six
    assert list(made.funnel["n"]) == list(roster.funnel["n"]) == [6]
    assert list(made.funnel["handed_in"]) == list(roster.funnel["handed_in"])
    assert list(made.dates["n"]) == [6, 6]
    assert list(made.dates["handed_in"]) == list(roster.dates["handed_in"])
    assert list(made.helped["n"]) == list(roster.helped["n"])
    assert list(made.declared["n"]) == list(roster.declared["n"])
    assert made.difficulty["n"].max() == roster.difficulty["n"].max() > 0
    assert made.gains["n"].tolist() == roster.gains["n"].tolist()
    assert made.mistakes["n"].max() == roster.mistakes["n"].max() > 0


def extended(count: int) -> Cohort:
    """The first, who handed in nothing, and the second, who practised, have four days more."""
    rows = {
        "learner": ["learner-0000", "learner-0000", "learner-0001", "learner-0002"],
        "assignment": ["rightsizing-practice", "rightsizing"] + ["rightsizing-practice"] * 2,
        "days": [4.0, 1.0, 4.0, 4.0],
    }
    return replace(make_cohort(count), extensions=table("extensions", rows))


def test_more_time_counts_while_it_runs_and_nothing_is_handed_in() -> None:
    cohort = extended(12)
    running = figures.running_extensions(cohort)
    # practice was due three days ago, the graded part is due in four
    assert list(zip(running["learner"], running["assignment"], strict=True)) == [
        ("learner-0000", "rightsizing-practice"),
        ("learner-0000", "rightsizing"),
    ]
    later = replace(cohort, taken_at=cohort.taken_at + timedelta(days=2))
    assert list(figures.running_extensions(later)["assignment"]) == ["rightsizing"]
    dates = make_report(cohort, UNITS, PROGRAMME).dates
    assert list(dates["extended"]) == [1.0, 1.0]


def test_a_small_team_has_no_figures_and_a_large_one_has() -> None:
    units, programme = several_units(1)
    cohort = make_cohort(12, teams=("Large",))
    odd = cohort.learners.assign(team=["Small"] * 3 + ["Large"] * 9)
    made = make_report(replace(cohort, learners=odd), units, programme)
    teams = figures.team_table(made.standing).set_index("team")
    assert teams.loc["Small"].drop(["unit", "n"]).isna().all()
    assert teams.loc["Large", "n"] == 9
    assert teams.loc["Large", "complete"] >= 0
