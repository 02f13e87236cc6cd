"""Sums and ranges in won, as people say them."""

from __future__ import annotations

import pytest

from kit.data.money import range_text, won_text
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
