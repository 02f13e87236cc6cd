"""An audit is scored by F1; a reason stands behind each claim that is flagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking import Mistake, NotAttempted
from kit.checking.forms import Claim, audit_score, audited, findings_of

CLAIMS = [
    Claim("D1", "…", True),
    Claim("D2", "…", True),
    Claim("D3", "…", True),
    Claim("D4", "…", False, surprising=True),
    Claim("D5", "…", False, surprising=True),
    Claim("D6", "…", False, surprising=True),
    Claim("D7", "…", False),
    Claim("D8", "…", False),
]
IDS = [claim.id for claim in CLAIMS]


@pytest.mark.parametrize(
    ("flagged", "counts", "f1"),
    [
        (["D1", "D2", "D3"], (3, 0, 0), 1.0),
        (["D1", "D2"], (2, 1, 0), 0.8),
        (["D1", "D2", "D3", "D7"], (3, 0, 1), 6 / 7),
        ([], (0, 3, 0), 0.0),
        (["D7"], (0, 3, 1), 0.0),
    ],
)
def test_the_score_counts_hits_misses_and_false_alarms(
    flagged: list[str], counts: tuple[int, int, int], f1: float
) -> None:
    score = audit_score(CLAIMS, flagged)
    assert (score.hits, score.missed, score.alarms) == counts
    assert score.f1 == pytest.approx(f1)


def test_nothing_to_find_and_nothing_flagged_is_whole() -> None:
    assert audit_score(CLAIMS[3:], []).f1 == 1.0
    assert audit_score(CLAIMS[3:], ["D4"]).f1 == 0.0


@given(st.sets(st.sampled_from(IDS)))
def test_f1_is_the_harmonic_mean_of_precision_and_recall(flagged: set[str]) -> None:
    score = audit_score(CLAIMS, flagged)
    if score.hits:
        precision, recall = score.hits / len(flagged), score.hits / 3
        assert score.f1 == pytest.approx(2 / (1 / precision + 1 / recall))


@pytest.mark.parametrize(
    ("flagged", "label"),
    [
        ([], "draft_trusted"),
        (IDS[:7], "everything_flagged"),
        (["D4", "D5", "D6"], "surprise_is_not_error"),
        (["D1"], "audit_short"),
        (["D7", "D8"], "audit_short"),
    ],
)
def test_a_short_audit_is_told_why(flagged: list[str], label: str) -> None:
    with pytest.raises(Mistake) as raised:
        audited(CLAIMS, flagged)
    assert raised.value.label == label
    assert not any(claim in str(raised.value.values) for claim in IDS)


def test_beside_a_pass_stand_the_misses_and_the_false_alarms() -> None:
    assert audited(CLAIMS, ["D1", "D2"]) == (["D3"], [])
    assert audited(CLAIMS, ["D1", "D2", "D3", "D7"]) == ([], ["D7"])


GOOD = {"D1": "the sum is another one", "D2": "단위가 서로 다릅니다"}


def test_findings_are_ids_with_their_reasons() -> None:
    assert findings_of(CLAIMS, GOOD) == GOOD
    assert findings_of(CLAIMS, {}) == {}


@pytest.mark.parametrize(
    ("given", "label"),
    [
        (["D1"], "not_a_dict"),
        ({"D9": "the sum is another one"}, "unknown_value"),
        ({"D1": "bla bla bla"}, "reason_missing"),
        ({"D1": "wrong sum"}, "reason_missing"),
        ({"D1": "틀렸습니다"}, "reason_missing"),
        ({"D1": GOOD["D1"], "D3": GOOD["D1"].upper()}, "reason_repeated"),
    ],
)
def test_a_finding_without_a_reason_of_its_own_is_none(given: object, label: str) -> None:
    with pytest.raises(Mistake) as raised:
        findings_of(CLAIMS, given)
    assert raised.value.label == label


@pytest.mark.parametrize("reason", ["", " ", "...", None, 3])
def test_an_empty_reason_is_still_to_come(reason: object) -> None:
    with pytest.raises(NotAttempted):
        findings_of(CLAIMS, {"D1": reason})


def test_who_flags_nearly_all_is_told_that_first() -> None:
    assert len(findings_of(CLAIMS, dict.fromkeys(IDS, GOOD["D1"]))) == 8
