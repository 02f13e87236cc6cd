"""From one home into another: nothing lost on either side, and twice is once."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kit.answers import AnswerFile
from kit.errors import HomeError
from kit.home import make_home, open_home
from kit.model import Attempt, Part
from kit.moving import Bundle, apply_import, export_home, plan_import, read_bundle
from kit.notebooks import find_cell, is_archived, source
from kit.progress import ProgressLog
from kit.progress.log import now
from tests.unit.moving.homes import add_cell, answer, nobody, snapshot, workbook


def work_of(home) -> dict[str, bytes]:
    """What a learner made: everything but settings, log and backups."""
    return {k: v for k, v in snapshot(home.root).items() if not k.startswith((".upskill", "inbox"))}


def test_export_and_import_into_nothing_give_the_same_work_and_progress(worked, move, tmp_path):
    target = open_home(tmp_path / "hub", "en")
    move(worked, target)
    assert work_of(target) == work_of(worked)
    progress = [ProgressLog(h.progress_file).progress("tiny").exercises for h in (worked, target)]
    assert progress[0] == progress[1]
    assert progress[0]["count"].passed
    assert open_home(tmp_path / "hub").learner == worked.learner


def test_taking_in_twice_is_taking_in_once(worked, other, move, tiny):
    answer(other, tiny, "count", "count = 4")
    move(worked, other)
    first, log = work_of(other), ProgressLog(other.progress_file).read()
    kinds = move(worked, other)
    assert not {"new", "taken", "both", "copied"} & set(kinds.values())
    assert work_of(other) == first
    assert ProgressLog(other.progress_file).read() == log


def test_a_notebook_untouched_here_becomes_theirs_with_what_it_was_given_as(
    worked, other, move, tiny
):
    base = worked.base_notebook(tiny, Part.PRACTICE)
    base.write_text(base.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    kinds = move(worked, other)
    assert kinds["units/tiny/practice/workbook.ipynb"] == "taken"
    assert workbook(other, tiny) == workbook(worked, tiny)
    assert other.base_notebook(tiny, Part.PRACTICE).read_bytes() == base.read_bytes()


def test_a_notebook_untouched_there_changes_nothing_here(worked, other, move):
    before = snapshot(worked.root)
    kinds = move(other, worked)
    assert kinds["units/tiny/practice/workbook.ipynb"] == "mine"
    after = {k: v for k, v in snapshot(worked.root).items() if "/moved/" not in k}
    assert after == before


def test_written_in_both_mine_stays_blanks_are_filled_and_the_rest_is_archived(
    worked, other, move, tiny
):
    answer(worked, tiny, "total", "total = 60")
    add_cell(worked, tiny, "a note from the laptop")
    answer(other, tiny, "count", "count = 4")
    move(worked, other)
    merged = workbook(other, tiny)
    for exercise, text in (("count", "count = 4"), ("total", "total = 60")):
        assert source(find_cell(merged, exercise, "answer") or {}) == text
    archived = [source(c) for c in merged["cells"] if is_archived(c) and c["cell_type"] == "raw"]
    assert sorted(archived) == ["a note from the laptop", "count = 3  # CANARY"]
    # and back: the laptop gets the hub's answer, and nothing piles up
    move(other, worked)
    move(worked, other)
    assert workbook(other, tiny) == merged


def test_half_a_character_from_another_tool_is_taken_in_and_once(worked, other, move, tiny):
    answer(other, tiny, "count", "count = 4")
    theirs = workbook(worked, tiny)
    cell = find_cell(theirs, "count", "answer")
    assert cell is not None
    cell["source"] = "count = '\ud800'"
    # as a tool that writes ASCII only leaves it
    worked.notebook(tiny, Part.PRACTICE).write_text(json.dumps(theirs), encoding="utf-8")
    move(worked, other)
    merged = workbook(other, tiny)
    assert [source(c) for c in merged["cells"]].count("count = '\\ud800'") == 1
    move(worked, other)
    assert workbook(other, tiny) == merged


def test_a_notebook_that_is_damaged_there_is_archived_whole(worked, other, move, tiny):
    answer(other, tiny, "count", "count = 4")
    worked.notebook(tiny, Part.PRACTICE).write_text('{"cells": [ torn', encoding="utf-8")
    move(worked, other)
    assert any(source(c) == '{"cells": [ torn' for c in workbook(other, tiny)["cells"])


def test_attempts_of_both_places_count_in_the_order_of_time(worked, other, move):
    for home in (worked, other):
        ProgressLog(home.progress_file).append(Attempt(now(), "hint", "tiny", "total"))
    move(worked, other)
    move(other, worked)
    logs = [ProgressLog(home.progress_file).read() for home in (worked, other)]
    told = [[(a.id, a.event) for a in log if a.event != "moved"] for log in logs]
    assert told[0] == told[1]
    assert ProgressLog(worked.progress_file).progress("tiny").state("total").hints == 2


def test_a_line_of_a_later_version_survives_the_way(worked, other, move):
    with worked.progress_file.open("ab") as file:
        file.write(b'\n{"schema": 9, "id": "later", "mood": "good"}\n')
    move(worked, other)
    assert b'"mood": "good"' in other.progress_file.read_bytes()


def test_answers_in_panels_are_joined_and_the_more_tried_one_holds(worked, other, move, tiny):
    files = [
        AnswerFile(home.assignment_folder(tiny, Part.PRACTICE) / "answers.json")
        for home in (worked, other)
    ]
    files[0].put("choices", "which", {"option": "b"})
    files[0].put("choices", "there", {"option": "a"})
    files[1].put("choices", "which", {"option": "c"})
    files[1].put("choices", "here", {"option": "d"})
    move(worked, other)
    choices = files[1].read()["choices"]
    assert {key: value["option"] for key, value in choices.items()} == {
        "which": "b",
        "there": "a",
        "here": "d",
    }


def test_an_artefact_that_differs_is_kept_beside_theirs(worked, other, move):
    mine = other.root / "artefacts" / "tiny" / "보고서.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    move(worked, other)
    texts = [path.read_text(encoding="utf-8") for path in mine.parent.iterdir()]
    assert sorted(texts) == ["CANARY", "mine"]
    assert mine.read_text(encoding="utf-8") == "CANARY"


def exported(home, tmp_path):
    export_home(home, tmp_path / "e.zip", with_inbox=False)
    return read_bundle(tmp_path / "e.zip")


def test_another_case_is_refused_and_progress_alone_is_not(worked, other, tmp_path, tiny):
    stranger = replace(other, learner="somebody")
    make_home(stranger)
    answer(stranger, tiny, "count", "count = 4")
    bundle, before = exported(worked, tmp_path), snapshot(other.root)
    with pytest.raises(HomeError) as error:
        plan_import(stranger, bundle)
    assert "another case" in str(error.value) and "--progress-only" in error.value.fix
    assert snapshot(other.root) == before
    plan = plan_import(stranger, bundle, progress_only=True)
    apply_import(plan, nobody)
    assert (plan.changes, plan.attempts) == ((), 2)
    assert ProgressLog(stranger.progress_file).progress("tiny").state("count").passed


def test_a_fresh_home_becomes_the_learners_unless_it_has_joined(worked, other, tmp_path):
    fresh = replace(other, learner="somebody", course="elsewhere")
    make_home(fresh)
    bundle = exported(worked, tmp_path)
    with pytest.raises(HomeError):
        plan_import(replace(fresh, exchange=tmp_path), bundle)
    plan = plan_import(fresh, bundle)
    assert plan.takes_over
    apply_import(plan, nobody)
    told = json.loads((other.state / "home.json").read_text(encoding="utf-8"))
    assert (told["learner"], told["course"]) == (worked.learner, worked.course)


def test_an_open_notebook_keeps_everything_as_it_is(worked, other, tmp_path):
    plan, before = plan_import(other, exported(worked, tmp_path)), snapshot(other.root)
    with pytest.raises(HomeError) as error:
        apply_import(plan, lambda path: "It is open." if path.name == "workbook.ipynb" else "")
    assert "workbook.ipynb" in error.value.where
    assert snapshot(other.root) == before


@pytest.mark.parametrize("written", range(8))
def test_an_import_that_was_cut_off_is_finished_by_the_next(
    worked, other, move, tmp_path, tiny, written
):
    base = worked.base_notebook(tiny, Part.PRACTICE)
    base.write_text(base.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    whole = open_home(tmp_path / "whole", "en")
    make_home(whole)
    move(worked, whole)
    plan = plan_import(other, exported(worked, tmp_path))
    first = sorted(plan.writing, key=lambda change: not change.name.startswith("base/"))
    # the log comes last: a bundle without it is what a cut leaves
    cut = replace(plan, changes=tuple(first[:written]), bundle=Bundle(plan.bundle.manifest, {}))
    apply_import(cut, nobody)
    move(worked, other)
    assert work_of(other) == work_of(whole)
    assert other.base_notebook(tiny, Part.PRACTICE).read_bytes() == base.read_bytes()
    assert ProgressLog(other.progress_file).progress("tiny").state("count").passed


def test_what_was_here_lies_in_a_backup(worked, other, move, tiny):
    before = other.notebook(tiny, Part.PRACTICE).read_bytes()
    move(worked, other)
    kept = snapshot(other.state / "moved")
    assert before in kept.values()
