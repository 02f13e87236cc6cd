"""The percentile slider: the handle follows at once, size and price from Python, and both last."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery_page import GalleryPage
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser
IN_THE_UNIT = """import kit
wb = kit.open_workbook("rightsizing")
slider = wb.tools.rule_slider(wb.case(), wb.case().puzzle)
slider"""


@pytest.fixture(scope="module")
def page(kept: Callable[[str], GalleryPage]) -> GalleryPage:
    return kept("percentile")


def handle(widget: Locator) -> Locator:
    return widget.locator(".upskill-handle text")


def test_a_drag_on_the_drawing_moves_the_percentile_and_python_sizes_it(page: GalleryPage) -> None:
    widget, mouse = page.shown("begin"), page.notebook.lab.mouse
    expect(handle(widget)).to_have_text("P90")
    widget.locator("svg").scroll_into_view_if_needed()
    box = widget.locator("svg").bounding_box()
    line = widget.locator(".upskill-handle line").bounding_box()
    assert box and line
    mouse.move(line["x"], box["y"] + 100)
    mouse.down()
    mouse.move(box["x"] + 60, box["y"] + 100, steps=4)
    shown = handle(widget).text_content() or ""
    assert shown not in ("P90", ""), "the handle waits for nobody"
    mouse.up()
    slider = widget.get_by_label("Percentile")
    expect(slider).to_have_attribute("aria-valuetext", shown)
    expect(widget.locator(".upskill-finding")).to_contain_text(f"{shown} with 0% kept free")
    assert f"'q': {float(shown[1:])}" in page.python("begin_en.state")


def test_keys_alone_choose_a_machine_a_percentile_and_a_headroom(page: GalleryPage) -> None:
    widget, keys = page.shown("begin"), page.notebook.lab.keyboard
    widget.get_by_label("Machine").focus()
    keys.press("ArrowDown")
    keys.press("Tab")
    for _ in range(5):
        keys.press("ArrowRight")
    keys.press("Tab")
    for _ in range(4):
        keys.press("ArrowRight")
    finding = widget.locator(".upskill-finding")
    expect(finding).to_contain_text("P92.5 with 20% kept free takes 1 vCPU")
    expect(widget.get_by_label("Headroom")).to_have_attribute("aria-valuetext", "20% kept free")
    expect(widget.locator(".upskill-code code")).to_have_text('"q": 92.5, "headroom": 0.2')
    # who cannot see the drawing is told what it says
    expect(widget.locator("svg")).to_have_attribute("aria-label", finding.inner_text())
    state = "{'machine': 'batch-05', 'q': 92.5, 'headroom': 0.2}"
    assert page.python("begin_en.state") == state


def test_what_python_sets_is_shown(page: GalleryPage) -> None:
    widget = page.shown("begin")
    page.python('[setattr(begin_en, "state", {**begin_en.state, "q": 99.0})]')
    expect(handle(widget)).to_have_text("P99")
    expect(widget.get_by_label("Percentile")).to_have_value("18")


def test_the_code_that_follows_is_copied(page: GalleryPage) -> None:
    page.notebook.lab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget = page.shown("set")
    widget.get_by_role("button", name="Copy").click()
    expect(widget.get_by_role("status")).to_have_text("Copied.")
    copied = page.notebook.lab.evaluate("navigator.clipboard.readText()")
    assert copied == '"q": 92.5, "headroom": 0.2'


def test_markup_in_a_machines_name_stays_text(page: GalleryPage) -> None:
    widget = page.shown("text")
    expect(widget.locator("option")).to_have_text('<img src=x onerror="document.title=1">')
    expect(widget.locator("img")).to_have_count(0)
    assert page.notebook.lab.title() != "1"


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_a_busy_kernel_is_not_called_stopped_and_the_keys_that_save_still_save(
    page: GalleryPage, gallery: Callable[..., GalleryPage], host: str
) -> None:
    page = page if host == "lab" else gallery("percentile", host)
    widget, lab = page.shown("begin"), page.notebook.lab
    first = page.notebook.code("from kit.gallery")
    page.notebook.write(first, "import time\nfrom kit.gallery import show\ntime.sleep(8)")
    lab.keyboard.press("Control+Enter")
    widget.get_by_label("Percentile").press("ArrowRight")
    expect(widget.get_by_role("status")).to_contain_text("The kernel is busy.")
    page.notebook.idle()
    expect(widget.locator(".upskill-status")).to_be_empty()
    assert page.python("begin_en.state['q']") == "90.5"
    widget.get_by_label("Percentile").focus()
    page.notebook.save()


def test_without_a_kernel_it_says_so_and_a_new_one_begins_where_it_was_left(
    page: GalleryPage,
) -> None:
    notebook = page.notebook
    notebook.write(notebook.code("from kit.gallery"), IN_THE_UNIT)
    cell = notebook.code("rule_slider")
    notebook.run(cell)
    widget = cell.locator(".upskill-live")
    widget.get_by_label("Percentile").focus()
    for _ in range(3):
        notebook.lab.keyboard.press("ArrowRight")
    code = widget.locator(".upskill-code code")
    expect(code).to_have_text('"q": 91.5, "headroom": 0')
    notebook.restart()
    widget.get_by_label("Percentile").focus()
    notebook.lab.keyboard.press("ArrowRight")
    expect(widget.get_by_role("status")).to_contain_text("The kernel has stopped.")
    expect(handle(widget)).to_have_text("P92")
    notebook.run(cell)
    expect(widget.locator(".upskill-code code")).to_have_text('"q": 91.5, "headroom": 0')
    expect(handle(widget)).to_have_text("P91.5")
    # who opens this page next finds its first cell again
    notebook.write(cell, "from kit.gallery import show")
    notebook.save()
