"""The home page in a real browser: reading, language, themes, widths, dropping a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

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


def test_the_page_opens_quietly_with_one_way_on(visit):
    page = visit.open_home()
    expect(page.locator("#continue")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Next")
    assert page.url.endswith("/upskill/"), "the token must not stay in the address"
    assert visit.seen.errors == []
    assert visit.seen.refused == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
def test_text_is_legible_and_fits_in_both_themes_and_widths(new_visit, scheme, width):
    page = new_visit(width, color_scheme=scheme).open_home()
    for language in ("ko", "en"):
        page.click(f"button[value={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(n) for n in re.findall(r"\d+", ground)[:3]) / 3
    assert (brightness < 60) == (scheme == "dark")


def test_the_language_is_switched_on_the_page_and_stays(visit):
    page = visit.open_home()
    page.click("button[value=ko]")
    expect(page.locator("#drop-title")).to_have_text("모니터링 데이터 올리기")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.click("button[value=en]")
    expect(page.locator("#drop-title")).to_have_text("Drop your export")


def test_everything_is_reached_by_keyboard(visit):
    page = visit.open_home()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.value"))
    assert {"continue", "files", "example", "en", "ko"} <= reached


def test_the_example_becomes_a_finding_on_the_page(visit):
    page = visit.open_home()
    page.click("#example")
    expect(page.locator("#work-quick [role=status]")).not_to_be_empty()
    finding = page.locator("#finding")
    expect(finding).to_be_visible()
    expect(finding).to_be_focused()
    assert finding.locator(".machines li").count() > 0
    with visit.context.expect_page() as opened:
        finding.locator("a", has_text="report").click()
    opened.value.wait_for_load_state()
    expect(opened.value.locator("body")).not_to_be_empty()
    with page.expect_download() as download:
        finding.locator("a[href*='download']").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_chart_is_seen_and_a_told_size_computes_the_range_again(visit):
    page = visit.open_home()
    page.click("#example")
    before = page.locator("#finding .range").inner_text()
    drawn = page.locator("#finding img.chart").evaluate(
        "(img) => img.decode().then(() => img.width)"
    )
    assert drawn > 200
    page.fill("#vcpu", "64")
    page.click("#again button")
    expect(page.locator("#finding .range")).not_to_have_text(before)
    expect(page.locator("#vcpu")).to_have_value("64")
    assert visit.seen.errors == []


def test_a_dropped_file_that_cannot_be_read_is_explained_and_set_aside(visit, tmp_path: Path):
    page = visit.open_home()
    export = tmp_path / "not an export.csv"
    export.write_bytes(b"\x00\x01\x02" * 50)
    page.set_input_files("#files", export)
    failed = page.locator("#failed-quick")
    expect(failed).to_be_visible()
    expect(failed).to_be_focused()
    expect(failed.locator(".what")).not_to_be_empty()
    expect(failed.locator(".fix")).not_to_be_empty()
    assert (visit.kit.home / "inbox" / "unread" / export.name).read_bytes() == export.read_bytes()


def test_a_real_drop_reaches_the_inbox_under_its_own_name(visit):
    page = visit.open_home()
    transfer = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x,y\\n1,2\\n"], "서버.csv", { type: "text/csv" }));
          return data;
        }"""
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    expect(page.locator("#failed-quick, #finding").first).to_be_visible()
    assert (visit.kit.home / "inbox" / "unread" / "서버.csv").read_text() == "x,y\n1,2\n"


def test_without_the_server_the_page_says_so(visit):
    page = visit.open_home()
    page.route("**/upskill/api/**", lambda route: route.abort())
    page.click("#example")
    expect(page.locator("#failed-quick .what")).to_contain_text("upskill start")
