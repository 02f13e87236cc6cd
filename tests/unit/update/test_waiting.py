"""What a home is told of new content, before anything is written."""

from __future__ import annotations

from kit.home import make_home, open_home
from kit.notebooks import write_notebook
from kit.update.run import apply_update, plan_update
from kit.update.waiting import Waiting, waiting, waiting_in
from tests.unit.update.conftest import Learner


def test_new_content_waits_until_the_update_and_looking_writes_nothing(behind: Learner) -> None:
    before = behind.files()
    assert waiting(behind.home, behind.unit) == Waiting("tiny", "1", "2")
    assert waiting_in(behind.home, [behind.unit]) == [Waiting("tiny", "1", "2")]
    assert behind.files() == before
    apply_update(plan_update(behind.home, [behind.unit], lambda _path: ""), lambda _path: "")
    assert waiting(behind.home, behind.unit) is None


def test_answers_and_another_language_are_no_new_content(learner: Learner) -> None:
    assert waiting_in(learner.home, [learner.unit]) == []
    korean = open_home(learner.home.root, "ko")
    assert waiting(korean, learner.unit) is None
    make_home(korean)
    assert waiting(korean, learner.unit) is None


def test_without_what_was_given_the_notebooks_own_version_tells(behind: Learner) -> None:
    for part in ("practice", "graded", "live"):
        (behind.home.state / "base" / "tiny" / f"{part}.ipynb").unlink()
    assert waiting(behind.home, behind.unit) == Waiting("tiny", "1", "2")
    notebook = behind.notebook()
    notebook["metadata"]["kit"]["version"] = "2"
    write_notebook(behind.path, notebook)
    for other in (behind.home.root / "tiny", behind.home.root / "live"):
        for path in other.glob("*.ipynb"):
            path.unlink()
    assert waiting(behind.home, behind.unit) is None


def test_a_home_without_notebooks_waits_for_nothing(behind: Learner) -> None:
    behind.path.unlink()
    for folder in ("tiny", "live"):
        for path in (behind.home.root / folder).glob("*.ipynb"):
            path.unlink()
    assert waiting(behind.home, behind.unit) is None
