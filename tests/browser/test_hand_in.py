"""Handing in on the page: the real command, in a home with the unit as it ships."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kit.content import load_programme, load_units

pytestmark = [pytest.mark.browser, pytest.mark.grading]

UNIT = load_units()[load_programme().units[0]]


@pytest.fixture(scope="module")
def kit(launch, tmp_path_factory):
    """A home with the shipped notebooks; their text does not matter here."""
    return launch(tmp_path_factory.mktemp("hand-in") / "home")


def test_nothing_answered_is_not_handed_in_and_the_page_says_why(visit):
    page = visit.open_home()
    page.click(f"[data-submit={UNIT.id}]")
    area = page.locator(f"#hand-in-{UNIT.id}")
    expect(area.locator("[role=status]")).not_to_be_empty()
    expect(area.locator(".result .note").first).to_contain_text("Not handed in")
    expect(area).to_be_focused()
    expect(area.locator(".failed")).to_be_hidden()
    assert not area.locator("table").count(), "no points for what was not handed in"
