"""What a message shows of a value fits into a line."""

from __future__ import annotations

from kit.checking import expect


def test_a_long_value_is_cut_in_a_message() -> None:
    assert expect.short("x" * 500) == "'" + "x" * 58 + "…"
    assert expect.short([1, 2]) == "[1, 2]"
