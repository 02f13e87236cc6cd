"""A declaration about AI that stands in the notebook and was not run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from grading_helpers import change, edit, submit

from kit.answers import AnswerFile
from kit.grading.declared import declared_in, settle_declaration
from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.notebooks import Notebook

pytestmark = pytest.mark.grading
CALL = "wb.declare(ai_use, ai_note)"


def written(home: LearnerHome, unit: Unit, text: str) -> None:
    def add(notebook: Notebook) -> None:
        kit = {"kit": {"id": "unit", "role": "answer"}}
        cell = {"cell_type": "code", "id": "unit-answer", "metadata": kit, "source": text}
        cells = [c for c in notebook["cells"] if c.get("id") != "unit-answer"]
        notebook["cells"] = [*cells, cell | {"outputs": [], "execution_count": None}]

    change(home, unit, Part.GRADED, add)


def answers(home: LearnerHome, unit: Unit) -> AnswerFile:
    return AnswerFile(home.assignment_folder(unit, Part.GRADED) / "answers.json")


@pytest.fixture
def home(new_home: Any) -> LearnerHome:
    made: LearnerHome = new_home()
    return made


def test_a_choice_whose_cell_was_not_run_is_recorded_and_said(
    home: LearnerHome, content: Unit
) -> None:
    edit(home, content, Part.GRADED, memo="The biggest disk decides.")
    written(home, content, f'ai_use = " Draft"\nai_note = "the memo"\n\n{CALL}')
    notes = submit(home, content)["notes"]
    assert answers(home, content).read()["declared"] == {"use": "draft", "note": "the memo"}
    assert len(notes) == 1
    assert '"draft", was written' in notes[0]
    # said once: now it is recorded
    assert submit(home, content)["notes"] == []


@pytest.mark.parametrize(
    ("text", "told", "kept"),
    [
        (f"ai_use = ____\nai_note = ____\n{CALL}", "", None),
        (f'ai_use = "none"\nai_note = ____\n{CALL}', "recorded now", {"use": "none", "note": ""}),
        ('wb.declare(ai_use="most")', "recorded now", {"use": "most", "note": ""}),
        (f'ai_use = "a bit"\nai_note = ""\n{CALL}', 'Write: ai_use = "none", "explain"', None),
        (f'ai_use = "dr" + "aft".lower()\nai_note = ""\n{CALL}', "Run the cell", None),
        (f'ai_use = "draft\n{CALL}', "Run the cell", None),
        ("use = 'draft'", "", None),
    ],
)
def test_only_a_plain_literal_is_recorded(
    home: LearnerHome, content: Unit, text: str, told: str, kept: object
) -> None:
    written(home, content, text)
    said = settle_declaration(home, content, Part.GRADED)
    assert told in said if told else said == ""
    assert answers(home, content).read().get("declared") == kept


def test_what_was_run_stays_unless_another_choice_stands_there(
    home: LearnerHome, content: Unit
) -> None:
    answers(home, content).declare("explain", "asked about quantiles")
    for text in (f"ai_use = ____\nai_note = ____\n{CALL}", f"ai_use = f()\nai_note = ''\n{CALL}"):
        written(home, content, text)
        assert settle_declaration(home, content, Part.GRADED) == ""
    assert answers(home, content).read()["declared"]["use"] == "explain"
    written(home, content, f'ai_use = "most"\nai_note = "all of it"\n{CALL}')
    assert "recorded now" in settle_declaration(home, content, Part.GRADED)
    assert answers(home, content).read()["declared"] == {"use": "most", "note": "all of it"}


def test_it_is_said_in_the_learners_language(new_home: Any, content: Unit) -> None:
    home = new_home("ko")
    written(home, content, f'ai_use = "a bit"\nai_note = ""\n{CALL}')
    said = settle_declaration(home, content, Part.GRADED)
    assert "기록되지 않았습니다" in said
    assert "is not" not in said


def test_damaged_files_stay_as_they_are(home: LearnerHome, content: Unit) -> None:
    written(home, content, f'ai_use = "most"\nai_note = ""\n{CALL}')
    answers(home, content).path.write_text("{", encoding="utf-8")
    assert settle_declaration(home, content, Part.GRADED) == ""
    assert answers(home, content).path.read_text(encoding="utf-8") == "{"


def test_the_shipped_notebook_declares_nothing() -> None:
    root = Path(__file__).parents[2] / "assignments" / "source" / "rightsizing"
    told = declared_in(root / "assignment.ipynb")
    assert told is not None
    assert [repr(value) for value in told] == ["____", "____"]
