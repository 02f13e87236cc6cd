"""What is asked of every page that opens from its file."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe leaves out what it cannot decide; this counts every text on its ground
CONTRAST = """
() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const lum = ([r, g, b]) => [r, g, b]
    .map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = parse(getComputedStyle(n).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !node.checkVisibility() || node.className === "skip") continue;
    const a = lum(parse(getComputedStyle(node).color)), b = lum(ground(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${node.tagName} ${node.textContent.trim()}`);
  }
  return poor;
}
"""
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def overhang(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    over: int = page.evaluate(OVERHANG)
    return over


def faint(page: Page) -> list[str]:
    """Every text that does not stand out from its ground, with its ratio."""
    poor: list[str] = page.evaluate(CONTRAST)
    return poor


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: the rule, and the elements that break it."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
