"""Money as people write it and say it: amounts in five currencies, sums and ranges in won.

Words only, no pandas.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from kit.i18n import Translator

# Marks behind compatibility normalisation, which makes ₩ of ￦ and ¥ of ￥.
_MARKS = {
    "KRW": ("₩", "krw", "won", "원"),
    "USD": ("us$", "usd", "$", "달러"),
    "EUR": ("€", "eur", "유로"),
    "JPY": ("jpy", "円", "엔"),
    "CNY": ("cny", "rmb", "元", "위안"),
}
# Two countries write their money with it; only the table can say which.
_YEN_OR_YUAN = ("¥", ("JPY", "CNY"))
# From the longest, so that 백만 is not read as 만 behind a stray letter.
_SCALES = {"백만": 1e6, "천만": 1e7, "조": 1e12, "억": 1e8, "만": 1e4, "천": 1e3}
_SCALES |= {"million": 1e6, "billion": 1e9}
_PART = re.compile(rf"(?P<number>\d[\d.,]*)\s*(?P<scale>{'|'.join(_SCALES)})?\s*")
_POINT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}")


class Money(NamedTuple):
    """An amount in whole units of its currency; "" where no currency was written."""

    amount: float
    currency: str


def parse_money(text: str, currency: str = "") -> Money | None:
    """Read ``1억 2,000만원``, ``₩1,200``, ``350 백만원``, ``$1,234.50`` or ``1.234,50 €``.

    ``currency`` (KRW, USD, EUR, JPY, CNY) is for amounts that state none, and settles ¥;
    None where the text is no amount. An amount in brackets is negative.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    negative = folded.startswith("(") and folded.endswith(")")
    bare, written = _without_mark(folded.strip("()").strip(), currency)
    negative = negative or bare.startswith("-")
    bare = bare.removeprefix("-").removeprefix("+").strip()
    stated = written or currency
    parts = list(_PART.finditer(bare))
    # What stands between the parts would be lost.
    if not parts or "".join(part[0] for part in parts) != bare:
        return None
    amount, last = 0.0, float("inf")
    for part in parts:
        number, scale = _number(part["number"], stated), _SCALES.get(part["scale"] or "", 1.0)
        # 2억 3,000만 adds up; 5 5 is no amount.
        if number is None or scale >= last:
            return None
        amount, last = amount + number * scale, scale
    return Money(-amount if negative else amount, stated)


def _without_mark(text: str, currency: str) -> tuple[str, str]:
    """Take the mark of a currency from either end; "" where there is none."""
    sign = text[:1] if text[:1] in "+-" else ""
    rest = text[len(sign) :].strip()
    yen, either = _YEN_OR_YUAN
    marks = [(mark, name) for name, some in _MARKS.items() for mark in some]
    marks.append((yen, currency if currency in either else either[0]))
    for mark, name in marks:
        if rest.startswith(mark):
            return sign + rest[len(mark) :].strip(), name
        if rest.endswith(mark):
            return sign + rest[: -len(mark)].strip(), name
    return text, ""


def _number(text: str, currency: str) -> float | None:
    if _POINT.fullmatch(text):
        return float(text.replace(",", ""))
    # A decimal comma is read where it is the custom, or where nothing else can be meant.
    if _COMMA.fullmatch(text) and (currency == "EUR" or text.count(".") > 1 or "," in text):
        return float(text.replace(".", "").replace(",", "."))
    return None


def won_text(won: float, tr: Translator) -> str:
    """A sum that people can say: three figures for large ones. The exact sum is in the workbook."""
    divisor, unit = _scale(won, tr)
    whole = divisor in (1.0, 1e4)
    number = f"{won / divisor:,.0f}" if whole else _figures(won / divisor)
    # Korean writes its units of ten thousand against the number
    return f"{number}{unit}" if tr.language == "ko" else f"{number} {unit}"


def range_text(low: float, high: float, tr: Translator) -> str:
    """What hangs on the rule, per month, against today's size.

    ``low`` and ``high`` are won a month; equal ends, and an end of nothing, are one figure.
    """
    if round(low) == round(high) == 0:
        return tr("nothing: no rule asks for a smaller size")
    if round(low) == round(high):
        return tr("{won} a month by either rule", won=won_text(low, tr))
    if round(low) == 0:
        return tr("up to {won} a month", won=won_text(high, tr))
    # both ends in the unit of the larger one, as people say it
    divisor, unit = _scale(high, tr)
    figures = ",.0f" if divisor in (1.0, 1e4) else ",.2f"
    return tr(
        "{low} to {high} {unit} a month",
        low=format(low / divisor, figures),
        high=format(high / divisor, figures),
        unit=unit,
    )


def _figures(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _scale(won: float, tr: Translator) -> tuple[float, str]:
    if tr.language == "ko":
        return (1e8, "억 원") if won >= 1e8 else (1e4, "만 원") if won >= 1e5 else (1.0, "원")
    return (1e6, "million won") if won >= 1e6 else (1.0, "won")
