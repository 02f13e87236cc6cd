"""A submission of two notebooks: what the second sees of the first, and what feedback shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from course_helpers import CONFIG
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from plain_helpers import cell, locked_test, text_of, words

from kit.grading.batch import grade
from kit.grading.course import Course, open_course
from kit.grading.exchange import exchange_root, transfer
from tests.conftest import become

pytestmark = [pytest.mark.grading]
HIDDEN = """\
### BEGIN HIDDEN TESTS
assert square(1117) == 1117 * 1117
### END HIDDEN TESTS"""
READS = """\
from pathlib import Path
texts = {path.name: path.read_text() for path in sorted(Path().glob("*.ipynb"))}
print(*texts, [name for name in texts if str(1118 - 1) in texts[name]])
print("def square" in texts["p1.ipynb"], "graded" in texts["p1.ipynb"])"""
ANSWERS = {
    "reads": ("def square(n):\n    print('graded')\n    return n * n", READS),
    # keeps what it was called with where the next notebook finds it
    "keeps": (
        "def square(n):\n    open('kept.txt', 'a').write(f' {n}')\n    return n * n",
        "print('kept', open('kept.txt').read())",
    ),
    # lays down what looks like pages
    "forges": (
        "def square(n):\n    for name in ('p1', 'p2', 'p3'):\n"
        "        open(f'{name}.html', 'w').write(f'forged {n}')\n    return n * n",
        "print('mine')",
    ),
}


def hand_in(course: Course, learner: str, answers: tuple[str, str]) -> None:
    folder = course.submitted(learner, "ps1")
    folder.mkdir(parents=True)
    for name, answer in zip(("p1", "p2"), answers, strict=True):
        made = nbformat.read(course.release_folder("ps1") / f"{name}.ipynb", as_version=4)
        made.cells[0].source = answer
        nbformat.write(made, folder / f"{name}.ipynb")
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC", encoding="utf-8")
    (folder / "submission_secret.txt").write_text(f"secret of {learner}", encoding="utf-8")


@pytest.fixture(scope="module", params=["at once", "by nbgrader"])
def course(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Course]:
    """A graded course with its feedback, by each of the two ways."""
    root = tmp_path_factory.mktemp("several") / "course"
    (root / "source" / "ps1").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        become(root.parent, patch)
        patch.setenv("UPSKILL_LANG", "en")
        patch.setenv("UPSKILL_EXCHANGE", str(root.parent / "exchange"))
        (root / "nbgrader_config.py").write_text(CONFIG.format(more=""), encoding="utf-8")
        for name, test in {"p1": HIDDEN, "p2": "assert True"}.items():
            answer = cell("answer", "### BEGIN SOLUTION\n### END SOLUTION", solution=True)
            made = new_notebook(cells=[answer, locked_test("test", test)])
            nbformat.write(made, root / "source" / "ps1" / f"{name}.ipynb")
        course = open_course(root)
        with course.at_work("Releasing"):
            course.convert(GenerateAssignment, "ps1", "*")
        for learner, answers in ANSWERS.items():
            hand_in(course, learner, answers)
        if request.param == "at once":
            assert {one.score for one in grade(course, "ps1", jobs=1)} == {2.0}
        with course.at_work("Grading"):
            if request.param != "at once":
                course.convert(Autograde, "ps1", "*")
            course.convert(GenerateFeedback, "ps1", "*")
            (root.parent / "exchange").mkdir()
            transfer(course, "ReleaseFeedback", "ps1", "*")
        yield course


def printed(course: Course, learner: str, name: str) -> str:
    graded = nbformat.read(course.autograded(learner, "ps1") / f"{name}.ipynb", as_version=4)
    return "".join(output.get("text", "") for output in graded.cells[0].outputs)


def page(course: Course, learner: str, name: str) -> str:
    return words(text_of(course.feedback_folder(learner, "ps1") / f"{name}.html"))


def test_each_runs_beside_notebooks_as_they_were_handed_in(course: Course) -> None:
    assert printed(course, "reads", "p2") == "p1.ipynb p2.ipynb []\nTrue True\n"
    graded = text_of(course.autograded("reads", "ps1") / "p1.ipynb")
    assert "1117" in graded
    assert "p1.ipynb p2.ipynb []" in page(course, "reads", "p2")


def test_what_hidden_tests_left_for_the_next_notebook_is_shown_nowhere(course: Course) -> None:
    # files pass from notebook to notebook as in nbgrader
    assert printed(course, "keeps", "p2") == "kept  1117\n"
    assert "1117" not in page(course, "keeps", "p2")
    assert "hidden tests had run" in page(course, "keeps", "p2")


def test_only_pages_of_ours_are_released(course: Course) -> None:
    folder = course.feedback_folder("forges", "ps1")
    assert {path.name for path in folder.glob("*.html")} == {"p1.html", "p2.html"}
    released: list[Path] = list((exchange_root(course) / "c1" / "feedback").glob("*.html"))
    assert len(released) == 2 * len(ANSWERS)
    assert not any("forged 1117" in text_of(path) for path in released)
