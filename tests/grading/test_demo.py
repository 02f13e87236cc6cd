"""``upskill demo``: generated learners through the real nbgrader, to report and feedback."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook

pytestmark = pytest.mark.grading
LEARNERS = 6


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "kit", "demo", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    done = run(folder, "--learners", str(LEARNERS), "--out", "out", "--lang", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out", done.stdout


def rows(out):
    with (out / "completion.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def test_everything_says_that_it_is_synthetic(demo):
    out, told = demo
    assert "SYNTHETIC" in told
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("SYNTHETIC") > 3
    assert (out / "SYNTHETIC.txt").is_file()
    assert {row["synthetic"] for row in rows(out).values()} == {"SYNTHETIC"}
    pages = list((out / "course" / "feedback").rglob("*.html"))
    assert pages
    assert all("SYNTHETIC" in page.read_text(encoding="utf-8") for page in pages)


def test_every_learner_stands_where_their_stage_ends(demo):
    found = rows(demo[0])
    assert len(found) == LEARNERS
    complete = {name for name, row in found.items() if row["complete"] in ("True", "true", "yes")}
    # complete, applied and late ones; those stuck, untouched and half done are not
    assert complete == {"learner-01", "learner-04", "learner-06"}


def test_the_scores_stand_in_nbgraders_own_gradebook(demo):
    url = f"sqlite:///{demo[0] / 'course' / 'gradebook.db'}"
    with Gradebook(url, "demo") as gradebook:
        full = gradebook.find_submission("rightsizing", "learner-01")
        late = gradebook.find_submission("rightsizing", "learner-06")
        assert full.score == full.max_score
        assert late.total_seconds_late > 0
        assert late.notebooks[0].late_submission_penalty > 0
        stuck = gradebook.find_submission("rightsizing-practice", "learner-02")
        assert 0 < stuck.score < stuck.max_score


def test_feedback_lies_in_the_learners_home(demo):
    pages = list((demo[0] / "homes" / "learner-01").glob("rightsizing*/feedback/*/*.html"))
    assert len(pages) == 2


def test_another_folder_is_not_touched(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    done = run(tmp_path, "--learners", "1", "--out", ".")
    assert done.returncode == 2
    assert (tmp_path / "mine.txt").read_text() == "keep"
