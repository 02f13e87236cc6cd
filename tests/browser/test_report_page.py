"""The trainer's page in a real browser: any width, either theme, no network, no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page
from pypdfium2 import PdfDocument

from kit.reports.page import render_html
from tests.unit.reports.cohorts import make_cohort, several_units

pytestmark = pytest.mark.browser
WIDTHS = [420, 768, 1400]
# 180 mm between the margins, in CSS pixels
A4 = 680
# 15 mm in points, and as much as a letter may hang over
MARGIN = 42
# how far text must stand out, by WCAG 2.2, 1.4.3
CONTRAST = 4.5
# every text of the page with its colour and the colour behind it
TEXTS = """() => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c.slice(0, 3); }
    return [255, 255, 255]; };
  const light = c => { const [r, g, b] = c.map(v => v / 255).map(
      v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  return [...document.querySelectorAll('main *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
    .map(e => { const style = getComputedStyle(e);
      const ink = e.closest('svg') ? rgb(style.fill) : rgb(style.color);
      const [a, b] = [light(ink.slice(0, 3)), light(behind(e))].sort((x, y) => y - x);
      return [e.textContent.trim().slice(0, 40), (a + 0.05) / (b + 0.05)]; });
}"""
# tables that reach out of what holds them, and cells that reach out of the window
TOO_WIDE = """() => [
  ...[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth),
  ...[...document.querySelectorAll('td')].filter(e => e.getBoundingClientRect().right > innerWidth),
].map(e => e.textContent.trim().slice(0, 60))"""
BEFORE = """cells => cells.map(e => JSON.parse(getComputedStyle(e, '::before').content))"""

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """``open_page(count, units, language, width=..., color_scheme=...)``: no script runs."""
    asked: list[str] = []
    contexts = []

    def show(
        count: int, units: int = 1, language: str = "ko", width: int = 1400, **options: str
    ) -> Page:
        known, programme = several_units(units)
        path = tmp_path / f"{count}-{units}-{language}.html"
        html = render_html(make_cohort(count, known), known, programme, language)
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith("file:")] == []


def overhang(page: Page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 900})
    over: int = page.evaluate("document.documentElement.scrollWidth") - width
    return over


@pytest.mark.parametrize(("count", "units"), [(0, 1), (4, 1), (12, 1), (24, 4), (300, 10)])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_hangs_over_the_edge(
    open_page: Open, count: int, units: int, language: str
) -> None:
    page = open_page(count, units, language)
    assert {width: overhang(page, width) for width in WIDTHS} == dict.fromkeys(WIDTHS, 0)
    page.emulate_media(media="print")
    assert overhang(page, A4) == 0


@pytest.mark.parametrize(("count", "units"), [(4, 1), (12, 1), (24, 4), (300, 10)])
def test_no_table_is_wider_than_the_window(open_page: Open, count: int, units: int) -> None:
    page = open_page(count, units, "en")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_on_a_phone_each_figure_carries_the_head_of_its_column(
    open_page: Open, language: str
) -> None:
    page = open_page(12, 1, language, width=420)
    for table in page.locator("table:not(.grid)").all():
        heads = table.locator("thead th").all_inner_texts()[1:]
        rows = table.locator("tbody tr").all()
        assert rows
        for row in rows:
            assert row.locator("td").evaluate_all(BEFORE) == heads
    shown = page.locator("#difficulty tbody tr").first.locator("td:visible")
    assert shown.count() == 7
    shown_alone = page.locator("#difficulty tbody tr").last.locator("td:visible")
    assert "–" not in shown_alone.all_inner_texts()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(open_page: Open, scheme: str) -> None:
    page = open_page(12, color_scheme=scheme)
    weak = [text for text, ratio in page.evaluate(TEXTS) if ratio < CONTRAST]
    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_that_of_the_system(open_page: Open, scheme: str) -> None:
    page = open_page(5, color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


def test_a_team_can_be_looked_at_alone(open_page: Open) -> None:
    page = open_page(12)
    rows = page.locator("table.grid tbody tr:visible")
    assert rows.count() == 12
    page.get_by_label("Finance").check()
    assert rows.count() == 3
    assert rows.locator("small").all_inner_texts() == ["Finance"] * 3
    # nobody is lost on paper
    page.emulate_media(media="print")
    assert rows.count() == 12
    page.emulate_media(media="screen")
    assert rows.count() == 3
    page.get_by_label("전체").check()
    assert rows.count() == 12


def test_it_prints_on_a4_without_the_buttons(open_page: Open, tmp_path: Path) -> None:
    page = open_page(12, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".teams").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    weak = [text for text, ratio in page.evaluate(TEXTS) if ratio < CONTRAST]
    assert weak == []


@dataclass
class Sheet:
    """One printed page: its letters and digits alone, and where they reach, in points."""

    text: str
    reach: tuple[float, float, float, float]


def bare(text: str) -> str:
    """Letters and digits: lines and the hyphens at their ends fall otherwise on paper."""
    return re.sub(r"\W", "", text)


def printed(page: Page, path: Path) -> list[Sheet]:
    page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    sheets = []
    for one in PdfDocument(path):
        assert [round(side) for side in one.get_size()] == [595, 842]
        text = one.get_textpage()
        letters = [
            text.get_charbox(n)
            for n in range(text.count_chars())
            if text.get_text_range(n, 1).strip()
        ]
        lefts, bottoms, rights, tops = zip(*letters, strict=True)
        reach = (min(lefts), min(bottoms), max(rights), max(tops))
        sheets.append(Sheet(bare(text.get_text_range()), reach))
    return sheets


@pytest.mark.parametrize(("count", "units", "language"), [(12, 1, "ko"), (24, 4, "en")])
def test_paper_shows_everything_within_its_margins(
    open_page: Open, tmp_path: Path, count: int, units: int, language: str
) -> None:
    page = open_page(count, units, language)
    sheets = printed(page, tmp_path / "report.pdf")
    for sheet in sheets:
        left, bottom, right, top = sheet.reach
        assert left > MARGIN
        assert bottom > MARGIN
        assert right < 595 - MARGIN
        assert top < 842 - MARGIN
    said = page.locator("h1, h2, h3, tbody th, .state, .facts, .cards p, dd").all_inner_texts()
    assert len(said) > 100
    # nothing is cut: each text stands whole on one of the pages
    cut = [t for t in said if not any(bare(t) in sheet.text for sheet in sheets)]
    assert cut == []
    # the footer has company
    assert bare(page.locator("#help h2").inner_text()) in sheets[-1].text


def test_the_heads_of_a_table_stand_on_each_page_that_it_takes(
    open_page: Open, tmp_path: Path
) -> None:
    sheets = printed(open_page(24, 4, "en"), tmp_path / "report.pdf")
    taken = [sheet.text for sheet in sheets if bare("Break-even in hours") in sheet.text]
    assert len(taken) > 2
    assert [text for text in taken if bare("learners with a grade") not in text] == []


def test_a_dark_screen_prints_as_a_light_one(open_page: Open, tmp_path: Path) -> None:
    pictures = []
    for scheme in ("light", "dark"):
        path = tmp_path / f"{scheme}.pdf"
        open_page(12, color_scheme=scheme).pdf(
            path=path, prefer_css_page_size=True, print_background=True
        )
        pictures.append([one.render(scale=1).to_pil().tobytes() for one in PdfDocument(path)])
    light, dark = pictures
    assert len(light) == len(dark)
    assert [a == b for a, b in zip(light, dark, strict=True)] == [True] * len(light)


def test_axe_finds_no_fault(open_page: Open, require_or_skip: Callable[[str], None]) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        require_or_skip("axe-playwright-python is not installed")
    for width, scheme, units in (
        (1400, "light", 1),
        (1400, "dark", 1),
        (420, "light", 4),
        (420, "dark", 1),
    ):
        page = open_page(12, units, width=width, color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
