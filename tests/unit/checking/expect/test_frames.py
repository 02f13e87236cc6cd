"""A frame has the columns that were asked for, or the message names those it lacks."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking import Mistake, expect
from kit.i18n import Translator

English = Translator("en")
Label = Callable[..., str]
DAY = pd.DataFrame(
    {
        "time": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03"]),
        "machine": ["a", "a", "b"],
        "cpu": [1.0, 2.0, 3.5],
    }
)


def test_a_frame_may_have_more_columns_but_not_fewer(label: Label) -> None:
    frame = pd.DataFrame({"time": [1], "cpu": [2], "extra": [3]})
    assert expect.frame(frame, "x", ["time", "cpu"]) is frame
    assert label(lambda: expect.frame(frame, "x", ["memory"])) == "missing_columns"
    assert label(lambda: expect.frame({"time": [1]}, "x", ["time"])) == "not_a_frame"


def test_what_a_frame_must_hold_is_asked_in_any_combination() -> None:
    kinds = {"time": "time", "machine": "text", "cpu": "number"}
    key, total = ["machine", "time"], {"cpu": 6.5}
    got = expect.frame(DAY, "x", ["cpu"], dtypes=kinds, key=key, ordered_by="time", conserves=total)
    assert got is DAY


@pytest.mark.parametrize(
    ("column", "kind"),
    [("time", "number"), ("time", "text"), ("machine", "number"), ("cpu", "time"), ("cpu", "text")],
)
def test_a_column_of_another_kind_is_named(column: str, kind: str, label: Label) -> None:
    assert label(lambda: expect.frame(DAY, "x", [], dtypes={column: kind})) == "wrong_dtype"


def test_numbers_as_text_and_truth_values_are_no_numbers(label: Label) -> None:
    for values in (["1", "2"], [True, False], [1, "2"]):
        frame = pd.DataFrame({"cpu": values})
        assert label(lambda f=frame: expect.frame(f, "x", [], dtypes={"cpu": "number"})) == (
            "wrong_dtype"
        )


def test_text_may_be_missing_or_a_category() -> None:
    frame = pd.DataFrame({"a": ["x", None], "b": pd.Categorical(["x", "y"])})
    expect.frame(frame, "x", [], dtypes={"a": "text", "b": "text"})


def test_a_key_names_each_row_once(label: Label) -> None:
    assert label(lambda: expect.frame(DAY, "x", [], key=["machine"])) == "duplicate_key"
    hole = DAY.assign(machine=["a", None, "b"])
    assert label(lambda: expect.frame(hole, "x", [], key=["machine", "time"])) == "missing_key"


def test_rows_ascend_by_a_column(label: Label) -> None:
    assert label(lambda: expect.frame(DAY[::-1], "x", [], ordered_by="time")) == "not_ordered"


def test_a_missing_column_is_named_once_however_often_it_is_asked_for() -> None:
    with pytest.raises(Mistake) as caught:
        wanted = {"dtypes": {"free": "number"}, "ordered_by": "free"}
        expect.frame(DAY, "x", ["free"], key=["free"], conserves={"free": 1.0}, **wanted)
    assert caught.value.values["missing"] == "free"


def test_a_column_twice_is_said_so(label: Label) -> None:
    twice = pd.concat([DAY, DAY[["cpu"]]], axis=1)
    assert label(lambda: expect.frame(twice, "x", ["cpu"])) == "doubled_columns"


@pytest.mark.parametrize(
    "changed",
    [
        DAY[:-1],
        pd.concat([DAY, DAY[:1]]),
        DAY.assign(cpu=[1.0, 2.0, None]),
        DAY.assign(cpu=[float("inf"), float("-inf"), 1.0]),
    ],
    ids=["lost", "twice", "gone", "no sum at all"],
)
def test_what_went_in_comes_out(changed: pd.DataFrame, label: Label) -> None:
    assert label(lambda: expect.frame(changed, "x", [], conserves={"cpu": 6.5})) == "sum_changed"


@given(st.floats(1e3, 1e9))
def test_no_message_holds_the_sum_that_went_in(total: float) -> None:
    with pytest.raises(Mistake) as raised:
        expect.frame(DAY, "x", [], conserves={"cpu": total})
    told = raised.value
    said = English(told.seen, **told.values) + English(told.required, **told.values)
    assert not any(figure in said.replace("6.5", "") for figure in "0123456789")
