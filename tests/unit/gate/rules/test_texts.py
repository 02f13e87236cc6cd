"""Time boxes and hints: what is plausible, and what a ladder is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.good_unit import edit, lint, of_the_unit


def found(folder: Path, rule: str) -> list[str]:
    return [f.what for f in of_the_unit(lint(folder, only=(rule,)), folder)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes = 5\n", "minutes = 31\n", "at most 30"),
        ("minutes = 5\n", "minutes = 0\n", "at most 30"),
        ("minutes = 5\n", "minutes = 25\n", "25 minutes are stated"),
        ("minutes = 5\n", "minutes = 1\n", "1 minutes are stated"),
        ("minutes = 10\n", "minutes = 5\n", "The exercises take 10 minutes"),
    ],
)
def test_a_time_box_is_short_and_plausible(good: Path, old: str, new: str, told: str) -> None:
    edit(good / "workbook.toml", old, new)
    (what,) = found(good, "minutes")
    assert told in what


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('hints = ["Think of whoever answers when something is lost."]\n', "", "No hints"),
        ("A disk that is off holds", "word " * 161 + "holds", "over 160"),
    ],
)
def test_hints_are_there_and_short(good: Path, old: str, new: str, told: str) -> None:
    edit(good / "workbook.toml", old, new)
    (what,) = found(good, "hints")
    assert told in what


def test_a_picked_answer_takes_no_longer_because_the_model_computes_it(good: Path) -> None:
    computed = '"who": "k = 1\\n" * 40 + \'wb.answer("who", "b")\','
    edit(good / "solution.py", '"who": \'wb.answer("who", "b")\',', computed)
    edit(good / "workbook.toml", "minutes = 4\n", "minutes = 2\n")
    assert found(good, "minutes") == []
