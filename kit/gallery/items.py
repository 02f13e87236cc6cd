"""The questions before and after a unit."""

from __future__ import annotations

from kit.gallery import Page
from kit.i18n import Translator
from kit.widgets.items import ItemsWidget

QUESTIONS: dict[str, tuple[str, list[list[str]]]] = {
    "en": (
        "A server is busy for 6 % of the day. What do you ask first?",
        [
            ["a", "When, and for how long?"],
            ["b", "Which half of its cores can go, and who says so to the people who use it?"],
        ],
    ),
    "ko": (
        "어떤 서버가 하루의 6 % 동안만 바쁩니다. 가장 먼저 무엇을 물어보겠습니까?",
        [
            ["a", "언제, 얼마 동안 바쁩니까?"],
            ["b", "코어의 절반 중 어느 쪽을 뺄 수 있고, 사용하는 사람들에게는 누가 알립니까?"],
        ],
    ),
}
MARKUP = "<img src=x onerror=alert(1)> stays text"


def _items(
    say: Translator, answers: dict[str, object], question: str = "", option: str = ""
) -> ItemsWidget:
    asked, options = QUESTIONS[say.language]
    told = [*options, ["c", option]] if option else options
    questions = [
        {"id": name, "question": question or asked, "options": told} for name in ("one", "two")
    ]
    return ItemsWidget(questions, answers, say, lambda _item, _option, _confidence: None)


PAGE = Page(
    name="items",
    title="Questions before and after",
    about="One option and how sure you are: nothing is preset, and who guesses says so. An answer "
    "is given once and then stands; nobody grades it, and what is right is not in the page.",
    used='`wb.items("pre")` and `wb.items("post")` in every unit.',
    examples={
        "open": lambda say: _items(say, {}),
        "answered": lambda say: _items(say, {"one": {"option": "a", "confidence": 80}}),
        "markup": lambda say: _items(say, {}, MARKUP, MARKUP),
    },
)
