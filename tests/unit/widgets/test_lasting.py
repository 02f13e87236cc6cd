"""What stays readable when the kernel of a widget has gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from kit.i18n import Translator
from kit.widgets.items import ItemsWidget
from kit.widgets.lasting import VIEW_MIME


@pytest.fixture(autouse=True)
def shell() -> Iterator[None]:
    InteractiveShell.instance()
    yield
    InteractiveShell.clear_instance()


@pytest.fixture
def widget() -> ItemsWidget:
    question = {"id": "q", "question": "How <many>?", "options": [["a", "Two & a half"]]}
    return ItemsWidget([question], {}, Translator("en"), lambda *_answer: None)


def displayed(widget: ItemsWidget) -> list[Any]:
    with capture_output() as captured:
        widget._ipython_display_()
    return [output.data for output in captured.outputs]


def test_the_words_are_an_output_of_their_own_before_the_widget(widget: ItemsWidget) -> None:
    words, live = displayed(widget)
    assert VIEW_MIME not in words, "Lab would draw the widget and not the words"
    assert "How &lt;many&gt;?" in words["text/html"]
    assert "Run the first cell, then this one" in words["text/html"]
    assert set(live) == {VIEW_MIME, "text/plain"}
    assert live["text/plain"] == ""


def test_the_words_follow_what_happens_in_the_widget(widget: ItemsWidget) -> None:
    displayed(widget)
    with capture_output() as captured:
        widget._receive(widget, {"item": "q", "option": "a", "confidence": 70}, [])
    (update,) = captured.outputs
    assert "Two &amp; a half (70 %)" in update.data["text/html"]
