"""Generated learners do real work: the checks say what the log holds."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from kit.answers import ANSWERS, AnswerFile
from kit.content import find_unit
from kit.demo.people import Person, Stage, cast
from kit.demo.work import NOTES, STUCK_AT, _declare, shared_out, work_through
from kit.gate.mistakes import mistakes_of
from kit.grading.handed import read_handed
from kit.home import LearnerHome, make_home
from kit.model import Form, Part
from kit.notebooks import find_cell, kit_metadata, read_notebook, source
from kit.progress import ProgressLog, reduce_progress

pytestmark = pytest.mark.content
START = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def unit():
    return find_unit("rightsizing")


def work(tmp_path, unit, stage, mistakes=()):
    person = Person("learner-77", "Learner 77", "Operations", "en", stage)
    home = LearnerHome(tmp_path / "home", person.id, "demo", "en")
    return work_through(person, home, unit, mistakes, START), home


def log(home, unit):
    return reduce_progress(ProgressLog(home.progress_file).read(), unit.id)


def test_every_common_mistake_is_made_by_somebody_who_gets_that_far(unit):
    shares = shared_out(unit, cast(12))
    made = [code for share in shares.values() for _exercise, code in share]
    assert sorted(made) == sorted(m.code for m in mistakes_of(unit))
    untouched = next(p for p in cast(12) if p.stage is Stage.UNTOUCHED)
    assert shares[untouched.id] == []


def test_a_mistake_is_tried_first_and_its_label_is_what_the_check_said(tmp_path, unit):
    mistake = next(m for m in mistakes_of(unit) if m.exercise == "repair")
    _done, home = work(tmp_path, unit, Stage.STARTED, [("repair", mistake.code)])
    tried = [
        (a.outcome, a.label)
        for a in ProgressLog(home.progress_file).read()
        if a.event == "check" and a.exercise == "repair"
    ]
    assert tried[0] == ("incorrect", mistake.label)
    assert tried[-1][0] == "passed"


def test_somebody_stuck_keeps_the_mistake_in_the_notebook(tmp_path, unit):
    _done, home = work(tmp_path, unit, Stage.STUCK)
    last = unit.of(Part.PRACTICE)[STUCK_AT - 1].id
    assert not log(home, unit).state(last).passed
    cells = read_notebook(home.notebook(unit, Part.PRACTICE))["cells"]
    held = {
        kit_metadata(c).get("id"): source(c)
        for c in cells
        if kit_metadata(c).get("role") == "answer"
    }
    assert held[last] in [m.code for m in mistakes_of(unit)]


def test_somebody_complete_passes_all_and_answers_the_graded_part(tmp_path, unit):
    done, home = work(tmp_path, unit, Stage.COMPLETE)
    assert log(home, unit).practised_share(unit) == 1.0
    given = AnswerFile(home.assignment_folder(unit, Part.PRACTICE) / ANSWERS).read()["exercises"]
    assert set(given) == {e.id for e in unit.of(Part.PRACTICE) if e.form is not Form.CODE}
    text = json.dumps(read_notebook(home.notebook(unit, Part.GRADED)))
    assert "recommend" in text
    assert START < done.practised < done.graded


def test_who_hands_in_graded_work_declares_what_ai_did(tmp_path, unit):
    _done, home = work(tmp_path, unit, Stage.COMPLETE)
    folder = home.assignment_folder(unit, Part.GRADED)
    use = read_handed(folder)[1].use
    last = find_cell(read_notebook(home.notebook(unit, Part.GRADED)), "unit", "answer")
    assert f"ai_use = {use!r}" in source(last)


@pytest.mark.parametrize("use", ["explain", "draft", "most"])
def test_what_somebody_says_of_ai_is_in_their_own_language(tmp_path, unit, use):
    said = {}
    for language in ("en", "ko"):
        home = LearnerHome(tmp_path / language, "learner-77", "demo", language)
        make_home(home)
        _declare(home, unit, use)
        said[language] = read_handed(home.assignment_folder(unit, Part.GRADED))[1].note
    assert said["en"] == NOTES[use]
    assert re.search("[가-힣]", said["ko"])


def test_somebody_untouched_leaves_no_trace_in_the_log(tmp_path, unit):
    _done, home = work(tmp_path, unit, Stage.UNTOUCHED)
    assert ProgressLog(home.progress_file).read() == []
