"""Every widget on a page of its own, in every state that a learner can meet.

A module here is a page: ``PAGE`` says what the widget is for and holds its examples. The
pages are notebooks with a real kernel (``upskill author gallery``); the tests open the same.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.errors import UsageError
from kit.i18n import Translator

_HELPERS = {"notebooks"}


@dataclass(frozen=True)
class Page:
    """One widget. ``used`` says where a learner meets it; an example is made in a language.

    ``drawn`` selects what an example draws in a page.
    """

    name: str
    title: str
    about: str
    used: str
    examples: Mapping[str, Callable[[Translator], Any]]
    drawn: str = ".upskill-live"


def page_names() -> list[str]:
    """The widgets that have a page, by name."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in _HELPERS)


def find_page(name: str) -> Page:
    """A widget's page; UsageError for an unknown one."""
    if name not in page_names():
        raise UsageError(
            "There is no widget {name} in the gallery.",
            where=name,
            fix="upskill author gallery, with one of: {names}",
            name=repr(name),
            names=", ".join(page_names()),
        )
    page: Page = importlib.import_module(f"kit.gallery.{name}").PAGE
    return page


def show(name: str, example: str, language: str = "en") -> Any:
    """The widget of one example, to be displayed."""
    return find_page(name).examples[example](Translator(language))
