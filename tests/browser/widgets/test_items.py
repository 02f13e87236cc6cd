"""Questions before and after: answered once, with how sure, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gallery_page import GalleryPage, end_sessions
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(gallery: Callable[..., GalleryPage]) -> GalleryPage:
    return gallery("items")


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_an_answer_by_mouse_needs_how_sure_and_then_stands(
    gallery: Callable[..., GalleryPage], host: str
) -> None:
    page = gallery("items", host)
    first, second = page.shown("open").locator(".upskill-item").all()
    answer = first.get_by_role("button", name="Answer")
    answer.click()
    expect(first.get_by_role("status").last).to_have_text("Choose one first.")
    first.get_by_text("When, and for how long?").click()
    answer.click()
    # nothing is preset: half is no answer of anybody's
    expect(first.get_by_role("status").last).to_contain_text("Say how sure you are")
    first.get_by_role("slider").click()
    answer.click()
    expect(first.get_by_role("status").last).to_have_text("Saved.")
    expect(first.get_by_role("button")).to_have_count(0)
    expect(first.locator("input:enabled")).to_have_count(0)
    # the other question is as it was
    expect(second.locator("input:enabled")).to_have_count(3)
    expect(second.get_by_role("slider")).to_have_attribute("aria-valuetext", "not said yet")
    assert (
        page.python("print(open_en.answers)").strip()
        == "{'one': {'option': 'a', 'confidence': 50}}"
    )


def test_both_are_answered_by_keyboard_alone_one_after_the_other(page: GalleryPage) -> None:
    first, second = page.shown("open").locator(".upskill-item").all()
    keys = page.notebook.lab.keyboard
    first.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "Tab", "Tab", "Enter", "Tab", "Enter"):
        keys.press(key)
    expect(first.get_by_role("status").last).to_have_text("Saved.")
    # on with the next question, not from the top of the notebook
    for key in ("Tab", "Space", "Tab", "Home", "Tab", "Tab", "Enter"):
        keys.press(key)
    expect(second.get_by_role("status").last).to_have_text("Saved.")
    found = "{'one': {'option': 'b', 'confidence': 50}, 'two': {'option': 'a', 'confidence': 0}}"
    assert page.python("print(open_en.answers)").strip() == found


def test_without_a_kernel_an_answer_is_not_lost_silently(page: GalleryPage) -> None:
    first = page.shown("open").locator(".upskill-item").first
    first.get_by_text("When, and for how long?").click()
    first.get_by_role("button", name="I am guessing").click()
    gone = page.cell("open").locator(".upskill-live .upskill-gone")
    expect(gone).to_be_hidden()
    page.notebook.restart()
    # before anything is done in vain
    expect(gone).to_be_visible()
    first.get_by_role("button", name="Answer").click()
    expect(first.get_by_role("status").last).to_contain_text("The kernel has stopped.")
    expect(first.get_by_text("When, and for how long?")).to_be_visible()
    expect(first.get_by_role("radio").first).to_be_checked()
    expect(first.get_by_role("button", name="Answer")).to_be_visible()
    # who goes on as told finds what was chosen, and answers
    again = page.setup().shown("open").locator(".upskill-item").first
    expect(gone).to_be_hidden()
    expect(again.get_by_role("radio").first).to_be_checked()
    expect(again.get_by_role("slider")).to_have_attribute("aria-valuetext", "50 %")
    again.get_by_role("button", name="Answer").click()
    expect(again.get_by_role("status").last).to_have_text("Saved.")


def test_questions_that_come_from_the_saved_notebook_say_that_nobody_hears(
    page: GalleryPage, kit: Any
) -> None:
    page.shown("open")
    page.notebook.save()
    end_sessions(page.notebook.lab, kit)
    page.notebook.lab.reload()
    drawn = page.cell("open").locator(page.drawn)
    expect(drawn.locator(".upskill-gone")).to_contain_text("The kernel has stopped.")
    expect(drawn.locator(".upskill-gone")).to_be_visible()


def test_markup_in_questions_and_options_stays_text(page: GalleryPage) -> None:
    widget = page.shown("markup")
    expect(widget.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
    expect(page.cell("markup").locator("img")).to_have_count(0)


def test_what_was_answered_can_be_read_without_a_kernel(page: GalleryPage) -> None:
    page.shown("answered", "ko")
    page.notebook.restart()
    page.reopen()
    static = page.cell("answered", "ko").locator(".upskill-static")
    expect(static).to_contain_text("→ 언제, 얼마 동안 바쁩니까? (80 %)")
