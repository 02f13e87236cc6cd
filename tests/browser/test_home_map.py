"""The programme's map and due dates, with one unit and with twelve, as the home page shows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from page_checks import faults, overhang
from playwright.sync_api import Browser, Page, Route, expect

from kit.home import LearnerHome, make_home, open_home
from kit.model import Attempt, Unit
from kit.progress import ProgressLog
from kit.server.page import STATIC, render_home
from tests.tiny_unit import many_tiny

pytestmark = pytest.mark.browser
TITLES = [
    "Right-size servers from their load",
    "네트워크 설계와 보안 경계를 함께 정하고 비용을 설명하기",
    "Waves of a migration, and what must move together with what else",
    *(f"Unit {number}" for number in range(4, 13)),
]
LOOKS = [(1400, "light"), (1400, "dark"), (420, "light"), (420, "dark")]


def with_dates(home: LearnerHome, units: list[Unit]) -> None:
    """The first unit is begun; it is due in five days, the last one was due two days ago."""
    log = ProgressLog(home.progress_file)
    time = "2026-11-02T09:00:00.000+00:00"
    log.append(Attempt(time, "check", units[0].id, "count", "passed", data={}))
    now = datetime.now(UTC)
    due = {f"{units[-1].id}-practice": (now - timedelta(days=2)).isoformat()}
    due |= {f"{units[0].id}-practice": (now + timedelta(days=5)).isoformat()}
    said = {"format": 1, "course": home.course, "due": due, "extensions": {}}
    (home.state / "due.json").write_text(json.dumps(said), encoding="utf-8")


@pytest.fixture(params=[1, 12])
def pages(request: Any, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The page in each language, with this many units."""
    with many_tiny(tmp_path / "many", TITLES[: request.param]) as units:
        drawn = {}
        for language in ("en", "ko"):
            alone = open_home(tmp_path / language, language)
            home = replace(alone, course="mig26", exchange=tmp_path / "exchange")
            make_home(home)
            with_dates(home, units)
            drawn[language] = render_home(home, "/base/", "x")
        yield drawn


@pytest.fixture
def shown(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page without its server; what it asks for in the background finds nobody."""
    contexts = []

    def show(markup: str, width: int, scheme: str) -> Page:
        def answer(route: Route) -> None:
            path = route.request.url.partition("?")[0]
            if "/static/" in path:
                route.fulfill(path=STATIC / path.rpartition("/")[2])
            elif "/api/" in path:
                route.abort()
            else:
                route.fulfill(body=markup, content_type="text/html; charset=utf-8")

        size = {"width": width, "height": 900}
        contexts.append(browser.new_context(viewport=size, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.route("**/*", answer)
        page.goto("http://home.test/")
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_map_and_dates_are_accessible_and_fit(
    pages: dict[str, str], shown: Callable[..., Page], width: int, scheme: str
) -> None:
    for markup in pages.values():
        page = shown(markup, width, scheme)
        expect(page.locator("nav.map [aria-current=step]")).to_have_count(1)
        expect(page.locator(".due").first).to_be_visible()
        assert faults(page) == []
        assert overhang(page) == 0
        names = page.locator("nav.map .name")
        assert min(box["width"] for name in names.all() if (box := name.bounding_box())) > 60


def test_a_unit_of_the_map_leads_to_its_card_by_keyboard(
    pages: dict[str, str], shown: Callable[..., Page]
) -> None:
    page = shown(pages["en"], 420, "light")
    link = page.locator("nav.map a").last
    link.focus()
    page.keyboard.press("Enter")
    card = page.locator(f"[id='{link.get_attribute('href').removeprefix('#')}']")
    expect(card).to_be_in_viewport()
    assert page.url.endswith(link.get_attribute("href"))


def test_due_and_overdue_are_told_apart_in_words(
    pages: dict[str, str], shown: Callable[..., Page]
) -> None:
    english, korean = (shown(pages[lang], 1400, "light") for lang in ("en", "ko"))
    expect(english.locator(".next .meta", has=english.locator("time"))).to_contain_text("in 5 days")
    expect(english.locator(".due").first).to_contain_text("in 5 days")
    expect(korean.locator(".due").first).to_contain_text("5일 남았습니다")
    for over in (english.locator(".due.over"), korean.locator(".due.over")):
        expect(over).to_have_count(int(english.locator("article.unit").count() > 1))
    expect(english.locator(".due").last).not_to_contain_text("late")
