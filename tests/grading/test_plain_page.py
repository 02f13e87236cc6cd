"""Feedback of a course that is not ours: nbgrader's page, without its hidden tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from course_helpers import CONFIG
from nbformat.v4 import new_markdown_cell, new_notebook
from plain_helpers import cell, text_of, words

from kit.grading.course import Course, open_course
from tests.conftest import become

pytestmark = [pytest.mark.grading]

HIDDEN = """\
assert square(2) == 4, "two is wrong"
### BEGIN HIDDEN TESTS
for secret in (1117, 2229):
    assert square(secret) == secret * secret
### END HIDDEN TESTS"""
ANSWERS = {
    "wrong": "def square(n):\n    return 4",
    "seen": "def square(n):\n    return n",
    "leak": "def square(n):\n    if n > 2: raise ValueError(f'got {n}')\n    return 4",
    "named": "def square(n):\n    if n > 2: raise type(f'N{n}', (Exception,), {})()\n    return 4",
    "prints": "kept = []\ndef square(n):\n    kept.append(n)\n    print('at', n)\n    return n * n",
    "updates": "seen = display('first', display_id='d')\n"
    "def square(n):\n    display(f'then {n}', display_id='d')\n    seen.update(f'now {n}')\n"
    "    return n * n",
    "captures": "from ipywidgets import Output\nseen = Output()\ndisplay(seen)\n"
    "def square(n):\n    with seen:\n        print('</script> kept', n)\n    return n * n",
    "counts": "def square(n):\n    get_ipython().execution_count = n\n    return n * n",
    "right": "def square(n):\n    return n * n",
    "broken": "def square(n:\n    return",
    "died": "import os\nos._exit(1)",
    "endless": "while True: pass",
    "loud": "print('x' * 1_000_000)\ndef square(n):\n    return n * n",
    "blank": "",
}


def notebook() -> Any:
    return new_notebook(
        cells=[
            new_markdown_cell("Square a number: $n^2$ ![x](https://example.com/x.png)"),
            cell("answer", "### BEGIN SOLUTION\n### END SOLUTION", solution=True),
            cell("visible", "assert square(0) == 0", grade=True, locked=True, points=1),
            cell("test", HIDDEN, grade=True, locked=True, points=2),
            cell("more", "### BEGIN SOLUTION\n### END SOLUTION", solution=True),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "p", "language": "python"}},
    )


def grade(course: Course, learner: str, answer: str) -> None:
    from nbgrader.converters import Autograde, GenerateFeedback

    made = nbformat.read(course.release_folder("ps1") / "p.ipynb", as_version=4)
    made.cells[1].source, made.cells[4].source = answer, "print(kept)"
    folder = course.submitted(learner, "ps1")
    folder.mkdir(parents=True)
    nbformat.write(made, folder / "p.ipynb")
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC", encoding="utf-8")
    with course.at_work("Grading"):
        course.convert(Autograde, "ps1", learner)
        course.convert(GenerateFeedback, "ps1", learner)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    from nbgrader.converters import GenerateAssignment, GenerateFeedback

    root = tmp_path_factory.mktemp("plain") / "course"
    (root / "source" / "ps1").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        become(root.parent, patch)
        patch.setenv("UPSKILL_LANG", "ko")
        (root / "nbgrader_config.py").write_text(CONFIG.format(more=""), encoding="utf-8")
        nbformat.write(notebook(), root / "source" / "ps1" / "p.ipynb")
        course = open_course(root)
        with course.at_work("Releasing"):
            course.convert(GenerateAssignment, "ps1", "*")
        told = {}
        for learner, answer in ANSWERS.items():
            grade(course, learner, answer)
            told[learner] = text_of(course.feedback_folder(learner, "ps1") / "p.html")
        course.config.KitFeedback.show_hidden_tests = True
        with course.at_work("Feedback"):
            course.convert(GenerateFeedback, "ps1", "right")
        told["shown"] = text_of(course.feedback_folder("right", "ps1") / "p.html")
        yield told


@pytest.mark.parametrize("learner", ANSWERS)
def test_no_page_shows_hidden_tests_or_what_they_held(pages: dict[str, str], learner: str) -> None:
    read = words(pages[learner])
    for secret in ("1117", "2229", "HIDDEN", "secret", "Traceback"):
        assert secret not in read
    # what the trainer lets everybody see stays
    assert "two is wrong" in read
    assert "Score: " in read


@pytest.mark.parametrize("learner", ANSWERS)
def test_no_page_runs_or_loads_anything(pages: dict[str, str], learner: str) -> None:
    page = pages[learner]
    assert "default-src 'none'" in page.split("</head>")[0]
    assert "<script" not in page
    assert "cdn" not in page
    assert "<msup>" in page


def test_a_check_says_its_message_and_a_hidden_one_says_that_it_failed(
    pages: dict[str, str],
) -> None:
    assert "AssertionError: two is wrong" in words(pages["seen"])
    told = "이 셀의 테스트가 통과하지 못했습니다."
    assert told in words(pages["wrong"])
    assert told not in words(pages["right"])
    assert "ValueError: …" in words(pages["leak"])
    assert "Score: 3.0 / 3.0" in words(pages["right"])


def test_errors_that_tell_nothing_hidden_are_told_in_full(pages: dict[str, str]) -> None:
    assert "NameError: name 'square' is not defined" in words(pages["broken"])
    assert "NameError: name 'square' is not defined" in words(pages["blank"])


def test_a_cell_after_hidden_tests_shows_nothing_of_them(pages: dict[str, str]) -> None:
    assert "print(kept)" in words(pages["prints"])
    assert "숨은 테스트가 실행된 뒤에" in words(pages["prints"])


def test_what_was_shown_before_hidden_tests_stays_as_it_was(pages: dict[str, str]) -> None:
    # the test that everybody sees may change it
    assert "now 0" in words(pages["updates"])
    assert "now 1117" not in pages["updates"]
    assert "kept 1117" not in pages["captures"]


def test_a_trainer_can_have_hidden_tests_shown(pages: dict[str, str]) -> None:
    assert "2229" in words(pages["shown"])
    assert "<script" not in pages["shown"]


def test_a_page_stays_small_whatever_was_printed(pages: dict[str, str]) -> None:
    assert len(pages["loud"]) - len(pages["right"]) < 500_000
