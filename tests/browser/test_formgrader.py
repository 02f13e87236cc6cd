"""nbgrader's Formgrader as a trainer opens it: the rubric beside the work, no network."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kit.cli.report import run_report
from kit.grading.course import Course
from kit.grading.read import read_cohort
from kit.home import content_notebook
from kit.model import Part, Unit
from tests.conftest import Server, clean_environment, free_port, serve
from tests.grading.course_helpers import answered, hand_in, make_course
from tests.tiny_unit import seeing

pytestmark = [pytest.mark.browser, pytest.mark.grading]
LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
CODE = """\
import sys
from kit.cli.formgrader import run_formgrader
run_formgrader(pathlib.Path(sys.argv[1]), port=int(sys.argv[2]), browser=False)
"""
MEMO = """\
The *biggest* disk decides, since $\\frac{a}{2}$ is not enough.

<img src="http://elsewhere.invalid/x.png" onerror="window.acted = 1">
<script>window.acted = 2</script>
![a picture](http://elsewhere.invalid/y.png)
"""
SHOW = """\
def largest(disks):
    return {answer}

from IPython.display import HTML, display
display(HTML("<p>kept</p><script>window.acted = 3</script><img src=http://elsewhere.invalid/z>"))
"""


@dataclass
class Served:
    """A course that Formgrader runs on."""

    course: Course
    server: Server

    def address(self, path: str) -> str:
        return f"{self.server.address.partition('?')[0]}/{path}"


@pytest.fixture(scope="module")
def served(
    own_user: Path, content: Unit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """kim's check passes, lee's does not; both wait for a person."""
    from nbgrader.converters import Autograde

    course = make_course(tmp_path_factory.mktemp("formgrader") / "course", content)
    declared = json.dumps({"declared": {"use": "draft", "note": "half of <b>it</b>"}})
    for learner, answer in (("kim", "max(disks)"), ("lee", "disks[0]")):
        work = answered(content, Part.GRADED, case=SHOW.format(answer=answer), memo=MEMO)
        files = {"answers": declared} if learner == "kim" else {}
        hand_in(course, content, learner, work, Part.GRADED, **files)
    with course.at_work("Grading"):
        course.convert(Autograde, "tiny", "*")
    made = _serve(course, content)
    yield made
    assert made.server.stop() == 0


def _serve(course: Course, unit: Unit) -> Served:
    # the server shows the tiny unit, as this process does
    code = seeing(unit.folder.parents[2]) + CODE
    command = [sys.executable, "-c", code, str(course.root), str(free_port())]
    return Served(course, serve(command, clean_environment(LC_ALL="C.UTF-8")))


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A browser that has come in by the printed address, and whose network ends at this machine."""
    tried: list[str] = []
    errors: list[str] = []

    def gate(route: Any) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
            return
        tried.append(route.request.url)
        route.abort()

    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.route("**/*", gate)
    made = context.new_page()
    made.on("pageerror", lambda error: errors.append(str(error)))
    # a request that the page's policy has stopped leaves a trace here only
    made.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    made.goto(served.server.address)
    yield made
    context.close()
    assert tried == []
    assert errors == []


def open_work(page: Page, served: Served, learner: str) -> None:
    """The grading page of one learner's assignment."""
    from nbgrader.api import Gradebook

    with Gradebook(served.course.db_url, "c1") as gradebook:
        row = gradebook.find_submission_notebook("assignment", "tiny", learner)
        path = f"submissions/{row.id}/"
    page.goto(served.address(path))
    # nbgrader fetches grades after the page is there
    page.wait_for_function("formgrader.loaded && formgrader.grades.loaded")


def memo_score(served: Served, learner: str) -> tuple[float | None, bool]:
    from nbgrader.api import Gradebook

    with Gradebook(served.course.db_url, "c1") as gradebook:
        grade = gradebook.find_grade("memo", "assignment", "tiny", learner)
        return grade.manual_score, grade.needs_manual_grade


def row_in_report(browser: Browser, served: Served, learner: str, path: Path) -> str:
    """What the page that ``upskill report`` writes now says of a learner."""
    run_report(served.course.root, "html", path, "en")
    report = browser.new_page()
    report.goto(path.as_uri())
    told = report.locator("#cohort tbody tr", has=report.locator("th", has_text=learner))
    said = told.inner_text()
    report.close()
    return said


def test_a_rubric_button_puts_its_points_into_gradebook_and_report(page, served, browser, tmp_path):
    before = row_in_report(browser, served, "kim", tmp_path / "before.html")
    assert "to be graded by a person" in before
    assert "graded 40%" in before
    open_work(page, served, "kim")
    rubric = page.locator(".upskill-rubric")
    expect(rubric).to_have_count(1)
    expect(rubric).to_contain_text("The reason names a disk.")
    expect(rubric).to_contain_text("AI drafted parts")
    expect(rubric).to_contain_text("half of <b>it</b>")
    assert memo_score(served, "kim") == (None, True)
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        rubric.get_by_role("button", name="4.5 points").click()
    assert memo_score(served, "kim") == (4.5, False)
    page.reload()
    expect(page.locator("#memo")).to_have_value("4.5")
    expect(rubric.locator("[aria-pressed=true]")).to_have_text("4.5 points")
    rows = read_cohort(served.course).submissions
    assert float(rows[rows["learner"] == "kim"].iloc[0]["score"]) == 8.5
    after = row_in_report(browser, served, "kim", tmp_path / "after.html")
    assert "graded 85%" in after
    assert "answers to grade" not in after


def test_levels_that_a_check_holds_down_say_so_and_give_what_counts(page, served):
    open_work(page, served, "lee")
    buttons = page.locator("[data-upskill-score=memo]")
    expect(buttons).to_have_text(["0 points", "3 points", "3 points", "3 points"])
    said = page.locator(".upskill-rubric em")
    expect(said).to_have_text(["counts as level 1 until the check of “A fresh case” passes"] * 2)
    expect(page.locator(".upskill-rubric")).to_contain_text("AI use: no declaration")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        buttons.nth(3).click()
    assert memo_score(served, "lee") == (3.0, False)


def test_buttons_are_reached_by_keyboard(page, served):
    open_work(page, served, "kim")
    page.locator("#memo-comment").focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-upskill-score=memo]").first).to_be_focused()


def test_formulas_need_no_network_and_a_learners_markup_does_nothing(page, served):
    open_work(page, served, "kim")
    expect(page.locator("mfrac")).to_have_count(1)
    expect(page.locator("em").first).to_have_text("biggest")
    expect(page.get_by_text("kept", exact=True)).to_have_count(1)
    assert page.evaluate("window.acted") is None
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("path", ["manage_assignments", "gradebook", "gradebook/tiny/assignment"])
def test_nbgraders_own_pages_work_without_a_network(page, served, path):
    page.goto(served.address(path))
    expect(page.locator("table tbody tr").first).to_contain_text(re.compile("tiny|Submission"))


def test_the_pages_are_for_nobody_without_the_token(browser, served):
    context = browser.new_context()
    answer = context.request.get(served.address("manage_assignments"), max_redirects=0)
    context.close()
    assert answer.status in (302, 403)


def test_a_course_is_needed(tmp_path, capsys):
    from kit.cli.formgrader import run_formgrader
    from kit.errors import GradingError

    with pytest.raises(GradingError, match="upskill course DIR"):
        run_formgrader(tmp_path, port=free_port(), browser=False)


def test_the_graded_notebook_on_disk_stays_as_it_was(page, served, content):
    path = served.course.autograded("kim", "tiny") / content_notebook(content, Part.GRADED).name
    before = path.read_bytes()
    open_work(page, served, "kim")
    assert path.read_bytes() == before
