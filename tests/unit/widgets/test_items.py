"""A question is answered once, with an option that it has."""

from __future__ import annotations

from typing import Any

import pytest

from kit.i18n import Translator
from kit.widgets.items import ItemsWidget

QUESTIONS = [
    {"id": "pre-1", "question": "How <many>?", "options": [["a", "One"], ["b", "Two"]]},
    {"id": "pre-2", "question": "Why?", "options": [["a", "Cost"], ["b", "Risk"]]},
]


@pytest.fixture
def given() -> list[tuple[str, str, int]]:
    return []


@pytest.fixture
def widget(given: list[tuple[str, str, int]]) -> ItemsWidget:
    return ItemsWidget(QUESTIONS, {}, Translator("en"), lambda *answer: given.append(answer))


def send(widget: ItemsWidget, item: object, option: object, confidence: Any = 50) -> None:
    widget._receive(widget, {"item": item, "option": option, "confidence": confidence}, [])


def test_the_first_answer_stands(widget: ItemsWidget, given: list[tuple[str, str, int]]) -> None:
    send(widget, "pre-1", "a", 80)
    send(widget, "pre-1", "b", 10)
    assert given == [("pre-1", "a", 80)]
    assert widget.answers == {"pre-1": {"option": "a", "confidence": 80}}


@pytest.mark.parametrize(("item", "option"), [("pre-9", "a"), ("pre-1", "z"), (None, None)])
def test_what_was_not_asked_is_not_answered(
    widget: ItemsWidget, given: list[tuple[str, str, int]], item: object, option: object
) -> None:
    send(widget, item, option)
    assert given == []
    assert widget.answers == {}


@pytest.mark.parametrize(("sent", "kept"), [(-5, 0), (140, 100), (73.9, 73)])
def test_confidence_is_a_share_of_a_hundred(
    widget: ItemsWidget, given: list[tuple[str, str, int]], sent: float, kept: int
) -> None:
    send(widget, "pre-2", "b", sent)
    assert given == [("pre-2", "b", kept)]


@pytest.mark.parametrize("sent", [None, "sure", True, [50]])
def test_an_answer_without_how_sure_is_none(
    widget: ItemsWidget, given: list[tuple[str, str, int]], sent: object
) -> None:
    send(widget, "pre-1", "a", sent)
    assert (given, widget.answers) == ([], {})


def test_answers_from_before_are_shown_and_stand(given: list[tuple[str, str, int]]) -> None:
    before = {"pre-1": {"option": "b", "confidence": 20}}
    widget = ItemsWidget(QUESTIONS, before, Translator("en"), lambda *answer: given.append(answer))
    send(widget, "pre-1", "a")
    assert widget.answers == before
    assert given == []


def test_text_and_html_forms_hold_the_questions(widget: ItemsWidget) -> None:
    data, _ = widget._repr_mimebundle_()
    told = "1. How <many>?\n   a) One\n   b) Two\n2. Why?\n   a) Cost\n   b) Risk"
    assert data["text/plain"] == told
    options = '<ol type="a"><li>Cost</li><li>Risk</li></ol>'
    assert f"<li>Why?{options}</li></ol>" in data["text/html"]
    assert "<ol><li>How &lt;many&gt;?" in data["text/html"]
