"""``____`` marks what is still open, and is never mistaken for a value."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kit import ____
from kit.blank import BLANK, BlankUsed, has_blank


def test_the_public_name_is_the_one_blank() -> None:
    assert ____ is BLANK
    assert repr(____) == "____"


@pytest.mark.parametrize(
    "use",
    [
        lambda b: b + 1,
        lambda b: 1 + b,
        lambda b: b - 1,
        lambda b: 1 - b,
        lambda b: 2 * b / 3,
        lambda b: 3 / b,
        lambda b: b**2,
        lambda b: -b,
        lambda b: b % 7,
        lambda b: b(1, x=2),
        lambda b: b["column"][0],
        lambda b: b > 3,
    ],
)
def test_a_stub_that_computes_with_a_blank_stays_blank(use: Callable[[Any], Any]) -> None:
    assert use(BLANK) is BLANK


@pytest.mark.parametrize(
    "use", [bool, float, int, list, len, np.asarray, lambda b: range(b), lambda b: [1][b]]
)
def test_a_blank_where_a_value_is_needed_says_what_to_do(use: Callable[[Any], Any]) -> None:
    with pytest.raises(BlankUsed, match="Replace ____"):
        use(BLANK)


def test_a_blank_equals_nothing_but_itself() -> None:
    assert operator.eq(BLANK, BLANK) is True
    assert operator.eq(BLANK, 0) is False
    assert operator.ne(BLANK, None) is True


@pytest.mark.parametrize(
    "value", [BLANK, [BLANK], (1, BLANK), {"a": BLANK}, {BLANK: 1}, {"a": [1, BLANK]}, {BLANK}]
)
def test_a_blank_is_found_inside_containers(value: object) -> None:
    assert has_blank(value)


@pytest.mark.parametrize("value", [0, "____", [], {}, {"a": [1]}, None, np.zeros(3)])
def test_values_are_not_blank(value: object) -> None:
    assert not has_blank(value)


def test_a_list_that_holds_itself_ends_the_search() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert not has_blank(endless)
