"""The panel in the gallery: texts stay text, what it asks is readable and can be copied."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery_page import LANGUAGES, SCHEMES, GalleryPage, pressed
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_where_the_answer_cannot_be_reached_the_text_is_there_to_copy(
    gallery: Callable[..., GalleryPage],
) -> None:
    page = gallery("panel")
    page.notebook.lab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for language, copied in {"en": "Copied.", "ko": "복사했습니다."}.items():
        panel = page.shown("incorrect", language)
        pressed(panel, "reset", "yes")
        text = panel.locator(".upskill-box pre")
        expect(text).to_have_text("plan = ____")
        expect(text).to_be_focused()
        pressed(panel, "copy")
        expect(panel.get_by_role("status")).to_have_text(copied)
        assert page.notebook.lab.evaluate("navigator.clipboard.readText()") == "plan = ____"
        assert page.python(f"incorrect_{language}.view['kind']") == "'not_attempted'"


def test_texts_stay_text_and_a_coach_is_named(gallery: Callable[..., GalleryPage]) -> None:
    page = gallery("panel")
    panel = page.shown("markup")
    expect(panel).to_contain_text("<img src=x onerror=")
    expect(panel.locator("img")).to_have_count(0)
    assert "taken over" not in page.notebook.lab.title()
    said = page.shown("coach").get_by_role("group", name="What a coach said")
    expect(said.locator("strong")).to_have_text(
        ["Example of a trainer's note", "Example of a model's answer"]
    )
    expect(panel.locator(".upskill-coach")).to_be_hidden()


def test_the_question_and_the_box_to_copy_are_readable_and_fit(
    gallery: Callable[..., GalleryPage],
) -> None:
    page = gallery("panel")
    for language in LANGUAGES:
        asked, copied = (page.shown(example, language) for example in ("incorrect", "hints"))
        asked.locator("[data-action=reset]").click()
        expect(asked.locator("[data-action=yes]")).to_be_visible()
        pressed(copied, "reset", "yes")
        expect(copied.locator("[data-action=copy]")).to_be_visible()
    assert [page.faults(scheme) for scheme in SCHEMES] == [[], []]
    assert page.too_wide() == []
