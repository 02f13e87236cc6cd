"""Whatever a learner's value is or does, an expectation never makes it a fault of the check."""

from __future__ import annotations

import datetime
import decimal
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.blank import BLANK
from kit.checking import Work, exercise_check, expect, run_check
from kit.i18n import Translator
from kit.model import OutcomeKind
from tests.unit.checking.conftest import EXERCISE

HOOKS = """
    __eq__ __ne__ __lt__ __gt__ __le__ __ge__ __len__ __iter__ __getitem__ __contains__ __bool__
    __float__ __int__ __index__ __repr__ __str__ __format__ __hash__ __add__ __radd__ __sub__
    __abs__ __deepcopy__ __reduce_ex__ __fspath__ __array__ __dataframe__
    item to_dict tolist keys items get_xlabel get_axes
"""
ERRORS = (ValueError, TypeError, SystemExit, RecursionError, MemoryError, KeyError, StopIteration)


def trap(bases: tuple[type, ...], error: type[BaseException]) -> type:
    def spring(*_args: Any, **_kwargs: Any) -> Any:
        raise error("a trap")

    body: dict[str, Any] = dict.fromkeys(HOOKS.split(), spring)
    # an attribute that raises; a class that lies about itself
    body.update(ndim=property(spring), dtype=property(spring), columns=property(spring))
    if bases == (object,):
        body["__class__"] = property(spring)
    return type("Trap", bases, body)


def hostile() -> list[Any]:
    made: list[Any] = []
    for error in ERRORS:
        made += [trap((object,), error)(), trap((object,), error)]
        made += [trap((kind,), error)() for kind in (int, float, str, list, dict, tuple)]
        made += [trap((dict,), error)(a=1), trap((list,), error)([1, 2]), trap((str,), error)("a")]
    frame = trap((pd.DataFrame,), ValueError)
    return [*made, frame.__new__(frame)]


def deep() -> list[Any]:
    inner: list[Any] = []
    for _ in range(3000):
        inner = [inner]
    return inner


def itself() -> list[Any]:
    loop: list[Any] = [1]
    loop.append(loop)
    return loop


NAN = float("nan")
PLAIN: list[Any] = [
    *(None, True, "", "x", b"x", 0, -1, 10**400, 1j, NAN, math.inf, "a\0b", "\udc80"),
    *([], {}, set(), (), [None], [NAN], {"a": NAN}, BLANK, [BLANK], {"a": [{"b": [BLANK]}]}),
    *(range(5), iter([1]), (n for n in range(3)), lambda: 1, int, Ellipsis, NotImplemented),
    *(decimal.Decimal("NaN"), decimal.Decimal("sNaN"), datetime.date(2026, 1, 1), Path("gone")),
    *(ValueError("x"), object(), type("Empty", (), {})(), deep(), itself()),
]
ARRAYS: list[Any] = [
    *(np.bool_(True), np.float64("nan"), np.int8(3), np.array(3.0), np.array([])),
    *(np.array([[1, 2]]), np.datetime64("NaT"), np.array(["a", None], dtype=object), np.ma.masked),
    *(pd.NA, pd.NaT, pd.Timestamp("2026-01-01"), pd.Index([1, 2]), pd.Categorical(["a"])),
    *(pd.Series(dtype=float), pd.Series([1, None, "x"]), pd.DataFrame()),
    pd.DataFrame({"a": [[1], {2}], "time": [None, 1]}),
    pd.DataFrame([[1, 2]], columns=["a", "a"]),
    pd.DataFrame({"a": [pd.NA, 1]}),
    pd.DataFrame({"a": [1 + 2j, NAN], "time": pd.to_datetime(["2026-01-01", None])}),
    pd.DataFrame({("a", "b"): [1]}),
]
ODD = [*PLAIN, *ARRAYS, *hostile()]

EXPECTATIONS: dict[str, Callable[[Any], Any]] = {
    "number": lambda v: expect.number(v, "v", unit="GiB", low=0, high=9),
    "number, open": lambda v: expect.number(v, "v"),
    "close": lambda v: expect.close(v, "v", to=12.5, unit="won"),
    "text": lambda v: expect.text(v, "v", words=(1, 9), must_name=["a", ("b", "c")]),
    "sequence": lambda v: expect.sequence(v, "v", ascending=True, unique=True),
    "sequence of ints": lambda v: expect.sequence(v, "v", of=int, length=2),
    "sequence of texts": lambda v: expect.sequence(v, "v", of=str, unique=True),
    "sequence of anything": lambda v: expect.sequence(v, "v", of=None, ascending=True, unique=True),
    "one of": lambda v: expect.one_of(v, "v", ["a", 3, None, True, ("a", 1)]),
    "mapping": lambda v: expect.mapping(v, "v", ["a"]),
    "frame": lambda v: expect.frame(
        v, "v", ["a"], dtypes={"a": "text"}, key=["a"], ordered_by="a", conserves={"a": 1.5}
    ),
    "frame of numbers": lambda v: expect.frame(v, "v", ["a"], dtypes={"a": "number"}),
    "frame in order": lambda v: expect.frame(v, "v", ["a"], ordered_by="a"),
    "frame with a key": lambda v: expect.frame(v, "v", ["a"], key=["a"]),
    "frame that conserves": lambda v: expect.frame(v, "v", ["a"], conserves={"a": 1.5}),
    "chart": lambda v: expect.chart(v, "v", x="a", y="b", mark="line"),
    "file": lambda v: expect.file(v, "v", suffix=".csv"),
    "xlsx": lambda v: expect.xlsx(v, "v", sheets=["a"]),
    "csv": lambda v: expect.csv(v, "v", columns=["a"]),
    "markdown": lambda v: expect.markdown(v, "v", headings=["a"]),
    "yaml": lambda v: expect.yaml(v, "v", keys=["a"]),
    "json": lambda v: expect.json(v, "v", keys=["a"]),
    "memo": lambda v: expect.memo_figures(expect.text(v, "v", words=(0, 99)), "v", {"a": 1.5}),
    "short": lambda v: expect.short(v),
}


def kind_of(
    expectation: Callable[[Any], Any], value: Any, *, returned: bool
) -> tuple[OutcomeKind, str]:
    """The outcome of a check that holds one expectation, of a name or of what a function gives."""

    @exercise_check("rule")
    def check(work: Work) -> None:
        expectation(work.function("f")() if returned else work.value("v"))

    names = {"v": value, "f": lambda: value}
    outcome = run_check(check, EXERCISE, Work(names), Translator("ko"))
    return outcome.kind, outcome.report


@pytest.mark.parametrize("returned", [False, True], ids=["name", "result"])
@pytest.mark.parametrize("expectation", EXPECTATIONS.values(), ids=EXPECTATIONS)
def test_no_odd_value_makes_a_check_uncheckable(
    expectation: Callable[[Any], Any], returned: bool
) -> None:
    found = {}
    for at, value in enumerate(ODD):
        kind, report = kind_of(expectation, value, returned=returned)
        if kind is OutcomeKind.UNCHECKABLE:
            found[f"{at} {type(value).__mro__}"] = report[-600:]
    assert found == {}


LEAVES = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.fractions()),
    *(st.complex_numbers(), st.datetimes(), st.text(max_size=5), st.binary(max_size=3)),
    st.sampled_from([BLANK, pd.NA, NAN]),
)
KEYS = st.sampled_from(["a", "b", 1, None, ("a", 1)])
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.tuples(inner, inner)
        | st.lists(inner, max_size=4).map(pd.Series)
        | st.lists(inner, min_size=2, max_size=2).map(lambda cells: pd.DataFrame({"a": cells}))
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_no_value_at_all_does(value: Any) -> None:
    found = {
        name: report[-600:]
        for name, expectation in EXPECTATIONS.items()
        for kind, report in [kind_of(expectation, value, returned=False)]
        if kind is OutcomeKind.UNCHECKABLE
    }
    assert found == {}


def forever(*_args: Any, **_told: Any) -> Any:
    # it ends by itself, so that a test of a broken limit fails instead of hanging
    end = time.monotonic() + 3
    while time.monotonic() < end:
        pass
    return 0


ENDLESS = {
    "number": ("number", type("Endless", (int,), {"__float__": forever})()),
    "order": ("sequence of anything", [type("Endless", (), {"__lt__": forever})()] * 2),
    "mapping": ("mapping", type("Endless", (dict,), {"__iter__": forever})(a=1)),
    "sequence": ("sequence", type("Endless", (list,), {"__iter__": forever})([1])),
    "copied": ("number", type("Endless", (), {"__deepcopy__": forever})()),
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("expect.reading.READ_SECONDS", "expect.words.READ_SECONDS", "work.CALL_SECONDS"):
        monkeypatch.setattr(f"kit.checking.{place}", 0.2)


@pytest.mark.parametrize(("expectation", "value"), ENDLESS.values(), ids=ENDLESS)
def test_a_value_that_never_answers_is_the_learners(
    expectation: str, value: Any, impatient: None
) -> None:
    kind, _report = kind_of(EXPECTATIONS[expectation], value, returned=False)
    assert kind is OutcomeKind.ERROR


def test_a_value_that_never_shows_itself_is_named_by_its_kind(impatient: None) -> None:
    assert expect.short(type("Endless", (), {"__repr__": forever})()) == "<Endless>"
