"""The panel's words: the same in the widget, as HTML and as text; nobody's text is code."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from kit.checking.report import trace
from kit.i18n import Translator
from kit.model import Exercise, ExerciseKind, Feedback, Outcome, OutcomeKind, Part, Reality
from kit.widgets.view import HEADINGS, SIGNS, PanelView, as_html, as_text, news, panel_view, rich

ATTACK = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
EXERCISE = Exercise(
    id="rule",
    title="The rule",
    part=Part.PRACTICE,
    kind=ExerciseKind.PROCEDURE,
    reality=Reality.SIMULATED,
    minutes=5,
    points=1,
    hints=("Look at the peak.", "Then at the week."),
)


def view_of(
    kind: OutcomeKind, *texts: str, hints_seen: int = 0, can_take: bool = False, **rest: str
) -> PanelView:
    feedback = Feedback("label", *texts) if texts else None
    score = None if kind is OutcomeKind.UNCHECKABLE else float(kind is OutcomeKind.PASSED)
    outcome = Outcome("rule", kind, score, feedback, **rest)
    translate = Translator("en")
    return panel_view(EXERCISE, outcome, translate, hints_seen=hints_seen, can_take=can_take)


class Elements(HTMLParser):
    """What a browser would make of it: elements, attributes, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("kind", OutcomeKind)
def test_every_outcome_has_a_word_and_a_sign_of_its_own(kind: OutcomeKind) -> None:
    assert len(set(HEADINGS.values())) == len(set(SIGNS.values())) == len(OutcomeKind)
    view = view_of(kind)
    assert as_text(view) == f"{SIGNS[kind]} The rule: {HEADINGS[kind]}"
    assert f'data-outcome="{kind.value}"' in as_html(view)


def test_the_message_says_seen_required_and_next() -> None:
    text = as_text(view_of(OutcomeKind.INCORRECT, "You took the mean.", "A peak.", "Plot it."))
    assert text.splitlines()[1:] == [
        "You took the mean.",
        "A good answer: A peak.",
        "Next: Plot it.",
    ]


def test_a_pass_says_what_it_means_at_work_and_offers_no_help() -> None:
    view = view_of(OutcomeKind.PASSED, can_take=True, at_work="Ask before you cut.")
    assert view.lines == (("At work this means", "Ask before you cut."),)
    assert (view.hint_label, view.hints_left, view.take_label) == ("", 0, "")


def test_hints_show_as_far_as_they_were_opened() -> None:
    view = view_of(OutcomeKind.INCORRECT, "x", hints_seen=1, can_take=True)
    assert view.hints == ("Look at the peak.",)
    assert view.hint_label == "Hint (1 left)"
    assert view.take_label
    assert view_of(OutcomeKind.INCORRECT, "x", hints_seen=2).hint_label == ""


def test_all_three_forms_hold_the_same_words() -> None:
    view = view_of(OutcomeKind.INCORRECT, "You took the mean.", "A peak.", hints_seen=2)
    shown = Elements(as_html(view)).text
    for words in ("The rule", "Look again", "You took the mean.", "A peak.", *EXERCISE.hints):
        assert words in as_text(view)
        assert words in shown
        assert words in str(view.as_dict())


@pytest.mark.parametrize("place", ["seen", "required", "step", "report", "title"])
def test_a_learners_text_never_becomes_markup(place: str) -> None:
    texts = [ATTACK if name == place else "fine" for name in ("seen", "required", "step")]
    view = view_of(OutcomeKind.INCORRECT, *texts, report=ATTACK if place == "report" else "")
    if place == "title":
        view = PanelView(**{**view.__dict__, "title": ATTACK})
    page = Elements(as_html(view))
    assert not page.tags & {"img", "script"}
    assert "onerror" not in page.attributes
    assert ATTACK in page.text


def test_backticks_are_code_and_their_content_is_escaped_too() -> None:
    assert rich("`a<b>` and\nmore") == "<code>a&lt;b&gt;</code> and<br>more"
    assert rich("a lonely ` stays") == "a lonely ` stays"
    assert rich("see\n    17  2 < 3") == "see<br><code>17\u00a0\u00a02\u00a0&lt;\u00a03</code>"


def test_a_taken_result_says_what_that_means_instead_of_not_started():
    outcome = Outcome("rule", OutcomeKind.NOT_ATTEMPTED, 0.0, None)
    view = panel_view(EXERCISE, outcome, Translator("en"), hints_seen=0, can_take=True, taken=True)
    assert (view.heading, view.take_label) == ("Taken", "")
    assert "next exercise" in as_text(view)
    assert "noted in your progress" in as_html(view)
    assert "Not started" not in as_text(view)


def test_a_pass_after_taking_is_a_pass():
    outcome = Outcome("rule", OutcomeKind.PASSED, 1.0, None)
    view = panel_view(EXERCISE, outcome, Translator("en"), hints_seen=0, can_take=True, taken=True)
    assert view.heading == HEADINGS[OutcomeKind.PASSED]


def test_a_report_is_shown_without_what_the_error_says() -> None:
    try:
        raise KeyError("a value of the learner")
    except KeyError as error:
        view = view_of(OutcomeKind.UNCHECKABLE, report=trace(error))
    assert "KeyError" in view.report
    assert "a value of the learner" not in as_html(view)


def test_the_file_to_hand_over_is_named() -> None:
    outcome = Outcome("rule", OutcomeKind.UNCHECKABLE, None)
    view = panel_view(
        EXERCISE,
        outcome,
        Translator("en"),
        hints_seen=0,
        can_take=False,
        report_file="/home/me/report.txt",
    )
    assert "/home/me/report.txt" in as_text(view)


def test_buttons_are_offered_by_their_labels_and_nothing_else_is() -> None:
    outcome = Outcome("rule", OutcomeKind.INCORRECT, 0.0)
    say = Translator("en")
    bare = panel_view(EXERCISE, outcome, say, hints_seen=2, can_take=False)
    assert bare.offers == {"check"}
    full = panel_view(
        EXERCISE, outcome, say, hints_seen=0, can_take=True, can_reset=True, can_undo=True
    )
    assert full.offers == {"check", "hint", "take", "reset", "undo"}


def test_what_an_exercise_waits_for_is_said_until_it_passes() -> None:
    say = Translator("en")
    for kind, said in ((OutcomeKind.NOT_ATTEMPTED, True), (OutcomeKind.PASSED, False)):
        outcome = Outcome("rule", kind, 0.0)
        view = panel_view(EXERCISE, outcome, say, hints_seen=0, can_take=False, waits_for="Before")
        assert ("“Before”, which has not passed yet" in as_text(view)) is said
        assert ("“Before”" in Elements(as_html(view)).text) is said


def test_why_cells_are_locked_can_be_opened() -> None:
    page = Elements(as_html(view_of(OutcomeKind.PASSED)))
    assert "details" in page.tags
    assert "Why are some cells locked?" in page.text


def test_a_coach_is_shown_below_the_hints_with_its_source() -> None:
    outcome = Outcome("rule", OutcomeKind.INCORRECT, 0.0)
    said = (("A trainer", ATTACK),)
    view = panel_view(EXERCISE, outcome, Translator("en"), hints_seen=2, can_take=False, coach=said)
    rows = as_text(view).splitlines()
    assert rows[-3:] == ["2. Then at the week.", "What a coach said", f"A trainer: {ATTACK}"]
    page = Elements(as_html(view))
    assert "img" not in page.tags and ATTACK in page.text
    assert "What a coach said" not in as_text(view_of(OutcomeKind.INCORRECT))


@pytest.mark.parametrize("source", ["", " "])
def test_what_nobody_said_is_not_shown_as_a_coachs(source: str) -> None:
    with pytest.raises(ValueError, match="source"):
        replace(view_of(OutcomeKind.INCORRECT), coach=((source, "Try again."),))


def test_news_are_what_the_view_before_did_not_say() -> None:
    before = view_of(OutcomeKind.INCORRECT, "You took the *mean*.", hints_seen=1)
    assert news(before) == "Look again.\nYou took the mean.\n1. Look at the peak."
    hint = view_of(OutcomeKind.INCORRECT, "You took the *mean*.", hints_seen=2)
    assert news(hint, before) == "2. Then at the week."
    other = view_of(OutcomeKind.INCORRECT, "You took `max`.", hints_seen=2)
    assert news(other, hint) == "Look again.\nYou took max."
    # asked again, answered again
    assert news(other, other) == "Look again."
