"""Cells of learners and units: what adding up and looking up give, against plain groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kit.reports.cells import Cells

PEOPLE = ("kim", "lee", "박")
UNITS = ("money", "sizing")
CELLS = Cells(pd.Series(PEOPLE, dtype="str"), UNITS)
ROWS = st.lists(
    st.tuples(
        st.sampled_from((*PEOPLE, "nobody")),
        st.sampled_from((*UNITS, "other")),
        st.integers(-9, 9),
    ),
    max_size=20,
)


def frame(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["learner", "unit", "value"])
    return made.astype({"learner": "str", "unit": "str", "value": "int64"})


def by_cell(rows: list[tuple[str, str, int]]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {(p, u): [] for u in UNITS for p in PEOPLE}
    for learner, unit, value in rows:
        if (learner, unit) in found:
            found[learner, unit].append(value)
    return found


def test_cells_run_through_all_learners_of_a_unit_first() -> None:
    told = CELLS.frame()
    assert list(told.itertuples(index=False, name=None)) == list(by_cell([]))
    assert list(CELLS.by_learner(pd.Series([1, 2, 3]))) == [1, 2, 3, 1, 2, 3]


@given(ROWS)
def test_each_cell_has_its_own_rows_and_nobody_elses(rows: list[tuple[str, str, int]]) -> None:
    table, wanted = frame(rows), by_cell(rows)
    places, values = CELLS.places(table), table["value"]
    assert list(CELLS.any(places)) == [bool(some) for some in wanted.values()]
    assert list(CELLS.total(places, values)) == [sum(some) for some in wanted.values()]
    most = np.array([max(some) if some else np.nan for some in wanted.values()])
    np.testing.assert_array_equal(CELLS.most(places, values), most)
    last = CELLS.last(places, values.astype(str).astype("str"), "")
    assert list(last) == [str(some[-1]) if some else "" for some in wanted.values()]


def test_categories_and_texts_meet() -> None:
    table = frame([("lee", "sizing", 1)]).astype({"learner": "category", "unit": "category"})
    assert list(CELLS.places(table)) == [4]


def test_times_are_missing_where_there_is_none() -> None:
    times = pd.Series(pd.to_datetime(["2026-03-01"], utc=True))
    found = CELLS.last(np.array([1]), times, pd.NaT)
    assert pd.isna(found[0])
    assert found[1] == times[0]
