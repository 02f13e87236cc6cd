"""Evidence says what a gradebook and a progress log hold, and who stands for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.content import load_unit
from kit.model import Attempt, Unit
from kit.progress import reduce_progress
from kit.reports import Claim, evidence_from
from kit.reports.evidence import GRADEBOOK, PROGRESS, SELF

TINY = Path(__file__).parents[2] / "fixtures" / "units" / "workbooks" / "demo" / "01_tiny"


@pytest.fixture(scope="module")
def unit() -> Unit:
    return load_unit(TINY)


def attempt(event: str, exercise: str = "", outcome: str = "") -> Attempt:
    return Attempt("2026-11-20T09:00:00Z", event, "tiny", exercise, outcome)


def assignment(part: str, *outcomes: str, score: float = 0.0, best: float = 10.0) -> dict[str, Any]:
    cells = [{"exercise": str(i), "outcome": o} for i, o in enumerate(outcomes)]
    moment = "2026-11-20T10:00:00+00:00"
    return {
        "part": part,
        "submitted_at": moment,
        "score": score,
        "max_score": best,
        "cells": cells,
    }


def test_nothing_done_gives_no_evidence(unit: Unit) -> None:
    assert evidence_from(unit, reduce_progress([], "tiny")) == ()


def test_passed_checks_are_the_learners_own_word(unit: Unit) -> None:
    progress = reduce_progress([attempt("check", "count", "passed")], "tiny")
    (row,) = evidence_from(unit, progress)
    assert (row.claim, row.share, row.source) == (Claim.PRACTISED, 0.5, PROGRESS)
    assert (row.verifier, row.verified, row.assisted) == (SELF, False, False)
    assert (row.date, row.version) == ("2026-11-20T09:00:00Z", "1")


def test_hints_make_practice_assisted_but_not_the_graded_part(unit: Unit) -> None:
    log = [attempt("hint", "count"), attempt("check", "count", "passed")]
    rows = evidence_from(
        unit,
        reduce_progress(log, "tiny"),
        [assignment("practice", "passed"), assignment("graded", score=9)],
    )
    assert [(r.claim, r.source, r.assisted) for r in rows] == [
        (Claim.PRACTISED, PROGRESS, True),
        (Claim.PRACTISED, GRADEBOOK, True),
        (Claim.GRADED, GRADEBOOK, False),
    ]


def test_live_run_is_evidence_of_applying(unit: Unit) -> None:
    rows = evidence_from(unit, reduce_progress([attempt("applied")], "tiny"))
    assert [(r.claim, r.share) for r in rows] == [(Claim.APPLIED, 1.0)]


def test_uncheckable_exercises_count_neither_way(unit: Unit) -> None:
    graded = [assignment("practice", "passed", "uncheckable", "incorrect")]
    (row,) = evidence_from(unit, reduce_progress([], "tiny"), graded)
    assert row.share == 0.5


def test_graded_share_is_that_of_points(unit: Unit) -> None:
    graded = [assignment("graded", score=9, best=24)]
    (row,) = evidence_from(unit, reduce_progress([], "tiny"), graded)
    assert row.share == pytest.approx(0.375)


def test_assignment_without_points_earns_no_share(unit: Unit) -> None:
    graded = [assignment("graded", "uncheckable", score=0, best=0)]
    (row,) = evidence_from(unit, reduce_progress([], "tiny"), graded)
    assert row.share == 0.0


def test_only_a_trainers_gradebook_verifies(unit: Unit) -> None:
    graded = [assignment("graded", score=9)]
    own = evidence_from(unit, reduce_progress([], "tiny"), graded)
    kept = evidence_from(unit, reduce_progress([], "tiny"), graded, verifier="trainer-kim")
    assert [r.verified for r in (*own, *kept)] == [False, True]
    assert kept[0].verifier == "trainer-kim"
