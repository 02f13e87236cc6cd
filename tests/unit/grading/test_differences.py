"""Scores that are not nbgrader's, as the gradebook's database keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.grading.differences import differences, reason, save_differences
from kit.grading.strict import VALUE, Difference
from kit.i18n import Translator, phrase

pytestmark = pytest.mark.grading
ONE = Difference("book", "b", 5.0, 0.0, "no proof")
TWO = Difference("book", "a", None, None, "please look")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_those_of_an_assignment_come_back_by_learner_in_the_order_of_cells(url: str) -> None:
    save_differences(url, "hw", "kim", [ONE, TWO])
    save_differences(url, "hw", "lee", [ONE])
    save_differences(url, "other", "kim", [ONE])
    assert differences(url, "hw") == {"kim": (TWO, ONE), "lee": (ONE,)}


def test_a_later_run_replaces_them(url: str) -> None:
    save_differences(url, "hw", "kim", [ONE, TWO])
    save_differences(url, "hw", "lee", [ONE])
    save_differences(url, "hw", "kim", [])
    assert differences(url, "hw") == {"lee": (ONE,)}


def test_a_stored_reason_is_told_in_the_readers_language(url: str) -> None:
    why = str(phrase(VALUE, value="9", points="5"))
    save_differences(url, "hw", "kim", [Difference("book", "a", 5.0, 0.0, why)])
    (stored,) = differences(url, "hw")["kim"]
    told = Translator("ko")(reason(stored))
    assert "9" in told
    assert "which is no number" not in told
