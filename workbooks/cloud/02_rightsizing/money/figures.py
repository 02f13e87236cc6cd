"""Figures of a memo as its check takes them: the kit reads them, the tolerance is this unit's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kit.checking.expect import figures as reading

WON, PERCENT, RATIO, HOURS, MONTHS = "won", "percent", "ratio", "hours", "months"
_ORDER = {WON: 0, PERCENT: 1, RATIO: 2}
# how far a figure of whole units may lie from what it stands for: “3억” for 3.4억 is too coarse
# to sign, “3 million” for 3.4 million is not
WIDEST, COARSE = 0.05, 500_000.0
ZEROS = 0.005

_U_STAR = re.compile(r"u\*\s*(?:is|of|at|=|:|≈|는|은|이|가)?\s*(?:about|약)?\s*$")
_TIME = re.compile(r"\s*(?:(hours?|h\b|시간)|months?|개월)")
# a capital or Hangul must follow, else "i.e. 83 %" would end a sentence
_SENTENCES = re.compile(r"(?<=[.!?。])\s+(?=[A-Z가-힣“\"(])|\n(?=\s*(?:[-*•]|\d+\.)\s)|\n\s*\n")


@dataclass(frozen=True)
class Figure:
    """A figure as written: its kind, value, how far rounding may have moved it, its sentence."""

    text: str
    kind: str
    value: float
    slack: float
    sentence: str
    strict: float = 0.0

    def stands_for(self, value: float) -> bool:
        """Whether ``value``, rounded as this figure is, reads like it; signs are left to words."""
        return abs(abs(value) - self.value) <= self.slack

    def is_exactly(self, value: float) -> bool:
        """The same without any grace for zeros at the end, which may be digits or rounding."""
        return abs(abs(value) - self.value) <= max(self.strict, 0.0005 * self.value)


def figures(text: str) -> list[Figure]:
    """All figures of a text, in reading order within each sentence, sums first."""
    # 2천5백만 is 2,500만, as exact as a figure in 만
    plain = re.sub(r"(\d)천\s?(\d)백만", r"\1,\g<2>00만", text)
    return [found for sentence in _SENTENCES.split(plain) for found in _in(sentence)]


def words(text: str) -> int:
    """Words between spaces; in Korean these are 어절."""
    return len(text.split())


def _in(sentence: str) -> Iterator[Figure]:
    # in Korean a figure may stand right behind a word: 약12억
    plain = re.sub(r"(?<=[가-힣])(?<![조억만천백])(?=\d|KRW)", " ", " ".join(sentence.split()))
    found = [
        _figure(each, kind, sentence)
        for each in reading.figures(plain)
        if (kind := _kind(each, plain))
    ]
    yield from sorted(found, key=lambda figure: _ORDER.get(figure.kind, len(_ORDER)))


def _kind(figure: reading.Figure, text: str) -> str:
    own = re.search(r"%|percent|per\s?cent|퍼센트", figure.text)
    if not own and _U_STAR.search(text[: figure.start]) and figure.unit != WON:
        return RATIO
    if figure.unit == reading.PERCENT:
        # of two that “and” joins only the second is said to be a share
        return PERCENT if own or re.match(r"\s*[-–~]", text[figure.end :]) else ""
    # so large a scale needs no currency: it can only be money
    if figure.unit == WON or (not figure.unit and _is_large(figure)):
        return WON
    time = "" if figure.unit else _TIME.match(text[figure.end :])
    return (HOURS if time[1] else MONTHS) if time else ""


def _is_large(figure: reading.Figure) -> bool:
    # the start of a range has its scale from the end of it
    decimals = len(figure.text.partition(".")[2])
    scaled = 2 * figure.readings[0][1] * 10.0**decimals >= 1e8
    return bool(re.search("[조억]", figure.text)) or (scaled and figure.text[-1].isdigit())


def _figure(figure: reading.Figure, kind: str, sentence: str) -> Figure:
    value, strict = figure.readings[0]
    if kind != WON:
        text = re.sub(r"[^\d.,]", "", figure.text)
        shown = f"{text} %" if kind == PERCENT else text
        return Figure(shown, kind, value, strict + 1e-9, sentence)
    return Figure(figure.text, WON, value, _slack(figure.text, strict, value), sentence, strict)


def _slack(text: str, strict: float, value: float) -> float:
    """Half of the last digit written; zeros at the end may be rounding, within ``ZEROS``."""
    if "." in text:
        return strict + 1e-6
    last = f"{value / (2 * strict):.0f}"
    zeros = len(last) - len(last.rstrip("0"))
    rounded = min(10.0**zeros * strict, ZEROS * value)
    return min(max(strict, rounded), max(WIDEST * value, COARSE)) + 1e-6
