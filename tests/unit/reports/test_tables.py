"""Whole cohorts get the same evidence and the same decisions as one learner does."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.model import CompletionRule, Programme
from kit.reports import Claim, Evidence, decide
from kit.reports.evidence import GRADEBOOK, PROGRESS, SELF
from kit.reports.tables import EVIDENCE, WANTS, completion_table, evidence_table
from tests.unit.reports.cohorts import make_cohort, several_units

PEOPLE = ("kim", "lee", "park")
shares = st.floats(0, 1)
rules = st.builds(CompletionRule, shares, shares, st.booleans())
rows = st.fixed_dictionaries(
    {
        "learner": st.sampled_from(PEOPLE),
        "unit": st.just("tiny"),
        "claim": st.sampled_from([c.value for c in Claim]),
        "share": shares,
        "source": st.sampled_from([GRADEBOOK, PROGRESS]),
        "verifier": st.sampled_from([SELF, "trainer"]),
        "date": st.just("2026-11-20"),
        "version": st.just("1"),
        "assisted": st.booleans(),
    }
)
own_rows = rows.filter(lambda row: row["source"] == PROGRESS or row["verifier"] == SELF)


def frame(found: list[dict[str, object]]) -> pd.DataFrame:
    made = pd.DataFrame(found, columns=list(EVIDENCE))
    proved = (made["source"] == GRADEBOOK) & (made["verifier"] != SELF)
    return made.assign(
        verified=proved, share=made["share"].astype(float), assisted=made["assisted"].astype(bool)
    )


def decided(rule: CompletionRule, found: list[dict[str, object]]) -> pd.DataFrame:
    programme = Programme("p", "P", ("tiny",), {"tiny": rule})
    table = completion_table(frame(found), pd.Series(PEOPLE), programme)
    return table.set_index("learner")


def of(person: str, found: pd.DataFrame) -> list[Evidence]:
    mine = found[found["learner"] == person].drop(columns=["learner", "unit"])
    return [Evidence(**{**row, "claim": Claim(row["claim"])}) for row in mine.to_dict("records")]


@given(rules, st.lists(rows))
def test_table_says_what_decide_says(rule: CompletionRule, found: list[dict[str, object]]) -> None:
    table = decided(rule, found)
    for person in PEOPLE:
        alone = decide(rule, of(person, frame(found)))
        row = table.loc[person]
        assert (row["complete"], row["verified"]) == (alone.complete, alone.verified)
        assert sum(row[name] for name in WANTS.values()) == len(alone.missing)


@given(rules, st.lists(rows), st.lists(own_rows))
def test_own_word_never_changes_what_is_verified(
    rule: CompletionRule, found: list[dict[str, object]], words: list[dict[str, object]]
) -> None:
    before, after = decided(rule, found), decided(rule, [*found, *words])
    pd.testing.assert_series_equal(before["verified"], after["verified"])


@given(rules, st.lists(rows), st.lists(rows))
def test_more_evidence_never_takes_a_verified_completion_back(
    rule: CompletionRule, found: list[dict[str, object]], more: list[dict[str, object]]
) -> None:
    before, after = decided(rule, found), decided(rule, [*found, *more])
    assert (after["verified"] >= before["verified"]).all()


@given(rules, st.lists(rows), st.lists(rows), st.sampled_from([GRADEBOOK, PROGRESS]))
def test_more_evidence_of_the_same_source_never_takes_a_completion_back(
    rule: CompletionRule,
    found: list[dict[str, object]],
    more: list[dict[str, object]],
    source: str,
) -> None:
    # across sources it may: a gradebook's row replaces the learner's word for that claim
    one, added = ([r for r in part if r["source"] == source] for part in (found, more))
    assert (decided(rule, [*one, *added])["complete"] >= decided(rule, one)["complete"]).all()


@given(rules, st.lists(rows).flatmap(lambda r: st.tuples(st.just(r), st.permutations(r))))
def test_order_does_not_matter(
    rule: CompletionRule, both: tuple[list[dict[str, object]], list[dict[str, object]]]
) -> None:
    pd.testing.assert_frame_equal(decided(rule, both[0]), decided(rule, list(both[1])))


@pytest.mark.parametrize("count", [0, 1, 4, 5, 60])
def test_every_learner_has_a_row_for_every_unit(count: int) -> None:
    units, programme = several_units(2)
    cohort = make_cohort(count, units)
    table = completion_table(evidence_table(cohort, units), cohort.learners["learner"], programme)
    assert len(table) == 2 * count
    assert not table.duplicated(["learner", "unit"]).any()


def test_a_gradebook_kept_by_the_learner_proves_nothing() -> None:
    units, programme = several_units(1)
    cohort = make_cohort(12, units, verifier=SELF)
    evidence = evidence_table(cohort, units)
    table = completion_table(evidence, cohort.learners["learner"], programme)
    assert table["complete"].any()
    assert not evidence["verified"].any()
    assert not table["verified"].any()


def test_rows_name_source_verifier_date_and_version() -> None:
    units, _ = several_units(1)
    evidence = evidence_table(make_cohort(12, units), units)
    kept = evidence[evidence["source"] == GRADEBOOK]
    told = evidence[evidence["source"] == PROGRESS]
    assert set(kept["verifier"]) == {"trainer-kim"}
    assert set(told["verifier"]) == {SELF}
    assert kept["verified"].all()
    assert not told["verified"].any()
    assert evidence["date"].notna().all()
    assert set(evidence["version"]) == {units["rightsizing"].version}


def test_hints_assist_the_practice_and_never_the_graded_part() -> None:
    units, _ = several_units(1)
    cohort = make_cohort(12, units)
    evidence = evidence_table(cohort, units)
    helped = set(cohort.practice.query("hints > 0 or taken")["learner"])
    practised = evidence[evidence["claim"] == Claim.PRACTISED]
    assert set(practised.loc[practised["assisted"], "learner"]) == helped
    assert not evidence.loc[evidence["claim"] == Claim.GRADED, "assisted"].any()


def test_work_that_nobody_has_graded_yet_claims_nothing() -> None:
    units, _ = several_units(1)
    cohort = make_cohort(12, units)
    for column in ("checks", "max_score", "score", "passed"):
        cohort.submissions[column] = cohort.submissions[column] * 0
    evidence = evidence_table(cohort, units)
    assert set(evidence["source"]) == {PROGRESS}
