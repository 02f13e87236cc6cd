"""What a reset keeps on disk: the newest text, files that were handed in, and what came since."""

from __future__ import annotations

from typing import Any

import pytest

from kit.answers import AnswerFile
from kit.content import find_exercise
from kit.home import LearnerHome
from kit.model import Attempt, Part, Unit
from kit.notebooks import find_cell, read_notebook, source
from kit.progress import ProgressLog
from kit.progress.log import now
from kit.progress.settings import Settings, draft_key
from kit.update.resets import (
    Target,
    as_shown,
    back_up,
    forget,
    keep_since,
    last_backup,
    read_record,
    recall,
)


@pytest.fixture
def target(tiny: Unit) -> Target:
    return Target(tiny, find_exercise(tiny, "count"))


def answer_cell(notebook: Any) -> dict[str, Any]:
    cell = find_cell(notebook, "count", "answer")
    assert cell is not None
    return cell


def test_the_page_is_kept_as_it_stands_and_not_as_it_was_saved(
    tiny_home: LearnerHome, target: Target
) -> None:
    saved = read_notebook(target.path(tiny_home))
    typed = {**answer_cell(saved), "source": "count = 1 + 1"}
    backup = back_up(tiny_home, target, as_shown(saved, [typed]))
    kept = read_notebook(backup / "workbook.ipynb")
    (place,) = read_record(backup)["places"]
    assert source(kept["cells"][place]) == "count = 1 + 1"
    assert source(answer_cell(read_notebook(target.path(tiny_home)))) == "count = ____"


def test_a_cell_that_is_not_saved_yet_is_kept_too(tiny_home: LearnerHome, target: Target) -> None:
    saved = read_notebook(target.path(tiny_home))
    new = {**answer_cell(saved), "id": "never-saved", "source": "count = 3"}
    shown = as_shown(saved, [new])
    assert source(shown["cells"][-1]) == "count = 3"
    assert len(shown["cells"]) == len(saved["cells"]) + 1


def test_a_file_that_was_handed_in_comes_back_after_another_took_its_place(
    tiny_home: LearnerHome, target: Target, tiny: Unit
) -> None:
    folder = tiny_home.assignment_folder(tiny, Part.PRACTICE)
    file = AnswerFile(folder / "answers.json")
    file.give_file("count", "first.csv", b"one")
    backup = back_up(tiny_home, target)
    forget(tiny_home, target, backup)
    assert file.given("count") is None
    file.give_file("count", "second.csv", b"two")
    recall(tiny_home, tiny, backup)
    given = file.given("count")
    assert isinstance(given, dict) and given["name"] == "first.csv"
    assert (folder / "files" / "count" / "first.csv").read_bytes() == b"one"


def test_what_was_written_since_is_kept_once(
    tiny_home: LearnerHome, target: Target, tiny: Unit
) -> None:
    backup = back_up(tiny_home, target)
    saved = read_notebook(target.path(tiny_home))
    keep_since(backup, as_shown(saved, [{**answer_cell(saved), "source": "count = 5"}]))
    # a second try finds the old text in the notebook already
    keep_since(backup, saved)
    put_away = recall(tiny_home, tiny, backup)
    assert source(answer_cell(read_notebook(put_away / "since.ipynb"))) == "count = 5"


def test_the_progress_goes_and_comes_back_and_a_backup_serves_once(
    tiny_home: LearnerHome, target: Target, tiny: Unit
) -> None:
    log = ProgressLog(tiny_home.progress_file)
    log.append(Attempt(now(), "check", "tiny", "count", "passed"))
    backup = back_up(tiny_home, target)
    forget(tiny_home, target, backup)
    assert not log.progress("tiny").state("count").passed
    assert last_backup(tiny_home, target) == backup
    recall(tiny_home, tiny, backup)
    assert log.progress("tiny").state("count").passed
    assert last_backup(tiny_home, target) is None


def test_what_was_typed_and_not_saved_goes_and_comes_back(
    tiny_home: LearnerHome, target: Target, tiny: Unit
) -> None:
    settings = Settings(tiny_home, "tiny", Part.PRACTICE.value)
    settings.update({draft_key("count"): "12", draft_key("other"): "b", "slider": 95})
    backup = back_up(tiny_home, target)
    forget(tiny_home, target, backup)
    assert settings.read() == {draft_key("other"): "b", "slider": 95}
    recall(tiny_home, tiny, backup)
    assert settings.read()[draft_key("count")] == "12"
