"""An update of a real home: seen first, all or nothing, noted, and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.errors import HomeError, UsageError
from kit.home import make_home, open_home
from kit.i18n import mark
from kit.model import Attempt, Part, Unit
from kit.notebooks import find_cell, source
from kit.progress import ProgressLog
from kit.update.run import apply_update, plan_update, undo_update
from tests.cells import DAMAGES
from tests.unit.update.conftest import Learner

Release = Callable[[Unit, str, dict[str, str]], Unit]


def closed(_path: Path) -> str:
    return ""


def update(learner: Learner) -> None:
    apply_update(plan_update(learner.home, [learner.unit], closed), closed)


def prose(learner: Learner) -> str:
    cell = find_cell(learner.notebook(), "count", "prose")
    assert cell is not None
    return source(cell)


def test_a_plan_says_what_changes_and_writes_nothing(behind: Learner) -> None:
    before = behind.files()
    plan = plan_update(behind.home, [behind.unit], closed)
    (entry,) = [e for e in plan.entries if e.path == behind.path]
    assert (entry.version_from, entry.version_to) == ("1", "2")
    assert entry.merged.kept == ("count", "total")
    assert entry.merged.changed == ("count",)
    assert entry.merged.changes["count"].paragraphs == 1
    assert behind.files() == before


def test_an_update_brings_the_new_text_and_keeps_the_answers(behind: Learner) -> None:
    update(behind)
    assert "How many disks are there in all?" in prose(behind)
    assert (behind.answer("count"), behind.answer("total")) == ("count = 3", "total = 60")
    assert behind.notebook()["metadata"]["kit"]["version"] == "2"


def test_after_an_update_there_is_nothing_to_update(behind: Learner) -> None:
    update(behind)
    files = behind.files()
    assert plan_update(behind.home, [behind.unit], closed).entries == ()
    update(behind)
    assert behind.files() == files


def test_nothing_new_leaves_the_learners_notebook_alone(learner: Learner) -> None:
    learner.write(count="count = 4")
    assert plan_update(learner.home, [learner.unit], closed).entries == ()


def test_the_log_says_which_tasks_changed(behind: Learner) -> None:
    update(behind)
    noted = [a for a in ProgressLog(behind.home.progress_file).read() if a.event == "update"]
    assert [(a.unit, a.version) for a in noted] == [("tiny", "2")]
    assert noted[0].data == {"from": "1", "to": "2", "changed": ["count"]}


@pytest.mark.parametrize("reason", [mark("The notebook is open in JupyterLab.")])
def test_an_open_notebook_is_refused_with_the_reason(behind: Learner, reason: str) -> None:
    before = behind.files()
    plan = plan_update(behind.home, [behind.unit], closed)
    with pytest.raises(HomeError, match="open in JupyterLab") as error:
        apply_update(plan, lambda path: reason if path == behind.path else "")
    assert "Close and Shut Down" in error.value.fix
    assert behind.files() == before
    assert not (behind.home.state / "update").exists()


def test_a_notebook_saved_since_the_plan_is_not_overwritten(behind: Learner) -> None:
    plan = plan_update(behind.home, [behind.unit], closed)
    behind.write(count="count = 4")
    before = behind.files()
    with pytest.raises(HomeError, match="saved while"):
        apply_update(plan, closed)
    assert behind.files() == before


def test_undo_gives_every_file_back_to_the_byte(behind: Learner) -> None:
    before = behind.files()
    update(behind)
    undo_update(behind.home, closed)
    after = behind.files()
    log = behind.home.progress_file.relative_to(behind.home.root).as_posix()
    assert {k: v for k, v in after.items() if k != log} == {
        k: v for k, v in before.items() if k != log
    }


def test_undo_keeps_what_was_typed_since(behind: Learner) -> None:
    update(behind)
    behind.write(total="total = 61")
    notebook = behind.notebook()
    own = {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "my note"}
    notebook["cells"].insert(5, own)
    behind.path.write_text(json.dumps(notebook), encoding="utf-8")
    done = undo_update(behind.home, closed)
    assert done.kept == ("tiny-practice/workbook.ipynb",)
    assert "How many are there?" in prose(behind)
    assert (behind.answer("count"), behind.answer("total")) == ("count = 3", "total = 61")
    assert "my note" in [source(cell) for cell in behind.notebook()["cells"]]


def test_undo_in_another_language_archives_none_of_our_texts(behind: Learner) -> None:
    update(behind)
    make_home(open_home(behind.home.root, "ko"))
    undo_update(open_home(behind.home.root), closed)
    assert [c for c in behind.notebook()["cells"] if c["cell_type"] == "raw"] == []


def test_updates_are_undone_one_after_the_other(behind: Learner, release: Release) -> None:
    update(behind)
    behind.unit = release(behind.unit, "3", {"Well counted.": "Well done."})
    update(behind)
    undo_update(behind.home, closed)
    assert behind.notebook()["metadata"]["kit"]["version"] == "2"
    undo_update(behind.home, closed)
    assert behind.notebook()["metadata"]["kit"]["version"] == "1"
    with pytest.raises(UsageError, match="no update to undo"):
        undo_update(behind.home, closed)


def test_an_undone_update_can_be_made_again(behind: Learner) -> None:
    update(behind)
    updated = behind.notebook()
    undo_update(behind.home, closed)
    update(behind)
    assert behind.notebook() == updated


def test_undo_refuses_an_open_notebook(behind: Learner) -> None:
    update(behind)
    before = behind.files()
    with pytest.raises(HomeError):
        undo_update(behind.home, lambda _path: "open")
    assert behind.files() == before


def test_a_damaged_notebook_is_whole_again_and_its_text_is_archived(behind: Learner) -> None:
    data = behind.path.read_bytes()
    behind.path.write_bytes(data[: data.index(b"total = 60") + 20])
    update(behind)
    assert behind.answer("count") == "count = 3"
    last = behind.notebook()["cells"][-1]
    assert last["cell_type"] == "raw"
    assert "total = 60" in source(last)


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_update_mends_what_no_reader_takes_without_new_content_too(
    learner: Learner, damage: str
) -> None:
    notebook = learner.notebook()
    DAMAGES[damage](notebook)
    learner.path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(HomeError):
        learner.notebook()
    update(learner)
    assert (learner.answer("count"), learner.answer("total")) == ("count = 3", "total = 60")
    assert source(learner.notebook()["cells"][-1]) == json.dumps(notebook)
    update(learner)
    assert plan_update(learner.home, [learner.unit], closed).entries == ()


def test_a_folder_in_a_notebooks_place_is_said_by_an_update_too(behind: Learner) -> None:
    behind.path.unlink()
    behind.path.mkdir()
    with pytest.raises(HomeError, match="folder"):
        update(behind)


def test_a_home_from_before_updates_keeps_every_answer(behind: Learner) -> None:
    for path in (behind.home.state / "base").rglob("*.ipynb"):
        path.unlink()
    update(behind)
    assert (behind.answer("count"), behind.answer("total")) == ("count = 3", "total = 60")
    assert plan_update(behind.home, [behind.unit], closed).entries == ()


def test_a_start_in_the_new_version_does_not_hide_what_was_given(behind: Learner) -> None:
    make_home(behind.home)
    assert "How many are there?" in prose(behind)
    update(behind)
    assert "How many disks are there in all?" in prose(behind)
    assert [c for c in behind.notebook()["cells"] if c["cell_type"] == "raw"] == []


def test_another_language_brings_no_text_of_a_version_that_waits(behind: Learner) -> None:
    before = behind.files()
    make_home(open_home(behind.home.root, "ko"))
    settings = ".upskill/home.json"
    assert {**behind.files(), settings: b""} == {**before, settings: b""}


def test_an_update_into_another_language_still_says_which_task_changed(behind: Learner) -> None:
    korean = open_home(behind.home.root, "ko")
    make_home(korean)
    plan = plan_update(korean, [behind.unit], closed)
    (entry,) = [e for e in plan.entries if e.path == behind.path]
    assert entry.merged.changed == ("count",)
    assert entry.merged.changes["count"].paragraphs == 1
    apply_update(plan_update(korean, [behind.unit], closed), closed)
    assert prose(behind).startswith("## 디스크 세기")
    assert "How many disks are there in all?" in prose(behind)
    notice = find_cell(behind.notebook(), "count", "notice")
    assert notice is not None and "버전" in source(notice)
    assert behind.answer("count") == "count = 3"
    assert plan_update(korean, [behind.unit], closed).entries == ()


def test_a_change_of_language_on_the_way_archives_none_of_our_texts(behind: Learner) -> None:
    make_home(open_home(behind.home.root, "ko"))
    behind.home = open_home(behind.home.root)
    update(behind)
    assert behind.answer("count") == "count = 3"
    assert [c for c in behind.notebook()["cells"] if c["cell_type"] == "raw"] == []


def test_a_home_where_nothing_can_be_staged_stays_as_it_was(behind: Learner) -> None:
    (behind.home.state / "update").write_text("in the way", encoding="utf-8")
    before = behind.files()
    with pytest.raises(HomeError, match="cannot be written"):
        apply_update(plan_update(behind.home, [behind.unit], closed), closed)
    assert behind.files() == before


def test_a_part_that_cannot_be_replaced_takes_the_others_back(
    behind: Learner, release: Release
) -> None:
    live = behind.home.live_notebook(behind.unit)
    before = behind.files()
    plan = plan_update(behind.home, [behind.unit], closed)
    assert {e.path for e in plan.entries} >= {behind.path, live}
    # the last one cannot be replaced by a file any more
    live.unlink()
    live.mkdir()
    with pytest.raises(HomeError, match="cannot be written"):
        apply_update(plan, closed)
    live.rmdir()
    after = behind.files()
    assert {k: v for k, v in before.items() if k in after} == after


def test_progress_that_was_made_says_that_its_task_changed(behind: Learner) -> None:
    from kit.progress import reduce_progress

    log = ProgressLog(behind.home.progress_file)
    log.append(Attempt("2026-11-22T00:00:00.000+00:00", "check", "tiny", "count", "passed"))
    update(behind)
    state = reduce_progress(log.read(), "tiny").state("count")
    assert (state.passed, state.changed) == (True, "2")
    assert behind.unit.of(Part.PRACTICE)[0].id == "count"
