"""The return card: what a notebook's first cell says to who comes back."""

from __future__ import annotations

from kit.gallery import Page
from kit.i18n import Translator
from kit.widgets.back import BackCard

MARKUP = "<img src=x onerror=alert(1)> stays text"
WORDS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "en": (
        "Welcome back to “Right-size what you pay for”",
        (
            ("Last time", "Saturday, 14:05 · You passed “The rule”."),
            ("Passed", "2 of 8 exercises"),
            ("Here again, without running it", "`clean`, `smallest_size`"),
            ("Run these cells to have their names", "3 · Classes"),
            ("Next", "3 · Classes (15 minutes)"),
        ),
    ),
    "ko": (
        "“지불하는 만큼 쓰기”로 다시 오셨습니다",
        (
            ("지난번", "토요일 14:05 · “규칙”을 통과했습니다."),
            ("통과", "연습문제 8개 중 2개"),
            ("다시 실행하지 않아도 있는 이름", "`clean`, `smallest_size`"),
            ("이름이 필요하면 실행할 셀", "3 · 유형"),
            ("다음", "3 · 유형 (15분)"),
        ),
    ),
}


def _card(say: Translator, lines: slice = slice(None), extra: str = "") -> BackCard:
    title, told = WORDS[say.language]
    more = ((told[0][0], extra),) if extra else ()
    return BackCard(title, (*told[lines], *more))


PAGE = Page(
    name="back",
    title="Return card",
    about="Where somebody stood and what comes next, without running anything again. It is plain "
    "output: it reads the same with and without a kernel.",
    used="`wb.resume()` in the first cell of every unit.",
    examples={
        "back": _card,
        "short": lambda say: _card(say, slice(0, 2)),
        "markup": lambda say: _card(say, slice(0, 1), MARKUP),
    },
    drawn="[data-outcome=back]",
)
