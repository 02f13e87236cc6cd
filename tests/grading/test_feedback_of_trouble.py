"""Feedback on notebooks whose run went wrong, as their learners read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from feedback_helpers import COUNT, given, graded, new_course, take_part

from kit.grading.course import Course
from kit.grading.give_feedback import feedback_data
from kit.grading.remarks import DIED, TO_LEARNER
from kit.i18n import Translator
from kit.model import Unit
from tests.conftest import become

pytestmark = [pytest.mark.grading]

TROUBLE: dict[str, dict[str, str]] = {
    "died": {"total": "import os\nos._exit(1)"},
    "killed": {"total": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"},
    "endless": {"count": "while True: pass"},
    "loud": {"count": f"print('x' * 1_000_000)\n{COUNT}"},
    "louder": {"case": "def largest(disks):\n    raise ValueError('x' * 1_000_000)"},
    "syntax": {"count": "count = = 1"},
    "indent": {"total": "def f():\nreturn 1"},
    "coloured": {"count": "raise RuntimeError('\\x1b[31m<script>alert(1)</script>')"},
}


@dataclass
class Pages:
    course: Course
    found: dict[str, list[Path]] = field(default_factory=dict)

    def cells(self, learner: str) -> dict[str, dict[str, Any]]:
        return {
            c["exercise"]: c for page in self.found[learner] for c in feedback_data(page)["cells"]
        }

    def text(self, learner: str) -> str:
        return "\n".join(page.read_text(encoding="utf-8") for page in self.found[learner])


@pytest.fixture(scope="module")
def pages(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    base = tmp_path_factory.mktemp("trouble")
    with pytest.MonkeyPatch.context() as patch:
        become(base, patch)
        patch.setenv("UPSKILL_EXCHANGE", str(base / "exchange"))
        course = new_course(base, content)
        course.config.Execute.timeout = 4
        for learner, work in TROUBLE.items():
            take_part(course, content, base / learner, learner, language="ko", **work)
        graded(course, content)
        given(course, content)
        made = Pages(course)
        for learner in TROUBLE:
            for assignment in ("tiny-practice", "tiny"):
                found = course.feedback_folder(learner, assignment).glob("*.html")
                made.found.setdefault(learner, []).extend(found)
        yield made


@pytest.mark.parametrize("learner", TROUBLE)
def test_every_learner_gets_a_short_page_of_their_language_without_code_of_checks(
    pages: Pages, learner: str
) -> None:
    assert len(pages.found[learner]) == 2
    text = pages.text(learner)
    assert text.count('<html lang="ko">') == 2
    for locked in ("Traceback", "wb.check", "open_workbook", "site-packages", "\x1b[", "<script>"):
        assert locked not in text
    assert "https:" not in text.replace("https://www.w3.org", "")
    assert len(text) < 100_000


@pytest.mark.parametrize(
    ("learner", "exercise", "outcome"),
    [
        ("endless", "count", "error"),
        ("loud", "count", "passed"),
        ("louder", "case", "error"),
        ("syntax", "count", "not_attempted"),
        ("indent", "total", "not_attempted"),
        ("coloured", "count", "not_attempted"),
    ],
)
def test_what_went_wrong_is_told_beside_its_exercise(
    pages: Pages, learner: str, exercise: str, outcome: str
) -> None:
    cell = pages.cells(learner)[exercise]
    assert cell["outcome"] == outcome
    said = re.search(rf'<article id="{exercise}".*?</article>', pages.text(learner), re.DOTALL)
    assert said
    # a sentence of their language; a type of error stays as Python names it
    assert re.search("[가-힣]{2}", said[0])


@pytest.mark.parametrize("learner", ["died", "killed"])
def test_what_was_earned_before_the_run_died_is_kept_and_told(pages: Pages, learner: str) -> None:
    cells = pages.cells(learner)
    assert (cells["count"]["outcome"], cells["count"]["points"]) == ("passed", 1)
    assert cells["total"]["points"] == 0
    assert Translator("ko")(TO_LEARNER[DIED]) in pages.text(learner)
    # the other assignment ran to its end
    assert cells["case"]["outcome"] == "passed"
