"""What a message may not tell: right values, and code of the model answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.content import find_exercise, load_unit
from kit.gate.rules.leaks import Secrets, near, numbers_in, shingles, values_of
from tests.good_unit import edit


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It is 1,234.5 won.", [1234.5]),
        ("13.1 % of them", [13.1, 0.131]),
        ("1.25 million won", [1.25, 1.25e6]),
        ("12.5억 원", [12.5, 12.5e8]),
        ("351만 원", [351, 3.51e6]),
        ("120,000,000 원", []),
        ("5 of 12 days, 20 %", []),
        ("0.05 and 1,000", []),
    ],
)
def test_numbers_are_read_as_written_and_as_meant(text: str, values: list[float]) -> None:
    found = [value for _, value in numbers_in(text)]
    assert [v for v in values if not any(near(v, f) for f in found)] == []
    assert bool(found) == bool(values)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("total += disk[0] of them", True),
        ("x = f(a, b)", True),
        ("Look at it, and then, if you like, ask.", False),
        ("the owner’s list (see above), in today's money", False),
    ],
)
def test_code_is_told_from_sentences(text: str, code: bool) -> None:
    assert bool(list(shingles(text))) == code


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1.5, "b": [2, (3, True, None)]}, {1.5, 2, 3}),
        (-4.5, {4.5}),
        ("about 1,234 won", {1234.0}),
        (list(range(100)), set()),
        (len, set()),
    ],
)
def test_values_are_collected_unless_there_are_too_many(value: Any, found: set[float]) -> None:
    assert set(values_of(value)) == found


@pytest.fixture
def secrets(good: Path) -> Secrets:
    """Those of an exercise whose right value is 1234.5."""
    edit(good / "workbook.toml", 'names = ["in_use"]', 'names = ["in_use", "share"]')
    unit = load_unit(good)
    return Secrets(unit, find_exercise(unit, "used"), {"share": 1234.5})


@pytest.mark.parametrize(
    ("text", "code", "mine", "told"),
    [
        ("It should be 1,235.", "", [], "a right value: 1,235"),
        ("It should be 1,300.", "", [], ""),
        ("Yours is 1,234.5.", "share = 1234.5", [], ""),
        ("Yours is 1,234.5.", "", [{"a": 1234.5}], ""),
        ('Write total += disk["gb"].', "", [], "code of the model answer"),
        ('Write total += disk["gb"].', 'total += disk["gb"]', [], ""),
    ],
)
def test_a_message_may_quote_the_learner_and_no_more(
    secrets: Secrets, text: str, code: str, mine: list[Any], told: str
) -> None:
    found = secrets.told_by(text, code, mine)
    assert found.startswith(told)
    assert bool(found) == bool(told)
