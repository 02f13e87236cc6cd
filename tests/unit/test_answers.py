"""What widgets wrote: counted, atomic, and the right option is readable nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.answers import (
    NOTE_LIMIT,
    USES,
    AnswerFile,
    attempts_in,
    item_is_right,
    percent,
    safe_name,
    seal,
    sure_in,
)
from kit.blank import BLANK
from kit.errors import HomeError, UsageError
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


@pytest.mark.parametrize("value", ["b", 3.5, ["b", "a"], [{"machine": "서버-1", "size": 4}]])
def test_what_a_form_was_given_comes_back_with_its_attempts(tmp_path: Path, value: object) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    file.put("items", "pre-1", {"option": "a"})
    assert file.given("who") is None
    assert [file.give("who", "a"), file.give("who", value)] == [1, 2]
    assert file.give("other", "a") == 1
    # another kernel reads what this one wrote
    assert AnswerFile(file.path).given("who") == value
    assert file.read()["exercises"]["who"] == {"value": value, "attempts": 2}
    assert file.read()["items"]["pre-1"]["option"] == "a"


@pytest.mark.parametrize("text", ['{"exercises": 3}', '{"exercises": {"who": "b"}}', "[]"])
def test_answers_of_another_shape_are_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.json"
    path.write_text(text, encoding="utf-8")
    assert AnswerFile(path).given("who") is None


def test_the_same_answer_again_is_no_new_attempt(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    given = [file.give("order", ["b", "a"]) for _ in range(3)]
    assert [*given, file.give("order", ["a", "b"]), file.give("order", ["b", "a"])] == [
        1, 1, 1, 2, 3,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ['{"exercises": 3}', '{"exercises": {"who": "b"}}'])
def test_a_shape_of_somebodys_own_is_replaced_by_the_next_answer(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.json"
    path.write_text(text, encoding="utf-8")
    assert AnswerFile(path).give("who", "a") == 1
    assert attempts_in(AnswerFile(path).read(), "who") == 1


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    attempts = [file.give_file("sheet", name, b"1;2") for name in ("a.csv", "월간 b.csv")]
    assert attempts == [1, 2]
    assert file.give_file("sheet", "월간 b.csv", b"1;2") == 2
    path = tmp_path / "files" / "sheet" / "월간 b.csv"
    assert path.read_bytes() == b"1;2"
    assert list(path.parent.iterdir()) == [path]
    given = file.given("sheet")
    assert isinstance(given, dict)
    assert (given["name"], given["bytes"], len(given["sha256"])) == ("월간 b.csv", 3, 64)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.csv", "x.csv"),
        ("C:\\Users\\kim\\x.csv", "x.csv"),
        ("/etc/passwd", "passwd"),
        (".hidden.csv", "hidden.csv"),
        ("nul.csv", "_nul.csv"),
        ("a\x00b:c?.csv", "a_b_c_.csv"),
        ("\u1112\u1161\u11ab.csv", "한.csv"),
        ("한" * 100 + ".xlsx", "한" * 58 + ".xlsx"),
    ],
)
def test_a_name_stays_in_its_folder_and_fits_every_system(name: str, kept: str) -> None:
    assert safe_name(name) == kept
    assert safe_name(kept) == kept


@pytest.mark.parametrize("name", ["", "..", "../", "...", "_.csv", "\udc80"])
def test_a_name_without_a_word_is_refused(tmp_path: Path, name: str) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    with pytest.raises(UsageError):
        file.give_file("sheet", name, b"")
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_no_file_can_hold_changes_nothing(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    file.give("who", "a")
    with pytest.raises(TypeError):
        file.give("who", object())
    assert file.read()["exercises"]["who"] == {"value": "a", "attempts": 1}


def test_damaged_answers_are_kept_and_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"items": {"pre-1": ', encoding="utf-8")
    with pytest.raises(HomeError) as raised:
        AnswerFile(path).put("items", "pre-1", {"option": "a"})
    assert raised.value.where == str(path)
    assert path.read_text(encoding="utf-8") == '{"items": {"pre-1": '


@pytest.mark.parametrize("use", USES)
def test_a_declaration_stands_beside_the_answers(tmp_path: Path, use: str) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    file.put("items", "pre-1", {"option": "a"})
    assert use in file.declare(f" {use.title()} ", "  the memo's second paragraph ")
    assert file.read()["declared"] == {"use": use, "note": "the memo's second paragraph"}
    assert file.read()["items"]["pre-1"]["option"] == "a"
    file.declare("none")
    assert file.read()["declared"] == {"use": "none", "note": ""}


def test_a_blank_declares_nothing_and_takes_back(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    assert "costs no points" in file.declare(BLANK, BLANK)
    assert not file.path.exists()
    file.declare("draft", BLANK)
    assert file.read()["declared"] == {"use": "draft", "note": ""}
    file.declare(BLANK, "a note")
    assert "declared" not in file.read()


@pytest.mark.parametrize("use", ["a lot", "", 3, None, ["none"]])
def test_another_word_is_refused_with_those_that_count(tmp_path: Path, use: object) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    file.declare("explain", "first")
    with pytest.raises(UsageError) as raised:
        file.declare(use)
    assert all(f'"{word}"' in raised.value.fix for word in USES)
    assert file.read()["declared"] == {"use": "explain", "note": "first"}


def test_a_long_note_is_cut_to_what_grading_reads(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    file.declare("most", "x" * (NOTE_LIMIT + 1))
    assert len(file.read()["declared"]["note"]) == NOTE_LIMIT


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


def test_how_sure_somebody_was_is_kept_and_being_surer_is_no_new_attempt(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    given = [file.give("who", "a", 40), file.give("who", "a", 90), file.give("who", "a")]
    assert (given, sure_in(file.read(), "who")) == ([1, 1, 1], 90)
    # of another answer nothing is said yet
    assert (file.give("who", "b"), sure_in(file.read(), "who")) == (2, None)
    assert file.give_file("sheet", "x.csv", b"x", 0) == 1
    assert sure_in(file.read(), "sheet") == 0


@pytest.mark.parametrize(
    ("said", "kept"),
    [(0, 0), (72.9, 72), (-5, 0), (140, 100), (10**400, 100), (None, None), (True, None),
     ("80", None), (float("nan"), None), (float("inf"), None), ([], None)],
)  # fmt: skip
def test_a_percentage_is_a_number_from_0_to_100(said: object, kept: int | None) -> None:
    assert percent(said) == kept


def test_what_a_trainer_gets_says_nothing_of_how_sure_somebody_was(tmp_path: Path) -> None:
    file = AnswerFile(tmp_path / "answers.json")
    file.put("items", "pre-one", {"option": "a", "confidence": 90})
    file.put("items", "odd", {})
    file.give("who", "a", 80)
    file.give_file("sheet", "x.csv", b"x", 70)
    assert "confidence" not in json.dumps(file.for_trainer())
    assert file.for_trainer()["exercises"]["who"] == {"value": "a", "attempts": 1}
    assert file.for_trainer()["items"]["pre-one"] == {"option": "a", "attempts": 1}
    assert file.read()["items"]["pre-one"]["confidence"] == 90
