from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit.content
import kit.home
from kit.cli.reset import run_reset
from kit.content import load_units
from kit.errors import HomeError, UsageError
from kit.files import read_json, write_json
from kit.home import LearnerHome, open_home
from kit.model import Attempt
from kit.notebooks import read_notebook, source, write_notebook
from kit.progress import ProgressLog, reduce_progress
from kit.progress.lines import encoded, new_id
from kit.progress.log import now

NULL_CELL = '{"cells": [null], "metadata": {}, "nbformat": 4}'
FIXTURES = Path(__file__).parents[2] / "fixtures" / "units"


def notebook(answers: dict[str, str]) -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "id": f"{exercise}-answer", "source": text, "outputs": []}
        | {"execution_count": None, "metadata": {"kit": {"id": exercise, "role": "answer"}}}
        for exercise, text in answers.items()
    ]
    mine = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "my own note"}
    return {"cells": [*cells, mine], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def home(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LearnerHome]:
    root = shutil.copytree(FIXTURES, tmp_path / "content")
    monkeypatch.setattr(kit.content, "content_root", lambda: root)
    monkeypatch.setattr(kit.home, "content_root", lambda: root)
    load_units.cache_clear()
    shipped = root / "workbooks" / "demo" / "01_tiny" / "workbook.ipynb"
    write_notebook(shipped, notebook({"count": "____", "total": "____"}))
    made = open_home(own_home, "en")
    write_notebook(workbook(made), notebook({"count": "3", "total": "60"}))
    log = ProgressLog(made.progress_file)
    for exercise in ("count", "total"):
        log.append(Attempt(now(), "check", "tiny", exercise, "passed"))
    log.append(Attempt(now(), "check", "tiny", "case", "passed"))
    yield made
    load_units.cache_clear()


def workbook(home: LearnerHome) -> Path:
    return home.root / "tiny-practice" / "workbook.ipynb"


def answers(home: LearnerHome) -> list[str]:
    return [source(cell) for cell in read_notebook(workbook(home))["cells"]]


def passed(home: LearnerHome) -> set[str]:
    states = reduce_progress(ProgressLog(home.progress_file).read(), "tiny").exercises
    return {exercise for exercise, state in states.items() if state.passed}


def test_one_exercise_gets_its_starter_back_and_nothing_else_changes(home):
    run_reset("tiny:count", home.root, undo=False)
    assert answers(home) == ["____", "60", "my own note"]
    assert passed(home) == {"total", "case"}


def test_a_whole_workbook_is_reset_without_the_graded_part(home):
    run_reset("tiny", home.root, undo=False)
    assert answers(home) == ["____", "____", "my own note"]
    assert passed(home) == {"case"}


def test_undo_brings_answer_and_progress_back_and_keeps_later_work(home):
    run_reset("tiny:count", home.root, undo=False)
    later = read_notebook(workbook(home))
    later["cells"][1]["source"] = "61"
    write_notebook(workbook(home), later)
    run_reset("tiny:count", home.root, undo=True)
    assert answers(home) == ["3", "61", "my own note"]
    assert passed(home) == {"count", "total", "case"}


def test_resets_are_undone_one_after_the_other(home):
    run_reset("tiny:count", home.root, undo=False)
    run_reset("tiny:total", home.root, undo=False)
    run_reset("tiny", home.root, undo=True)
    assert answers(home)[:2] == ["____", "60"]
    run_reset("tiny", home.root, undo=True)
    assert answers(home)[:2] == ["3", "60"]
    with pytest.raises(UsageError):
        run_reset("tiny", home.root, undo=True)


def test_answers_given_in_widgets_are_reset_and_brought_back(home):
    path = workbook(home).with_name("answers.json")
    given = {"choices": {"count": {"option": "a"}, "total": {"option": "b"}}, "items": {"p1": {}}}
    write_json(path, given)
    run_reset("tiny:count", home.root, undo=False)
    assert read_json(path) == {"choices": {"total": {"option": "b"}}, "items": {"p1": {}}}
    run_reset("tiny:count", home.root, undo=True)
    assert read_json(path) == given


@pytest.mark.parametrize("target", ["nothing", "tiny:nothing", "tiny:"])
def test_an_unknown_target_names_those_that_exist_and_changes_nothing(home, target):
    with pytest.raises(UsageError) as error:
        run_reset(target, home.root, undo=False)
    assert "tiny" in error.value.fix or "count" in error.value.fix
    assert answers(home)[:2] == ["3", "60"]


@pytest.mark.parametrize("text", ["{ not json", NULL_CELL, None])
def test_a_damaged_notebook_is_left_as_it_is(home, text):
    if text is None:
        workbook(home).unlink()
        workbook(home).mkdir()
    else:
        workbook(home).write_text(text, encoding="utf-8")
    with pytest.raises(HomeError):
        run_reset("tiny", home.root, undo=False)
    assert not (home.state / "undo").exists()
    assert text is None or workbook(home).read_text(encoding="utf-8") == text
    assert passed(home) == {"count", "total", "case"}


def test_the_log_still_holds_every_attempt_after_a_reset(home):
    run_reset("tiny", home.root, undo=False)
    events = [attempt.event for attempt in ProgressLog(home.progress_file).read()]
    assert events == ["check"] * 3 + ["reset"] * 2


def put_live(home: LearnerHome) -> Path:
    shipped = kit.content.content_root() / "workbooks" / "demo" / "01_tiny" / "live.ipynb"
    write_notebook(shipped, notebook({"own": "____"}))
    live = home.root / "live" / "tiny.ipynb"
    write_notebook(live, notebook({"own": "my data"}))
    ProgressLog(home.progress_file).append(Attempt(now(), "applied", "tiny"))
    return live


def test_everything_is_reset_and_brought_back_own_data_included(home):
    live, before = put_live(home), ProgressLog(home.progress_file).progress("tiny")
    run_reset(None, home.root, undo=False, everything=True)
    assert answers(home) == ["____", "____", "my own note"]
    assert [source(c) for c in read_notebook(live)["cells"]] == ["____", "my own note"]
    progress = ProgressLog(home.progress_file).progress("tiny")
    assert (progress.exercises, progress.applied) == ({}, False)
    run_reset(None, home.root, undo=True, everything=True)
    assert answers(home) == ["3", "60", "my own note"]
    assert [source(c) for c in read_notebook(live)["cells"]] == ["my data", "my own note"]
    after = ProgressLog(home.progress_file).progress("tiny")
    assert (after.exercises, after.applied) == (before.exercises, True)
    with pytest.raises(UsageError):
        run_reset(None, home.root, undo=True, everything=True)


def test_a_unit_brought_back_by_itself_keeps_what_came_later(home):
    run_reset(None, home.root, undo=False, everything=True)
    run_reset("tiny", home.root, undo=True)
    later = read_notebook(workbook(home))
    later["cells"][0]["source"] = "4"
    write_notebook(workbook(home), later)
    run_reset(None, home.root, undo=True, everything=True)
    assert answers(home)[:2] == ["4", "60"]


def test_one_damaged_notebook_keeps_everything_as_it_is(home):
    live = put_live(home)
    live.write_text("{ not json", encoding="utf-8")
    with pytest.raises(HomeError):
        run_reset(None, home.root, undo=False, everything=True)
    assert answers(home)[:2] == ["3", "60"]
    assert passed(home) == {"count", "total", "case"}
    assert not (home.state / "undo").exists()


@pytest.mark.parametrize(("target", "everything"), [(None, False), ("tiny", True)])
def test_what_to_reset_is_said_once(home, target, everything):
    with pytest.raises(UsageError):
        run_reset(target, home.root, undo=False, everything=everything)
    assert answers(home)[:2] == ["3", "60"]


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["check", "hint", "taken", "coach", "applied", "reset", "update"]),
        st.sampled_from(["count", "total", "case", "gone"]),
        st.sampled_from(["passed", "incorrect", "error", "not_attempted"]),
    ),
    max_size=8,
)


def test_undo_of_any_scope_brings_back_the_progress_of_any_log(home):
    @settings(max_examples=25, deadline=None)
    @given(EVENTS, st.sampled_from(["tiny:count", "tiny:total", "tiny", None]))
    def same(events, target):
        log = [
            Attempt(now(), event, "tiny", exercise, outcome, id=new_id())
            for event, exercise, outcome in events
        ]
        home.progress_file.write_bytes(b"\n".join(encoded(attempt) for attempt in log))
        before = ProgressLog(home.progress_file).progress("tiny")
        for undo in (False, True):
            run_reset(target, home.root, undo=undo, everything=target is None)
        after = ProgressLog(home.progress_file).progress("tiny")
        assert (after.exercises, after.applied) == (before.exercises, before.applied)

    same()
