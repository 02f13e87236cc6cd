from __future__ import annotations

import pandas as pd
import pytest

from kit.data.readers.notations import looks_like_named_time, looks_like_time
from kit.data.readers.times import parse_times


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2024-03-04 14:05:00", "2024-03-04 14:05"),
        ("2024-03-04T14:05:00.250", "2024-03-04 14:05:00.250"),
        ("2024-03-04T14:05:00Z", "2024-03-04 14:05"),
        ("2024-03-04T14:05:00+09:00", "2024-03-04 14:05"),
        ("2024-03-04 14:05:00 UTC", "2024-03-04 14:05"),
        ("2024/03/04 14:05", "2024-03-04 14:05"),
        ("2024.03.04 14:05:07", "2024-03-04 14:05:07"),
        ("2024. 3. 4. 14:05:07", "2024-03-04 14:05:07"),
        ("2024-03-04", "2024-03-04"),
        ("03/04/2024 14:05:00.123", "2024-03-04 14:05:00.123"),
        ("20240304140500", "2024-03-04 14:05"),
        ("202403041405", "2024-03-04 14:05"),
        ("20240304 14:05", "2024-03-04 14:05"),
        ("20240304 14시 05분", "2024-03-04 14:05"),
        ("1709561100", "2024-03-04 14:05"),
        ("1709561100.5", "2024-03-04 14:05:00.5"),
        ("1709561100000", "2024-03-04 14:05"),
        ("04-Mar-2024 14:05:00", "2024-03-04 14:05"),
        ("2024-03-04 (월) 14:05", "2024-03-04 14:05"),
        ("Mon Mar 4 14:05:00 GMT+0900 2024", "2024-03-04 14:05"),
        ("Mon Mar 4 14:05:00 KST 2024", "2024-03-04 14:05"),
    ],
)
def test_a_time_is_read_as_printed(text: str, clock: str) -> None:
    times = parse_times([text])
    assert times.clock.iloc[0] == pd.Timestamp(clock)
    assert times.repair.iloc[0] == ""
    assert looks_like_time(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2024-03-04 오후 2:05:00", "2024-03-04 14:05"),
        ("2024. 3. 4. 오전 12:05:00", "2024-03-04 00:05"),
        ("2024-03-04 오후 12:05", "2024-03-04 12:05"),
        ("2024년 3월 4일 오후 2시 5분", "2024-03-04 14:05"),
        ("3/4/2024 2:05:00 PM", "2024-03-04 14:05"),
        ("45355.586805555555", "2024-03-04 14:05"),
    ],
)
def test_a_converted_time_is_a_repair_among_others_and_a_form_of_a_whole_column(
    text: str, clock: str
) -> None:
    plain = ["2024-03-04 14:05:00"] * 2
    among = parse_times([text, *plain])
    assert among.clock.iloc[0] == pd.Timestamp(clock)
    assert list(among.repair.astype(bool)) == [True, False, False]
    whole = parse_times([text, text, plain[0], "broken"])
    assert list(whole.clock[:3]) == [pd.Timestamp(one) for one in (clock, clock, plain[0])]
    assert list(whole.repair) == [""] * 4
    (note,) = (note for note in whole.notes if "such as" in note)
    assert note == f"Dates such as {text} are read as {pd.Timestamp(clock)}."


def test_half_of_a_column_is_no_form() -> None:
    times = parse_times(["2024-03-04 오후 2:05", "2024-03-04 14:10"])
    assert list(times.repair.astype(bool)) == [True, False]
    assert times.notes == ()


def test_day_of_eight_digits_is_a_time_only_where_a_column_is_known_to_hold_times() -> None:
    assert parse_times(["20240304"]).clock.iloc[0] == pd.Timestamp("2024-03-04")
    assert looks_like_named_time("20240304") and not looks_like_time("20240304")
    assert not any(map(looks_like_named_time, ["20241304", "20240332", "12345678", "202403041"]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20241304",
        "20240230",
        "20240304 25:00",
        "abc",
        "12.5",
        "2024-13-04 09:00",
        "2024-02-30 09:00:00",
        "2024-03-04 25:00:00",
        "2024-03-04 09:61:00",
        "2024-03-04 ０９:00:00",
        "2024-03-04 오후 14:05",
        "0001-01-01 00:00:00",
        "9999-12-31 00:00:00",
        "99999999999999999999",
    ],
)
def test_what_is_no_time_stays_empty(text: str) -> None:
    assert parse_times([text, "2024-03-04 09:00:00"]).clock.isna().tolist() == [True, False]


def test_a_proven_day_decides_the_order_of_the_whole_column() -> None:
    times = parse_times(["04/03/2024 09:00", "14/03/2024 09:00"])
    assert list(times.clock) == [pd.Timestamp("2024-03-04 09:00"), pd.Timestamp("2024-03-14 09:00")]
    assert any("day/month" in note for note in times.notes)


def test_with_dots_the_day_comes_first() -> None:
    times = parse_times(["02.03.2026 14:05", "3.3.2026"])
    assert list(times.clock) == [pd.Timestamp("2026-03-02 14:05"), pd.Timestamp("2026-03-03")]
    assert times.notes == ()


def test_an_ambiguous_order_is_noted_unless_the_tool_fixes_it() -> None:
    assert any("ambiguous" in note for note in parse_times(["03/04/2024 09:00"]).notes)
    fixed = parse_times(["13/04/2024 09:00", "03/04/2024 09:00"], month_first=True)
    assert fixed.notes == ()
    assert fixed.clock.isna().tolist() == [True, False]


def test_one_printed_zone_is_noted_and_not_applied() -> None:
    times = parse_times(["2024-03-04T09:00:00+09:00", "2024-03-04T09:05:00+09:00"])
    assert times.clock.iloc[0] == pd.Timestamp("2024-03-04 09:00")
    assert any("UTC+09:00" in note and "kept as printed" in note for note in times.notes)


def test_two_printed_zones_are_both_shown_in_utc() -> None:
    times = parse_times(["2024-11-03T01:30:00-04:00", "2024-11-03T01:00:00-05:00"])
    assert list(times.clock) == [pd.Timestamp("2024-11-03 05:30"), pd.Timestamp("2024-11-03 06:00")]
    assert any("more than one time zone" in note for note in times.notes)


def test_one_bad_time_leaves_a_column_of_good_ones() -> None:
    times = parse_times(["2024-03-04T09:00:00Z", "broken", "2024-03-04T09:10:00Z"])
    assert times.clock.isna().tolist() == [False, True, False]
    assert times.clock.iloc[2] == pd.Timestamp("2024-03-04 09:10")


@pytest.mark.parametrize(
    ("printed", "noted"),
    [("GMT+0900", "UTC+09:00"), ("GMT-0500", "UTC-05:00"), ("KST", "UTC+09:00")],
)
def test_the_zone_of_a_java_time_keeps_its_sign(printed: str, noted: str) -> None:
    # Read as POSIX, GMT+0900 would lie nine hours west.
    assert any(noted in note for note in parse_times([f"Mon Mar 4 14:05:00 {printed} 2024"]).notes)


def test_offset_in_hours_alone_is_read_in_a_column_with_a_gap_too() -> None:
    printed = ["2024-03-04 14:05:00+09", "2024-03-04 14:05:00.5 -03", "2024-03-04-05", "gap"]
    whole = parse_times([printed[0]] * 2)
    assert parse_times([printed[0], "gap"]).clock[0] == whole.clock[0]
    found = parse_times(printed)
    # two offsets: shown in UTC
    assert list(found.clock.dropna()) == [
        pd.Timestamp("2024-03-04 05:05:00"),
        pd.Timestamp("2024-03-04 17:05:00.5"),
    ]
