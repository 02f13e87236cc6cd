"""What is taken as an answer is plain JSON of what was asked; the rest is refused in words."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.checking.forms import Question, Shown, accepted, prove_file
from kit.errors import UsageError
from kit.model import Asked, Exercise, ExerciseKind, Field, Form, Part, Reality

OPTIONS = (("a", "One"), ("b", "Two"), ("c", "Three"))
COLUMNS = (
    Field("disk", "Disk", "text"),
    Field("size", "Size", "number", "GB"),
    Field("keep", "Keep?", "choice", "", ("yes", "no")),
)
ASKED = Asked(
    options=OPTIONS, unit="GB", low=0, high=100, columns=COLUMNS, suffixes=(".csv", ".xlsx")
)
SHOWN = Shown(OPTIONS, tuple(Question(f"q{n}", "How?", {}, 1.0) for n in (1, 2)))


def exercise(form: Form) -> Exercise:
    kinds = Part.PRACTICE, ExerciseKind.JUDGEMENT, Reality.REAL
    return Exercise("it", "It", *kinds, 5, 1, form=form, asked=ASKED)


def take(form: Form, value: object) -> object:
    return accepted(exercise(form), SHOWN, value)


@pytest.mark.parametrize(
    ("form", "value", "kept"),
    [
        (Form.CHOICE, "b", "b"),
        (Form.CHOICES, {"c", "a"}, ["a", "c"]),
        (Form.CHOICES, ("b", "b"), ["b"]),
        (Form.RANKING, ("c", "a", "b"), ["c", "a", "b"]),
        (Form.NUMBER, np.float64(2.5), 2.5),
        (Form.NUMBER, 100, 100),
        (Form.TEXT, "  so \n", "so"),
        (Form.TABLE, [{"size": 4}, {}], [{"disk": "", "size": 4, "keep": ""}]),
        (Form.AUDIT, {"c": " so ", "a": "no"}, {"a": "no", "c": "so"}),
        (Form.AUDIT, {}, {}),
        (Form.DEFENCE, {"q2": np.int64(3), "q1": "", }, {"q2": 3}),
    ],
)  # fmt: skip
def test_an_answer_is_kept_in_one_spelling(form: Form, value: object, kept: object) -> None:
    taken = take(form, value)
    assert taken == kept
    assert json.loads(json.dumps(taken)) == kept


def test_a_data_frame_is_a_table_and_an_empty_number_stays_empty() -> None:
    frame = pd.DataFrame({"disk": ["x", "y"], "size": [np.nan, 3], "keep": ["yes", "no"]})
    assert take(Form.TABLE, frame) == [
        {"disk": "x", "size": None, "keep": "yes"},
        {"disk": "y", "size": 3.0, "keep": "no"},
    ]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (Form.CHOICE, "z"),
        (Form.CHOICE, ["a"]),
        (Form.CHOICE, ""),
        (Form.CHOICES, []),
        (Form.CHOICES, ["a", "z"]),
        (Form.CHOICES, "ab"),
        (Form.RANKING, ["a", "b"]),
        (Form.RANKING, ["a", "b", "b"]),
        (Form.RANKING, {"a", "b", "c"}),
        (Form.NUMBER, "3"),
        (Form.NUMBER, True),
        (Form.NUMBER, math.nan),
        (Form.NUMBER, math.inf),
        (Form.NUMBER, -1),
        (Form.NUMBER, 100.001),
        (Form.NUMBER, 10**400),
        (Form.TEXT, "  "),
        (Form.TEXT, "x" * 10_001),
        (Form.TABLE, []),
        (Form.TABLE, [{}]),
        (Form.TABLE, [{"size": "4"}]),
        (Form.TABLE, [{"colour": "red"}]),
        (Form.TABLE, [{"keep": "maybe"}]),
        (Form.TABLE, [{"disk": "x"}] * 201),
        (Form.TABLE, "disk"),
        (Form.AUDIT, {"z": "so"}),
        (Form.AUDIT, {"a": 3}),
        (Form.AUDIT, ["a"]),
        (Form.DEFENCE, {"q9": 1}),
        (Form.DEFENCE, {}),
        (Form.DEFENCE, {"q1": None}),
        (Form.FILE, b"bytes"),
        (Form.CODE, "x"),
    ],
)
def test_what_was_not_asked_for_is_refused(form: Form, value: object) -> None:
    with pytest.raises(UsageError) as raised:
        take(form, value)
    assert raised.value.fix
    assert len(raised.value.what) < 120


ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.sampled_from("abc"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text() | st.sampled_from(["a", "q1", "size", "keep"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(form=st.sampled_from(list(Form)), value=ANY)
@settings(max_examples=300)
def test_whatever_is_given_is_taken_as_json_or_refused(form: Form, value: Any) -> None:
    try:
        taken = take(form, value)
    except UsageError:
        return
    assert json.loads(json.dumps(taken, allow_nan=False)) == taken
    # what was taken once is taken again: the form shows it when the cell runs anew
    assert take(form, taken) == taken


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("a.txt", 3, ".csv, .xlsx"),
        ("csv", 3, ".csv, .xlsx"),
        ("a.csv", 0, "not empty"),
        ("a.csv", 10_000_001, "at most 10 MB"),
    ],
)
def test_a_file_is_of_the_kind_and_size_that_is_asked_for(name: str, size: int, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        prove_file(exercise(Form.FILE), name, size)
    assert told in raised.value.fix


def test_a_suffix_may_be_in_capitals() -> None:
    prove_file(exercise(Form.FILE), "A.CSV", 10_000_000)
