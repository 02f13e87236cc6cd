"""A trainer's feedback reaches the home page: a real course, its exchange, a joined home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from feedback_helpers import given, graded, new_course, say, take_part
from playwright.sync_api import Page, expect

from kit.cli.fetch import fetch
from kit.grading.collect import collect
from kit.grading.course import Course
from kit.grading.hand_in import ask_again
from kit.grading.store import answer_request
from kit.home import LearnerHome
from kit.model import Unit
from tests.tiny_unit import seeing

pytestmark = [pytest.mark.browser, pytest.mark.grading]
COMMENT = "Name the machine whose disk it is."


@dataclass
class Taught:
    """A course with one learner's graded work, of which no feedback is released yet."""

    course: Course
    unit: Unit
    home: LearnerHome


@pytest.fixture(scope="module")
def taught(
    own_user: Path, content: Unit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Taught]:
    base = tmp_path_factory.mktemp("taught")
    with pytest.MonkeyPatch.context() as patch:
        # where nbgrader keeps receipts of work that is handed in under ``upskill start``
        patch.setenv("JUPYTER_DATA_DIR", str(base / "kim" / ".upskill" / "jupyter" / "data"))
        patch.setenv("UPSKILL_EXCHANGE", str(base / "exchange"))
        course = new_course(base, content)
        home = take_part(course, content, base / "kim", "kim")
        graded(course, content)
        say(course, "kim", "memo", 4.5, COMMENT)
        yield Taught(course, content, home)


# by name: ``kit`` is the package here
@pytest.fixture(name="kit", scope="module")
def running_kit(taught: Taught, launch: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("customize")
    # the server and the commands that it starts see the tiny unit, as this process does
    text = seeing(taught.unit.folder.parents[2])
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    before = os.environ.get("PYTHONPATH")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), before])))
        return launch(taught.home.root)


def looked_for_feedback(page: Page) -> None:
    """Wait until the page's own look in the background has ended."""
    # the page's own policy forbids the polling that playwright brings
    ended = page.evaluate(
        """async (patience) => {
          const until = Date.now() + patience;
          while (!sessionStorage.getItem("upskill-fetched") && Date.now() < until)
            await new Promise((resolve) => setTimeout(resolve, 100));
          return sessionStorage.getItem("upskill-fetched");
        }""",
        90_000,
    )
    assert ended, page.locator("#fetch [role=status]").inner_text()


def come_back_later(page: Page) -> None:
    """Open the page once more after its pause between two looks."""
    page.evaluate("sessionStorage.removeItem('upskill-fetched')")
    page.reload()


def test_feedback_released_meanwhile_is_offered_shown_and_opened(visit: Any, taught: Taught):
    page = visit.open_home()
    looked_for_feedback(page)
    expect(page.locator("#show-feedback")).to_be_hidden()
    expect(page.locator("#fetch [role=status]")).to_be_empty()
    expect(page.locator(".result h5")).to_contain_text(["with your trainer"] * 2)

    given(taught.course, taught.unit)
    come_back_later(page)
    expect(page.locator("#show-feedback")).to_be_visible()
    expect(page.locator("#fetch [role=status]")).to_have_text(
        "There is new feedback from your trainer."
    )
    # what somebody is reading does not change under their eyes
    expect(page.locator("[data-feedback]")).to_have_count(0)

    page.click("#show-feedback")
    link = page.locator(f"[data-feedback={taught.unit.id}]")
    expect(link).to_be_visible()
    graded_part = page.locator(".result h5", has_text="Graded assignment")
    expect(graded_part).to_contain_text("graded by your trainer: 8.5 of 10")
    expect(page.locator("#show-feedback")).to_be_hidden()
    # kim has pressed no check: the trainer's word counts, and whose word it is stands there
    expect(page.locator(".progress")).to_contain_text("verified: 2 of 2")
    expect(page.locator(".progress")).to_contain_text("self-reported: 0 of 2")
    expect(page.locator("h1")).to_have_text("Next: apply “A tiny unit” to your own data")
    with visit.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("body")).to_contain_text(COMMENT)
    assert visit.seen.refused == []


def test_a_request_is_open_on_the_page_until_its_answer_has_come(visit: Any, taught: Taught):
    given(taught.course, taught.unit)
    fetch(taught.home)
    ask_again(taught.home, taught.unit, "memo", "The disk is named in the first line.")
    page = visit.open_home()
    looked_for_feedback(page)
    request = page.locator("[data-request=memo]")
    expect(request).to_contain_text("You asked to look again at “Explain it”")
    expect(request.locator(".chip")).to_have_text("open")
    expect(request).to_contain_text("The disk is named in the first line.")

    collect(taught.course, taught.unit)
    assert answer_request(taught.course, "tiny", "kim", "memo", "Read again: one level more.")
    given(taught.course, taught.unit)
    come_back_later(page)
    page.click("#show-feedback")
    expect(request.locator(".chip")).to_have_text("answered")
    expect(request).to_contain_text("Read again: one level more.")
    expect(request).to_contain_text("Answered ")
    expect(request).to_contain_text("upskill ask tiny:memo")


def test_a_lost_exchange_is_said_and_what_is_shown_stays(
    visit: Any, taught: Taught, tmp_path: Path
):
    page = visit.open_home()
    looked_for_feedback(page)
    exchange = taught.home.exchange
    assert exchange is not None
    shown = page.locator(".result h5").all_inner_texts()
    exchange.rename(tmp_path / "elsewhere")
    try:
        come_back_later(page)
        said = page.locator("#fetch [role=status]")
        expect(said).to_contain_text("what you have stays as it is")
    finally:
        (tmp_path / "elsewhere").rename(exchange)
    assert page.locator(".result h5").all_inner_texts() == shown
