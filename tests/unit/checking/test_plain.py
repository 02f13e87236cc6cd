"""Values travel as plain data: what units use comes back as it was, anything else as a sight."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import os
from collections import OrderedDict, UserDict, deque
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.blank import BLANK
from kit.checking import expect, plain
from kit.checking.plain import Callables, NotPlain, Opaque, decode, encode
from kit.checking.work import Work

SEOUL = ZoneInfo("Asia/Seoul")
KEYS = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates() | st.binary()
LEAVES = (
    KEYS
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=5)
    | st.complex_numbers(allow_nan=False)
    | st.datetimes(timezones=st.sampled_from([None, UTC, SEOUL]))
    | st.times()
    | st.timedeltas()
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.just(BLANK)
    | st.integers(-(2**40), 2**40).map(np.int64)
    | st.floats(width=32).map(np.float32)
    | st.booleans().map(np.bool_)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS | st.tuples(KEYS, KEYS), inner, max_size=4)
        | st.sets(KEYS, max_size=4)
        | st.frozensets(KEYS, max_size=4)
    ),
    max_leaves=20,
)


def again(value: object) -> Any:
    return decode(encode(value))


def same(one: Any, other: Any) -> bool:
    """Equal, of the same types all the way down, and NaN like NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float | np.floating) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, datetime):
        return bool(one == other) and one.tzinfo == other.tzinfo and one.fold == other.fold
    return bool(one == other)


@given(VALUES)
def test_plain_values_come_back_as_they_were(value: object) -> None:
    assert same(again(value), value)


TIMES = pd.date_range("2026-03-02", periods=3, freq="5min", name="time")
COLUMNS = {
    "numbers": pd.Series([1.5, math.nan, -0.0]),
    "small": pd.Series([1, 2, 3], dtype="int8"),
    "yes": pd.Series([True, False, True]),
    "texts": pd.Series(["a", None, "한"]),
    "strict texts": pd.Series(["a", None, "한"], dtype="string"),
    "objects": pd.Series(["a", 1, None], dtype=object),
    "times": pd.Series(TIMES),
    "coarse": pd.Series(TIMES.as_unit("s")),
    "zoned": pd.Series(TIMES.tz_localize("Asia/Seoul")),
    "spans": pd.Series(TIMES - TIMES[0]),
    "kinds": pd.Series(["a", "b", None], dtype=pd.CategoricalDtype(["b", "a"], ordered=True)),
    "missing": pd.Series([1, None, 3], dtype="Int64"),
    "maybe": pd.Series([True, None, False], dtype="boolean"),
    "shares": pd.Series([0.5, None, 1], dtype="Float32"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_keeps_its_values_its_kind_and_its_index(name: str) -> None:
    column = COLUMNS[name].rename(name).set_axis(TIMES)
    found = again(column)
    pd.testing.assert_series_equal(found, column)
    assert found.index.freq == TIMES.freq
    pd.testing.assert_index_equal(again(pd.Index(column)), pd.Index(column))


def test_a_frame_keeps_columns_of_every_kind_doubled_names_and_levels() -> None:
    frame = pd.DataFrame(COLUMNS).set_axis([*list(COLUMNS)[:-1], "numbers"], axis=1)
    pd.testing.assert_frame_equal(again(frame), frame)
    deep = frame.set_index(["texts", "times"]).sort_index()
    pd.testing.assert_frame_equal(again(deep), deep)
    pd.testing.assert_frame_equal(again(frame.iloc[:0]), frame.iloc[:0])
    pd.testing.assert_frame_equal(again(pd.DataFrame()), pd.DataFrame())
    wide = frame[["small"]].T
    pd.testing.assert_frame_equal(again(wide), wide)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array(5.0),
        np.array([], dtype="u2"),
        np.array(["a", "한"]),
        np.array([b"x"]),
        np.array(["2026-01-01", "NaT"], dtype="M8[ns]"),
        np.array([[1, "a"], [None, 2.5]], dtype=object),
        np.arange(6, dtype=">i4")[::2],
        np.asfortranarray(np.ones((2, 3), dtype="c8")),
    ],
    ids=lambda array: array.dtype.str,
)
def test_an_array_keeps_its_shape_its_kind_and_its_values(array: Any) -> None:
    found = again(array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(found, array)
    # a check may change its own copy
    assert found.flags.writeable


@pytest.mark.parametrize(
    "moment",
    [
        pd.Timestamp("2026-03-02 01:02:03.000000004"),
        pd.Timestamp("2026-03-02", tz="Asia/Seoul"),
        pd.Timedelta("3h"),
    ],
)
def test_a_moment_of_pandas_keeps_its_zone_and_its_unit(moment: Any) -> None:
    found = again(moment)
    assert (type(found), found, found.unit) == (type(moment), moment, moment.unit)
    assert getattr(found, "tz", None) == getattr(moment, "tz", None)
    assert again(pd.NaT) is pd.NaT
    assert again(pd.NA) is pd.NA


class Lying(dict[str, int]):
    """Says something else whenever it is asked."""

    def items(self) -> Any:
        return {"q": 99}.items()

    def __getitem__(self, key: Any) -> Any:
        return 99

    def __iter__(self) -> Any:
        return iter(["q"])


class LyingList(list[int]):
    def __iter__(self) -> Any:
        return iter([99])


class Texts(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another"


def test_a_class_of_the_learners_own_is_the_plain_value_below_it() -> None:
    assert again(Lying(a=1)) == {"a": 1}
    assert same(again(LyingList([1, 2])), [1, 2])
    assert same(again(Texts("one")), "one")
    assert same(again(OrderedDict(a=1)), {"a": 1})
    assert same(again(UserDict(a=1)), {"a": 1})
    assert same(again(deque([1, 2])), [1, 2])
    assert same(again(range(1, 9, 2)), range(1, 9, 2))
    assert same(again(Path("a/b")), Path("a/b"))


class Strange:
    def __repr__(self) -> str:
        return "<strange>"

    def __eq__(self, _other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Hostile:
    def __repr__(self) -> str:
        raise ValueError

    def __getattribute__(self, name: str) -> Any:
        raise ValueError


def test_any_other_object_is_a_sight_of_its_kind_and_equals_nothing() -> None:
    found = again({"a": Strange(), "b": Hostile(), "c": (x for x in "ab"), "d": len})
    assert [type(one).__name__ for one in found.values()] == [
        "Strange", "Hostile", "generator", "builtin_function_or_method",
    ]  # fmt: skip
    assert all(isinstance(one, Opaque) for one in found.values())
    assert expect.short(found["a"]) == "<strange>"
    assert found["a"] != Strange.__name__
    assert repr(copy.deepcopy(found["a"])) == "<strange>"


def test_values_without_end_are_a_sight_as_a_whole() -> None:
    round_: list[Any] = []
    round_.append(round_)
    laughs: list[Any] = ["ha"] * 1000
    for _ in range(6):
        laughs = [laughs] * 1000
    for value in (round_, laughs):
        assert isinstance(again(value), Opaque)


def test_functions_stay_where_they_are_and_are_called_by_number() -> None:
    def largest(disks: list[int]) -> int:
        """The largest."""
        return max(disks)

    held = [largest]
    there = Callables(hold=held.index, held=held.__getitem__)
    here = Callables(
        hold=lambda far: int(far.number),
        call=lambda number, args, kwargs: held[number](*args, **kwargs),
    )
    far = decode(encode({"f": largest}, there), here)["f"]
    assert far([3, 5]) == 5
    assert (far.__name__, far.__doc__, type(far).__name__) == (
        "largest", "The largest.", "function",
    )  # fmt: skip
    assert copy.deepcopy(far) is far
    assert decode(encode([far], here), there) == [largest]


class Axes:
    """What is asked of matplotlib's, which is no dependency of the kit."""

    lines, patches, collections = ("drawn",), (), ()

    def get_title(self) -> str:
        return "Load"

    def get_xlabel(self) -> str:
        return "day"

    def get_ylabel(self) -> str:
        return "CPU (%)"


def test_charts_pass_the_same_checks_as_what_they_were() -> None:
    table = pd.DataFrame({"time": TIMES, "cpu": [1, 2, 3]})
    drawn = alt.Chart(table, title="Load").mark_line().encode(x="time", y=alt.Y("cpu").title("%"))
    for chart in (drawn, drawn + drawn.mark_point(), Axes()):
        wanted = expect.chart(chart, "chart", y="cpu", mark="line")
        assert wanted["title"] == "Load"
        assert expect.chart(again(chart), "chart", y="cpu", mark="line") == wanted


def test_a_check_reads_what_came_as_it_reads_what_is_there() -> None:
    work = Work({name: again(value) for name, value in {"a": [____], "b": [1], "c": 0}.items()})
    assert (work.has("a"), work.has("b"), work.value("c")) == (False, True, 0)


____ = BLANK
HOSTILE = [
    "",
    "{",
    '{"a": 1}',
    "[]",
    "[[]]",
    '["os.system", "true"]',
    '["__class__"]',
    '["int", "0xzz"]',
    '["bytes", 5]',
    '["range", "a"]',
    '["dict", 1]',
    '["dict", ["list"], 1]',
    '["set", ["list"]]',
    '["fraction", 1, 0]',
    '["datetime", "yesterday", 0, null]',
    '["datetime", "2026-01-01T00:00:00", 0, "../../etc/passwd"]',
    '["array", "O", [1], "AAAAAAAAAAA="]',
    '["array", "|O8", [1], "AAAAAAAAAAA="]',
    '["array", "V8", [1], "AAAAAAAAAAA="]',
    '["array", "<f8", [1000000000000], "AAAAAAAAAAA="]',
    '["array", "<f8", [-1], "AAAAAAAAAAA="]',
    '["array", "<U0", [1000000000000], ""]',
    '["array", "<U1", [1], "/////w=="]',
    '["array", "<f8,<f8", [1], "AAAAAAAAAAAAAAAAAAAAAA=="]',
    '["objects", [3], 1]',
    '["timestamp", 1, "Y", null]',
    '["timestamp", 1, "ns", "no/zone"]',
    '["category", true, ["index", null, ["objects", [1], 5], null], ["array", "|i1", [1], "BQ=="]]',
    '["texts", "exec", true, "a"]',
    '["texts", "python", true, 5]',
    '["masked", "object", ["array", "|i1", [1], "BQ=="], ["array", "|b1", [1], "AQ=="]]',
    '["index", null, 5, null]',
    '["series", null, 5, ["array", "|i1", [1], "BQ=="]]',
    '["frame", ["range-index", 0, 2, 1, null], ["range-index", 0, 1, 1, null]]',
    '["function", "a", "f", "f", ""]',
    '["chart", ["list", 1]]',
    '["chart", ["list", ["list"], 5, null, ["dict"], ["list"]]]',
    "[" * 5000 + "]" * 5000,
    '["list", ' * 500 + "1" + "]" * 500,
    "9" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_a_text_that_nobody_encoded_is_refused_with_one_error(text: str) -> None:
    with pytest.raises(NotPlain):
        decode(text, Callables(call=lambda *_a: None))


NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=12,
)
KINDS = st.sampled_from(
    ["list", "dict", "array", "objects", "index", "frame", "series", "function", "opaque", "chart",
     "category", "texts", "masked", "timestamp", "dates", "scalar", "set", "range", "decimal"]
)  # fmt: skip


@settings(max_examples=300)
@given(KINDS, st.lists(NODES, max_size=5))
def test_random_texts_are_a_value_or_that_error(kind: str, parts: list[Any]) -> None:
    with contextlib.suppress(NotPlain):
        decode(json.dumps([kind, *parts]))


def test_reading_runs_nothing_and_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return os.abort, ()

    assert isinstance(again([Trap()])[0], Opaque)
    monkeypatch.setattr(plain, "LIMIT", 10)
    with pytest.raises(NotPlain, match="long"):
        decode('"0123456789"')


def test_other_kinds_of_time_and_number_come_back_too() -> None:
    for value in (
        time(3, 4, tzinfo=UTC), time(3, tzinfo=SEOUL), date(2026, 1, 2), timedelta(days=1),
        Decimal("1.10"), Fraction(1, 3), 2**80, -(2**63),
    ):  # fmt: skip
        assert same(again(value), value)
