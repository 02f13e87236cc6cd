"""What a learner may read of text in which their own code had a hand, when hidden data was there.

A graded run gives the learner's functions hidden data, and an error or a returned value
can carry it out, in any letters. So a message is taken apart by the templates of the unit's
author, read from files that no kernel can write. What stands between a template's fixed
parts is kept only where it is one number, a text of the author's, or words that the
submitted notebook holds already. The rest is ``GAP``.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from string import Formatter

import kit.checking
from kit.i18n import LANGUAGES, Translator, mark, read_catalogue
from kit.model import Unit

GAP = "…"
# kept words of one message; each of them is a choice, and so tells a few bits
WORDS = 20
# won of a big estate have ten digits; more in one number is a text in disguise
DIGITS = 12
# a message is a sentence or two; the learner's code may have put anything into it
LIMIT = 4000

_WORD = re.compile(r"[^\W\d]\w*|\d+")
_TOKEN = re.compile(r"[^\W\d]\w*(?:[-.]\w+)*|\d+")
_NUMBER = re.compile(r"[-+−]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e[-+]?\d{1,3})?\s?%?|[-+]?(nan|inf)")
_FRAME = re.compile(r"line (\d{1,4})(?::.*)?")
# types that a message names and that are no built-ins
_KINDS = ("NoneType", "function", "DataFrame", "Series", "ndarray", "Timestamp")


class Shown:
    """Texts of one graded notebook as its learner may read them; ``sources`` are its cells."""

    def __init__(self, unit: Unit, say: Translator, sources: Iterable[str]) -> None:
        cells = list(sources)
        self._say = say
        self._texts, self._templates = _author(unit.folder)
        self._lines = max((len(text.splitlines()) for text in cells), default=0)
        single = {text for text in self._texts if _TOKEN.fullmatch(text)}
        self._known = single | _builtin()
        for text in cells:
            self._known.update(_WORD.findall(text), _TOKEN.findall(text))
        # a figure in a text is masked, wherever else it stands
        self._known = {word for word in self._known if not word[0].isdigit()}

    def message(self, text: str) -> str:
        """What a check said: the author's words, and of the learner's what may be kept."""
        text = text[:LIMIT].strip()
        head, _, trace = text.partition("\n")
        if trace and (told := self._filled(head)) is not None:
            return f"{told} {self.error(trace)}"
        told = self._filled(text)
        return self._value(text, []) if told is None else told

    def error(self, trace: str) -> str:
        """An error's type and words, with the line of the learner's cell where one is named."""
        lines = trace[:LIMIT].strip().splitlines()
        frames = list(takewhile(bool, (_FRAME.fullmatch(line.strip()) for line in lines)))
        kind, _, rest = " ".join(lines[len(frames) :]).partition(":")
        kept: list[str] = []
        told = ": ".join(filter(None, [self._words(kind, kept), self._words(rest, kept)]))
        number = int(frames[-1][1]) if frames and frames[-1] else 0
        # a line that no cell has would be a figure of another kind
        if not 0 < number <= self._lines:
            return told
        return self._say(mark("{error} (line {number} of the cell)"), error=told, number=number)

    def _filled(self, text: str) -> str | None:
        for parts in self._templates:
            values = between(parts, text)
            if values is None:
                continue
            kept: list[str] = []
            told = [self._value(value, kept) for value in values]
            return "".join(map("".join, zip(parts, [*told, ""], strict=True)))
        return None

    def _value(self, text: str, kept: list[str]) -> str:
        number = _NUMBER.fullmatch(text) and len(re.sub(r"\D", "", text)) <= DIGITS
        return text if number or text in self._texts else self._words(text, kept)

    def _words(self, text: str, kept: list[str]) -> str:
        told: list[str] = []
        for token in _TOKEN.findall(text):
            for word in [token] if token in self._known else _WORD.findall(token):
                if word in self._known and len(kept) < WORDS:
                    kept.append(word)
                    told.append(word)
                elif told[-1:] != [GAP]:
                    # how many words are left out would tell something too
                    told.append(GAP)
        return " ".join(told)


def between(parts: tuple[str, ...], text: str) -> list[str] | None:
    """What stands between the fixed parts of a template; None for a text that is not of it.

    From the left, without going back: a learner's text cannot make it slow.
    """
    first, *middle = parts
    if not middle:
        return [] if text == first else None
    last, place = middle.pop(), len(first)
    end = len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last) and place <= end):
        return None
    found = []
    for part in middle:
        at = text.find(part, place, end)
        if at < 0:
            return None
        found.append(text[place:at])
        place = at + len(part)
    return [*found, text[place:end]]


@lru_cache(maxsize=16)
def _author(folder: Path) -> tuple[frozenset[str], tuple[tuple[str, ...], ...]]:
    """All texts of a unit's author and of the kit's checks, and the templates among them."""
    code = Path(kit.checking.__file__).parent
    texts = {text for place in (code, folder) for path in place.rglob("*.py") for text in _in(path)}
    for language in LANGUAGES:
        texts |= set(read_catalogue(folder / "locale" / f"{language}.po"))
        # what a catalogue says of each, with the kit's own words for what it lacks
        say = Translator(language, folder / "locale")
        texts |= {say(text) for text in texts}
    parts = {found for text in texts if (found := _parts(text))}
    # what says most of itself fits best
    order = sorted(parts, key=lambda one: (-sum(map(len, one)), one))
    return frozenset(texts), tuple(order)


def _in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            yield node.value


def _parts(text: str) -> tuple[str, ...]:
    """The fixed parts of a template, one more than its values; () for what is none."""
    try:
        fields = list(Formatter().parse(text))
    except ValueError:
        return ()
    parts, here = [], ""
    for fixed, name, _, _ in fields:
        here += fixed
        if name is not None:
            parts.append(here)
            here = ""
    whole = (*parts, here)
    # a sentence has a word of its own; a bare `{value}` would fit anything
    return whole if any(_WORD.search(part) for part in whole) else ()


@lru_cache(maxsize=1)
def _builtin() -> frozenset[str]:
    from numpy import exceptions
    from pandas import errors

    named = [
        name
        for module in (exceptions, errors)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    return frozenset([*dir(builtins), *named, *_KINDS])
