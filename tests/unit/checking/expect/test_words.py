"""What a message shows of a value fits into a line."""

from __future__ import annotations

from kit.checking import expect
from kit.checking.expect.words import listed


def test_a_long_value_is_cut_in_a_message() -> None:
    assert expect.short("x" * 500) == "'" + "x" * 58 + "…"
    assert expect.short([1, 2]) == "[1, 2]"


def test_an_object_that_cannot_be_shown_is_named_by_its_kind() -> None:
    class Mute:
        def __repr__(self) -> str:
            raise SystemExit

    assert expect.short(Mute()) == "<Mute>"


def test_a_long_row_of_names_is_cut() -> None:
    assert listed(["a", 2]) == "a, 2"
    assert listed(map(str, range(40))).endswith("10, 11, … (+28)")
