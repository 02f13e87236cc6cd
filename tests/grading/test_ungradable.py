"""A notebook that arrived damaged: the trainer, the reports and the learner hear the same of it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from feedback_helpers import given, graded, say, send, take_part

from kit.cli.fetch import fetch, run_fetch
from kit.cli.report import run_report
from kit.cli.status import run_status
from kit.cohort import FAILURES
from kit.files import read_json
from kit.grading.collect import collect
from kit.grading.course import Course
from kit.grading.give_feedback import Given
from kit.grading.ledger import Result, Task, ledger_of
from kit.grading.read import read_cohort
from kit.grading.worker import unreadable
from kit.grading.writer import Writer
from kit.home import LearnerHome
from kit.i18n import Phrase, Translator, recognised
from kit.model import Unit
from kit.server.page import render_home
from kit.server.standing import read_standing

pytestmark = [pytest.mark.grading]
REASON = "assignment.ipynb cannot be read: damaged or cut off in line 1"


@dataclass
class Torn:
    course: Course
    homes: dict[str, LearnerHome]
    given: dict[tuple[str, str], Given]
    base: Path

    def completion(self, learner: str, language: str = "en") -> dict[str, str]:
        """A learner's row of completion.csv."""
        path = run_report(self.course.root, "csv", self.base / "completion.csv", language)
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        return next(dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] == learner)


def tear(course: Course, *learners: str) -> None:
    """What arrived of the graded part is cut off, and is graded so."""
    for learner in learners:
        path = course.submitted(learner, "tiny") / "assignment.ipynb"
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:40].replace(b"\n", b" "))
        # a worker's own steps: its process would not know the tiny unit
        task = Task("tiny", learner, path.parent, (path.name,))
        writer = Writer(course, ledger_of(course))
        writer.save(task, Result(key=task.key, why=unreadable(path)))
        writer.close()


@pytest.fixture(scope="module")
def torn(content: Unit, english_course: Course) -> Torn:
    """kim's notebook is damaged; so is lee's second one, whose first was judged 10 of 10."""
    course, base = english_course, english_course.root.parent
    homes = {"lee": take_part(course, content, base / "lee", "lee")}
    graded(course, content)
    say(course, "lee", "memo", 6.0)
    assert given(course, content)["lee", "tiny"].score == 10.0
    homes["kim"] = take_part(course, content, base / "kim", "kim", language="ko")
    send(homes["lee"], content)
    collect(course, content)
    tear(course, "kim", "lee")
    return Torn(course, homes, given(course, content), base)


@pytest.mark.parametrize("learner", ["kim", "lee"])
def test_it_has_no_points_no_penalty_and_its_reason(torn: Torn, learner: str) -> None:
    rows = read_cohort(torn.course).submissions.set_index(["learner", "assignment"])
    row = rows.loc[(learner, "tiny")]
    assert (row["score"], row["penalty"], row["to_grade"], row["failure"]) == (0.0, 0.0, 0, REASON)
    told = torn.completion(learner)
    assert (told["state"], told["failure"], told["graded"]) == ("failed", REASON, "")
    assert (told["complete"], told["verified"]) == ("False", "False")


def test_the_grid_and_its_first_line_name_it(torn: Torn) -> None:
    page = run_report(torn.course.root, "html", torn.base / "r.html", "en").read_text("utf-8")
    assert page.count(REASON) >= 2
    assert "handed in, could not be graded" in page
    korean = run_report(torn.course.root, "html", torn.base / "k.html", "ko").read_text("utf-8")
    assert REASON not in korean
    assert Translator("ko")(recognised(REASON, FAILURES)) in korean


def test_the_learner_is_told_what_to_do(torn: Torn, capsys: pytest.CaptureFixture[str]) -> None:
    for learner in ("kim", "lee"):
        assert torn.given[learner, "tiny"].state == "could not be graded"
    home = torn.homes["lee"]
    run_fetch(home.root, "en")
    shown = " ".join(capsys.readouterr().out.split())
    assert f"could not be graded: {REASON}. Hand in again: upskill submit tiny" in shown
    run_status(home.root, "en", as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Graded assignment: could not be graded: {REASON}" in shown
    assert "Graded assignment: with your trainer" not in shown
    assert "Hand in the graded assignment again: it could not be graded." in shown
    assert "Hand in the graded assignment." not in shown
    page = " ".join(render_home(home, "/", "x").split())
    assert REASON in page
    assert "upskill submit tiny" in page
    assert read_standing(home).next.kind == "again"
    # what was earned before stays in reach, though it no longer counts
    assert "Earlier, handed in" in page
    assert "10 of 10" in page


def test_the_learner_is_told_in_korean(torn: Torn) -> None:
    fetch(torn.homes["kim"])
    page = render_home(torn.homes["kim"], "/", "x")
    assert Translator("ko")(recognised(REASON, FAILURES)) in page
    assert REASON not in page
    made = torn.given["kim", "tiny"].page
    assert made is not None
    assert '<html lang="ko">' in made.read_text(encoding="utf-8")


def test_handing_in_again_mends_it(torn: Torn, content: Unit) -> None:
    from nbgrader.converters import Autograde

    home = torn.homes["kim"]
    send(home, content)
    fetch(home)
    result = read_json(home.state / "results" / "tiny.json", {})
    # it lies with the trainer now, and nothing asks for it
    assert not any("다시 제출" in text for text in result["missing"])
    unit = next(u for u in read_standing(home).units if u.unit.id == "tiny")
    assert unit.result is not None
    assert (unit.result.waiting, unit.result.failed) == (True, False)
    # lee's is damaged still, and nbgrader's own run of all would end with it
    collect(torn.course, content)
    with torn.course.at_work("Grading"):
        torn.course.convert(Autograde, "tiny", "kim")
    assert given(torn.course, content, "kim")["kim", "tiny"].score == 4.0
    assert torn.completion("kim")["failure"] == ""


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\x89PNG\x80", b"[1]", None], ids=["empty", "cut", "png", "list", "none"]
)
def test_a_stored_reason_is_known_in_other_languages(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "workbook.ipynb"
    if data is not None:
        path.write_bytes(data)
    stored = json.loads(json.dumps(unreadable(path)))
    told = recognised(stored, FAILURES)
    assert isinstance(told, Phrase)
    assert told == stored
    assert Translator("ko")(told) != stored


def test_another_text_stays_as_it_is() -> None:
    assert recognised("of nobody", FAILURES) == "of nobody"
