"""Expectations accept what is right in any form, and name what is not."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from kit.checking import Mistake, expect

Label = Callable[..., str]


@pytest.mark.parametrize("value", [3, 3.0, np.int64(3), np.float32(3)])
def test_a_number_in_any_type_is_a_float(value: object) -> None:
    result = expect.number(value, "x", unit="vCPU", low=0, high=10)
    assert result == 3.0
    assert type(result) is float


@pytest.mark.parametrize("value", [True, "3", None, [3], math.nan, np.bool_(True), 3 + 0j])
def test_what_is_not_a_number_is_said_so(value: object, label: Label) -> None:
    assert label(lambda: expect.number(value, "x", unit="vCPU")) == "not_a_number"


@pytest.mark.parametrize("value", [-0.1, 10.5, math.inf])
def test_a_number_that_cannot_be_is_out_of_range(value: float, label: Label) -> None:
    assert label(lambda: expect.number(value, "x", unit="%", low=0, high=10)) == "out_of_range"


@pytest.mark.parametrize(
    ("unit", "seen", "required"),
    [
        ("", "`x` is 99.5: that cannot be.", "Between 0 and 1.5."),
        ("GiB", "`x` is 99.5 GiB: that cannot be.", "Between 0 and 1.5 (GiB)."),
    ],
)
def test_a_number_without_a_unit_leaves_no_gap(unit: str, seen: str, required: str) -> None:
    with pytest.raises(Mistake) as mistake:
        expect.number(99.5, "x", unit=unit, low=0, high=1.5)
    told = mistake.value
    assert told.seen.format(**told.values) == seen
    assert told.required.format(**told.values) == required


@pytest.mark.parametrize(
    ("ends", "required"),
    [({"low": 3.0}, "At least 3 (won)."), ({"high": 1.0}, "At most 1 (won).")],
)
def test_an_open_end_is_left_unsaid(ends: dict[str, float], required: str) -> None:
    with pytest.raises(Mistake) as mistake:
        expect.number(2.0, "x", unit="won", **ends)
    assert mistake.value.required.format(**mistake.value.values) == required


def test_limits_belong_to_the_range() -> None:
    assert expect.number(0, "x", low=0, high=10) == 0
    assert expect.number(10, "x", low=0, high=10) == 10


def test_one_of_takes_members_and_refuses_others(label: Label) -> None:
    expect.one_of("retire", "x", ("retire", "keep"))
    assert label(lambda: expect.one_of("stop", "x", ("retire", "keep"))) == "unknown_value"
    assert label(lambda: expect.one_of([], "x", {"retire"})) == "unknown_value"


@pytest.mark.parametrize("value", [{"a": 1, "b": 2}, pd.Series({"a": 1, "b": 2})])
def test_a_mapping_may_be_a_dictionary_or_a_series(value: object) -> None:
    assert expect.mapping(value, "x", ["a", "b"]) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, 2], "not_a_dict"),
        ({"a": 1}, "missing_keys"),
        ({"a": 1, "b": 2, "c": 3}, "unknown_keys"),
    ],
)
def test_a_wrong_mapping_is_told_apart(value: object, expected: str, label: Label) -> None:
    assert label(lambda: expect.mapping(value, "x", ["a", "b"])) == expected
