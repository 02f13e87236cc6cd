"""A cohort out of the gradebook equals what nbgrader itself says, row by row."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from nbgrader.api import Gradebook

from kit.grading import grades, store
from kit.grading.course import Course
from kit.grading.handed import Declared, Practice
from kit.grading.outcomes import CellOutcome
from kit.grading.read import read_cohort, units_of
from kit.model import Unit

pytestmark = [pytest.mark.grading]
DUE = datetime(2026, 11, 20, 18)
ASSIGNMENTS = ("tiny-practice", "tiny", "theirs")
COHORT = """\
format_version = 1
id = "c1"
title = "Autumn"
language = "ko"
[[learners]]
id = "l00"
name = "Jane Doe"
team = "Infrastructure"
[[learners]]
id = "absent"
name = "홍길동"
"""
# l01 and those from l12 on are guests
ROSTER = ("l00", *(f"l{n:02}" for n in range(2, 12)))


def fill(course: Course) -> None:
    """A gradebook of 15 learners with every kind of grade, by nbgrader's own functions."""
    chance = random.Random(7)
    with Gradebook(course.db_url, course.course_id) as book:
        for name in ASSIGNMENTS:
            book.add_assignment(name, duedate=DUE if name != "theirs" else None)
            for notebook in ("one", "two") if name == "theirs" else ("one",):
                book.add_notebook(notebook, name)
                for cell in ("count", "total"):
                    book.add_grade_cell(cell, notebook, name, max_score=1.5, cell_type="code")
                book.add_grade_cell("memo", notebook, name, max_score=6, cell_type="markdown")
                book.add_solution_cell("memo", notebook, name)
                book.add_grade_cell("zero", notebook, name, max_score=0, cell_type="code")
                book.add_task_cell("task", notebook, name, max_score=2, cell_type="markdown")
        for n in range(15):
            book.add_student(f"l{n:02}", first_name="", last_name=f"Person {n}")
            for name in ASSIGNMENTS:
                if chance.random() < 0.8:
                    hand_in(book, name, f"l{n:02}", chance)
        book.add_student("extended")
        book.add_submission("tiny", "extended", extension=timedelta(days=2))
        book.db.commit()


def hand_in(book: Gradebook, name: str, learner: str, chance: random.Random) -> None:
    late = timedelta(minutes=chance.randint(-500, 500))
    more = timedelta(hours=3) if chance.random() < 0.3 and name != "theirs" else None
    submission = book.add_submission(name, learner, timestamp=str(DUE + late), extension=more)
    for notebook in submission.notebooks:
        if chance.random() < 0.4:
            notebook.late_submission_penalty = chance.choice([0.25, 3.0, 50.0])
        for grade in notebook.grades:
            scores = [None, 0.0, 1.0, 1.5, 1 / 3, 2.75]
            grade.auto_score = chance.choice(scores)
            grade.manual_score = chance.choice([None, None, *scores])
            grade.extra_credit = chance.choice([None, None, None, 0.5])
            grade.needs_manual_grade = chance.random() < 0.2


@pytest.fixture(scope="module")
def course(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = Course(tmp_path_factory.mktemp("read"), "c1")
    (course.root / "cohorts").mkdir()
    others = [f'[[learners]]\nid = "{name}"\nname = "Person"\n' for name in ROSTER[1:]]
    text = "".join([COHORT, *others])
    (course.root / "cohorts" / "c1.toml").write_text(text, encoding="utf-8")
    (course.root / "release" / "tiny").mkdir(parents=True)
    with course.at_work("Filling"):
        fill(course)
    return course


@pytest.fixture(params=["packed", "plain"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of reading grades: SQLite's texts, and row by row."""
    if request.param == "plain":
        monkeypatch.setattr(grades, "_packed", grades._plain)
    else:
        monkeypatch.setattr(grades, "CHUNK", 50)
        monkeypatch.delattr(grades, "_plain")
    return str(request.param)


def test_scores_are_nbgraders_own_but_for_what_waits(course: Course, way: str) -> None:
    mine = read_cohort(course).submissions.set_index(["learner", "assignment"])
    seen = 0
    with Gradebook(course.db_url, course.course_id) as book:
        for name in ASSIGNMENTS:
            for theirs in book.submission_dicts(name):
                if theirs["student"] == "extended":
                    continue
                row = mine.loc[theirs["student"], name]
                one = book.find_submission(name, theirs["student"])
                penalty = one.late_submission_penalty
                assert row["penalty"] == pytest.approx(penalty)
                waiting = [g for n in one.notebooks for g in n.grades if g.needs_manual_grade]
                sure = theirs["score"] - sum(g.score for g in waiting)
                assert row["score"] == pytest.approx(max(0.0, sure - penalty))
                assert row["max_score"] == one.max_score
                assert row["to_grade"] == len(waiting)
                assert (row["to_grade"] > 0) == one.needs_manual_grade
                assert row["late"] == one.total_seconds_late
                assert row["submitted_at"] == pd.Timestamp(one.timestamp, tz="UTC")
                seen += 1
    assert seen == len(mine) > 25


def counts_of(course: Course, *without: str) -> tuple[int, int, float]:
    """How many of the roster have the first check of tiny, how many wait, and their mean share."""
    with Gradebook(course.db_url, course.course_id) as book:
        found = [
            (g.score, g.needs_manual_grade)
            for s in book.assignment_submissions("tiny")
            if s.student_id in set(ROSTER) - {*without}
            for g in s.notebooks[0].grades
            if g.name == "count"
        ]
    # what waits for a person is worth nothing yet, and no less
    judged = [score for score, waits in found if not waits]
    assert 0 < len(judged) < len(found)
    return len(found), len(found) - len(judged), sum(judged) / len(judged) / 1.5


def told_of(course: Course) -> tuple[int, int, float]:
    rows = read_cohort(course).exercises.set_index(["assignment", "exercise"])
    row = rows.loc[("tiny", "count")]
    return row["n"], row["to_grade"], row["share"]


def test_exercises_are_sums_over_the_roster_and_leave_guests_out(course: Course, way: str) -> None:
    handed_in = set(read_cohort(course).submissions["learner"])
    assert handed_in - set(ROSTER) and handed_in & set(ROSTER)
    assert told_of(course) == pytest.approx(counts_of(course))


def test_an_earlier_submission_counts_no_more_when_the_newest_could_not_be_read(
    course: Course,
) -> None:
    with Gradebook(course.db_url, course.course_id) as book:
        names = {s.student_id for s in book.assignment_submissions("tiny")}
    learner = sorted(names & set(ROSTER))[-1]
    whole = counts_of(course)
    store.save_handin(course, "tiny", learner, state="failed", reason="it is empty")
    # of somebody whom the gradebook does not know, or another assignment, nothing is left out
    store.save_handin(course, "tiny", "stranger", state="failed", reason="it is empty")
    store.save_handin(course, "theirs", learner, state="failed", reason="it is empty")
    try:
        assert told_of(course) == pytest.approx(counts_of(course, learner))
    finally:
        for assignment in ("tiny", "theirs"):
            store.save_handin(course, assignment, learner)
        store.save_handin(course, "tiny", "stranger")
    assert told_of(course) == pytest.approx(whole)


def test_checks_are_cells_that_no_person_fills_in(course: Course) -> None:
    submissions = read_cohort(course).submissions.set_index("assignment")
    assert set(submissions.loc["tiny", "checks"]) == {2}
    assert set(submissions.loc["theirs", "checks"]) == {4}
    assert (submissions["passed"] <= submissions["checks"]).all()


def test_an_extension_alone_is_no_submission(course: Course) -> None:
    cohort = read_cohort(course)
    assert "extended" in set(cohort.learners["learner"])
    assert "extended" not in set(cohort.submissions["learner"])


def test_more_time_is_told_from_the_gradebook_and_from_what_waits(course: Course) -> None:
    waiting = {"tiny": {"absent": 3, "extended": 99}}
    (course.root / "extensions.json").write_text(json.dumps(waiting), encoding="utf-8")
    try:
        told = read_cohort(course).extensions
    finally:
        (course.root / "extensions.json").unlink()
    days = dict(
        zip(zip(told["learner"], told["assignment"], strict=True), told["days"], strict=True)
    )
    assert days["absent", "tiny"] == 3.0
    # the gradebook's counts more than what waits for a first hand-in
    assert 0 < days["extended", "tiny"] < 99


def test_people_come_from_gradebook_and_cohort_file(course: Course) -> None:
    cohort = read_cohort(course)
    people = cohort.learners.set_index("learner")
    assert tuple(people.loc["l00"]) == ("Person 0", "Infrastructure", "ko", True)
    assert people.loc["absent", "name"] == "홍길동"
    # in the gradebook, and in no cohort file
    assert not people.loc["l01", "enrolled"]
    assert (cohort.title, cohort.course, cohort.verifier) == ("Autumn", "c1", "c1")


def test_assignments_of_others_are_units_of_their_own(course: Course) -> None:
    rows = read_cohort(course).assignments.set_index("assignment")
    assert tuple(rows.loc["theirs", ["unit", "part"]]) == ("theirs", "graded")
    assert tuple(rows.loc["tiny-practice", ["unit", "part"]]) == ("tiny", "practice")
    assert list(rows["released"]) == [False, True, False]
    assert rows["due"].isna().tolist() == [True, False, False]
    assert rows.loc["tiny", "max_score"] == 11.0


def test_a_unit_that_the_kit_no_longer_has_is_known_by_its_pair() -> None:
    told = units_of(["old", "old-practice", "lone-practice"])
    assert told["old-practice"] == ("old", "practice")
    assert told["lone-practice"] == ("lone-practice", "graded")


def test_an_empty_gradebook_has_every_table(tmp_path: Path, content: Unit) -> None:
    course = Course(tmp_path, "self-0a1b")
    with course.at_work("Making"):
        Gradebook(course.db_url, course.course_id).close()
    cohort = read_cohort(course)
    assert cohort.submissions.empty
    assert cohort.practice.empty
    assert cohort.verifier == "self"


def said(course: Course, learner: str) -> None:
    practice = {
        "schema": 1,
        "unit": "tiny",
        "exercises": {
            "count": {"attempts": 3, "first": "error", "passed": True, "labels": ["a", "b"]},
            "total": {"attempts": 1, "first": "passed", "passed": True, "minutes": 2.5},
        },
        "items": {"q1": {"pre": False, "post": True}},
        "applied": {"at": "2026-11-21T08:00:00Z", "rows": 900},
    }
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    old = Practice.model_validate({"schema": 1, "unit": "tiny"})
    store.save_handin(course, "tiny", learner, noon, "v2", "ko", Practice.model_validate(practice))
    declared = Declared(use="draft", note="tables")
    before = noon - timedelta(days=1)
    store.save_handin(course, "tiny-practice", learner, before, "v2", "ko", old, declared)
    for label in ("b", "c"):
        wrong = CellOutcome("count", "incorrect", "", 0.0, label)
        store.save_outcomes(course, "tiny", learner, [wrong], noon)


def test_what_came_along_fills_its_tables(course: Course) -> None:
    said(course, "l00")
    store.save_handin(course, "tiny", "l01", state="failed", reason="it is empty")
    store.save_handin(course, "tiny", "stranger", practice=None)
    store.save_request(course, "tiny", "l00", "memo", "Why?", datetime(2026, 11, 22, tzinfo=UTC))
    cohort = read_cohort(course)
    assert cohort.practice[["exercise", "attempts", "first", "minutes"]].to_numpy().tolist() == [
        ["count", 3, "error", 0.0],
        ["total", 1, "passed", 2.5],
    ]
    assert cohort.items.to_numpy().tolist() == [["l00", "tiny", "q1", False, True]]
    assert cohort.applied["rows"].tolist() == [900]
    assert cohort.declarations.to_numpy().tolist() == [["l00", "tiny", "draft", "tables"]]
    assert cohort.requests[["learner", "state"]].to_numpy().tolist() == [["l00", "open"]]
    mistakes = {m.label: (m.solved, m.verified) for m in cohort.mistakes.itertuples()}
    assert mistakes == {"c": (False, True), "b": (False, True), "a": (True, False)}
    assert cohort.notes == ("l01, tiny: could not be graded: it is empty",)
    assert set(cohort.submissions.loc[cohort.submissions["learner"] == "l00", "version"]) <= {
        "v2",
        "",
    }


def test_an_uncheckable_cell_counts_neither_way(course: Course) -> None:
    with Gradebook(course.db_url, course.course_id) as book:
        learner = book.assignment_submissions("tiny-practice")[-1].student_id
        grade = book.find_grade("count", "one", "tiny-practice", learner)
        grade.auto_score = grade.manual_score = grade.extra_credit = None
        book.db.commit()
    before = read_cohort(course)
    broken = CellOutcome("count", "uncheckable", "", None)
    store.save_outcomes(course, "tiny-practice", learner, [broken])
    after = read_cohort(course)
    place = (before.submissions["learner"] == learner) & (
        before.submissions["assignment"] == "tiny-practice"
    )
    old, new = before.submissions[place].iloc[0], after.submissions[place].iloc[0]
    assert (new["max_score"], new["checks"]) == (old["max_score"] - 1.5, old["checks"] - 1)
    assert (new["score"], new["to_grade"]) == (old["score"], old["to_grade"])
    assert before.exercises.equals(after.exercises)
