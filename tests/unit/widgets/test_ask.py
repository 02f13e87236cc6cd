"""A form hands on what is given and says what became of it; it knows nothing of what is right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.fixture
def taken() -> list[Any]:
    return []


@pytest.fixture
def widget(taken: list[Any]) -> AskWidget:
    return made(taken)


def made(taken: list[Any], **form: Any) -> AskWidget:
    def take(value: object) -> Reply:
        taken.append(value)
        return Reply(f"Saved {len(taken)}.", value == "z", value, len(taken))

    return AskWidget({**FORM, **form}, None, 0, {"offline": "Run it again."}, take)


def test_an_answer_is_handed_on_and_its_reply_shown(widget: AskWidget, taken: list[Any]) -> None:
    widget._receive(widget, {"value": "a", "number": 1}, [])
    assert taken == ["a"]
    assert (widget.given, widget.attempts) == ("a", 1)
    assert widget.reply == {"number": 1, "text": "Saved 1.", "refused": False}
    widget._receive(widget, {"value": "z", "number": 2}, [])
    assert widget.reply["refused"]


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
    assert "Run it again." in told["text/html"]
    widget._receive(widget, {"value": "a", "number": 1}, [])
    assert "→ One & all\n" in widget.forms()["text/plain"]
    assert "→ One &amp; all" in widget.forms()["text/html"]


@pytest.mark.parametrize(
    ("value", "form", "told"),
    [
        (["b", "a"], {}, "→ Two, One & all"),
        (4.5, {"unit": "GB", "options": []}, "→ 4.5 GB"),
        ([{"disk": "서버"}], {"options": []}, '→ [{"disk": "서버"}]'),
        ({"name": "x.csv", "sha256": "0123456789abcdef"}, {}, "→ x.csv (sha256 0123456789ab…)"),
        ({"name": "<b>"}, {}, '→ {"name": "<b>"}'),
    ],
)
def test_what_was_given_can_be_read(value: Any, form: dict[str, Any], told: str) -> None:
    widget = made([], **form)
    widget._receive(widget, {"value": value}, [])
    assert told in widget.forms()["text/plain"].splitlines()
    assert "<b>" not in widget.forms()["text/html"]


def test_columns_and_questions_are_listed() -> None:
    columns = [
        {"id": "size", "title": "Size", "type": "number", "unit": "GB", "options": []},
        {"id": "keep", "title": "Keep?", "type": "choice", "unit": "", "options": [["y", "Yes"]]},
    ]
    questions = [{"id": "q1", "text": "How many?", "numeric": True}]
    widget = made([], options=[], columns=columns, questions=questions)
    lines = widget.forms()["text/plain"].splitlines()
    assert [line.strip() for line in lines[1:4]] == ["q1) How many?", "Size (GB)", "Keep?: y (Yes)"]


CONTENT = st.dictionaries(
    st.sampled_from(["value", "name", "part", "last", "number", "other"]),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
)


@given(CONTENT)
def test_nothing_from_the_page_breaks_the_widget(content: dict[str, Any]) -> None:
    taken: list[Any] = []
    made(taken)._receive(None, content, None)
    assert len(taken) <= 1
