"""A list comes back as plain values, or the message names the entry that is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from kit.checking import Mistake, expect

Label = Callable[..., str]


@pytest.mark.parametrize(
    "value",
    [[1, 2.5], (1, 2.5), np.array([1, 2.5]), pd.Series([1, 2.5]), pd.Index([1, 2.5])],
    ids=lambda value: type(value).__name__,
)
def test_a_list_in_any_type_is_plain_floats(value: object) -> None:
    assert expect.sequence(value, "x") == [1.0, 2.5]
    assert {type(item) for item in expect.sequence(value, "x")} == {float}


def test_a_range_and_whole_numbers_are_ints() -> None:
    assert expect.sequence(range(3), "x", of=int) == [0, 1, 2]
    assert expect.sequence([1.0, np.int64(2)], "x", of=int) == [1, 2]


def test_texts_and_anything_are_lists_too() -> None:
    assert expect.sequence(["a", np.str_("b")], "x", of=str) == ["a", "b"]
    assert expect.sequence([1, None, "c"], "x", of=None) == [1, None, "c"]
    assert expect.sequence([], "x") == []


@pytest.mark.parametrize(
    "value",
    [None, 3, "abc", b"abc", {"a": 1}, {1, 2}, (n for n in range(3)), np.zeros((2, 2)), list],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_list_is_said_so(value: object, label: Label) -> None:
    assert label(lambda: expect.sequence(value, "x", of=None)) == "not_a_list"


@pytest.mark.parametrize(
    ("value", "of"),
    [
        ([1, math.nan], float),
        ([1, True], float),
        ([1, 2.5], int),
        (["a", 1], str),
        ([1, math.inf], int),
    ],
)
def test_the_wrong_entry_is_named(value: object, of: type) -> None:
    with pytest.raises(Mistake) as raised:
        expect.sequence(value, "x", of=of)
    assert (raised.value.label, raised.value.values["at"]) == ("wrong_entry", 1)


def test_length_order_and_repetition(label: Label) -> None:
    assert label(lambda: expect.sequence([1, 2], "x", length=3)) == "wrong_length"
    assert expect.sequence([1, 2, 2], "x", length=3, ascending=True) == [1, 2, 2]
    assert label(lambda: expect.sequence([1, 3, 2], "x", ascending=True)) == "not_ascending"
    assert label(lambda: expect.sequence([2, 1, 2], "x", unique=True)) == "repeated"
    assert label(lambda: expect.sequence([[2], [2]], "x", of=None, unique=True)) == "repeated"
    assert expect.sequence([3, 1, 2], "x", unique=True) == [3, 1, 2]
