"""Completion follows the rule, and rests on verified evidence only when it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import UsageError
from kit.model import CompletionRule
from kit.reports import Claim, Evidence, decide
from kit.reports.evidence import GRADEBOOK, PROGRESS, SELF

shares = st.floats(0, 1)
rules = st.builds(CompletionRule, shares, shares, st.booleans())
own_words = st.builds(
    Evidence,
    claim=st.sampled_from(Claim),
    share=shares,
    source=st.sampled_from([GRADEBOOK, PROGRESS]),
    verifier=st.just(SELF),
    date=st.just("2026-11-20"),
    version=st.just("1"),
    assisted=st.booleans(),
)
proofs = st.builds(
    Evidence,
    claim=st.sampled_from(Claim),
    share=shares,
    source=st.just(GRADEBOOK),
    verifier=st.just("trainer"),
    date=st.just("2026-11-20"),
    version=st.just("1"),
    verified=st.just(True),
)
demanding = rules.filter(lambda r: r.applied or r.practised_share > 1e-6 or r.graded_share > 0)


def evidence(claim: Claim, share: float, source: str = GRADEBOOK, who: str = SELF) -> Evidence:
    return Evidence(claim, share, source, who, "2026-11-20", "1", verified=who != SELF)


RULE = CompletionRule(practised_share=0.75, graded_share=0.6)


@given(demanding, st.lists(own_words))
def test_own_word_never_makes_a_verified_completion(
    rule: CompletionRule, rows: list[Evidence]
) -> None:
    assert decide(rule, rows).verified is False


@given(rules, st.lists(own_words), st.lists(proofs))
def test_own_word_beside_proof_never_changes_what_is_verified(
    rule: CompletionRule, words: list[Evidence], proved: list[Evidence]
) -> None:
    assert decide(rule, [*words, *proved]).verified == decide(rule, proved).verified


@given(rules, st.lists(st.one_of(own_words, proofs)))
def test_complete_exactly_when_nothing_is_missing(
    rule: CompletionRule, rows: list[Evidence]
) -> None:
    completion = decide(rule, rows)
    assert completion.complete == (completion.missing == ())


def test_own_gradebook_completes_but_stays_self_reported() -> None:
    rows = [evidence(Claim.PRACTISED, 0.75), evidence(Claim.GRADED, 0.6)]
    completion = decide(RULE, rows)
    assert (completion.complete, completion.verified) == (True, False)


def test_trainers_gradebook_verifies() -> None:
    rows = [
        evidence(Claim.PRACTISED, 0.75, who="trainer"),
        evidence(Claim.GRADED, 0.6, who="trainer"),
    ]
    assert decide(RULE, rows).verified


def test_sum_of_fractions_reaches_the_share_it_stands_for() -> None:
    rows = [evidence(Claim.PRACTISED, 1.0), evidence(Claim.GRADED, 0.1 + 0.2)]
    assert decide(CompletionRule(0.75, 0.3), rows).complete
    rows[1] = evidence(Claim.GRADED, 1 - 0.7)
    assert decide(CompletionRule(0.75, 0.3), rows).complete


def test_each_gap_is_named() -> None:
    missing = decide(CompletionRule(0.75, 0.6, applied=True), []).missing
    assert len(missing) == 3
    assert "0% of the exercises pass, 75% are wanted" in missing[0]
    assert missing[1] == "Hand in the graded assignment."
    assert "own data" in missing[2]


def test_too_few_points_are_named_with_both_shares() -> None:
    rows = [evidence(Claim.PRACTISED, 1.0), evidence(Claim.GRADED, 0.5)]
    (sentence,) = decide(RULE, rows).missing
    assert "50%" in sentence
    assert "60%" in sentence


@pytest.mark.parametrize(
    ("share", "shown"), [(0.596, "59%"), (0.5999, "59%"), (0.466, "47%"), (11.2 / 24, "47%")]
)
def test_points_short_of_the_rule_never_read_as_enough(share: float, shown: str) -> None:
    rows = [evidence(Claim.PRACTISED, 1.0), evidence(Claim.GRADED, share)]
    (sentence,) = decide(RULE, rows).missing
    assert f"{shown} of the graded ones so far, 60% wanted" in sentence


def test_gradebook_outweighs_the_progress_log() -> None:
    rows = [
        evidence(Claim.PRACTISED, 1.0, PROGRESS),
        evidence(Claim.PRACTISED, 0.5),
        evidence(Claim.GRADED, 1.0),
    ]
    assert not decide(RULE, rows).complete


@pytest.mark.parametrize(("source", "who"), [(PROGRESS, "trainer"), (GRADEBOOK, SELF)])
def test_self_reported_evidence_cannot_be_marked_verified(source: str, who: str) -> None:
    with pytest.raises(UsageError, match="cannot be verified"):
        Evidence(Claim.GRADED, 1.0, source, who, "2026-11-20", "1", verified=True)
