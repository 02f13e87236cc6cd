"""Feedback as a learner gets it: the real nbgrader, the real exchange, several learners."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from feedback_helpers import LEAK, given, graded, new_course, say, send, take_part
from grading_helpers import change, edit

from kit.cli.feedback import run_feedback
from kit.cli.fetch import fetch
from kit.errors import GradingError, UsageError
from kit.files import read_json
from kit.grading import store
from kit.grading.course import Course
from kit.grading.give_feedback import feedback_data
from kit.grading.read import read_cohort
from kit.grading.remarks import CHANGED, TO_LEARNER, UNANSWERED
from kit.grading.store import answer_request, save_request
from kit.home import LearnerHome, make_home, open_home
from kit.i18n import Translator
from kit.model import Part, Unit
from kit.notebooks import find_cell
from kit.server.standing import read_standing
from tests.conftest import become

pytestmark = pytest.mark.grading


@dataclass
class Cohort:
    course: Course
    homes: dict[str, LearnerHome]
    base: Path

    def page(self, learner: str, assignment: str = "tiny") -> str:
        return self.file(learner, assignment).read_text(encoding="utf-8")

    def file(self, learner: str, assignment: str = "tiny") -> Path:
        (page,) = self.course.feedback_folder(learner, assignment).glob("*.html")
        return page

    def cell(self, learner: str, exercise: str, assignment: str = "tiny") -> dict[str, Any]:
        cells = feedback_data(self.file(learner, assignment))["cells"]
        return next(c for c in cells if c["exercise"] == exercise)


@pytest.fixture(scope="module")
def cohort(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cohort]:
    """kim is Korean and wrong, lee is right and judged, leak hands hidden data out."""
    base = tmp_path_factory.mktemp("feedback")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSKILL_EXCHANGE", str(base / "exchange"))
        course = new_course(base, content)
        wrong = {"count": "count = 70", "case": "def largest(disks):\n    return disks[0]"}
        told = {"use": "draft", "note": "the memo's <first> draft"}
        homes = {
            "kim": take_part(course, content, base / "kim", "kim", language="ko", **wrong),
            "lee": take_part(course, content, base / "lee", "lee", declared=told),
            "leak": take_part(
                course, content, base / "leak", "leak", case=LEAK, total="total = -1"
            ),
        }
        graded(course, content)
        say(course, "lee", "memo", 4.5, "Good: $\\frac{a}{2}$ **and** <img src=x onerror=alert(1)>")
        save_request(course, "tiny", "lee", "memo", "Please read <b>it</b> again.")
        answer_request(course, "tiny", "lee", "memo", "I did; it stays.")
        given(course, content)
        yield Cohort(course, homes, base)


def test_a_learner_reads_their_answer_and_the_checks_words_in_their_language(cohort):
    page = cohort.page("kim", "tiny-practice")
    assert '<html lang="ko">' in page
    assert "count = 70" in page
    assert "디스크를 70개로 셌지만 목록과 다릅니다." in page
    cell = cohort.cell("kim", "count", "tiny-practice")
    assert (cell["points"], cell["max_points"], cell["outcome"]) == (0, 1, "incorrect")
    assert cohort.cell("kim", "total", "tiny-practice")["points"] == 1


def test_a_page_names_the_learner_and_tells_times_of_the_cohort(cohort):
    page, data = cohort.page("kim"), feedback_data(cohort.file("kim"))
    assert '<p class="quiet">김하나 · ' in page
    at = datetime.fromisoformat(data["submitted_at"]).astimezone(ZoneInfo("Asia/Seoul"))
    assert f"{at:%H:%M} KST" in page
    assert "UTC" not in page
    # nobody on the roster: the id, and the zone that all cohorts share
    assert '<p class="quiet">leak · ' in cohort.page("leak")
    assert "KST" in cohort.page("leak")


def test_missing_and_changed_cells_are_named_to_learner_and_trainer(content, tmp_path, monkeypatch):
    become(tmp_path, monkeypatch)
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    home = take_part(course, content, tmp_path / "kim", "kim", language="ko")

    def spoil(notebook):
        gone = find_cell(notebook, "count", "answer")
        notebook["cells"].remove(gone)
        find_cell(notebook, "total", "check")["source"] = "1"

    change(home, content, Part.PRACTICE, spoil)
    send(home, content)
    graded(course, content)
    given(course, content)
    (page,) = course.feedback_folder("kim", "tiny-practice").glob("*.html")
    text = page.read_text(encoding="utf-8")
    say = Translator("ko", content.folder / "locale")
    titles = {e.id: say(e.title) for e in content.exercises}
    for template, exercise in ((UNANSWERED, "count"), (CHANGED, "total")):
        told = say(TO_LEARNER[template], exercises=f"“{titles[exercise]}”")
        assert told in text
        assert not told.isascii()
    (note,) = (n for n in read_cohort(course).notes if "practice" in n)
    assert "Answer cells were missing: count." in note
    assert "Checks had been changed, and the originals were used: total." in note
    korean = say(note)
    assert "missing" not in korean
    assert "changed" not in korean
    (other,) = course.feedback_folder("kim", "tiny").glob("*.html")
    assert titles["case"] in other.read_text(encoding="utf-8")
    assert store.reason_of(course, "tiny", "kim") == ""


def test_points_lateness_and_sum_are_those_of_the_gradebook(cohort, content):
    from nbgrader.api import Gradebook

    with Gradebook(cohort.course.db_url, "mig26") as gradebook:
        kept = gradebook.find_submission_notebook("workbook", "tiny-practice", "kim")
        score, penalty = kept.score, kept.late_submission_penalty
    data = feedback_data(cohort.file("kim", "tiny-practice"))
    assert penalty
    assert (data["score"], data["penalty"]) == (pytest.approx(score - penalty), penalty)
    assert data["max_score"] == 2
    assert f"−{penalty:g}" in cohort.page("kim", "tiny-practice")


@pytest.mark.parametrize("learner", ["kim", "lee", "leak"])
@pytest.mark.parametrize("assignment", ["tiny", "tiny-practice"])
def test_a_page_shows_no_locked_cell_runs_nothing_and_loads_nothing(cohort, learner, assignment):
    page = cohort.page(learner, assignment)
    for locked in (
        "wb.check",
        "open_workbook",
        "Traceback",
        "cdn",
        "<img",
        "<link",
        "<iframe",
        "SYNTHETIC",
    ):
        assert locked not in page
    links = re.findall(r"(?:href|url\(|https?:)[^\s>]*", page)
    assert all(link.startswith('href="#') for link in links if "w3.org" not in link)
    kinds = re.findall(r"<script([^>]*)>", page)
    assert kinds == [' type="application/json" id="upskill-feedback"']
    assert "default-src 'none'" in page


def test_an_error_keeps_type_line_and_the_learners_own_words_without_hidden_values(cohort):
    cell = cohort.cell("leak", "case")
    assert cell["outcome"] == "error"
    told = "`largest` stopped with an error: ValueError: hidden … sizes … (line 2 of the cell)"
    assert cell["message"] == told
    # the learner's own code holds no figure either: any would be hidden data
    article = re.search(r'<article id="case".*?</article>', cohort.page("leak"), re.DOTALL)
    assert article
    assert not re.search(r"\d{2,}", article[0].replace("&#39;", ""))


def test_hidden_samples_spelt_in_letters_do_not_reach_the_page(content, tmp_path, monkeypatch):
    become(tmp_path, monkeypatch)
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    # three of each letter: no word that the notebook has anyway
    letters = "''.join(3 * chr(97 + v // 40 % 26) for v in disks)"
    spelt = f"def largest(disks):\n    raise RuntimeError({letters})"
    take_part(course, content, tmp_path / "kim", "kim", case=spelt)
    graded(course, content)
    given(course, content)
    (page,) = course.feedback_folder("kim", "tiny").glob("*.html")
    (cell,) = (c for c in feedback_data(page)["cells"] if c["exercise"] == "case")
    told = "`largest` stopped with an error: RuntimeError: … (line 2 of the cell)"
    assert cell["message"] == told


def test_files_that_the_code_wrote_while_graded_go_nowhere(content, tmp_path, monkeypatch):
    become(tmp_path, monkeypatch)
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    writes = """
def largest(disks):
    import os, pathlib
    for name in ("leak_x.txt", "leak.html", "answers.json", "deep/leak.csv", "more.ipynb"):
        pathlib.Path(name).parent.mkdir(exist_ok=True)
        pathlib.Path(name).write_text(f"hidden {disks}")
    if not os.path.lexists("link.txt"):
        os.symlink("leak_x.txt", "link.txt")
    return max(disks)
"""
    told = {"use": "draft", "note": "as it was handed in"}
    take_part(course, content, tmp_path / "kim", "kim", case=writes, declared=told)
    graded(course, content)
    handed, left = course.submitted("kim", "tiny"), course.autograded("kim", "tiny")
    assert {p.name for p in left.iterdir()} == {p.name for p in handed.iterdir()}
    assert (left / "answers.json").read_bytes() == (handed / "answers.json").read_bytes()
    # as a course holds it that was graded before
    (left / "leak.html").write_text("hidden [1]", encoding="utf-8")
    (left / "deep").mkdir()
    (left / "deep" / "leak.csv").write_text("hidden [1]", encoding="utf-8")
    given(course, content)
    feedback = course.feedback_folder("kim", "tiny")
    ours = {"assignment.html", "timestamp.txt", "submission_secret.txt"}
    assert {p.name for p in feedback.iterdir()} == ours
    text = (feedback / "assignment.html").read_text(encoding="utf-8")
    assert "as it was handed in" in text
    pages = list((tmp_path / "exchange" / "mig26" / "feedback").iterdir())
    assert len(pages) == 2
    assert not any("hidden [" in page.read_text(encoding="utf-8") for page in pages)


def test_a_loop_without_an_end_is_told_in_words(content, tmp_path, monkeypatch):
    become(tmp_path, monkeypatch)
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    course.config.Execute.timeout = 4
    take_part(course, content, tmp_path / "kim", "kim", count="while True: pass")
    graded(course, content)
    given(course, content)
    (page,) = course.feedback_folder("kim", "tiny-practice").glob("*.html")
    (cell,) = (c for c in feedback_data(page)["cells"] if c["exercise"] == "count")
    told = "Your cell was stopped after 4 seconds: does a loop in it end?"
    assert (cell["outcome"], cell["message"]) == ("error", told)
    text = page.read_text(encoding="utf-8")
    assert told in text
    assert "CellTimeoutError" not in text


def test_a_broken_check_counts_neither_way(cohort):
    data = feedback_data(cohort.file("leak", "tiny-practice"))
    assert cohort.cell("leak", "total", "tiny-practice")["outcome"] == "uncheckable"
    assert data["max_score"] == 1


def test_judged_work_shows_level_comment_and_the_answer_to_a_request(cohort):
    page, cell = cohort.page("lee"), cohort.cell("lee", "memo")
    assert (cell["outcome"], cell["points"], cell["rated"]) == ("rated", 4.5, 2)
    assert "The reason names a disk." in page
    assert "<mfrac>" in page
    assert "<strong>and</strong>" in page
    assert "<img" not in page
    assert "Please read &lt;b&gt;it&lt;/b&gt; again." in page
    assert "I did; it stays." in page
    assert "the memo&#39;s &lt;first&gt; draft" in page


def test_a_level_that_a_check_holds_down_names_the_check_and_not_the_levels_text(cohort, content):
    say(cohort.course, "leak", "memo", 3.0)
    given(cohort.course, content, "leak")
    page = cohort.page("leak")
    assert cohort.cell("leak", "memo")["rated"] == 1
    assert "counts as level 1 until the check of “A fresh case” passes" in page
    assert "There is a reason that fits any list." not in page


def test_work_that_nobody_has_judged_yet_says_so(cohort):
    assert cohort.cell("kim", "memo")["outcome"] == "to_rate"
    assert feedback_data(cohort.file("kim"))["score"] == 0


def test_nbgraders_own_command_and_formgraders_button_make_the_same_page(cohort):
    from nbgrader.apps import NbGraderAPI
    from nbgrader.auth import Authenticator

    def told() -> str:
        return re.sub(r'"made_at": "[^"]*"|<p>Made [^<]*</p>', "", cohort.page("lee"))

    ours = told()
    cohort.file("lee").unlink()
    course = cohort.course
    api = NbGraderAPI(course.directory(), Authenticator(), config=course.config)
    done = api.generate_feedback("tiny", "lee")
    assert done["success"], done
    assert told() == ours


def test_one_that_cannot_be_made_is_named_and_stops_nobody(cohort, content, capsys):
    path = cohort.course.autograded("leak", "tiny") / "assignment.ipynb"
    before = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(b"{ broken")
    try:
        rows = given(cohort.course, content)
        assert rows["leak", "tiny"].state == "failed"
        assert rows["leak", "tiny"].why
        assert {r.state for k, r in rows.items() if k != ("leak", "tiny")} == {"released"}
        with pytest.raises(typer.Exit) as ended:
            run_feedback("tiny", cohort.course.root, ["leak"], as_json=True)
        assert ended.value.exit_code == GradingError.exit_code
        printed = json.loads(capsys.readouterr().out)
        assert [row["state"] for row in printed["rows"]] == ["released", "failed"]
    finally:
        path.write_bytes(before)
        given(cohort.course, content, "leak")


def test_a_learner_who_handed_in_nothing_is_refused(cohort, content):
    with pytest.raises(UsageError, match="absent"):
        given(cohort.course, content, "absent")


def test_fetching_brings_each_home_its_own_pages_and_verified_points(cohort, content):
    result = fetch(cohort.homes["lee"])
    assert {row["name"] for row in result["feedback"]} == {"tiny", "tiny-practice"}
    for row in result["feedback"]:
        fetched = cohort.homes["lee"].root / row["page"]
        assert fetched.read_bytes() == cohort.file("lee", row["name"]).read_bytes()
    unit = read_standing(cohort.homes["lee"]).units[0]
    assert unit.result is not None
    assert [a.by_trainer for a in unit.result.assignments] == [True, True]
    assert (unit.complete, unit.result.verified) == (True, True)
    assert unit.next.kind != "rate"
    assert fetch(cohort.homes["lee"])["changed"] == 0


def test_what_is_handed_in_after_the_feedback_lies_with_the_trainer_again(cohort, content):
    home = cohort.homes["kim"]
    fetch(home)
    edit(home, content, Part.PRACTICE, count="count = len(disks)")
    send(home, content)
    fetch(home)
    result = read_standing(home).units[0].result
    assert result is not None
    assert [a.waiting for a in result.assignments] == [True, True]
    assert [len(a.feedback) for a in result.assignments] == [1, 1]
    graded(cohort.course, content)
    given(cohort.course, content, "kim")
    assert fetch(home)["changed"] == 1
    result = read_standing(home).units[0].result
    assert result is not None
    assert [a.by_trainer for a in result.assignments] == [True, True]
    # newest first, the one before stays in reach
    practice = result.assignments[0].feedback
    assert len(practice) == 2
    assert practice[0].score > practice[1].score


def test_a_submission_through_the_home_page_is_found_from_a_terminal(cohort, content, monkeypatch):
    # under `upskill start` Jupyter's folders lie in the home, and nbgrader's receipts too
    home = take_part(cohort.course, content, cohort.base / "web", "web")
    with monkeypatch.context() as patch:
        patch.setenv("JUPYTER_DATA_DIR", str(home.state / "jupyter" / "data"))
        send(home, content)
    graded(cohort.course, content)
    given(cohort.course, content, "web")
    newest = {row["name"]: row["submitted_at"] for row in reversed(fetch(home)["feedback"])}
    sent = read_json(home.state / "results" / "tiny.json")["assignments"]
    assert {row["name"]: row["submitted_at"] for row in sent} == newest


def test_a_home_without_a_trainer_or_without_its_exchange_is_told(cohort, content, tmp_path):
    alone = open_home(tmp_path / "alone", "en")
    make_home(alone)
    with pytest.raises(GradingError, match="upskill join"):
        fetch(alone)
    lost = replace(cohort.homes["lee"], exchange=tmp_path / "gone")
    before = read_json(lost.state / "results" / "tiny.json")
    with pytest.raises(GradingError, match="gone"):
        fetch(lost)
    assert read_json(lost.state / "results" / "tiny.json") == before
