"""A home with work in it, and ways to another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.answers import AnswerFile
from kit.home import LearnerHome, make_home, open_home
from kit.model import Attempt, Part, Unit
from kit.moving import apply_import, export_home, plan_import, read_bundle
from kit.progress import ProgressLog
from kit.progress.log import now
from tests.unit.moving.homes import answer, nobody


@pytest.fixture
def worked(tiny: Unit, tiny_home: LearnerHome) -> LearnerHome:
    """A home with one answer, attempts, answers in panels, an artefact and an export."""
    answer(tiny_home, tiny, "count", "count = 3  # CANARY")
    log = ProgressLog(tiny_home.progress_file)
    for outcome in ("incorrect", "passed"):
        log.append(Attempt(now(), "check", "tiny", "count", outcome))
    answers = tiny_home.assignment_folder(tiny, Part.PRACTICE) / "answers.json"
    AnswerFile(answers).put("choices", "which", {"option": "CANARY"})
    for folder in ("artefacts/tiny", "inbox"):
        (tiny_home.root / folder).mkdir(parents=True)
        (tiny_home.root / folder / "보고서.csv").write_text("CANARY", encoding="utf-8")
    (tiny_home.state / "mask.key").write_text("SECRET")
    return tiny_home


@pytest.fixture
def other(tmp_path: Path, worked: LearnerHome) -> LearnerHome:
    """The same learner's second home, made and untouched."""
    home = open_home(tmp_path / "second", "en")
    make_home(home)
    return home


@pytest.fixture
def move(tmp_path: Path) -> Callable[[LearnerHome, LearnerHome], dict[str, str]]:
    """``move(a, b)`` exports a into b; returns what became of each file."""

    def move(source: LearnerHome, target: LearnerHome) -> dict[str, str]:
        file = tmp_path / "moved.zip"
        file.unlink(missing_ok=True)
        export_home(source, file, with_inbox=False)
        plan = plan_import(target, read_bundle(file))
        apply_import(plan, nobody)
        return {change.name: change.kind for change in plan.changes}

    return move
