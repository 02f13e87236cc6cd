"""Years of two digits: year first where the whole column speaks for it, and never else."""

from __future__ import annotations

import pandas as pd
import pytest

from kit.data.readers.times import TimeSurvey, parse_times

# What is written, and the first day that it means.
YEAR_FIRST = {
    "one day": (["26/10/01 00시 00분", "26/10/01 00시 05분"], "2026-10-01"),
    "days": (["26.10.01", "26.10.02(금)", "26. 10. 3."], "2026-10-01"),
    "over the years": (["26-12-31 09:00", "27-01-01 09:00"], "2026-12-31"),
    "short numbers": (["26.9.30", "26.10.1"], "2026-09-30"),
    "days apart, not years": (["31.12.30", "31.12.31"], "2031-12-30"),
    "damage beside": (["26.10.01", "26.99.99", "?", "26.10.02 25:00"], "2026-10-01"),
    "last century": (["99.12.31"], "1999-12-31"),
    "before noon": (["26.10.01 오전 9:00", "26.10.02 오전 9:00"], "2026-10-01"),
    "zone": (["26.10.01 09:00+09:00", "26.10.02 09:00+09:00"], "2026-10-01"),
}
NOT_YEAR_FIRST = {
    "German days": ["24.10.26", "25.10.26", "26.10.26"],
    "a German day of the first half of a month": ["01.10.26 09:00"],
    "German months": ["30.09.26", "01.10.26"],
    "American days": ["10/01/26", "10/02/26"],
    "American day beyond twelve": ["10/21/26 14:05"],
    "one of them is no date with the year first": ["26.10.01", "26.10.02", "26.02.30"],
    "the first number has one digit": ["26.10.01", "1.10.26"],
}


def days(texts: list[str]) -> list[str]:
    return [str(clock)[:10] for clock in parse_times(texts).clock]


@pytest.mark.parametrize("case", YEAR_FIRST)
def test_year_comes_first_where_all_dates_fit_and_no_order_fits_better(case: str) -> None:
    texts, first = YEAR_FIRST[case]
    times = parse_times(texts)
    assert days(texts)[0] == first
    assert times.notes[0] == f"Dates such as {texts[0]} are read as year, month, day ({first})."
    assert not times.repair.any()
    unread = ["?", "26.99.99", "26.10.02 25:00"]
    assert list(times.clock.isna()) == [text in unread for text in texts]


@pytest.mark.parametrize("case", NOT_YEAR_FIRST)
def test_dates_that_speak_against_a_year_in_front_are_not_misread(case: str) -> None:
    times = parse_times(NOT_YEAR_FIRST[case])
    assert times.clock.isna().all() and times.notes == ()


@pytest.mark.parametrize("text", ["26.10.25", "20/10/26 09:00"])
def test_day_that_may_as_well_be_a_year_is_said_to_be_ambiguous(text: str) -> None:
    (note,) = parse_times([text, text]).notes
    assert note.startswith(f"Dates such as {text} are ambiguous here: read as year, month, day")
    assert not parse_times(["26.10.26"]).notes[0].count("ambiguous")


def test_tool_that_writes_the_month_first_has_no_year_in_front() -> None:
    assert parse_times(["26/10/01 09:00"], month_first=True).clock.isna().all()


@pytest.mark.parametrize("case", [*YEAR_FIRST, *NOT_YEAR_FIRST])
def test_parts_of_a_file_are_read_by_what_all_of_them_say(case: str) -> None:
    texts = YEAR_FIRST[case][0] if case in YEAR_FIRST else NOT_YEAR_FIRST[case]
    survey = TimeSurvey()
    for text in texts:
        survey.add([text])
    parts = [parse_times([text], habits=survey.habits()).clock[0] for text in texts]
    once = parse_times(texts)
    pd.testing.assert_series_equal(pd.Series(parts), once.clock, check_dtype=False)
    assert survey.notes() == list(once.notes)


def test_half_days_of_dates_that_are_not_read_are_nobodys_form() -> None:
    texts = ["24.10.26 오후 2:00", "25.10.26 오후 2:00", "2026-10-26 14:00", "2026-10-26 오후 2:05"]
    survey = TimeSurvey()
    survey.add(texts)
    assert survey.habits().form == parse_times(texts).form == ""
