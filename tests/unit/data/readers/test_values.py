from __future__ import annotations

import math

import pytest

from kit.data.readers.values import is_number, parse_values


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("12.5", "percent", 12.5),
        (" 12.5 ", "percent", 12.5),
        ("-3", "percent", -3.0),
        ("1e-3", "percent", 0.001),
        (".5", "percent", 0.5),
    ],
)
def test_a_plain_number_needs_no_repair(text: str, unit: str, number: float) -> None:
    values = parse_values([text], unit=unit)
    assert values.number.iloc[0] == number
    assert (values.repair.iloc[0], values.fault.iloc[0]) == ("", "")


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("12 %", "percent", 12.0),
        ("12.5%", "percent", 12.5),
        ("12,5", "percent", 12.5),
        ("12,5 %", "percent", 12.5),
        ("12,345", "percent", 12.345),
        ("1,234,567", "bytes", 1234567.0),
        ("1,234.5", "bytes", 1234.5),
        ("1.234,5", "bytes", 1234.5),
        ("1 234,5", "bytes", 1234.5),
        ("512 MB", "bytes", 512 * 1024**2),
        ("1.5GiB", "bytes", 1.5 * 1024**3),
        ("2 K", "bytes", 2048.0),
        ("3 KB/s", "bytes/s", 3072.0),
        ("１２.５", "percent", 12.5),
    ],
)
def test_a_converted_number_says_what_was_done(text: str, unit: str, number: float) -> None:
    values = parse_values([text], unit=unit)
    assert values.number.iloc[0] == pytest.approx(number)
    assert values.repair.iloc[0]
    assert is_number(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cell is empty"),
        (None, "cell is empty"),
        ("N/A", "says there is none"),
        ("NaN", "says there is none"),
        ("+Inf", "finite"),
        ("abc", "a number"),
        ("1.2.3", "one decimal mark"),
        ("12 MB", "not in bytes"),
        ("12 furlongs", "not known"),
        ("True", "a number"),
    ],
)
def test_what_is_no_number_says_why(text: str | None, reason: str) -> None:
    values = parse_values([text], unit="percent")
    assert math.isnan(values.number.iloc[0])
    assert reason in values.fault.iloc[0]


def test_a_grouped_number_follows_what_its_column_proves() -> None:
    assert parse_values(["1,234"], unit="bytes").number.iloc[0] == 1234
    assert parse_values(["1,234", "5,5"], unit="bytes").number.iloc[0] == 1.234


def test_the_unit_of_the_column_scales_plain_cells_and_spares_cells_with_their_own() -> None:
    values = parse_values(["2", "2 GB"], unit="bytes", factor=1024.0)
    assert list(values.number) == [2048.0, 2 * 1024**3]
