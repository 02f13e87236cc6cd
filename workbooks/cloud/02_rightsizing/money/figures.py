"""Figures in running text, English or Korean: sums of won, percentages, hours and months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WON, PERCENT, RATIO, HOURS, MONTHS = "won", "percent", "ratio", "hours", "months"
# how far a figure of whole units may lie from what it stands for: “3억” for 3.4억 is too coarse
# to sign, “3 million” for 3.4 million is not
WIDEST, COARSE = 0.05, 500_000.0
ZEROS = 0.005

_SCALES = {
    "조": 1e12,
    "억": 1e8,
    "천만": 1e7,
    "백만": 1e6,
    "만": 1e4,
    "천": 1e3,
    "trillion": 1e12,
    "billion": 1e9,
    "bn": 1e9,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "thousand": 1e3,
    "k": 1e3,
}
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_SCALE = r"(?:조|억|천만|백만|만|천|trillion|billion|bn|million|mn|thousand|M|m|k)"
_SUM = rf"{_NUMBER}\s*{_SCALE}?(?:\s*{_NUMBER}\s*(?:천만|백만|만|천))*"
_CURRENCY = r"(?:won\b|KRW\b|원)"
_JOIN = r"\s*(?:[-–—~∼]|to|and|and\s+about|에서|부터)\s*[-−+]?\s*"
# a bare scale needs no currency where it can only be money
_MONEY = re.compile(
    rf"(?:(?P<first>{_SUM}){_JOIN})?"
    rf"(?:(?P<sum>{_SUM})\s*{_CURRENCY}|(?:₩|KRW\s)\s*(?P<marked>{_SUM})"
    rf"|(?P<bare>{_NUMBER}\s*[조억](?:\s*{_NUMBER}\s*(?:천만|백만|만))?))",
)
_PART = re.compile(rf"({_NUMBER})\s*({_SCALE})?")
_PERCENT = re.compile(rf"(?:({_NUMBER})\s*[-–~]\s*)?({_NUMBER})\s*(?:%|퍼센트|per\s?cent)")
_RATIO = re.compile(
    rf"u\*\s*(?:is|of|at|=|:|≈|는|은|이|가)?\s*(?:about|약)?\s*({_NUMBER})(?!\s*%|[\d.])"
)
_TIME = re.compile(rf"({_NUMBER})\s*(hours?|h\b|시간|months?|개월)")
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
    """All figures of a text, in reading order within each sentence."""
    # 2천5백만 is 2,500만: the only place where a thousand stands before a smaller scale
    plain = re.sub(r"(\d)천\s?(\d)백만", r"\1,\g<2>00만", text)
    return [found for sentence in _SENTENCES.split(plain) for found in _in(sentence)]


def words(text: str) -> int:
    """Words between spaces; in Korean these are 어절."""
    return len(text.split())


def _in(sentence: str) -> Iterator[Figure]:
    for hit in _MONEY.finditer(sentence):
        told = hit["sum"] or hit["marked"] or hit["bare"]
        scale = _last_scale(told)
        if hit["first"]:
            yield _money(hit["first"], sentence, 1.0 if _last_scale(hit["first"]) > 1 else scale)
        yield _money(told, sentence, 1.0, hit[0])
    for hit in _PERCENT.finditer(sentence):
        for number in filter(None, hit.groups()):
            yield _plain(number, PERCENT, sentence, f"{number} %")
    for hit in _RATIO.finditer(sentence):
        yield _plain(hit[1], RATIO, sentence)
    for hit in _TIME.finditer(sentence):
        kind = MONTHS if hit[2].startswith(("month", "개월")) else HOURS
        yield _plain(hit[1], kind, sentence)


def _last_scale(text: str) -> float:
    scales = [scale for _, scale in _PART.findall(text)]
    return _scale(scales[-1]) if scales else 1.0


def _scale(word: str) -> float:
    return _SCALES.get(word, _SCALES.get(word.lower(), 1.0)) if word else 1.0


def _money(text: str, sentence: str, factor: float, shown: str = "") -> Figure:
    parts = [(number.replace(",", ""), _scale(word)) for number, word in _PART.findall(text)]
    value = sum(float(number) * scale for number, scale in parts) * factor
    number, scale = parts[-1][0], parts[-1][1] * factor
    strict = 0.5 * 10.0 ** -len(number.partition(".")[2]) * scale
    slack = _slack(number, strict, scale, value)
    return Figure((shown or text).strip(), WON, value, slack, sentence, strict)


def _plain(text: str, kind: str, sentence: str, shown: str = "") -> Figure:
    number = text.replace(",", "")
    value = float(number)
    decimals = len(number.partition(".")[2])
    return Figure(shown or text, kind, value, 0.5 * 10.0**-decimals + 1e-9, sentence)


def _slack(number: str, written: float, scale: float, value: float) -> float:
    """Half of the last digit written; zeros at the end may be rounding, within ``ZEROS``."""
    if "." in number:
        return written + 1e-6
    zeros = len(number) - len(number.rstrip("0"))
    rounded = min(0.5 * 10.0**zeros * scale, ZEROS * value)
    return min(max(written, rounded), max(WIDEST * value, COARSE)) + 1e-6
