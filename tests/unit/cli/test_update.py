"""``upskill update`` says what becomes of every answer, before and after."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from kit.cli.update import run_update
from kit.errors import UsageError
from kit.notebooks import write_notebook
from tests.unit.update.conftest import NEWER, Learner, behind, learner, publish

# fixtures of the room that the command is for
__all__ = ["behind", "learner"]

Read = Callable[[], str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Read:
    """What was printed since the last time, whatever the width of the terminal."""
    monkeypatch.setenv("COLUMNS", "200")
    return lambda: re.sub(" +", " ", capsys.readouterr().out)


def run(
    learner: Learner, *, preview: bool = False, undo: bool = False, as_json: bool = False
) -> None:
    run_update([], learner.home.root, preview=preview, undo=undo, as_json=as_json)


def test_a_preview_tells_the_fate_of_each_answer_and_writes_nothing(
    behind: Learner, printed: Read
) -> None:
    files = behind.files()
    run(behind, preview=True)
    told = printed()
    assert "tiny 1 → 2" in told
    assert "Count the disks your answer stays · the task changed: its text and its code" in told
    assert re.search(r"Add the sizes your answer stays\s*\n", told)
    assert "Nothing was written. Do it: upskill update" in told
    assert behind.files() == files


def test_the_update_itself_tells_the_same_and_the_way_back(behind: Learner, printed: Read) -> None:
    run(behind)
    assert "Updated. Take it back: upskill update --undo" in printed()
    assert (behind.answer("count"), behind.notebook()["metadata"]["kit"]["version"]) == (
        "count = 3",
        "2",
    )
    run(behind)
    assert printed() == "Every notebook is up to date.\n"


def test_a_gone_exercise_an_own_cell_and_a_locked_cell_are_told(
    learner: Learner, printed: Read
) -> None:
    notebook = learner.notebook()
    own = {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "mine"}
    notebook["cells"][0]["source"] = "my words in the heading"
    notebook["cells"].append(own)
    write_notebook(learner.path, notebook)
    text = (learner.unit.folder / "workbook.md").read_text(encoding="utf-8")
    gone = text[text.index('+++ {"kit": "total.prose"}') :]
    manifest = learner.unit.folder / "workbook.toml"
    toml = manifest.read_text(encoding="utf-8")
    start = toml.index('[[exercises]]\nid = "total"')
    manifest.write_text(toml[:start] + toml[toml.index("[[exercises]]", start + 1) :])
    learner.unit = publish(learner.unit, "2", {gone: ""})
    run(learner, preview=True)
    told = printed()
    assert "total gone from the unit: your answer goes to the archive at the end" in told
    assert "A tiny unit what you wrote in a cell of ours goes to the archive" in told
    assert "Cells of your own that stay where they are: 1" in told


def test_json_holds_one_row_for_each_notebook_that_changes(behind: Learner, printed: Read) -> None:
    run(behind, as_json=True)
    told = json.loads(printed())
    assert (told["format"], told["written"]) == (1, True)
    row = next(row for row in told["notebooks"] if row["part"] == "practice")
    assert row == {
        "unit": "tiny",
        "part": "practice",
        "from": "1",
        "to": "2",
        "kept": ["count", "total"],
        "changed": ["count"],
        "new": [],
        "archived": [],
        "own_cells": 0,
        "damaged": False,
    }


def test_undo_says_where_newer_work_stays(behind: Learner, printed: Read) -> None:
    run(behind)
    behind.write(total="total = 61")
    printed()
    run(behind, undo=True)
    told = printed()
    assert "Notebooks as before the last update: 3" in told
    assert "tiny-practice/workbook.ipynb: what you wrote since then stays." in told
    with pytest.raises(UsageError, match="no update to undo"):
        run(behind, undo=True, as_json=True)


def test_new_texts_within_one_version_are_no_step_to_another(
    learner: Learner, printed: Read
) -> None:
    learner.unit = publish(learner.unit, "1", NEWER)
    run(learner, preview=True)
    told = printed()
    assert "→" not in told
    assert "tiny 1 practice" in told
    assert "The same version, refreshed: its content was mended since you got it." in told
    learner.path.write_bytes(learner.path.read_bytes()[:-30])
    run(learner)
    assert told.count("refreshed") - printed().count("refreshed") == 1


def test_a_damaged_file_is_told(behind: Learner, printed: Read) -> None:
    behind.path.write_bytes(behind.path.read_bytes()[:-30])
    run(behind, preview=True)
    assert "The file was damaged: its whole text goes to the archive at the end." in printed()


def test_an_unknown_unit_names_those_that_there_are(behind: Learner) -> None:
    with pytest.raises(UsageError) as error:
        run_update(["nothing"], behind.home.root, preview=True, undo=False, as_json=False)
    assert "tiny" in error.value.fix


@pytest.mark.parametrize("also", [{"preview": True}, {"units": ["tiny"]}])
def test_undo_with_anything_that_it_would_not_heed_is_refused(behind: Learner, also: Any) -> None:
    run(behind)
    files = behind.files()
    options = {"units": [], "preview": False, **also}
    with pytest.raises(UsageError, match="no preview and no units"):
        run_update(root=behind.home.root, undo=True, as_json=False, **options)
    assert behind.files() == files


def test_the_language_of_the_answer_is_not_that_of_the_notebooks(
    behind: Learner, printed: Read
) -> None:
    run_update([], behind.home.root, "ko", preview=False, undo=False, as_json=False)
    assert "디스크 세기 답이 그대로 남습니다" in printed()
    assert behind.notebook()["metadata"]["kit"]["language"] == "en"
