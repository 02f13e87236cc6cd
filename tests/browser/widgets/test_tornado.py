"""The tornado: ranges are typed, bars rank again, and what turns the decision says so in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery_page import GalleryPage
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(kept: Callable[[str], GalleryPage]) -> GalleryPage:
    return kept("tornado")


def ranks(widget: Locator) -> Locator:
    """The names of the bars with what they do, from the top."""
    return widget.locator("svg text", has_text="·")


def test_a_wider_range_climbs_and_turns_the_decision(page: GalleryPage) -> None:
    widget = page.shown("set")
    expect(ranks(widget)).to_have_text(
        [
            "1. on_share · turns the decision",
            "2. migration_won · turns the decision",
            "3. capex · does not turn it",
        ]
    )
    plain = widget.locator("rect.upskill-stays")
    expect(plain).to_have_count(1)
    widget.get_by_label("capex, low end").fill("80")
    expect(ranks(widget).nth(1)).to_have_text("2. capex · turns the decision")
    # hatched, too: nothing hangs on a colour
    expect(plain).to_have_count(0)
    hatched = widget.locator("rect.upskill-turns").first.get_attribute("fill") or ""
    assert hatched.startswith("url(#")
    assert "'capex': ['80', '143']" in page.python("set_en.state")


def test_keys_alone_fill_a_blank_range_and_the_code_follows(page: GalleryPage) -> None:
    widget, keys = page.shown("blank"), page.notebook.lab.keyboard
    expect(ranks(widget)).to_have_count(0)
    expect(widget.locator(".upskill-finding")).to_have_text("No range is set yet.")
    widget.get_by_label("on_share, low end").focus()
    keys.type("40 %")
    keys.press("Tab")
    keys.type("0.8")
    expect(ranks(widget)).to_have_text(["1. on_share · turns the decision"])
    code = widget.locator(".upskill-code code")
    expect(code).to_contain_text('"on_share": (0.4, 0.8, "nobody logged nights"),')
    expect(code).to_contain_text('"capex": (____, ____, "the quote is signed"),')
    # what somebody types into stays where it is, and keeps the focus
    expect(widget.get_by_label("on_share, high end")).to_be_focused()


def test_a_range_that_is_none_names_its_fault_beside_the_field(page: GalleryPage) -> None:
    widget = page.shown("set")
    field = widget.get_by_label("double_run_months, high end")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("nine is no number.")
    field.fill("9")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(ranks(widget)).to_have_count(4)


def test_markup_that_is_typed_stays_text(page: GalleryPage) -> None:
    widget = page.shown("blank")
    hostile = "<img src=x onerror=document.title=1>"
    widget.get_by_label("capex, low end").fill(hostile)
    widget.get_by_label("capex, high end").fill("2")
    fault = widget.locator(".upskill-fault", has_text="no number")
    expect(fault).to_have_text(f"{hostile} is no number.")
    expect(widget.locator("img")).to_have_count(0)
    assert page.notebook.lab.title() != "1"


def test_without_a_kernel_it_says_so_and_its_words_can_be_read_when_reopened(
    page: GalleryPage,
) -> None:
    widget = page.shown("set")
    widget.get_by_label("capex, high end").fill("150")
    expect(widget.locator(".upskill-code code")).to_contain_text("(133, 150,")
    page.notebook.restart()
    widget.get_by_label("capex, high end").fill("151")
    expect(widget.get_by_role("status")).to_contain_text("The kernel has stopped.")
    page.reopen()
    static = page.cell("set").locator(".upskill-static:visible, .upskill-live:visible").first
    expect(static).to_contain_text("(133, 150,")
