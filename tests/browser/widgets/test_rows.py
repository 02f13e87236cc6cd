"""The table of rows: sorted and filtered by mouse and by keyboard; nothing runs, nothing leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery_page import GalleryPage
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(kept: Callable[[str], GalleryPage]) -> GalleryPage:
    return kept("rows")


def column(table: Locator, place: int) -> list[str]:
    """The cells of one column as they stand on the page, from the top."""
    return table.locator(f"tbody td:nth-child({place})").all_inner_texts()


def first(table: Locator, place: int) -> Locator:
    return table.locator(f"tbody tr:first-child td:nth-child({place})")


def test_a_click_on_a_head_sorts_numbers_by_size(page: GalleryPage) -> None:
    table = page.shown("few")
    expect(first(table, 4)).to_have_text("3,738")
    table.get_by_role("button", name="GiB: sort").click()
    expect(first(table, 4)).to_have_text("23")
    # as texts, 2,048 would come before 23
    assert column(table, 4) == ["23", "540", "2,048", "3,265", "3,364", "3,738"]
    expect(table.locator("th", has_text="GiB")).to_have_attribute("aria-sort", "ascending")
    table.get_by_role("button", name="GiB: sort the other way round").click()
    expect(first(table, 4)).to_have_text("3,738")
    assert column(table, 4)[-1] == "23"


def test_sorted_and_filtered_by_keyboard_alone(page: GalleryPage) -> None:
    table, keys = page.shown("many"), page.notebook.lab.keyboard
    expect(table.locator("[role=status]")).to_have_text("Rows 1 to 10 of 600")
    table.get_by_role("button", name="CPU (%): sort").focus()
    keys.press("Enter")
    expect(table.locator("th", has_text="CPU (%)")).to_have_attribute("aria-sort", "ascending")
    smallest = [float(cell) for cell in column(table, 3)]
    assert smallest == sorted(smallest)
    table.get_by_label("Filter “machine”").focus()
    keys.type("web-02")
    expect(table.locator("[role=status]")).to_have_text("Rows 1 to 10 of 200 (chosen from 600)")
    assert set(column(table, 1)) == {"web-02"}
    table.get_by_role("link", name="Next page").focus()
    keys.press("Enter")
    expect(table.locator("[role=status]")).to_contain_text("Rows 11 to 20 of 200")


def test_a_filter_of_numbers_compares_them(page: GalleryPage) -> None:
    table = page.shown("few")
    table.get_by_label("How “GiB” is filtered").select_option("is at least")
    table.get_by_label("Filter “GiB”").fill("3000")
    expect(table.locator("tbody tr")).to_have_count(3)
    assert column(table, 4) == ["3,738", "3,364", "3,265"]


def test_a_filter_that_nothing_fits_says_so_in_korean(page: GalleryPage) -> None:
    table = page.shown("few", "ko")
    remarks = table.get_by_label("“비고” 필터", exact=True)
    remarks.fill("야간")
    expect(table.locator("tbody tr")).to_have_count(2)
    remarks.fill("없는 말")
    expect(table.locator("tbody")).to_have_text("필터에 맞는 행이 없습니다.")


def test_a_large_frame_says_that_only_its_first_rows_are_here(page: GalleryPage) -> None:
    table = page.shown("limited")
    expect(table).to_contain_text("Rows: 100,000. The first 2,000 are here")
    expect(table.locator("[role=status]")).to_have_text("Rows 1 to 10 of 2,000")


def test_markup_in_cells_and_heads_stays_text(page: GalleryPage) -> None:
    lab = page.notebook.lab
    table = page.shown("markup")
    expect(first(table, 5)).to_have_text("<img src=x onerror=\"document.title='markup ran'\">")
    expect(table.locator("th").nth(3)).to_contain_text("<img src=x")
    table.get_by_label("Filter “remark”").fill("img")
    expect(table.locator("tbody tr")).to_have_count(4)
    assert table.locator("img").count() == 0
    assert lab.title() != "markup ran"


def test_nothing_is_asked_of_another_machine(page: GalleryPage) -> None:
    asked: set[str] = set()
    page.notebook.lab.on("request", lambda request: asked.add(request.url))
    table = page.shown("few")
    table.get_by_role("button", name="GiB: sort").click()
    page.python("2 + 3")
    here = ("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:")
    assert {url for url in asked if not url.startswith(here)} == set()


def test_it_sorts_on_without_its_kernel_and_is_read_on_the_next_day(page: GalleryPage) -> None:
    table = page.shown("many")
    page.notebook.restart()
    table.get_by_role("button", name="GiB: sort").click()
    expect(table.locator("th", has_text="GiB")).to_have_attribute("aria-sort", "ascending")
    page.reopen()
    lasting = page.cell("many").locator(".upskill-static")
    expect(lasting).to_contain_text("Rows: 600")
    expect(lasting.locator("tbody tr")).to_have_count(10)
    expect(lasting).to_contain_text("The kernel has stopped.")
