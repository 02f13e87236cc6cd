"""The home page in a real browser: reading, language, keys, dropping a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from journey_steps import drop, loaded_again
from playwright.sync_api import Page, Request, expect

pytestmark = pytest.mark.browser


def with_example(page: Page) -> None:
    """Read the built-in example; the page then shows its finding."""
    with loaded_again(page):
        page.click("#example")
    expect(page.locator("#finding")).to_be_visible()


def posts_job(request: Request) -> bool:
    """Whether the page asks the server to start work."""
    return request.method == "POST" and request.url.endswith("/api/jobs")


def test_the_page_opens_quietly_with_one_way_on(visit):
    page = visit.open_home()
    expect(page.locator("#continue")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Next")
    assert page.url.endswith("/upskill/"), "the token must not stay in the address"
    assert visit.seen.errors == []
    assert visit.seen.refused == []


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
    with loaded_again(page):
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
    with_example(page)
    before = page.locator("#finding .range").inner_text()
    drawn = page.locator("#finding img.chart").evaluate(
        "(img) => img.decode().then(() => img.width)"
    )
    assert drawn > 200
    page.fill("#vcpu", "64")
    with loaded_again(page):
        page.click("#again button")
    expect(page.locator("#finding .range")).not_to_have_text(before)
    expect(page.locator("#vcpu")).to_have_value("64")
    assert visit.seen.errors == []


def test_the_chart_has_the_grounds_own_colours_in_the_dark(new_visit):
    brightest = {}
    for scheme in ("light", "dark"):
        page = new_visit(color_scheme=scheme).open_home()
        if not page.locator("#finding").count():
            with_example(page)
        picture = page.locator("#finding img.chart")
        picture.evaluate("(img) => img.decode()")
        # the corner is ground; text and lines are what differs most from it
        brightest[scheme] = picture.evaluate(
            """(img) => {
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [img.width, img.height];
              const drawn = canvas.getContext("2d", { willReadFrequently: true });
              drawn.drawImage(img, 0, 0, img.width, img.height);
              const { data } = drawn.getImageData(0, 0, img.width, img.height);
              const solid = [];
              for (let i = 0; i < data.length; i += 4) {
                const [r, g, b] = data.slice(i, i + 3);
                if (data[i + 3] > 250 && Math.max(r, g, b) - Math.min(r, g, b) < 20) solid.push(g);
              }
              return [data[3], solid.reduce((sum, g) => sum + g, 0) / solid.length];
            }"""
        )
    # nothing is drawn behind it, and its grey text is dark on light, light on dark
    assert [corner for corner, _ in brightest.values()] == [0, 0]
    assert brightest["light"][1] < 60
    assert brightest["dark"][1] > 180


def test_an_export_without_a_unit_is_read_again_with_the_one_that_is_told(visit, tmp_path: Path):
    page = visit.open_home()
    export = tmp_path / "shares.csv"
    rows = [
        f"web-01,2026-03-{1 + n // 288:02d} {n // 12 % 24:02d}:{n % 12 * 5:02d}:00,{n % 41 / 100}"
        for n in range(15 * 288)
    ]
    export.write_text("\n".join(["machine,timestamp,cpu", *rows]), encoding="utf-8")
    drop(page, export)
    expect(page.locator("#finding .range")).to_have_count(0)
    page.select_option("#unit", "fraction")
    page.fill("#vcpu", "8")
    with loaded_again(page):
        page.click("#again button")
    expect(page.locator("#finding .range")).to_contain_text("won")
    expect(page.locator("#finding .machines")).to_contain_text("40 %")
    expect(page.locator("#unit")).to_have_value("fraction")


def test_while_an_export_is_read_no_other_reading_begins(visit):
    page = visit.open_home()
    with_example(page)
    started = []
    page.on("request", lambda request: started.append(request) if posts_job(request) else None)
    page.fill("#vcpu", "64")
    with loaded_again(page):
        # all in one turn of the page's script, so no reading is fast enough to end between
        waiting = page.evaluate(
            """() => {
              document.querySelector("#again button").click();
              document.querySelector("#example").click();
              const inactive = [...document.querySelectorAll("[aria-disabled=true]")];
              const told = document.querySelector("#wait-quick");
              return [inactive.map((n) => n.id || n.form.id), told.hidden ? "" : told.innerText];
            }"""
        )
    assert waiting[0] == ["files", "example", "again"]
    assert "Wait until it has ended" in waiting[1]
    assert len(started) == 1
    expect(page.locator("#vcpu")).to_have_value("64")
    expect(page.locator("[aria-disabled=true]")).to_have_count(0)


def test_another_tab_is_told_that_an_export_is_being_read(visit):
    first, second = visit.open_home(), visit.open_home()
    with loaded_again(first):
        with first.expect_response(lambda answer: posts_job(answer.request)):
            first.click("#example")
        second.evaluate("document.querySelector('#example').click()")
        expect(second.locator("#failed-quick .what")).to_contain_text("another tab")
        expect(second.locator("#failed-quick .fix")).to_contain_text("try again")
    with_example(second)


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
    expect(page.locator("#failed-quick")).to_be_visible()
    assert (visit.kit.home / "inbox" / "unread" / "서버.csv").read_text() == "x,y\n1,2\n"


def test_without_the_server_the_page_says_so(visit):
    page = visit.open_home()
    page.route("**/upskill/api/**", lambda route: route.abort())
    page.click("#example")
    expect(page.locator("#failed-quick .what")).to_contain_text("upskill start")
