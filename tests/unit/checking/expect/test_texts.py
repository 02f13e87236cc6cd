"""A text has enough words, not too many, and names what it must."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kit.checking import NotAttempted, expect

Label = Callable[..., str]


def test_a_text_comes_back_without_its_blank_ends() -> None:
    assert expect.text("\n  We stay. \n", "x", words=(1, 5)) == "We stay."


@pytest.mark.parametrize("value", ["", "  \n", "We ____ stay"])
def test_an_empty_text_and_a_stub_are_not_attempted(value: str) -> None:
    with pytest.raises(NotAttempted):
        expect.text(value, "x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "not_a_text"),
        (["a"], "not_a_text"),
        ("one two", "too_short"),
        ("w " * 11, "too_long"),
    ],
)
def test_what_is_wrong_with_it_is_told_apart(value: object, expected: str, label: Label) -> None:
    assert label(lambda: expect.text(value, "x", words=(3, 10))) == expected


def test_fewer_korean_words_say_as_much(label: Label) -> None:
    assert expect.text("가 나 다 라 마 바", "x", words=(10, 20))
    assert label(lambda: expect.text("가 나 다 라 마", "x", words=(10, 20))) == "too_short"


def test_each_thing_must_be_named_by_one_of_its_words(label: Label) -> None:
    must = ["Cloud", ("saving", "절감")]
    assert expect.text("The CLOUD brings a Saving", "x", words=(1, 9), must_name=must)
    assert expect.text("cloud 절감", "x", words=(1, 9), must_name=must)
    assert label(lambda: expect.text("the cloud", "x", words=(1, 9), must_name=must)) == "not_named"
