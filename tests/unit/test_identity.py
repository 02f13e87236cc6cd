"""Who works here: the home in practice, the grader's word under grading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.data.seeds import open_seed
from kit.errors import GradingError
from kit.home import LearnerHome, make_home, open_home
from kit.identity import GRADING_VARIABLE, MESSAGES_VARIABLE, current_identity


@pytest.fixture(autouse=True)
def not_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (GRADING_VARIABLE, MESSAGES_VARIABLE, "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)


def word(**changes: object) -> str:
    told = {"course": "c1", "learner": "kim", "language": "ko", "hidden_seed": 12345}
    return json.dumps({**told, **changes})


def test_in_practice_the_home_says_who_and_seeds_are_open(tiny_home: LearnerHome) -> None:
    identity = current_identity()
    assert (identity.course, identity.learner) == (tiny_home.course, tiny_home.learner)
    assert identity.home == tiny_home
    assert identity.hidden_seed is None
    expected = open_seed(tiny_home.course, tiny_home.learner, "tiny", "practice")
    assert identity.case_seed("tiny", "practice") == expected
    assert identity.fresh_seed("tiny", "practice") != expected


def test_under_grading_the_home_is_neither_read_nor_written(
    tiny_home: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(GRADING_VARIABLE, word())
    identity = current_identity()
    assert (identity.course, identity.learner, identity.language) == ("c1", "kim", "ko")
    assert identity.home is None
    assert identity.fresh_seed("tiny", "graded") == 12345


def test_the_learners_case_is_the_same_in_practice_and_under_grading(
    tiny_home: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = current_identity().case_seed("tiny", "graded")
    told = word(course=tiny_home.course, learner=tiny_home.learner)
    monkeypatch.setenv(GRADING_VARIABLE, told)
    assert current_identity().case_seed("tiny", "graded") == mine


def test_nbgraders_validate_in_a_home_writes_nothing(
    tiny_home: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    identity = current_identity()
    assert identity.home is None
    assert identity.learner == tiny_home.learner


@pytest.mark.parametrize("text", ["", "{", "{}", word(hidden_seed="x"), "[1]"])
def test_a_damaged_word_is_an_error_never_a_guess(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(GRADING_VARIABLE, text)
    with pytest.raises(GradingError):
        current_identity()


def test_a_command_can_ask_for_messages_in_another_language(
    tiny_home: LearnerHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MESSAGES_VARIABLE, "ko")
    assert current_identity().language == "ko"


@pytest.mark.parametrize("text", ['{"course": 7}', "[]", "{", '{"format": 1}'])
def test_a_course_file_that_names_no_course_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    folder = tmp_path / "rightsizing"
    folder.mkdir()
    monkeypatch.chdir(folder)
    before = current_identity()
    (folder / "course.json").write_text(text, encoding="utf-8")
    assert current_identity() == before


def test_a_course_file_beside_no_assignment_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = current_identity()
    (tmp_path / "course.json").write_text('{"format": 1, "course": "x"}', encoding="utf-8")
    assert current_identity() == before


def test_a_fetched_notebook_inside_a_home_meets_its_own_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_home(tmp_path / "h", "en")
    make_home(home)
    folder = home.root / "rightsizing"
    (folder / "course.json").write_text('{"format": 1, "course": "mig26"}', encoding="utf-8")
    monkeypatch.setenv("JUPYTERHUB_USER", "kim")
    monkeypatch.chdir(folder)
    here = current_identity()
    assert (here.course, here.learner) == ("mig26", "kim")
    assert here.home is not None
    assert here.home.root == home.root
