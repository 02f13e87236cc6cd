"""Entries of a Korean catalogue that are still English.

What may stay as it is, is no list: commands, code, placeholders, capitals such as ``CPU``, and
names, which Korean keeps in Latin letters elsewhere and English never writes small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_HANGUL = re.compile(r"[가-힣]")
_COMMAND = re.compile(r"upskill( \S+)+|[a-z][\w-]*( \S+)* --\w.*", re.DOTALL)
# quoted code, places for values, calls, what is assigned to, options, files and addresses
_CODE = re.compile(
    r"`[^`]*`|\{[^{}]*\}|[\w.]+\([^()]*\)|\b\w+ = |--?[a-z][\w-]*|\w+(?:(?:\.|/|://)\w+)+"
)
_WORD = re.compile(r"[A-Za-z]{2,}")


def english(table: Mapping[str, str], *others: Mapping[str, str]) -> Iterator[str]:
    """The texts of ``table``, English to Korean, whose Korean is English, or is no word.

    ``others`` are further catalogues from which names are known.
    """
    names = _names([pair for told in (table, *others) for pair in told.items()])
    for text, korean in table.items():
        if not korean or not _words(text) - names:
            continue
        copied = korean.split() == text.split()
        # "{low} to {high}" may be "{low}~{high}"
        signs = "{" in korean and not _words(korean) - names
        if copied or not (_HANGUL.search(korean) or signs):
            yield text


def _names(pairs: list[tuple[str, str]]) -> set[str]:
    small = {word for text, _ in pairs for word in _words(text)}
    kept = {w for _, korean in pairs if _HANGUL.search(korean) for w in _words(korean)}
    return {word for word in kept if word[0].isupper() and word.lower() not in small}


def _words(text: str) -> set[str]:
    """Words of a text that are read as words."""
    if _COMMAND.fullmatch(text):
        return set()
    found = _WORD.findall(_CODE.sub(" ", text))
    return {word for word in found if word[1:].islower()}
