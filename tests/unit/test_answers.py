"""What widgets wrote: counted, atomic, and the right option is readable nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.answers import AnswerFile, item_is_right, seal
from kit.errors import HomeError
from kit.model import Item


def item(right: str = "b", item_id: str = "pre-1") -> Item:
    options = (("a", "One"), ("b", "Two"), ("c", "Three"))
    return Item(item_id, "p1", "pre", "How many?", options, seal(item_id, right))


def test_answers_come_back_and_attempts_are_counted(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "unit" / "answers.json")
    assert file.read() == {}
    file.put("items", "pre-1", {"option": "a", "confidence": 60})
    file.put("items", "pre-1", {"option": "b", "confidence": 90})
    file.put("choices", "pre-1", {"option": "c"})
    assert file.read() == {
        "items": {"pre-1": {"option": "b", "confidence": 90, "attempts": 2}},
        "choices": {"pre-1": {"option": "c", "attempts": 1}},
    }


def test_damaged_answers_are_kept_and_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"items": {"pre-1": ', encoding="utf-8")
    with pytest.raises(HomeError) as raised:
        AnswerFile(path).put("items", "pre-1", {"option": "a"})
    assert raised.value.where == str(path)
    assert path.read_text(encoding="utf-8") == '{"items": {"pre-1": '


def test_only_the_sealed_option_is_right() -> None:
    assert [item_is_right(item(), option) for option in ("a", "b", "c", "")] == [
        False,
        True,
        False,
        False,
    ]


def test_the_digest_shows_neither_the_option_nor_that_two_items_share_one() -> None:
    first, second = item(item_id="pre-1"), item(item_id="pre-2")
    assert first.digest != second.digest
    assert len(first.digest) == 32
    assert int(first.digest, 16)
