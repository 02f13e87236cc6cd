"""Running text, English or Korean."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from kit.checking.expect.reading import plain_text, read
from kit.checking.expect.words import listed
from kit.checking.mistakes import Mistake, NotAttempted
from kit.i18n import mark

_HANGUL = re.compile(r"[가-힣]")
# an 어절 holds more than an English word: the least that says enough is fewer of them
_KOREAN_SHARE = 0.6


def text(
    value: object,
    name: str,
    *,
    words: tuple[int, int] = (20, 250),
    must_name: Sequence[str | Sequence[str]] = (),
) -> str:
    """A text of so many words, blank ends cut off; NotAttempted while it is empty or a stub.

    Words stand between spaces; in Korean these are 어절, of which 60 % of the least suffice.
    ``must_name`` lists what has to occur, in any case of letters; each a word or a choice of
    words that mean the same.
    """
    found = read(name, lambda: plain_text(value).strip() if isinstance(value, str) else None)
    if found is None:
        raise Mistake(
            "not_a_text",
            mark("`{name}` is {kind}, not a text."),
            required=mark("A text in quotes."),
            name=name,
            kind=type(value).__name__,
        )
    if not found or "____" in found:
        raise NotAttempted(name)
    least, most = words
    if _HANGUL.search(found):
        least = math.ceil(_KOREAN_SHARE * least)
    count = len(found.split())
    if not least <= count <= most:
        raise Mistake(
            "too_short" if count < least else "too_long",
            mark("`{name}` has {count} words."),
            required=mark("{least} to {most} words (Korean: 어절)."),
            name=name,
            count=count,
            least=least,
            most=most,
        )
    lacking = [choice for choice in map(_choice, must_name) if not _named(choice, found)]
    if lacking:
        raise Mistake(
            "not_named",
            mark("`{name}` does not name: {lacking}."),
            required=mark("The text itself names each of them."),
            name=name,
            lacking=listed(choice[0] for choice in lacking),
        )
    return found


def _choice(words: str | Sequence[str]) -> Sequence[str]:
    return (words,) if isinstance(words, str) else words


def _named(choice: Sequence[str], found: str) -> bool:
    folded = found.casefold()
    return any(word.casefold() in folded for word in choice)
