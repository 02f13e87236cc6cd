"""Figures in running text, English or Korean: what each one may stand for.

“1,234” is a thousand in Korea and one and a bit in Germany: a figure has several readings,
and one of them has to be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product

PERCENT = "%"
_SCALES = {
    "조": 1e12,
    "억": 1e8,
    "만": 1e4,
    "trillion": 1e12,
    "billion": 1e9,
    "bn": 1e9,
    "million": 1e6,
    "mn": 1e6,
    "thousand": 1e3,
}
# a letter alone may also be a unit: 5 m, 3 k
_LETTERS = {"k": 1e3, "m": 1e6, "b": 1e9}
_SMALL = {"천": 1e3, "백": 1e2, "십": 10.0}
_UNITS = {
    PERCENT: PERCENT,
    "%p": PERCENT,
    "퍼센트": PERCENT,
    "percent": PERCENT,
    "per cent": PERCENT,
    "won": "won",
    "krw": "won",
    "원": "won",
    "₩": "won",
    "usd": "usd",
    "$": "usd",
    "달러": "usd",
    "dollars": "usd",
    "eur": "eur",
    "€": "eur",
    "유로": "eur",
    "euros": "eur",
    "jpy": "jpy",
    "¥": "jpy",
    "엔": "jpy",
}
# no-break spaces group digits, too; a common space stands between two figures
_NUMBER = r"\d+(?:[.,\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_KOREAN = rf"(?:{_NUMBER})\s?(?:[천백십]?[조억만]|[천백십])"
_WORD = r"trillion|billion|million|thousand|bn|mn|[kKmMbB]"
_PREFIX = r"₩|\$|€|¥|(?:KRW|USD|EUR|JPY)\b"
_SUFFIX = (
    r"퍼센트|per\s?cent|%p?|[₩$€¥원]|달러|유로|엔|(?:won|KRW|USD|EUR|JPY|dollars|euros)(?![A-Za-z])"
)
_FIGURE = re.compile(
    # not inside a word or a name: web-01, v2, m5.large
    rf"(?<![\w.#])(?<![A-Za-z]-)(?:(?P<before>{_PREFIX})\s?)?"
    rf"(?P<sum>{_KOREAN}(?:\s?{_KOREAN})*(?:\s?(?:{_NUMBER})(?=\s?(?:원|won\b|KRW\b)))?|{_NUMBER})"
    rf"(?:\s?(?P<word>{_WORD})(?![A-Za-z]))?(?:\s?(?P<after>{_SUFFIX}))?"
    rf"(?![A-Za-z]|-[A-Za-z]|[.,]?\d)",
    re.IGNORECASE,
)
_PART = re.compile(rf"({_NUMBER})\s?([천백십]?)([조억만]?)")
_JOIN = re.compile(r"\s*(?:[-–—~∼]|to|and(?:\s+about)?|에서|부터)\s*[-−+]?\s*", re.IGNORECASE)
# what is counted or dated, not computed
_NO_FIGURE = re.compile(
    r"\b(?:19|20)\d{2}(?:[-/]\d{1,2}(?:[-/]\d{1,2})?|\.\s?\d{1,2}\.\s?\d{1,2}\.?)(?![\d.,]*\d)"
    r"|\d{1,4}\s?년|\d{1,2}\s?[월일](?![가-힣])|\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?m:^\s*#*\s*\d+[.)](?=\s))|\bQ[1-4]\b"
    rf"|\b(?:19|20)\d{{2}}\b(?!\s?(?:{_SUFFIX}|{_WORD}|[.,]\d|[조억만천백십]))"
)


@dataclass(frozen=True)
class Figure:
    """A figure as written; each reading is (value, half of the last digit written).

    The first reading is the usual one: a point before the decimals, a range in one scale.

    ``unit`` is ``%``, ``won``, ``usd``, ``eur``, ``jpy`` or "" where none is written. It stands
    at ``start`` of the text, up to ``end``; the first of a range has the unit of the second.
    """

    text: str
    readings: tuple[tuple[float, float], ...]
    unit: str
    start: int = 0
    end: int = 0


def figures(text: str) -> list[Figure]:
    """All figures of a text in its order; dates, times and numbers of lists are none."""
    plain = _NO_FIGURE.sub(lambda found: " " * len(found[0]), text)
    hits = list(_FIGURE.finditer(plain))
    found = [_figure(hit) for hit in hits]
    for at, (hit, later) in enumerate(pairwise(hits)):
        if _JOIN.fullmatch(plain[hit.end() : later.start()]):
            found[at] = _of_range(found[at], found[at + 1], later)
    return found


def _figure(hit: re.Match[str]) -> Figure:
    written = (hit["after"] or hit["before"] or "").lower()
    unit = _UNITS.get(re.sub(r"\s", " ", written), "")
    # ₩5M can only be millions
    scales = _scales(hit["word"])[-1:] if unit else _scales(hit["word"])
    readings = [
        (value * scale, slack * scale) for value, slack in _sums(hit["sum"]) for scale in scales
    ]
    return Figure(hit[0].strip(), tuple(readings), unit, hit.start(), hit.end())


def _of_range(first: Figure, last: Figure, later: re.Match[str]) -> Figure:
    """The first of “3 to 5억 원”: in the unit of the second, and in its scale if it has none."""
    unit = first.unit or last.unit
    if first.unit or not re.fullmatch(_NUMBER, first.text):
        return replace(first, unit=unit)
    _number, small, big = _PART.findall(later["sum"])[-1]
    scale = _SMALL.get(small, 1.0) * _SCALES.get(big, 1.0)
    words = _scales(later["word"])[-1:] if unit else _scales(later["word"])
    more = [
        (value * scale * w, slack * scale * w) for value, slack in first.readings for w in words
    ]
    return replace(first, readings=tuple(dict.fromkeys((*more, *first.readings))), unit=unit)


def _scales(word: str | None) -> list[float]:
    if not word:
        return [1.0]
    folded = word.lower()
    return [1.0, _LETTERS[folded]] if folded in _LETTERS else [_SCALES[folded]]


def _sums(text: str) -> Iterator[tuple[float, float]]:
    """Every reading of “12억 3,400만” or of a plain number."""
    parts = _PART.findall(text)
    for choice in product(*(_numbers(number) for number, _small, _big in parts)):
        total = section = slack = 0.0
        for (number, last), (_, small, big) in zip(choice, parts, strict=True):
            scale = _SMALL.get(small, 1.0)
            section += number * scale
            slack = last * scale
            if big:
                total, section, slack = total + section * _SCALES[big], 0.0, slack * _SCALES[big]
        yield total + section, slack


def _numbers(text: str) -> list[tuple[float, float]]:
    """“1,234.5”, “1.234,5”, “1,234” and “1.234” as numbers with half of their last digit."""
    text = re.sub(r"[\u00a0\u2009\u202f]", "", text)
    found = []
    for group, point in ((",", "."), (".", ",")):
        if re.fullmatch(
            rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}\d+)?|\d+(?:\{point}\d+)?", text
        ):
            plain = text.replace(group, "").replace(point, ".")
            found.append((float(plain), 0.5 * 10.0 ** -len(plain.partition(".")[2])))
    # a number without points and groups reads the same both ways
    return list(dict.fromkeys(found)) or [(float(re.sub(r"\D", "", text)), 0.5)]
