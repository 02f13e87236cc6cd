"""A declaration of AI use: from the notebook's call to Formgrader's page, cohort and report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from feedback_helpers import given, graded, new_course, send, take_part

from kit.blank import BLANK
from kit.cli.report import run_report
from kit.grading.course import Course
from kit.grading.handed import read_handed
from kit.grading.read import read_cohort
from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.workbook import open_workbook

pytestmark = pytest.mark.grading
NOTE = "it drafted <b>the memo</b>; lee read it"


@pytest.fixture(scope="module")
def declared(
    content: Unit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Course, dict[str, LearnerHome]]]:
    base = tmp_path_factory.mktemp("declared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSKILL_EXCHANGE", str(base / "exchange"))
        course = new_course(base, content)
        homes = {n: take_part(course, content, base / n, n) for n in ("kim", "lee")}
        for name, use, note in (("kim", "draft", NOTE), ("lee", BLANK, BLANK)):
            patch.chdir(homes[name].assignment_folder(content, Part.GRADED))
            open_workbook("tiny", part="graded", names={}).declare(use, note)
            send(homes[name], content)
        patch.chdir(base)
        graded(course, content)
        yield course, homes


def test_it_reaches_the_cohort_and_the_report(declared, tmp_path: Path) -> None:
    course, _homes = declared
    told = read_cohort(course).declarations
    assert told.to_numpy().tolist() == [["kim", "tiny", "draft", NOTE]]
    text = run_report(course.root, "csv", tmp_path / "r.csv", "en").read_text("utf-8-sig")
    rows = {name: line for line in text.splitlines() for name in ("kim", "lee") if name in line}
    assert "draft" in rows["kim"]
    assert "draft" not in rows["lee"]


def test_it_costs_no_points_not_to_declare(declared) -> None:
    rows = read_cohort(declared[0]).submissions
    scores = rows[rows["assignment"] == "tiny"].set_index("learner")["score"]
    assert scores["kim"] == scores["lee"] > 0


def test_grading_reads_what_was_handed_in_and_writes_none(declared, content: Unit) -> None:
    course, _homes = declared
    for learner, use in (("kim", "draft"), ("lee", None)):
        for folder in (course.submitted(learner, "tiny"), course.autograded(learner, "tiny")):
            said = read_handed(folder)[1]
            assert (said.use if said else None) == use


def test_the_trainers_page_and_the_learners_say_it(declared, content: Unit, monkeypatch) -> None:
    course, _homes = declared
    monkeypatch.setenv("UPSKILL_LANG", "en")
    page = grading_page(course, "kim")
    assert "AI use, as the learner declares it: AI drafted parts" in page
    assert "&lt;b&gt;the memo" in page
    assert "AI use: no declaration" in grading_page(course, "lee")
    pages = given(course, content)
    assert "AI drafted parts" in pages["kim", "tiny"].page.read_text("utf-8")
    assert "You declared nothing about AI use." in pages["lee", "tiny"].page.read_text("utf-8")


def grading_page(course: Course, learner: str) -> str:
    """What Formgrader shows, by the exporter and configuration that it uses."""
    from nbconvert.exporters import HTMLExporter

    path = course.autograded(learner, "tiny") / "assignment.ipynb"
    about = {
        "submission_id": "s",
        "assignment_id": "tiny",
        "metadata": {"path": str(path.parent)},
    }
    return str(HTMLExporter(config=course.config).from_filename(str(path), resources=about)[0])
