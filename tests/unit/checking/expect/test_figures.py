"""Every figure of a text is found once, in whichever way it is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking.expect.figures import figures


def read(text: str) -> list[tuple[float, str]]:
    """The first reading of each figure, and its unit."""
    return [(round(figure.readings[0][0], 6), figure.unit) for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,234 won", 1234, "won"),
        ("KRW 5 million", 5e6, "won"),
        ("₩2.5 billion", 2.5e9, "won"),
        ("₩ 1,234,567", 1_234_567, "won"),
        ("12억원", 1.2e9, "won"),
        ("12억 3,400만 원", 1.234e9, "won"),
        ("1조 2천억 원", 1.2e12, "won"),
        ("3천5백만원", 3.5e7, "won"),
        ("5,000만원", 5e7, "won"),
        ("3만 5,000원", 35_000, "won"),
        ("약 1.2억입니다", 1.2e8, ""),
        ("34 %", 34, "%"),
        ("34.5퍼센트", 34.5, "%"),
        ("34 per cent", 34, "%"),
        ("3%p", 3, "%"),
        ("$1,234.50", 1234.5, "usd"),
        ("1,000달러", 1000, "usd"),
        ("1.234,56 €", 1234.56, "eur"),
        ("8,760 hours", 8760, ""),
        ("0.85", 0.85, ""),
        ("-3.5억", 3.5e8, ""),
        ("1\u202f234\u202f567 won", 1_234_567, "won"),
        ("1234.5 million won", 1.2345e9, "won"),
        ("2034.5만 원", 20_345_000, "won"),
        ("2015 million won", 2.015e9, "won"),
        ("2015백만 원", 2.015e9, "won"),
    ],
)
def test_a_figure_in_any_spelling(text: str, value: float, unit: str) -> None:
    for around in ("{}", "We save {}.", "결과는 {}, 그대로다.", "({})"):
        assert read(around.format(text)) == [(value, unit)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.234", {1.234, 1234.0}),
        ("1,234", {1.234, 1234.0}),
        ("1.234.567", {1_234_567.0}),
        ("3,5 %", {3.5}),
        ("5m", {5.0, 5e6}),
        ("12k", {12.0, 12e3}),
    ],
)
def test_what_can_be_read_in_two_ways_is(text: str, values: set[float]) -> None:
    (figure,) = figures(text)
    assert {value for value, _slack in figure.readings} == values


@pytest.mark.parametrize("join", ["–", " to ", "~", "에서 "])
def test_the_start_of_a_range_has_the_unit_of_its_end(join: str) -> None:
    first, last = figures(f"3{join}5억 원")
    assert (first.text, first.unit, last.unit) == ("3", "won", "won")
    assert 3e8 in [value for value, _slack in first.readings]


@pytest.mark.parametrize(
    "text",
    [
        "On 2026-11-22 at 10:30, 2026년 3월 1일, in 2027, Q3.",
        "web-01, m5.large, v2, db1, S3, x86",
        "1. First\n2) Second\n## 3. Third",
        "No figure at all.",
        "",
    ],
)
def test_dates_names_and_numbers_of_lists_are_no_figures(text: str) -> None:
    assert read(text) == []


def test_a_year_with_a_unit_is_a_figure() -> None:
    assert read("2026원, 2026 won") == [(2026.0, "won"), (2026.0, "won")]


def test_how_exact_a_figure_is_hangs_on_its_last_digit() -> None:
    def slack(text: str) -> float:
        return figures(text)[0].readings[0][1]

    assert [slack(text) for text in ("12억", "1.2억", "12.50 %", "12")] == [5e7, 5e6, 0.005, 0.5]


def korean(value: int) -> str:
    """A number as Korean writes it: 12억 3,400만 5,678."""
    parts = []
    for scale, word in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        count, value = divmod(value, scale)
        if count:
            parts.append(f"{count:,}{word}")
    return " ".join(parts)


SPELLINGS: dict[str, Callable[[int], str]] = {
    "plain": str,
    "commas": "{:,}".format,
    "dots": lambda value: f"{value:,}".replace(",", "."),
    "spaces": lambda value: f"{value:,}".replace(",", "\u00a0"),
    "Korean": korean,
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@given(
    value=st.integers(1, 10**15 - 1), around=st.sampled_from(["{} won", "약 {}원이다.", "{} KRW"])
)
def test_every_sum_can_be_read_as_what_it_is(
    spelling: Callable[[int], str], value: int, around: str
) -> None:
    found = figures(around.format(spelling(value)))
    assert len(found) == 1
    assert value in [reading for reading, _slack in found[0].readings]
    assert found[0].unit == "won"
