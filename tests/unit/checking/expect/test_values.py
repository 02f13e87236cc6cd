"""Expectations accept what is right in any form, and name what is not."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking import Mistake, expect
from kit.i18n import Translator

English = Translator("en")
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


@pytest.mark.parametrize("value", [Decimal("2.5"), Fraction(5, 2), np.array(2.5), np.float32(2.5)])
def test_a_number_of_any_library_counts(value: object) -> None:
    assert expect.number(value, "x") == 2.5


@pytest.mark.parametrize("value", [math.inf, -math.inf, 10**400, -(10**400), Decimal("1e999")])
def test_nothing_at_work_is_infinite(value: object, label: Label) -> None:
    assert label(lambda: expect.number(value, "x")) == "out_of_range"
    assert label(lambda: expect.number(value, "x", low=0)) == "out_of_range"


@pytest.mark.parametrize("value", [100.0, 100.9, 99.1])
def test_close_is_a_share_of_what_it_should_be(value: float) -> None:
    assert expect.close(value, "x", to=100.0, within=0.01) == value


def test_what_is_not_close_is_said_in_the_authors_words() -> None:
    with pytest.raises(Mistake) as raised:
        expect.close(98.9, "x", to=100.0, within=0.01, unit="won", required="Your own rule.")
    assert (raised.value.label, raised.value.required) == ("not_close", "Your own rule.")


def test_near_nothing_a_share_would_allow_nothing(label: Label) -> None:
    assert expect.close(0.4, "x", to=0.0, grace=0.5) == 0.4
    assert label(lambda: expect.close(0.4, "x", to=0.0)) == "not_close"


@given(to=st.floats(1e-6, 1e12), share=st.floats(0.5, 40))
def test_no_message_holds_the_number_that_was_recomputed(to: float, share: float) -> None:
    wrong = to * (1 + share)
    with pytest.raises(Mistake) as raised:
        expect.close(wrong, "x", to=to, within=0.1, unit="won")
    told = raised.value
    said = "".join(English(text, **told.values) for text in (told.seen, told.required, told.step))
    theirs = said.replace(English("{value:,.6g}", value=wrong), "")
    assert "{" not in said
    assert not any(figure in theirs for figure in "0123456789")
    assert to not in told.values.values()


def test_an_object_that_equals_everything_is_none_of_those_allowed(label: Label) -> None:
    class Same:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = object.__hash__

    assert label(lambda: expect.one_of(Same(), "x", ("retire", "keep", 3, None))) == "unknown_value"


@pytest.mark.parametrize(
    ("value", "allowed"),
    [(np.str_("a"), ["a"]), (np.int64(3), [3]), (3.0, [3]), (None, [None]), (("a", 1), [("a", 1)])],
)
def test_one_of_takes_a_member_in_any_type(value: object, allowed: list[object]) -> None:
    expect.one_of(value, "x", allowed)


@pytest.mark.parametrize(("value", "allowed"), [(True, [1]), (1, [True]), ("1", [1]), (0, [None])])
def test_one_of_does_not_take_what_only_counts_as_equal(
    value: object, allowed: list[object], label: Label
) -> None:
    assert label(lambda: expect.one_of(value, "x", allowed)) == "unknown_value"


def test_a_key_that_is_no_text_is_not_asked_for(label: Label) -> None:
    assert label(lambda: expect.mapping({"a": 1, 1: 2}, "x", ["a"])) == "unknown_keys"
    assert label(lambda: expect.mapping({1: 2}, "x", ["1"])) == "missing_keys"
