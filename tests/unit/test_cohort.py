"""A cohort's tables: every column is there with its type, however empty."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kit.cohort import COLUMNS, TABLES, Cohort, aligned, table


def test_every_declared_table_is_a_field_of_a_cohort():
    assert set(TABLES) == set(COLUMNS)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_has_every_column(name):
    assert list(table(name).columns) == list(COLUMNS[name])


def test_times_are_utc_and_a_missing_one_stays_missing():
    rows = {
        "assignment": ["a", "b"],
        "unit": ["u", "u"],
        "part": ["practice", "graded"],
        "due": ["2026-11-20T18:00:00+09:00", None],
        "released": [True, False],
        "max_score": [8, 24],
    }
    due = table("assignments", rows)["due"]
    assert due[0].isoformat() == "2026-11-20T09:00:00+00:00"
    assert due.isna().tolist() == [False, True]


def test_a_missing_column_is_named():
    with pytest.raises(KeyError, match="team"):
        table("learners", {"learner": ["a"], "name": ["A"], "language": ["ko"]})


def test_aligned_columns_share_their_texts_in_order_and_keep_every_row():
    tables = {name: table(name) for name in TABLES}
    rows = {"learner": ["b", "a"], "name": ["B", "A"], "team": ["", ""], "language": ["", ""]}
    rows["enrolled"] = [True, True]
    tables["learners"] = table("learners", rows)
    tables["declarations"] = table(
        "declarations", {"learner": ["c"], "unit": ["u"], "use": ["none"], "note": [""]}
    )
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    cohort = aligned(Cohort("c", "C", moment, "kim", **tables))
    assert list(cohort.learners["learner"]) == ["b", "a"]
    assert list(cohort.declarations["learner"]) == ["c"]
    for name in ("learners", "declarations", "practice"):
        assert list(getattr(cohort, name)["learner"].cat.categories) == ["a", "b", "c"]
