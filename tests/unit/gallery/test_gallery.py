"""Every widget has a page, every page shows it in both languages, with a kernel and without."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import kit
from kit.errors import UsageError
from kit.gallery import find_page, page_names, show
from kit.gallery.notebooks import page_notebook
from kit.i18n import LANGUAGES, Translator
from kit.widgets.lasting import LastingWidget

HANGUL = re.compile("[가-힣]")
SCRIPTS = Path(kit.__file__).parent / "widgets" / "js"


@pytest.fixture(autouse=True)
def shell():
    InteractiveShell.instance()
    yield
    InteractiveShell.clear_instance()


def forms(shown: Any) -> dict[str, Any]:
    """What an example's output holds, by MIME type; a widget's lasting part."""
    told: dict[str, Any] = (
        shown.forms() if isinstance(shown, LastingWidget) else shown._repr_mimebundle_()
    )
    return told


def words(markup: str) -> str:
    """What a reader sees of it, without the space between."""
    return "".join(BeautifulSoup(markup, "html.parser").get_text().split())


def test_every_widget_has_a_page() -> None:
    assert set(page_names()) >= {path.stem for path in SCRIPTS.glob("*.js")} - {"base"}


def test_an_unknown_widget_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="panel"):
        find_page("../panel")


@pytest.mark.parametrize("name", page_names())
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_example_says_in_words_what_it_shows(name: str, language: str) -> None:
    page = find_page(name)
    assert page.name == name
    assert len(page.examples) >= 2
    for example in page.examples:
        widget = show(name, example, language)
        told = forms(widget)
        assert re.search(r"\w{2}", told["text/plain"])
        assert bool(HANGUL.search(told["text/plain"])) == (language == "ko")
        if isinstance(widget, LastingWidget):
            assert html.escape(Translator(language)(widget.words["offline"])) in told["text/html"]


@pytest.mark.parametrize("name", page_names())
def test_converted_to_a_page_without_scripts_each_example_is_there(name: str) -> None:
    page = find_page(name)
    notebook = nbformat.from_dict(page_notebook(page, LANGUAGES))
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=120).execute()
    whole, _ = HTMLExporter().from_notebook_node(notebook)
    shown = [show(name, example, language) for language in LANGUAGES for example in page.examples]
    lasting = sum(isinstance(one, LastingWidget) for one in shown)
    assert whole.count('<div class="upskill-static">') == lasting
    said = words(whole)
    assert all(words(forms(one)["text/html"]) in said for one in shown)
