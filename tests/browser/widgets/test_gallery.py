"""What holds for every widget: readable in both themes and languages, narrow, without a kernel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery_page import LANGUAGES, SCHEMES, GalleryPage
from playwright.sync_api import expect

from kit.gallery import find_page, page_names

pytestmark = pytest.mark.browser


def draw_all(page: GalleryPage) -> None:
    page.notebook.run_all()
    for language in LANGUAGES:
        for example in find_page(page.name).examples:
            expect(page.cell(example, language).locator(page.drawn)).to_be_visible()


@pytest.mark.parametrize("name", page_names())
@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_every_state_is_readable_and_fits_and_outlives_its_kernel(
    gallery: Callable[..., GalleryPage], name: str, host: str
) -> None:
    page = gallery(name, host)
    draw_all(page)
    examples, lab = find_page(name).examples, page.notebook.lab
    expect(lab.locator(page.drawn)).to_have_count(len(examples) * len(LANGUAGES))
    assert [page.faults(scheme) for scheme in SCHEMES] == [[], []]
    assert page.too_wide() == []
    # while it lives, the words beside it are hidden
    expect(lab.locator(".upskill-static:visible")).to_have_count(0)

    page.notebook.restart()
    page.reopen()
    for example in examples:
        readable = page.cell(example).locator(f"{page.drawn}, .upskill-static")
        expect(readable.locator("visible=true").first).to_be_visible()
