"""Figures in running text, as the memo's check reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking import unit_module
from kit.content import find_unit

pytestmark = pytest.mark.content

figures = unit_module(find_unit("rightsizing"), "money.figures")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12,500,000 won", [12_500_000]),
        ("about 12.5 million won a year", [12_500_000]),
        ("₩120M and KRW 3 billion", [120e6, 3e9]),
        ("between 12 and 35 million won", [12e6, 35e6]),
        ("-12.5 to +35 M won", [12.5e6, 35e6]),
        ("1억 2,000만 원", [120e6]),
        ("1억 2천만 원을 아낍니다", [120e6]),
        ("1.2~3.5억 원", [120e6, 350e6]),
        ("125백만원, 1,250만원", [125e6, 12.5e6]),
        ("35,000,000원에서 45,000,000원", [35e6, 45e6]),
        ("3억 2,000만", [320e6]),
        ("2천5백만 원, 3천만 원", [25e6, 30e6]),
        ("103 million won에서 1234.5 million won까지, 약12억 원", [103e6, 1234.5e6, 12e8]),
        ("14 days, 5 years, 8 servers, 2026-03-02", []),
    ],
)
def test_sums_are_read_in_english_and_korean(text: str, values: list[float]) -> None:
    got = [f.value for f in figures.figures(text) if f.kind == figures.WON]
    assert got == pytest.approx(values)


@given(won=st.integers(1_000_000, 9_000_000_000), form=st.integers(0, 4))
def test_a_rounded_figure_stands_for_its_sum_and_not_for_ten_times_it(won: int, form: int) -> None:
    text = (
        f"{won:,} won",
        f"{won / 1e6:,.1f} million won",
        f"{won / 1e8:,.2f}억 원" if won > 2e7 else f"{won:,}원",
        f"{won / 1e4:,.0f}만 원",
        f"{won / 1e9:,.3f} billion won" if won > 2e7 else f"{won} won",
    )[form]
    (figure,) = figures.figures(f"It costs {text} more.")
    assert figure.stands_for(won)
    assert not figure.stands_for(won * 10) and not figure.stands_for(won / 10)


def test_break_even_is_read_as_share_or_percent() -> None:
    found = figures.figures("u* = 0.83, i.e. 83 %. 손익분기 가동률은 83%입니다.")
    assert [(f.kind, f.value) for f in found] == [("percent", 83), ("ratio", 0.83), ("percent", 83)]
