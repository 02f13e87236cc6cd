"""What is asked of every page that opens from its file."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def overhang(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    over: int = page.evaluate(OVERHANG)
    return over


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: the rule, and the elements that break it."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
