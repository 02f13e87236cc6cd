"""The return card as text and as HTML."""

from __future__ import annotations

from kit.widgets.back import BackCard

CARD = BackCard("Welcome <back>", (("Last time", "You passed “a < b”."), ("Next", "`c`")))


def test_the_text_form_has_a_line_for_each_thing_said() -> None:
    assert repr(CARD) == "Welcome <back>\nLast time: You passed “a < b”.\nNext: `c`"


def test_the_html_form_says_the_same_and_runs_nothing() -> None:
    told = CARD._repr_mimebundle_()
    assert told["text/plain"] == repr(CARD)
    assert "<strong>Welcome &lt;back&gt;</strong>" in told["text/html"]
    assert "<strong>Last time:</strong> You passed “a &lt; b”." in told["text/html"]
    assert "<code>c</code>" in told["text/html"]


def test_the_home_does_not_hide_it_as_the_words_of_a_widget() -> None:
    # Lab's style hides what is marked so when no widget follows
    assert "upskill-static" not in CARD._repr_mimebundle_()["text/html"]
