"""The home page in both themes, languages and widths: legible, accessible, never too wide."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from journey_steps import UNIT, loaded_again
from page_checks import faint, faults
from playwright.sync_api import Page, expect

from kit.home import LearnerHome, open_home
from kit.model import Attempt, Part
from kit.notebooks import read_notebook, write_notebook
from kit.progress import ProgressLog

pytestmark = pytest.mark.browser

# what reaches out of the window, with its place in the page
TOO_WIDE = """
() => [...document.querySelectorAll("body *")]
  .filter((n) => n.checkVisibility() && n.className !== "skip")
  .filter((n) => n.getBoundingClientRect().right > innerWidth + 0.5)
  .map((n) => `${n.tagName} #${n.id} .${n.className} ${n.textContent.trim().slice(0, 60)}`)
"""
# titles that other words of their row leave no room
TOO_NARROW = """
() => [...document.querySelectorAll(".exercise .name")]
  .filter((n) => n.getBoundingClientRect().width < 120)
  .map((n) => n.textContent.trim())
"""
LOOKS = [
    pytest.param(width, scheme, id=f"{width}-{scheme}")
    for width in (1400, 420)
    for scheme in ("light", "dark")
]


def handed_in() -> dict[str, Any]:
    """A result with all that the page can show of one: points, a rating, what is missing."""

    def cell(exercise: Any) -> dict[str, Any]:
        points = {"points": 0 if exercise.manual else 1, "max_points": exercise.points}
        names = {"exercise": exercise.id, "title": exercise.title}
        message = "" if exercise.manual else "The rows of " + "a-long-machine-name-" * 5
        return {**names, **points, "manual": exercise.manual, "rated": None, "message": message}

    graded = {
        "name": UNIT.id,
        "part": "graded",
        "submitted_at": "2026-11-02T10:00:00+00:00",
        "score": 3,
        "max_score": 24,
        "cells": [cell(e) for e in UNIT.of(Part.GRADED)],
    }
    return {
        "unit": UNIT.id,
        "assignments": [graded],
        "not_ready": [{"name": f"{UNIT.id}-practice", "why": "Two blanks are left."}],
        "practised_share": 0.5,
        "graded_share": 0.1,
        "complete": False,
        "missing": ["Practise one more exercise."],
        "verified": False,
    }


def by_trainer() -> dict[str, Any]:
    """A result with a trainer's grades, one request to look again answered and one open."""
    made = handed_in()
    graded = made["assignments"][0]
    at, score = graded["submitted_at"], {"score": graded["score"], "max_score": 24}
    feedback = [{"page": f"{UNIT.id}/feedback/page.html", "submitted_at": at, **score}]
    asked = {"because": "The source of the price stands in the third line.", "state": "answered"}
    for cell, answer in zip(graded["cells"], ("Read again: one level more.", ""), strict=False):
        cell["asked"] = [{**asked, "answer": answer}]
    practice = {
        "name": f"{UNIT.id}-practice",
        "part": "practice",
        "submitted_at": at,
        "cells": [
            {"exercise": e.id, "outcome": "passed", "points": 1} for e in UNIT.of(Part.PRACTICE)
        ],
    }
    rows = [{**row, "feedback": feedback, "penalty": 1.5} for row in (practice, graded)]
    done = {"complete": True, "verified": True, "missing": [], "not_ready": []}
    return {**made, **done, "assignments": rows}


@pytest.fixture(scope="module")
def kit(launch, tmp_path_factory):
    """A home with the unit as it ships."""
    return launch(tmp_path_factory.mktemp("looks") / "home")


@pytest.fixture(scope="module", params=["fresh", "busy", "complete", "taught"])
def content(request, kit, browser) -> str:
    """A home with nothing done; with a finding and graded work; with all done; by a trainer."""
    results = kit.home / ".upskill" / "results"
    if request.param != "fresh" and not (results / "quick.json").exists():
        page = browser.new_page()
        page.goto(kit.home_url)
        with loaded_again(page):
            page.click("#example")
        page.close()
        attempt_each_outcome(open_home(kit.home))
    if request.param != "fresh":
        done = {"complete": True, "not_ready": [], "missing": [], "verified": True}
        result = handed_in() | (done if request.param == "complete" else {})
        result = by_trainer() if request.param == "taught" else result
        (results / f"{UNIT.id}.json").write_text(json.dumps(result), encoding="utf-8")
    return request.param


def attempt_each_outcome(home: LearnerHome) -> None:
    """Passed, passed before its task changed, not passed, and taken; an update waits."""
    events = [("check", "passed"), ("check", "passed"), ("check", "incorrect"), ("taken", "")]
    log = ProgressLog(home.progress_file)
    practice = UNIT.of(Part.PRACTICE)
    for minute, ((event, outcome), exercise) in enumerate(zip(events, practice, strict=False)):
        time = f"2026-11-02T09:{10 * minute:02d}:00.000+00:00"
        log.append(Attempt(time, event, UNIT.id, exercise.id, outcome, data={}))
    changed: dict[str, object] = {"to": "2", "changed": [practice[1].id]}
    log.append(Attempt("2026-11-02T10:00:00.000+00:00", "update", UNIT.id, data=changed))
    base = home.base_notebook(UNIT, Part.PRACTICE)
    given = read_notebook(base)
    given["cells"].pop()
    write_notebook(base, given)


def in_each_language(page: Page):
    """The page in Korean, then in English, which stays."""
    for language in ("ko", "en"):
        with loaded_again(page):
            page.click(f"button[value={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        yield language


def show_all(page: Page, content: str) -> None:
    """Open what is folded, and wait for the pictures."""
    expect(page.locator("#finding")).to_have_count(int(content != "fresh"))
    expect(page.locator("form.rating")).to_have_count(int(content in ("busy", "complete")))
    done = content in ("complete", "taught")
    expect(page.locator(".chip.good").first).to_be_visible(visible=done)
    expect(page.locator("[data-request]")).to_have_count(2 if content == "taught" else 0)
    expect(page.locator(".exercise .changed")).to_have_count(int(content != "fresh"))
    expect(page.get_by_text("upskill update --preview")).to_have_count(int(content != "fresh"))
    page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
    page.evaluate("Promise.all([...document.images].map((img) => img.decode()))")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_page_is_legible_accessible_and_not_too_wide(new_visit, content, width, scheme):
    page = new_visit(width, color_scheme=scheme).open_home()
    for _ in in_each_language(page):
        show_all(page, content)
        assert faint(page) == []
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate(TOO_NARROW) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # no rule of axe is switched off
        assert faults(page) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(n) for n in re.findall(r"\d+", ground)[:3]) / 3
    assert (brightness < 60) == (scheme == "dark")


def test_what_is_said_while_an_export_is_read_is_accessible_too(new_visit, content):
    page = new_visit(420).open_home()
    show_all(page, content)
    page.evaluate("for (const node of document.querySelectorAll('[hidden]')) node.hidden = false")
    page.set_input_files("#files", [])
    page.evaluate("document.querySelector('#files').setAttribute('aria-disabled', 'true')")
    assert faults(page) == []
    assert page.evaluate(TOO_WIDE) == []
