"""Questions before and after, counted as a share."""

from __future__ import annotations

import pytest

from kit.answers import seal
from kit.checking import NotAttempted
from kit.checking.forms import score_items
from kit.model import Item

ITEMS = [
    Item(f"i{n}", "p", "pre", "?", (("a", "A"), ("b", "B")), seal(f"i{n}", "b")) for n in (1, 2)
]


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({"i1": "b", "i2": "b"}, 1.0),
        ({"i1": {"option": "b", "confidence": 90}, "i2": {"option": "a"}}, 0.5),
        ({"i1": "a", "i2": ["b"]}, 0.0),
    ],
)
def test_the_share_that_is_right(given: dict[str, object], share: float) -> None:
    assert score_items(ITEMS, given) == share


@pytest.mark.parametrize("given", [{}, {"i1": "b"}, {"i1": "b", "i2": {}}])
def test_an_open_question_is_not_attempted(given: dict[str, object]) -> None:
    with pytest.raises(NotAttempted):
        score_items(ITEMS, given)
