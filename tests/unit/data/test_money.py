"""Amounts as people write them, sums and ranges in won as people say them."""

from __future__ import annotations

import pytest

from kit.data.money import parse_money, range_text, won_text
from kit.i18n import Translator

EN, KO = Translator("en"), Translator("ko")


@pytest.mark.parametrize(
    ("low", "high", "english", "korean"),
    [
        (265_720, 265_720.4, "265,720 won a month by either rule", "어느 기준이든 월 27만 원"),
        (0.2, -0.3, "nothing: no rule asks for a smaller size", ""),
        (0, 3_400_000, "up to 3.4 million won a month", "월 최대 340만 원"),
        (1_200_000, 3_400_000, "1.20 to 3.40 million won a month", "월 120~340만 원"),
    ],
)
def test_a_range_is_said_with_as_few_figures_as_it_has(low, high, english, korean):
    assert range_text(low, high, EN) == english
    said = range_text(low, high, KO)
    assert said == korean or (not korean and not any(c.isdigit() for c in said))


@pytest.mark.parametrize(
    ("won", "english", "korean"),
    [
        (99_999, "99,999 won", "99,999원"),
        (1_234_567, "1.23 million won", "123만 원"),
        (250_000_000, "250 million won", "2.5억 원"),
    ],
)
def test_a_sum_is_said_in_the_languages_own_units(won, english, korean):
    assert won_text(won, EN) == english
    assert won_text(won, KO) == korean


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("₩1,200,000", 1_200_000, "KRW"),
        ("￦ 1200", 1200, "KRW"),
        ("1,200원", 1200, "KRW"),
        ("120만원", 1_200_000, "KRW"),
        ("350 백만원", 350_000_000, "KRW"),
        ("2.5억", 250_000_000, "KRW"),
        ("1억 2,000만 원", 120_000_000, "KRW"),
        ("KRW 1200", 1200, "KRW"),
        ("3.4 million won", 3_400_000, "KRW"),
        ("$1,234.50", 1234.5, "USD"),
        ("-$12", -12, "USD"),
        ("($12)", -12, "USD"),
        ("12 USD", 12, "USD"),
        ("1.234,50 €", 1234.5, "EUR"),
        ("€12,5", 12.5, "EUR"),
        ("１２００円", 1200, "JPY"),
        ("¥1,200", 1200, "JPY"),
    ],
)
def test_an_amount_is_read_with_its_currency(text, amount, currency):
    money = parse_money(text, "KRW" if currency == "KRW" else "")
    assert money is not None
    assert money.amount == pytest.approx(amount)
    assert money.currency == currency


def test_the_table_says_whose_money_a_shared_mark_is():
    assert parse_money("¥10", "CNY") == (10.0, "CNY")
    assert parse_money("¥10") == (10.0, "JPY")
    # A mark in the cell beats what the table says.
    assert parse_money("$10", "KRW") == (10.0, "USD")
    assert parse_money("10") == (10.0, "")


@pytest.mark.parametrize(
    "text", ["", "won", "12 apples", "5 5", "1,23,4", "만원", "1만 2억", "--5"]
)
def test_what_is_no_amount_is_not_guessed(text):
    assert parse_money(text, "KRW") is None
