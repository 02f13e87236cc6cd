"""The facilitator's guide in a browser: legible in both themes, narrow, and complete on paper."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from page_checks import faint, faults, overhang
from playwright.sync_api import Page

from kit.content import find_unit
from kit.gate.guide import make_guide, render

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
# folded text that a reader would not see
HIDDEN = """
() => [...document.querySelectorAll("details > :not(summary)")]
  .filter((node) => !node.checkVisibility()).length
"""
UNFOLD = "() => document.querySelectorAll('details').forEach((d) => d.open = true)"


@pytest.fixture(scope="module", params=["en", "ko"])
def guide_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("guide") / f"{request.param}.html"
    page = render(make_guide(find_unit("rightsizing"), request.param))
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture
def open_guide(open_file: Open, guide_file: Path) -> Open:
    return partial(open_file, guide_file)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_in_both_themes(open_guide: Open, scheme: str) -> None:
    page = open_guide(color_scheme=scheme)
    page.evaluate(UNFOLD)
    assert faint(page) == []


def test_axe_finds_nothing_with_everything_open(open_guide: Open, guide_file: Path) -> None:
    # the languages differ in words alone; on so long a page axe takes half a minute
    scheme = {"en": "light", "ko": "dark"}[guide_file.stem]
    page = open_guide(color_scheme=scheme)
    page.evaluate(UNFOLD)
    assert faults(page) == []


@pytest.mark.parametrize("width", [420, 1400])
def test_it_is_never_wider_than_the_window(open_guide: Open, width: int) -> None:
    page = open_guide(viewport={"width": width, "height": 900})
    page.evaluate(UNFOLD)
    assert overhang(page) == 0


def test_paper_shows_what_the_screen_folds(open_guide: Open) -> None:
    page = open_guide(viewport={"width": 700, "height": 900})
    assert page.evaluate(HIDDEN) > 100
    page.emulate_media(media="print")
    assert page.evaluate(HIDDEN) == 0
    assert overhang(page) == 0
