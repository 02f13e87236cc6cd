"""Release, join, hand in, collect: the real exchange and gradebook, several learners."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
from pathlib import Path
from subprocess import run

import pytest
from grading_helpers import edit
from lifecycle_helpers import answer_all, collected, joined_home, submit, write_cohort

from kit.cli.report import run_report
from kit.errors import GradingError
from kit.grading.course import Course, open_course
from kit.grading.exchange import exchange_root
from kit.grading.give_feedback import give_feedback
from kit.grading.hand_in import ask_again
from kit.grading.late import extend
from kit.grading.make_course import make_course
from kit.grading.read import settle_penalties
from kit.grading.release import release
from kit.grading.store import requests
from kit.home import LearnerHome
from kit.model import Part, Unit

pytestmark = pytest.mark.grading
NOT_ON_IT = {"receipt.json", "timestamp.txt", "submission_secret.txt"}


def gradebook_rows(course: Course, assignment: str, learner: str) -> tuple[float, float | None]:
    """Score before the penalty, and the penalty, as nbgrader keeps them."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        notebook = gradebook.find_submission(assignment, learner).notebooks[0]
        return notebook.score, notebook.late_submission_penalty


def test_release_holds_nothing_but_the_notebook_and_the_course_name(course: Course) -> None:
    outbound = exchange_root(course) / "mig26" / "outbound"
    files = {p.relative_to(outbound).as_posix() for p in outbound.rglob("*") if p.is_file()}
    assert files == {
        "tiny/assignment.ipynb",
        "tiny/course.json",
        "tiny-practice/workbook.ipynb",
        "tiny-practice/course.json",
    }
    secret = (course.root / "private" / "secret").read_bytes()
    for name in files:
        data = (outbound / name).read_bytes()
        assert secret not in data
        assert secret.hex().encode() not in data
        # the fixture's checks and their messages about common mistakes
        assert b"miscounted" not in data
        assert b"your list holds others" not in data


def test_secret_and_exchange_have_the_modes_that_protect_others(course: Course) -> None:
    root = exchange_root(course)
    assert stat.S_IMODE((course.root / "private" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(root.stat().st_mode) == 0o1777
    assert (root / "mig26" / "inbound").stat().st_mode & stat.S_ISVTX


def test_a_root_that_the_trainer_made_is_closed_after_a_release(
    content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "ex"))
    (tmp_path / "ex").mkdir(mode=0o755)
    made = make_course(tmp_path / "course", "mig26", write_cohort(tmp_path / "mig26.toml"))
    release(made, content)
    assert stat.S_IMODE((tmp_path / "ex").stat().st_mode) == 0o1777


def test_release_enters_roster_and_dates_in_utc(course: Course) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        kim, lee = gradebook.find_student("kim"), gradebook.find_student("lee")
        assert (kim.first_name, kim.last_name, kim.email) == (None, "김하나", "kim@example.com")
        assert (lee.first_name, lee.last_name) == ("Ann", "Lee")
        # a date alone is the end of that day in Seoul, nine hours ahead
        assert gradebook.find_assignment("tiny").duedate.strftime("%H:%M:%S") == "14:59:59"


def test_making_a_course_again_keeps_its_configuration_and_renews_its_source(
    content: Unit, tmp_path: Path
) -> None:
    made = make_course(tmp_path / "c", "first")
    config = made.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    notebook = made.source_folder("tiny") / "assignment.ipynb"
    before = notebook.read_bytes()
    notebook.write_text("{}", encoding="utf-8")
    secret = (made.root / "private" / "secret").read_bytes()
    again = make_course(tmp_path / "c", "second")
    assert again.course_id == "first"
    assert config.read_text(encoding="utf-8").endswith("# mine\n")
    assert notebook.read_bytes() == before
    assert (made.root / "private" / "secret").read_bytes() == secret


def test_settings_of_the_trainer_hold_for_our_runs(content: Unit, tmp_path: Path) -> None:
    made = make_course(tmp_path / "c", "own")
    config = made.root / "nbgrader_config.py"
    more = f"get_config().Exchange.root = {str(tmp_path / 'shared')!r}\n"
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    (made.root / "source" / "deep").mkdir()
    found = open_course(made.root)
    assert exchange_root(found) == tmp_path / "shared"
    assert found.course_id == "own"


def test_hand_in_goes_to_the_trainer_with_a_receipt_of_what_arrived(
    course: Course, content: Unit, learner: LearnerHome, tmp_path: Path
) -> None:
    folder = learner.assignment_folder(content, Part.GRADED)
    (tmp_path / "elsewhere.txt").write_text("not for the trainer", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    result = submit(learner, content)
    assert [(row["name"], row["state"]) for row in result["assignments"]] == [
        ("tiny-practice", "handed in"),
        ("tiny", "handed in"),
    ]
    assert [row["late_days"] for row in result["assignments"]] == [3, 0]
    # a date alone is the end of that day in Seoul
    assert result["assignments"][1]["due"].endswith("T14:59:59+00:00")
    assert result["complete"] is False
    assert result["verified"] is False
    inbound = exchange_root(course) / "mig26" / "inbound"
    arrived = list(inbound.glob(f"{learner.learner}+tiny+*"))
    assert len(arrived) == 1
    # as anybody can reckon it without the kit
    names = sorted(p.name for p in arrived[0].iterdir() if p.name not in NOT_ON_IT)
    listed = run(["sha256sum", *names], cwd=arrived[0], capture_output=True, check=True).stdout
    receipt = result["assignments"][1]["receipt"]
    assert receipt == hashlib.sha256(listed).hexdigest()
    assert collected(course, content)[learner.learner, "tiny"].receipt == receipt
    assert json.loads((arrived[0] / "practice.json").read_text())["unit"] == "tiny"
    assert not (arrived[0] / "link.txt").exists()
    assert not arrived[0].stat().st_mode & stat.S_IWOTH
    assert not (learner.state / "course").exists()


def test_collect_tells_new_unchanged_newer_and_missing_and_keeps_the_earlier_work(
    course: Course, content: Unit, learner: LearnerHome
) -> None:
    name = learner.learner
    submit(learner, content)
    first = collected(course, content)
    assert first[name, "tiny"].state == "new"
    assert first["absent", "tiny"].state == "missing"
    earlier = (course.submitted(name, "tiny") / "assignment.ipynb").read_bytes()
    assert collected(course, content)[name, "tiny"].state == "unchanged"
    edit(learner, content, Part.GRADED, memo="Another reason.")
    submit(learner, content)
    second = collected(course, content)[name, "tiny"]
    assert second.state == "newer"
    times = first[name, "tiny"].submitted_at, second.submitted_at
    assert times[0] is not None and times[1] is not None
    assert times[1] > times[0]
    kept = list(course.history(name, "tiny").iterdir())
    assert [(k / "assignment.ipynb").read_bytes() for k in kept] == [earlier]


def test_collecting_that_broke_off_loses_no_earlier_submission(
    course: Course, content: Unit, learner: LearnerHome
) -> None:
    name = learner.learner
    submit(learner, content)
    collected(course, content)
    # as a kill between nbgrader's deleting and our keeping leaves it
    aside = course.root / ".collecting" / "tiny" / name
    aside.parent.mkdir(parents=True)
    course.submitted(name, "tiny").rename(aside)
    edit(learner, content, Part.GRADED, memo="Later.")
    submit(learner, content)
    assert collected(course, content)[name, "tiny"].state == "new"
    assert len(list(course.history(name, "tiny").iterdir())) == 1
    assert not aside.exists()


def test_request_keeps_the_work_and_its_time(
    course: Course, content: Unit, learner: LearnerHome
) -> None:
    name = learner.learner
    submit(learner, content)
    before = collected(course, content)[name, "tiny"]
    # edited since, as an open notebook is: asking is about what was handed in
    edit(learner, content, Part.GRADED, memo="Something new.")
    ask_again(learner, content, "memo", "The reason names a disk.")
    after = collected(course, content)[name, "tiny"]
    assert (after.state, after.submitted_at) == ("asked", before.submitted_at)
    assert not course.history(name, "tiny").exists()
    asked = [row for row in requests(course, "tiny") if row["learner"] == name]
    assert [(r["exercise"], r["because"]) for r in asked] == [("memo", "The reason names a disk.")]
    assert collected(course, content)[name, "tiny"].state == "unchanged"


def test_request_with_changed_work_is_a_resubmission_and_is_kept(
    course: Course, content: Unit, learner: LearnerHome
) -> None:
    name = learner.learner
    submit(learner, content)
    collected(course, content)
    ask_again(learner, content, "memo", "Please look again.")
    edit(learner, content, Part.GRADED, memo="A better reason.")
    submit(learner, content)
    assert collected(course, content)[name, "tiny"].state == "newer"
    assert [r["because"] for r in requests(course, "tiny") if r["learner"] == name] == [
        "Please look again."
    ]


def test_asking_before_handing_in_is_refused(content: Unit, learner: LearnerHome) -> None:
    with pytest.raises(GradingError, match="Nothing of 'tiny' was handed in"):
        ask_again(learner, content, "memo", "Why?")


def test_one_bad_folder_in_the_exchange_stops_nobody_else(
    course: Course, content: Unit, learner: LearnerHome
) -> None:
    inbound = exchange_root(course) / "mig26" / "inbound"
    bad = inbound / "mallory+tiny+not-a-time"
    bad.mkdir()
    submit(learner, content)
    try:
        rows = collected(course, content)
    finally:
        bad.rmdir()
    assert rows[learner.learner, "tiny"].state == "new"
    assert rows["mallory", "tiny"].state == "missing"
    assert rows["mallory", "tiny"].notes[0].startswith("Not collected")


def test_lateness_costs_by_the_cohorts_rule_until_an_extension(
    course: Course, content: Unit, tmp_path: Path
) -> None:
    from nbgrader.converters import Autograde

    homes = {n: joined_home(course, exchange_root(course), n, tmp_path / n) for n in ("kim", "lee")}
    for home in homes.values():
        answer_all(home, content)
        submit(home, content)
    # before anything of hers is in the gradebook
    assert extend(course, content, "lee", 7)["tiny-practice"] == "waiting"
    collected(course, content)
    with course.at_work("test"):
        for name in homes:
            course.convert(Autograde, "tiny-practice", name)
    # three days begun, a tenth of two points each
    assert gradebook_rows(course, "tiny-practice", "kim") == (2.0, pytest.approx(0.6))
    assert gradebook_rows(course, "tiny-practice", "lee") == (2.0, None)
    assert extend(course, content, "kim", 7)["tiny-practice"] == "granted"
    with course.at_work("test"):
        course.convert(Autograde, "tiny-practice", "kim")
    assert gradebook_rows(course, "tiny-practice", "kim") == (2.0, None)


def test_points_given_after_grading_change_what_lateness_costs(
    course: Course, content: Unit, learner: LearnerHome, tmp_path: Path
) -> None:
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde

    name, late = learner.learner, "tiny-practice"
    submit(learner, content)
    collected(course, content)
    with course.at_work("test"):
        for part in Part:
            course.convert(Autograde, content.assignment(part), name)
    assert gradebook_rows(course, late, name) == (2.0, pytest.approx(0.6))
    # as Formgrader writes a person's points
    for points, penalty in ((0.0, 0.3), (9.0, 3.0)):
        with Gradebook(course.db_url, course.course_id) as gradebook:
            gradebook.find_grade("count", "workbook", late, name).manual_score = points
            gradebook.db.commit()
        given = give_feedback(open_course(course.root), content, [name])
        assert gradebook_rows(course, late, name) == (1 + points, pytest.approx(penalty))
        page = next(one for one in given if one.assignment == late)
        assert page.score == pytest.approx(1 + points - penalty)
    assert gradebook_rows(course, "tiny", name)[1] is None
    # an extension as Formgrader's own page would give it, and nobody grades again
    assert extend(course, content, name, 1)[late] == "granted"
    told = run_report(course.root, "json", tmp_path / "report.json", "en").read_text("utf-8")
    mine = [row for row in json.loads(told)["completion"] if row["learner"] == name]
    assert [row["penalty"] for row in mine if row["unit"] == "tiny"] == [pytest.approx(2.0)]
    assert gradebook_rows(course, late, name) == (10.0, pytest.approx(2.0))


def test_penalties_that_are_right_are_not_written_again(
    course: Course, content: Unit, learner: LearnerHome
) -> None:
    from nbgrader.converters import Autograde

    submit(learner, content)
    collected(course, content)
    with course.at_work("test"):
        course.convert(Autograde, "tiny-practice", learner.learner)
    settle_penalties(course)
    other = sqlite3.connect(course.root / "gradebook.db")
    try:
        # while somebody else writes, reading is all that goes at once
        other.execute("begin immediate")
        settle_penalties(course)
    finally:
        other.close()
    assert gradebook_rows(course, "tiny-practice", learner.learner)[1] == pytest.approx(0.6)


def test_a_name_in_hangul_goes_through_the_exchange(
    course: Course, content: Unit, tmp_path: Path
) -> None:
    import unicodedata

    # decomposed, as macOS hands names out
    told = unicodedata.normalize("NFD", "이영희")
    home = joined_home(course, exchange_root(course), told, tmp_path / "home")
    answer_all(home, content)
    submit(home, content)
    assert collected(course, content)["이영희", "tiny"].state == "new"
