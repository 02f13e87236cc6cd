from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit.cli.status import run_status
from kit.content import load_programme, load_units
from kit.errors import HomeError
from kit.files import write_json
from kit.home import make_home, open_home
from kit.model import Attempt, Part
from kit.progress import ProgressLog

UNIT = load_programme().units[0]
EXERCISES = [e.id for e in load_units()[UNIT].of(Part.PRACTICE)]


@pytest.fixture
def home(own_home: Path):
    home = open_home(own_home, "en")
    make_home(home)
    ProgressLog(home.progress_file).append(
        Attempt("2026-11-02T09:00:00+00:00", "check", UNIT, EXERCISES[0], "passed")
    )
    return home


def test_json_tells_where_the_learner_stands(home, capsys):
    run_status(home.root, None, as_json=True)
    data = json.loads(capsys.readouterr().out)
    unit = data["units"][0]
    assert (unit["id"], unit["passed"], unit["total"]) == (UNIT, 1, len(EXERCISES))
    assert unit["exercises"][0]["state"] == "passed"
    assert unit["verified"] is False
    assert data["last"]["time"].startswith("2026-11-02")


def test_the_table_names_each_exercise_and_the_next_command(home, capsys):
    run_status(home.root, None, as_json=False)
    printed = capsys.readouterr().out
    assert "passed (unaided)" in printed
    assert "→" in printed and "upskill" in printed


def test_a_pass_that_a_later_check_broke_is_not_called_unpassed(home, capsys):
    log = ProgressLog(home.progress_file)
    log.append(Attempt("2026-11-02T09:05:00+00:00", "check", UNIT, EXERCISES[0], "not_attempted"))
    run_status(home.root, None, as_json=False)
    assert "passed (unaided)" in capsys.readouterr().out
    log.append(Attempt("2026-11-02T09:10:00+00:00", "check", UNIT, EXERCISES[0], "incorrect"))
    run_status(home.root, None, as_json=False)
    printed = capsys.readouterr().out
    assert "passed before; check again" in printed
    assert f"1 of {len(EXERCISES)} exercises passed" in printed


@pytest.mark.parametrize(
    ("language", "verified", "own"),
    [
        ("en", "8 of 8 points (verified by your trainer in mig26)", "(self-reported)"),
        ("ko", "mig26의 강사가 확인", "(자가 보고)"),
    ],
)
def test_a_trainers_points_are_verified_and_ones_own_are_not(home, capsys, language, verified, own):
    row = {"name": f"{UNIT}-practice", "part": "practice", "score": 8, "max_score": 8}
    page = {"page": "p.html", "score": 8, "max_score": 8}
    make_home(replace(home, course="mig26", exchange=home.root))
    for feedback, there, not_there in (([page], verified, own), ([], own, verified)):
        result = {"assignments": [row | {"feedback": feedback}], "complete": False}
        write_json(home.state / "results" / f"{UNIT}.json", result)
        run_status(home.root, language, as_json=False)
        # rich breaks lines at the width of its terminal
        printed = " ".join(capsys.readouterr().out.split())
        assert there in printed
        assert not_there not in printed
        run_status(home.root, language, as_json=True)
        points = json.loads(capsys.readouterr().out)["units"][0]["points"]
        assert [(p["points"], p["verified"]) for p in points] == [(8, bool(feedback))]


def test_the_language_can_be_chosen(home, capsys):
    run_status(home.root, "ko", as_json=False)
    assert "통과 (스스로 해결)" in capsys.readouterr().out


def test_without_a_home_the_way_in_is_named(tmp_path):
    with pytest.raises(HomeError) as error:
        run_status(tmp_path / "nowhere", None, as_json=True)
    assert error.value.fix == "upskill start"
    assert not (tmp_path / "nowhere").exists()


def test_how_much_was_done_alone_and_how_long_it_took_is_said(home, capsys):
    log = ProgressLog(home.progress_file)
    for minute, event, outcome in ((4, "hint", ""), (10, "check", "passed"), (40, "hint", "")):
        time = f"2026-11-02T09:{minute:02d}:00+00:00"
        log.append(Attempt(time, event, UNIT, EXERCISES[1], outcome))
    log.append(Attempt("t", "update", UNIT, data={"to": "9", "changed": [EXERCISES[0]]}))
    run_status(home.root, None, as_json=True)
    unit = json.loads(capsys.readouterr().out)["units"][0]
    assert (unit["independence"]["solved"], unit["independence"]["unaided"]) == (2, 1)
    # of half an hour without an event 15 minutes count
    assert unit["minutes_spent"] == 25.0
    told = [(row["minutes_spent"], row["task_changed"]) for row in unit["exercises"][:2]]
    assert told == [(0, True), (25.0, False)]
    run_status(home.root, None, as_json=False)
    printed = " ".join(capsys.readouterr().out.split())
    assert "Solved unaided: 1 of 2 (hints 2, taken 0, coach 0)" in printed
    assert "Minutes at work, breaks left out: 25" in printed
    assert "the task changed after you passed it" in printed


def test_new_content_is_announced_with_the_command_and_nothing_is_written(home, capsys):
    run_status(home.root, None, as_json=True)
    assert json.loads(capsys.readouterr().out)["units"][0]["update"] is None
    base = home.base_notebook(load_units()[UNIT], Part.PRACTICE)
    given = json.loads(base.read_text(encoding="utf-8"))
    given["metadata"]["kit"]["version"] = "0"
    given["cells"].pop()
    base.write_text(json.dumps(given), encoding="utf-8")
    before = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    run_status(home.root, None, as_json=True)
    told = json.loads(capsys.readouterr().out)["units"][0]["update"]
    assert told == {"from": "0", "to": load_units()[UNIT].version}
    run_status(home.root, None, as_json=False)
    assert "upskill update --preview" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()} == before


def test_no_points_stand_for_work_that_could_not_be_graded(home, capsys):
    row = {"name": UNIT, "part": "graded", "score": 0, "max_score": 8, "failure": "Damaged."}
    result = {"assignments": [row], "complete": False}
    write_json(home.state / "results" / f"{UNIT}.json", result)
    run_status(home.root, None, as_json=True)
    (points,) = json.loads(capsys.readouterr().out)["units"][0]["points"]
    assert (points["points"], points["max"]) == (None, None)


def test_what_is_due_is_said_and_is_in_the_json(home, capsys, tmp_path):
    joined = replace(home, course="mig26", exchange=tmp_path)
    make_home(joined)
    ahead = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    due = {"due": {UNIT: ahead}, "extensions": {UNIT: 4 * 86400}}
    write_json(home.state / "due.json", {"format": 1, "course": "mig26", **due})
    run_status(home.root, None, as_json=False)
    assert re.search(
        r"^Graded assignment: due \w+ \d+ \w+.*, in 5 days$", capsys.readouterr().out, re.M
    )
    run_status(home.root, None, as_json=True)
    (told,) = json.loads(capsys.readouterr().out)["units"][0]["due"]
    assert (told["name"], told["days"]) == (UNIT, 5)
