"""A frame as rows that people read: heads, numbers, times, the limit, and its text forms."""

from __future__ import annotations

import pandas as pd
import pytest

from kit.i18n import Translator
from kit.widgets.rows import rows_view, shown_rows

EN, KO = Translator("en"), Translator("ko")


def cells(values: object, **dtype: object) -> list[str]:
    frame = pd.DataFrame({"column": pd.Series(values, **dtype)})
    return list(shown_rows(frame, EN).columns[0].cells)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1234567, -3], ["1,234,567", "-3"]),
        ([51.18, 3.0], ["51.18", "3.00"]),
        ([51.0, 3.0], ["51", "3"]),
        ([0.12345, 0.5], ["0.1235", "0.5000"]),
        ([2048.55, 1.0], ["2,048.6", "1.0"]),
        ([0.00001234, 0.0], ["1.234e-05", "0"]),
        ([1.5, None], ["1.5", ""]),
        ([True, False], ["yes", "no"]),
        (["서버", None], ["서버", ""]),
        (["<b>", 3], ["<b>", "3"]),
    ],
)
def test_values_are_told_as_people_read_them(values: object, told: list[str]) -> None:
    assert cells(values) == told


def test_whole_numbers_with_gaps_keep_their_form() -> None:
    assert cells([4096, None], dtype="Int64") == ["4,096", ""]


def test_times_have_the_digits_that_say_something() -> None:
    assert cells(pd.to_datetime(["2026-03-02", "2026-03-03"])) == ["2026-03-02", "2026-03-03"]
    assert cells(pd.to_datetime(["2026-03-02 10:05", None])) == ["2026-03-02 10:05", ""]
    assert cells(pd.to_datetime(["2026-03-02 10:05:07"])) == ["2026-03-02 10:05:07"]
    assert cells(pd.to_datetime(["2026-03-02 10:05"]).tz_localize("Asia/Seoul")) == [
        "2026-03-02 10:05+0900"
    ]


def test_a_unit_stands_in_the_head_and_a_named_index_is_a_column() -> None:
    frame = pd.DataFrame({"cpu": [1.0]}, index=pd.Index(["web-01"], name="machine"))
    heads = [column.head for column in shown_rows(frame, EN, units={"cpu": "%"}).columns]
    assert heads == ["machine", "cpu (%)"]
    unnamed = pd.DataFrame({("cpu", "max"): [1.0]}, index=[7])
    assert [column.head for column in shown_rows(unnamed, EN).columns] == ["cpu · max"]


def test_a_large_frame_is_cut_and_says_so() -> None:
    frame = pd.DataFrame({"n": range(100_000)})
    view = rows_view(frame, EN, limit=50)
    assert view.note.startswith("Rows: 100,000. The first 50 are here")
    assert view.rows.shown == 50
    # only what is shown goes to the page
    assert len(view.table._dt_args["data_json"]) < 2000


def test_the_note_counts_what_the_frame_left_out() -> None:
    view = rows_view(pd.DataFrame({"n": [1, 2]}), KO, count=9)
    assert view.note.startswith("행: 9개. 여기에는 처음 2개만")


def test_text_and_html_hold_the_first_rows_and_no_markup_of_the_data() -> None:
    frame = pd.DataFrame({"<i>": ["<img src=x>"] * 12, "n": range(12)})
    forms = rows_view(frame, EN, about="All & more").forms()
    assert forms["text/plain"].splitlines()[:4] == [
        "All & more",
        "Rows: 12",
        "<i> | n",
        "<img src=x> | 0",
    ]
    assert forms["text/plain"].count("<img") == 10
    assert "the first 10 rows are shown" in forms["text/plain"]
    assert "<img" not in forms["text/html"]
    assert "<i>" not in forms["text/html"]
    assert forms["text/html"].count("&lt;img src=x&gt;") == 10
    assert "The kernel has stopped." in forms["text/html"]


def test_a_frame_without_rows_or_columns_can_be_shown() -> None:
    assert rows_view(pd.DataFrame({"n": []}), EN).note == "Rows: 0"
    assert rows_view(pd.DataFrame(index=[1, 2]), EN).forms()["text/plain"]
