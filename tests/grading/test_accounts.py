"""The exchange between accounts: a trainer, a learner, and one who means harm."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts_helpers import (
    KIM,
    MALLORY,
    TRAINER,
    Place,
    as_account,
    give,
    handed_in,
    home_of,
    open_place,
    shell,
    state,
)
from feedback_helpers import graded
from lifecycle_helpers import answer_all, collected, write_cohort

from kit.cli.lifecycle import run_collect
from kit.errors import GradingError
from kit.grading.collect import submission_time
from kit.grading.course import Course, open_course
from kit.grading.exchange import exchange_root
from kit.grading.give_feedback import give_feedback
from kit.grading.guard import guard_exchange
from kit.grading.hand_in import hand_in_part
from kit.grading.inbound import TOLERANCE, time_text
from kit.grading.make_course import make_course
from kit.grading.release import release
from kit.model import Part, Unit
from tests.conftest import become

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as several accounts"),
]


@pytest.fixture(scope="module")
def made(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    name = Path(tempfile.gettempdir(), f"upskill-accounts-{os.getpid()}")
    with open_place(name) as base, pytest.MonkeyPatch.context() as patch:
        become(base, patch)
        patch.setenv("UPSKILL_EXCHANGE", str(base / "exchange"))
        course = make_course(base / "course", "mig26", write_cohort(base / "mig26.toml"))
        release(course, content)
        # what the trainer's account will need is loaded once with root's rights
        collected(course, content)
        for folder in (course.root, exchange_root(course)):
            give(folder, TRAINER)
        guard_exchange(course)
        kim = home_of(course, KIM, "kim", base)
        answer_all(kim, content)
        give(kim.root, KIM)
        yield Place(base, course, kim, handed_in(kim, KIM, content), content)


@pytest.fixture
def place(made: Place) -> Iterator[Place]:
    """The course with kim's one submission, and nothing collected."""
    yield made
    for folder in made.inbound.iterdir():
        if folder != made.folder:
            shutil.rmtree(folder)
    for name in ("submitted", "history", "arrivals.json"):
        left = made.course.root / name
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "attack",
    [
        'mv "$COURSE" "$COURSE.away"',
        'mv "$COURSE/inbound" "$COURSE/taken"',
        'rm -rf "$COURSE/outbound"',
        'ls "$COURSE/inbound"',
        'ls "$COURSE/feedback"',
        'cat "$HANDED/assignment.ipynb"',
        'ls "$HANDED"',
        'echo > "$HANDED/assignment.ipynb"',
        'rm "$HANDED/assignment.ipynb"',
        'touch "$HANDED/regrade.json"',
        'mv "$HANDED" "$COURSE/inbound/mine"',
        'rmdir "$HANDED" || mv "$HANDED" /tmp/',
        'echo > "$COURSE/feedback/page.html"',
        'rm -f "$COURSE/feedback/page.html"',
        'mv "$COURSE/feedback/page.html" "$COURSE/feedback/other.html"',
        'echo > "$COURSE/outbound/tiny/assignment.ipynb"',
        'chmod 777 "$COURSE/inbound"',
    ],
)
def test_who_knows_every_name_can_still_touch_nothing_of_others(place: Place, attack: str) -> None:
    course = place.exchange / "mig26"
    (course / "feedback").mkdir(exist_ok=True)
    (course / "feedback" / "page.html").write_text("for kim", encoding="utf-8")
    give(course / "feedback", TRAINER)
    assert all("feedback" in note for note in guard_exchange(place.course))
    before = state(place.exchange)
    done = shell(MALLORY, attack, COURSE=course, HANDED=place.folder)
    assert state(place.exchange) == before
    assert done.returncode != 0, done.stdout
    assert not done.stdout


def test_the_trainer_and_the_learner_reach_what_is_theirs(place: Place) -> None:
    names = {"HANDED": place.folder, "COURSE": place.exchange / "mig26"}
    assert shell(KIM, 'cat "$HANDED/assignment.ipynb"', **names).returncode == 0
    assert shell(KIM, 'cat "$COURSE/outbound/tiny/assignment.ipynb"', **names).returncode == 0
    assert shell(TRAINER, 'touch "$HANDED/x" && rm "$HANDED/x"', **names).returncode == 0
    row = place.row("kim")
    assert (row.state, row.account) == ("new", str(KIM))
    assert (place.course.submitted("kim", "tiny") / "assignment.ipynb").stat().st_uid == TRAINER


def test_nobody_hands_in_as_somebody_else(place: Place) -> None:
    place.collect()
    forged = place.offer(MALLORY, "kim")
    (forged / "assignment.ipynb").write_text("{}", encoding="utf-8")
    row = place.row("kim")
    assert (row.state, row.account) == ("unchanged", str(KIM))
    told = f"it came from the account '{MALLORY}', and earlier work from another one"
    assert f"Not taken: {told}." in row.notes
    # a later one of kim's own still comes through
    place.again()
    assert place.row("kim").state == "newer"


def test_the_first_to_arrive_has_the_name_whatever_times_say(place: Place) -> None:
    place.offer(MALLORY, "kim", ago=timedelta(days=30))
    place.offer(MALLORY, "kim", ago=timedelta(days=-30))
    row = place.row("kim")
    assert (row.state, row.account) == ("new", str(KIM))
    assert row.submitted_at is not None
    assert abs(row.submitted_at - datetime.now(UTC)) < timedelta(days=1)


@pytest.mark.parametrize(("named", "taken"), [(str(KIM), True), (str(MALLORY), False)])
def test_the_account_in_the_cohort_file_decides(place: Place, named: str, taken: bool) -> None:
    cohort = place.course.root / "cohorts" / "mig26.toml"
    before = cohort.read_text(encoding="utf-8")
    cohort.write_text(before.replace('id = "kim"', f'id = "kim"\naccount = "{named}"'), "utf-8")
    try:
        row = place.row("kim")
    finally:
        cohort.write_text(before, encoding="utf-8")
    assert (row.state == "new") == taken
    told = (f"Not taken: it came from the account '{KIM}', not from '{MALLORY}'.",)
    assert taken or row.notes == told


def test_an_account_of_the_learners_name_is_the_only_one_that_counts(place: Place) -> None:
    # every system knows this account; its number is not kim's
    place.offer(MALLORY, "nobody")
    row = place.row("nobody")
    assert row.state == "missing"
    told = f"Not taken: it came from the account '{MALLORY}', not from 'nobody'."
    assert row.notes == (told,)


def linked(folder: Path, secret: Path) -> None:
    (folder / "look.txt").symlink_to(secret)


def linked_notebook(folder: Path, secret: Path) -> None:
    (folder / "assignment.ipynb").unlink()
    (folder / "assignment.ipynb").symlink_to(secret)


def linked_folder(folder: Path, secret: Path) -> None:
    (folder / "deep").symlink_to(secret.parent, target_is_directory=True)


def hard_linked(folder: Path, secret: Path) -> None:
    # where the system lets anybody link any file
    os.link(secret, folder / "look.txt")


def piped(folder: Path, _secret: Path) -> None:
    os.mkfifo(folder / "assignment2.ipynb")


def listening(folder: Path, _secret: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(folder)
        try:
            made.bind("s")
        finally:
            os.chdir(here)


def endless(folder: Path, _secret: Path) -> None:
    with (folder / "big.bin").open("wb") as stream:
        stream.truncate(10**12)


def crowded(folder: Path, _secret: Path) -> None:
    (folder / "many").mkdir()
    for number in range(5_001):
        (folder / "many" / f"{number}").touch()


def deep(folder: Path, _secret: Path) -> None:
    (folder / "/".join("d" * 25)).mkdir(parents=True)


@pytest.mark.parametrize(
    ("trap", "why"),
    [
        (linked, "look.txt is a link or no file"),
        (linked_notebook, "assignment.ipynb is a link or no file"),
        (linked_folder, "deep is a link or no file"),
        (hard_linked, "look.txt is somebody else's"),
        (piped, "assignment2.ipynb is a link or no file"),
        (listening, "s is a link or no file"),
        (endless, "more than 100 MB"),
        (crowded, "more than 5000 files"),
        (deep, "folders lie too deep"),
    ],
)
def test_a_trap_is_not_taken_and_the_work_before_counts(place: Place, trap, why) -> None:
    secret = place.course.root / "private" / "secret"
    bad = place.again()
    trap(bad, secret)
    give(bad, KIM, TRAINER)
    row = place.row("kim")
    assert row.state == "new"
    assert row.notes[0] == f"Not taken: {why}."
    kept = place.course.submitted("kim", "tiny")
    assert {p.name for p in kept.iterdir()} == {p.name for p in place.folder.iterdir()}
    hidden = secret.read_bytes()
    assert secret.stat().st_uid == TRAINER
    files = (p for p in place.course.root.rglob("*") if p.is_file() and p != secret)
    assert not [p for p in files if p.stat().st_size < 10**6 and hidden in p.read_bytes()]


def test_a_folder_that_is_a_link_brings_nothing_in(place: Place) -> None:
    made = place.inbound / f"mallory+tiny+{time_text(datetime.now(UTC))}+x"
    made.symlink_to(place.course.root / "private", target_is_directory=True)
    os.chown(made, MALLORY, MALLORY, follow_symlinks=False)
    rows = place.collect()
    made.unlink()
    assert rows["mallory", "tiny"].state == "missing"
    assert rows["mallory", "tiny"].notes[0].startswith("Not taken: it cannot be read")
    assert rows["kim", "tiny"].state == "new"


def test_work_that_changed_after_its_time_counts_from_the_change(place: Place) -> None:
    claimed = datetime.now(UTC) - timedelta(hours=3)
    handed = place.offer(KIM, "kim", ago=timedelta(hours=3))
    done = shell(KIM, 'echo " " >> "$F" && touch -d "3 hours ago" "$F"', F=handed / "answers.json")
    assert done.returncode == 0, done.stderr
    shutil.move(place.folder, place.base / "aside")
    try:
        row = place.row("kim")
    finally:
        shutil.move(place.base / "aside", place.folder)
    assert row.submitted_at is not None
    assert row.submitted_at - claimed > timedelta(hours=2, minutes=59)
    assert submission_time(place.course.submitted("kim", "tiny")) == row.submitted_at
    assert any("arrived at" in note for note in row.notes)


def test_a_time_that_the_trainer_wrote_stands(place: Place) -> None:
    handed = place.offer(TRAINER, "lee", ago=timedelta(days=3))
    told = (handed / "timestamp.txt").read_text(encoding="utf-8")
    assert time_text(place.collect()["lee", "tiny"].submitted_at or datetime.min) == told


def test_a_time_to_come_does_not_stand_before_later_work(place: Place) -> None:
    place.offer(KIM, "kim", ago=timedelta(days=-300))
    row = place.row("kim")
    assert row.submitted_at is not None
    assert row.submitted_at <= datetime.now(UTC) + TOLERANCE


def test_modes_are_mended_and_told(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    course, mig26 = open_course(place.course.root), place.exchange / "mig26"
    before = {path: path.stat().st_mode for path in (place.exchange, mig26, mig26 / "inbound")}
    for path in before:
        path.chmod(0o777)
    told = as_account(TRAINER, place.base, guard_exchange, course)
    assert len(told) == 3
    assert f"Mended: {mig26} had mode 0777, now 0755." in told
    # only the trainer's group may list what comes in, beside what was
    before[mig26 / "inbound"] |= stat.S_IRGRP
    assert {path: path.stat().st_mode for path in before} == before
    mig26.chmod(0o777)
    capsys.readouterr()
    run_collect("tiny", place.course.root, as_json=False)
    assert f"{mig26} had mode 0777" in " ".join(capsys.readouterr().out.split())


def test_what_only_the_machines_owner_can_mend_is_told_with_the_command(place: Place) -> None:
    course = open_course(place.course.root)
    os.chown(place.exchange, 0, 0)
    place.exchange.chmod(0o777)
    try:
        (open_root,) = as_account(TRAINER, place.base, guard_exchange, course)
        os.chown(place.exchange, MALLORY, MALLORY)
        place.exchange.chmod(0o1777)
        (others,) = as_account(TRAINER, place.base, guard_exchange, course)
    finally:
        os.chown(place.exchange, TRAINER, TRAINER)
        place.exchange.chmod(0o1777)
    assert open_root.endswith(f"chmod 1777 {place.exchange}")
    assert others.endswith(f"chown root {place.exchange}")


@pytest.mark.parametrize("link", [False, True])
def test_a_course_folder_that_somebody_else_made_is_refused(place: Place, link: bool) -> None:
    course, mig26 = open_course(place.course.root), place.exchange / "mig26"
    mig26.rename(place.base / "away")
    target = place.base / "trainers own"
    give(target.mkdir() or target, TRAINER)
    try:
        if link:
            mig26.symlink_to(target, target_is_directory=True)
        else:
            mig26.mkdir()
        os.chown(mig26, MALLORY, MALLORY, follow_symlinks=False)
        for command in (release, collected):
            with pytest.raises(GradingError, match="another account's"):
                as_account(TRAINER, place.base, command, course, place.unit)
        assert list(target.iterdir()) == []
    finally:
        mig26.unlink() if link else mig26.rmdir()
        (place.base / "away").rename(mig26)
        target.rmdir()


def test_learners_reach_what_a_trainer_releases_whose_files_are_private(place: Place) -> None:
    def told(course: Course) -> None:
        os.umask(0o077)
        release(course, place.unit)
        give_feedback(course, place.unit, ["kim"])

    as_account(KIM, place.kim.root, hand_in_part, place.kim, place.unit, Part.PRACTICE)
    graded(place.course, place.unit)
    # root does it first, and so loads what the trainer's account could not
    give_feedback(place.course, place.unit, ["kim"])
    shutil.rmtree(place.exchange / "mig26" / "feedback")
    give(place.course.root, TRAINER)
    as_account(TRAINER, place.base, told, open_course(place.course.root))
    mig26 = place.exchange / "mig26"
    assert stat.S_IMODE((mig26 / "feedback").stat().st_mode) == 0o711
    pages = list((mig26 / "feedback").iterdir())
    assert len(pages) == 2
    for path in (*pages, mig26 / "outbound" / "tiny" / "assignment.ipynb"):
        assert shell(KIM, 'cat "$F"', F=path).returncode == 0
