"""Languages: which one to speak, and catalogues of messages (gettext ``.po`` files).

English is the source; a message without a translation is shown in English.
"""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "ko")
_KIT_LOCALE = Path(__file__).parent / "locale"


def resolve_language(wanted: str | None = None) -> str:
    """The language to use: asked for, then ``UPSKILL_LANG``, then the locale, else English."""
    candidates = [wanted, os.environ.get("UPSKILL_LANG")]
    candidates += [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    candidates.append(locale.getlocale()[0])
    for candidate in candidates:
        if not candidate:
            continue
        short = candidate.replace("-", "_").split("_")[0].split(".")[0].lower()
        # Windows spells its locale as a word, "Korean_Korea"
        short = "ko" if short == "korean" else short
        if short in LANGUAGES:
            return short
        if short in ("c", "posix"):
            return "en"
    return "en"


@lru_cache(maxsize=32)
def read_catalogue(path: Path) -> Mapping[str, str]:
    """Translations of one ``.po`` file, msgid to msgstr; empty when there is no file."""
    if not path.is_file():
        return {}
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        catalogue = read_po(stream)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


class Translator:
    """Looks messages up in the unit's catalogue, then in the kit's own.

    ``tr("{n} left", n=3)`` translates the template, then fills it in.
    """

    def __init__(self, language: str, *folders: Path) -> None:
        self.language = language
        self._tables = (
            []
            if language == "en"
            else [read_catalogue(folder / f"{language}.po") for folder in (*folders, _KIT_LOCALE)]
        )

    def __call__(self, template: str, **values: object) -> str:
        """The translated template with ``values`` filled in; a phrase brings its own."""
        if isinstance(template, Phrase):
            return template.text(self)
        for table in self._tables:
            found = table.get(template)
            if found:
                template = found
                break
        return template.format(**values) if values else template


class Marked(str):
    """A text of the catalogue, told apart from what a learner wrote in the same words."""

    __slots__ = ()


class Phrase(str):
    """A filled-in text of the catalogue: English as it stands, and translatable later.

    For what is said long before a language is known, such as a reader's ledger.
    """

    template: str
    values: dict[str, object]

    def text(self, translate: Callable[..., str]) -> str:
        """The phrase in the language of ``translate``; phrases among its values too."""
        told = {
            name: translate(value) if isinstance(value, (Phrase, Marked)) else value
            for name, value in self.values.items()
        }
        return translate(self.template, **told)


def phrase(template: str, **values: object) -> Phrase:
    """A text whose translation is looked up where it is shown."""
    filled = Phrase(template.format(**values) if values else template)
    filled.template, filled.values = str(template), values
    return filled


def recognised(text: str, templates: Iterable[str]) -> str:
    """The phrase that a stored ``text`` was: the first of ``templates`` that fits, or the text."""
    for template in templates:
        parts = re.split(r"\{(\w+)\}", template)
        parts[::2] = map(re.escape, parts[::2])
        parts[1::2] = (f"(?P<{name}>.+?)" for name in parts[1::2])
        if found := re.fullmatch("".join(parts), text, re.DOTALL):
            return phrase(template, **found.groupdict())
    return text


def mark(template: str) -> Marked:
    """Mark a message for the catalogue where it is defined; translated where it is shown."""
    return Marked(template)
