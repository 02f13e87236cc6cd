"""A gallery page as a notebook: a cell for each example in each language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kit.gallery import Page
from kit.notebooks import Notebook

_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
LANGUAGE_NAMES = {"en": "English", "ko": "한국어"}


def page_notebook(page: Page, languages: Sequence[str]) -> Notebook:
    """The page's notebook; the widget of a cell is called ``<example>_<language>`` in it."""
    cells = list(_cells(page, languages))
    return {
        "cells": cells,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cells(page: Page, languages: Sequence[str]) -> Iterator[dict[str, Any]]:
    yield _markdown("title", f"# {page.title}\n\n{page.about}\n\n**Used:** {page.used}")
    yield _code("setup", "from kit.gallery import show")
    for language in languages:
        yield _markdown(language, f"## {LANGUAGE_NAMES[language]}")
        for example in page.examples:
            name = f"{example}_{language}"
            call = f'show("{page.name}", "{example}", "{language}")'
            yield _code(name.replace("_", "-"), f"{name} = {call}\n{name}")


def _markdown(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _code(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
