"""A form hands on what is given and says what became of it; it knows nothing of what is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.i18n import Translator
from kit.widgets.ask import AskWidget, FileGiven, Reply

FORM = {
    "id": "who",
    "form": "choice",
    "title": "Who <answers>?",
    "options": [["a", "One & all"], ["b", "Two"]],
    "questions": [],
    "columns": [],
    "unit": "",
    "suffixes": [".csv"],
    "max_mb": 1,
    "way": 'wb.answer("who", "KEY")',
}
COLUMNS = [
    {"id": "size", "title": "Size", "type": "number", "unit": "GB", "options": []},
    {"id": "keep", "title": "Keep?", "type": "choice", "unit": "", "options": [["y", "Yes"]]},
]
QUESTIONS = [{"id": "q1", "text": "How many?", "numeric": True}]


@pytest.fixture
def taken() -> list[Any]:
    return []


@pytest.fixture
def widget(taken: list[Any]) -> AskWidget:
    return made(taken)


def made(taken: list[Any], *, traits: Mapping[str, Any] | None = None, **form: Any) -> AskWidget:
    def take(value: object, sure: int | None) -> Reply:
        taken.append(value if sure is None else (value, sure))
        return Reply(f"Saved {len(taken)}.", value == "z", value, len(taken))

    return AskWidget({**FORM, **form}, None, 0, Translator("en"), take, **(traits or {}))


def test_an_answer_is_handed_on_and_its_reply_shown(widget: AskWidget, taken: list[Any]) -> None:
    widget._receive(widget, {"value": "a", "number": 1}, [])
    assert taken == ["a"]
    assert (widget.given, widget.attempts) == ("a", 1)
    assert widget.reply == {"number": 1, "text": "Saved 1.", "refused": False}
    widget._receive(widget, {"value": "z", "number": 2}, [])
    assert widget.reply["refused"]


def test_how_sure_goes_with_the_answer_and_stays_when_the_next_is_refused(taken: list[Any]) -> None:
    widget = made(taken, confidence=True)
    widget._receive(widget, {"value": "a", "confidence": 80, "number": 1}, [])
    assert (taken, widget.confidence) == ([("a", 80)], 80)
    widget._receive(widget, {"value": "z", "confidence": 10, "number": 2}, [])
    assert (widget.reply["refused"], widget.confidence) == (True, 80)
    assert "How sure are you? 80 %" in widget.forms()["text/plain"]
    told = {"name": "x.csv", "part": 0, "last": True, "number": 3, "confidence": 55}
    widget._receive(widget, told, [b"x"])
    assert taken[-1] == (FileGiven("x.csv", b"x"), 55)


def test_a_draft_is_kept_shown_as_unsaved_and_gone_once_it_is_an_answer(taken: list[Any]) -> None:
    heard: list[object] = []

    def keep(draft: object) -> bool:
        heard.append(draft)
        return draft != "odd"

    widget = made(taken, traits={"on_draft": keep})
    widget._receive(widget, {"draft": "b", "number": 1}, [])
    widget._receive(widget, {"draft": "odd", "number": 2}, [])
    assert (heard, widget.draft, taken) == (["b", "odd"], "b", [])
    assert "Not saved yet.\n… Two\n" in widget.forms()["text/plain"]
    assert "<p>Not saved yet.</p><p>… Two</p>" in widget.forms()["text/html"]
    # a refusal loses nothing that was typed
    widget._receive(widget, {"value": "z", "number": 3}, [])
    assert widget.draft == "b"
    widget._receive(widget, {"value": "b", "number": 4}, [])
    assert widget.draft is None
    assert "Not saved" not in widget.forms()["text/plain"]


def test_a_file_comes_in_pieces_and_is_handed_on_whole(widget: AskWidget, taken: list[Any]) -> None:
    for part, piece in enumerate((b"ab", b"cd", b"e")):
        told = {"name": "x.csv", "part": part, "last": part == 2, "number": 1}
        widget._receive(widget, told, [memoryview(piece)])
    assert taken == [FileGiven("x.csv", b"abcde")]
    # a second one begins anew
    widget._receive(widget, {"name": "y.csv", "part": 0, "last": True}, [b"z"])
    assert taken[1] == FileGiven("y.csv", b"z")


def test_a_file_that_broke_off_is_no_part_of_the_next(widget: AskWidget, taken: list[Any]) -> None:
    widget._receive(widget, {"name": "x.csv", "part": 0}, [b"lost"])
    widget._receive(widget, {"name": "x.csv", "part": 0, "last": True}, [b"whole"])
    assert taken == [FileGiven("x.csv", b"whole")]


def test_of_a_file_that_is_too_large_little_more_than_the_limit_is_held(
    widget: AskWidget, taken: list[Any]
) -> None:
    piece = b"x" * 500_000
    for part in range(20):
        told = {"name": "x.csv", "part": part, "last": part == 19}
        widget._receive(widget, told, [piece])
    (given,) = taken
    assert 1_000_000 < len(given.data) <= 1_500_000


def test_text_and_html_say_what_is_asked_what_was_given_and_the_way(widget: AskWidget) -> None:
    told = widget.forms()
    assert told["text/plain"] == (
        'Who <answers>?\n   a) One & all\n   b) Two\nwb.answer("who", "KEY")'
    )
    assert "<strong>Who &lt;answers&gt;?</strong>" in told["text/html"]
    assert "<li>a) One &amp; all</li>" in told["text/html"]
    assert "Run the first cell, then this one" in told["text/html"]
    widget._receive(widget, {"value": "a", "number": 1}, [])
    assert "→ One & all\n" in widget.forms()["text/plain"]
    assert "→ One &amp; all" in widget.forms()["text/html"]


@pytest.mark.parametrize(
    ("value", "form", "told"),
    [
        (["b", "a"], {}, "→ Two, One & all"),
        (4.5, {"unit": "GB", "options": []}, "→ 4.5 GB"),
        ([{"disk": "서버", "size": 4}, {"size": 8}], {"columns": COLUMNS}, "→ Size: 8 GB"),
        ({"q1": 5}, {"questions": QUESTIONS}, "→ How many?: 5"),
        ({"name": "x.csv", "sha256": "0123456789abcdef"}, {}, "→ x.csv (sha256 0123456789ab…)"),
        ({"name": "<b>"}, {}, "→ name: <b>"),
    ],
)
def test_what_was_given_can_be_read(value: Any, form: dict[str, Any], told: str) -> None:
    widget = made([], **form)
    widget._receive(widget, {"value": value}, [])
    assert told in widget.forms()["text/plain"].splitlines()
    assert "<b>" not in widget.forms()["text/html"]


def test_columns_and_questions_are_listed() -> None:
    widget = made([], options=[], columns=COLUMNS, questions=QUESTIONS)
    lines = widget.forms()["text/plain"].splitlines()
    assert [line.strip() for line in lines[1:4]] == ["q1) How many?", "Size (GB)", "Keep?: y (Yes)"]


CONTENT = st.dictionaries(
    st.sampled_from(["value", "name", "part", "last", "number", "draft", "confidence"]),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
)


@given(CONTENT)
def test_nothing_from_the_page_breaks_the_widget(content: dict[str, Any]) -> None:
    taken: list[Any] = []
    widget = made(taken)
    widget._receive(None, content, None)
    assert len(taken) <= 1
    assert widget.forms()["text/plain"]
