"""Each figure of a memo is one of the learner's own model, in the unit it is written in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking import Mistake, expect
from kit.i18n import Translator

English = Translator("en")
Label = Callable[..., str]
KNOWN = {"saving": (1_234_000_000.0, "won"), "u_star": (0.34, "share"), "servers": 140.0}


@pytest.mark.parametrize(
    "text",
    [
        "We save 1,234,000,000 won below 34 % load on 140 servers.",
        "We save ₩1.23 billion.",
        "12억 3,400만 원을 아낍니다. 사용률 34퍼센트, 서버 140대.",
        "약 12.3억, u* = 0.34.",
        "It costs −1.234.000.000 won on 2026-11-22, in two or 3 options.",
        "",
    ],
)
def test_figures_of_the_model_pass_in_both_languages(text: str) -> None:
    expect.memo_figures(text, "memo", KNOWN)


def test_what_was_found_is_told_by_its_label() -> None:
    told = expect.memo_figures("12.3억, then 1,234,000,000 won, 34 %", "memo", KNOWN)
    assert told == {"saving": "12.3억", "u_star": "34 %"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We save 1,334,000,000 won.", "figure_not_in_model"),
        ("130 servers.", "figure_not_in_model"),
        ("35 %", "figure_not_in_model"),
        ("340 won", "figure_not_in_model"),
        ("1.234억 원", "unit_slip"),
        ("1,234,000 won", "unit_slip"),
        ("1,400 servers", "unit_slip"),
        # a share of hours is no sum of money
        ("34 won", "figure_not_in_model"),
        ("1,234,000,000 %", "figure_not_in_model"),
        # so coarse that anything would do
        ("10억 원", "figure_not_in_model"),
    ],
)
def test_a_figure_that_the_model_does_not_give_is_named(
    text: str, expected: str, label: Label
) -> None:
    assert label(lambda: expect.memo_figures(text, "memo", KNOWN)) == expected


def test_numbers_of_the_task_need_leave(label: Label) -> None:
    assert label(lambda: expect.memo_figures("95 and 140", "memo", KNOWN)) == "figure_not_in_model"
    assert expect.memo_figures("95 and 140", "memo", KNOWN, allow=[95]) == {"servers": "140"}


def test_how_near_is_near_enough_is_the_authors(label: Label) -> None:
    assert expect.memo_figures("144 servers", "memo", KNOWN, within=0.05)
    assert label(lambda: expect.memo_figures("144 servers", "memo", KNOWN)) == "figure_not_in_model"


@given(st.integers(10_001, 999_999), st.sampled_from(["won", "%", "share", "usd"]))
def test_no_message_holds_a_value_of_the_model(value: int, unit: str) -> None:
    with pytest.raises(Mistake) as raised:
        expect.memo_figures("8,765,432,100 won", "memo", {"npv": (float(value), unit)})
    told = raised.value
    said = "".join(English(part, **told.values) for part in (told.seen, told.required, told.step))
    plain = said.replace("8,765,432,100 won", "").replace(",", "")
    assert str(value) not in plain
    assert "{" not in said
