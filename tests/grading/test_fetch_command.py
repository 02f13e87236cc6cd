"""``upskill fetch``: what it says of the newest hand-in and of those before it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from feedback_helpers import given, graded, new_course, send, take_part
from grading_helpers import edit

from kit.cli.fetch import fetch, run_fetch
from kit.cli.join import join
from kit.grading.cohort_file import read_cohort_file
from kit.grading.exchange import exchange_root
from kit.grading.late import extend
from kit.grading.release import release
from kit.home import make_home, open_home
from kit.model import Part, Unit
from kit.progress.due import read_due
from kit.server.page import render_home
from kit.server.standing import read_standing

pytestmark = pytest.mark.grading


def test_earlier_hand_ins_are_told_apart_from_the_newest(
    content: Unit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    kim = take_part(course, content, tmp_path / "kim", "kim", count="count = 99")
    graded(course, content)
    given(course, content)
    edit(kim, content, Part.PRACTICE, count="count = len(disks)")
    send(kim, content)
    graded(course, content)
    given(course, content)
    capfd.readouterr()
    run_fetch(kim.root, "en")
    said = [line for line in capfd.readouterr().out.splitlines() if line.startswith("Practice")]
    assert len(said) == 2
    assert said[0].startswith("Practice: graded by your trainer: ")
    assert said[1].startswith("Practice, handed in earlier (20")


def test_a_date_that_the_trainer_moves_reaches_the_learner_with_the_next_fetch(
    content: Unit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    home = open_home(tmp_path / "kim", "en")
    make_home(home)
    home = join(home, "mig26", exchange_root(course), "kim")[0]
    # three days ago less an hour, and a day next week
    practice, graded_part = read_standing(home).units[0].due
    assert (practice.over, graded_part.over) == (True, False)
    assert practice.days in (-3, -2)
    assert graded_part.days in (6, 7, 8)
    assert not fetch(home)["dates"]

    told = (course.root / "cohorts" / "mig26.toml").read_text(encoding="utf-8")
    later = read_due(home, "tiny-practice") + timedelta(days=10)
    moved = tmp_path / "moved.toml"
    lines = [
        f"practice_due = {later.isoformat()}" if line.startswith("practice_due") else line
        for line in told.splitlines()
    ]
    moved.write_text("\n".join(lines), encoding="utf-8")
    release(course, content, read_cohort_file(moved))
    capfd.readouterr()
    run_fetch(home.root, "en")
    assert "changed a due date: upskill status" in capfd.readouterr().out
    assert read_due(home, "tiny-practice") == later
    assert render_home(home, "/", "x").count(f'<time datetime="{later.isoformat()}">') == 2


def test_an_extension_is_known_from_the_feedback(
    content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    course = new_course(tmp_path, content)
    kim = take_part(course, content, tmp_path / "kim", "kim")
    fetch(kim)
    for_all = read_due(kim, "tiny-practice")
    graded(course, content)
    extend(course, content, "kim", 7)
    given(course, content)
    assert fetch(kim)["dates"]
    assert read_due(kim, "tiny-practice") - for_all == timedelta(days=7)
