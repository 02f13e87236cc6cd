"""``upskill submit`` for people and for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from grading_helpers import edit

from kit.cli.submit import parse_ratings, run_submit
from kit.errors import UsageError
from kit.model import Part, Unit

pytestmark = pytest.mark.grading


def test_json_is_all_that_reaches_standard_output(
    new_home: Any, content: Unit, capfd: pytest.CaptureFixture[str]
) -> None:
    home = new_home("ko")
    edit(home, content, Part.PRACTICE, count="count = 99")
    # the first submission makes the gradebook, where other programs like to print
    run_submit("tiny", home.root, None, as_json=True, ratings=[])
    result = json.loads(capfd.readouterr().out)
    assert result["assignments"][0]["cells"][0]["message"].startswith("디스크를 99개로")


def test_table_shows_points_messages_and_what_is_missing(
    new_home: Any, content: Unit, capfd: pytest.CaptureFixture[str]
) -> None:
    home = new_home()
    edit(home, content, Part.PRACTICE, count="count = 99", total="total = sum(disks)")
    run_submit("tiny", home.root, None, as_json=False, ratings=[])
    shown = " ".join(capfd.readouterr().out.split())
    assert "0/1" in shown
    assert "You count 99 disks" in shown
    assert "1 of 2 points" in shown
    assert "Graded assignment: Nothing is answered yet." in shown
    assert "Hand in the graded assignment." in shown


def test_ratings_are_read_as_exercise_and_level() -> None:
    assert parse_ratings(["memo=2", "plan=0"]) == {"memo": 2, "plan": 0}


@pytest.mark.parametrize("text", ["memo", "memo=", "=2", "memo=two", "memo=-1", "memo=1.5"])
def test_anything_else_is_no_rating(text: str) -> None:
    with pytest.raises(UsageError, match="not a rating"):
        parse_ratings([text])
