"""``upskill grade --strict`` on whole courses that know nothing of the kit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbgrader.api
import pytest

from kit.cli.grade import run_grade, summary
from kit.errors import GradingError
from kit.grading import batch
from kit.grading.course import Course, any_course
from kit.i18n import Translator
from kit.notebooks import read_notebook, source, write_notebook
from kit.runner.level import unfenced
from kit.runner.levels import Level
from tests.nbgrader_suite.parity import ON_TIME, hand_in, quickstart_course, settings

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here"),
]
GONE = """
import ast
class Gone(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Gone())
"""


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.ipynb"
    notebook = read_notebook(path)
    (cell,) = [c for c in notebook["cells"] if old in source(c) and c["cell_type"] == "code"]
    cell["source"] = source(cell).replace(old, new)
    write_notebook(path, notebook)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, own_user: Path, tools_on_path: None) -> Course:
    """nbgrader's example course: empty, solved, cheated, and right with a warning."""
    root = quickstart_course(tmp_path_factory.mktemp("strict"))
    submitted = root / "submitted"
    # half a submission has no score at all
    shutil.rmtree(submitted / "late")
    hand_in(root, "ps1", "cheat", ON_TIME, root / "release" / "ps1")
    hand_in(root, "ps1", "warned", ON_TIME, root / "source" / "ps1")
    change(submitted / "cheat" / "ps1", "problem1", "def squares(n):", GONE + "def squares(n):")
    old = "def sum_of_squares(n):"
    new = f"{old}\n    import warnings; warnings.warn('old')"
    change(submitted / "warned" / "ps1", "problem1", old, new)
    told = ["c = get_config()"]
    told += [f"c.{name} = {value!r}" for name, value in settings(root).items()]
    (root / "nbgrader_config.py").write_text("\n".join(told) + "\n", encoding="utf-8")
    return any_course(root)


def points(course: Course) -> dict[str, dict[str, float | None]]:
    """Automatic scores by learner and cell."""
    with nbgrader.api.Gradebook(course.db_url, course.course_id) as gradebook:
        return {
            one.student_id: {
                grade.name: grade.auto_score for book in one.notebooks for grade in book.grades
            }
            for one in gradebook.assignment_submissions("ps1")
        }


@pytest.fixture(scope="module")
def both(course: Course) -> tuple[Any, Any, list[batch.Graded]]:
    """Scores without and with proof, and what the second batch says."""
    assert [one.why for one in batch.grade(course, "ps1", jobs=2) if one.why] == []
    plain = points(course)
    done = batch.grade(course, "ps1", jobs=2, strict=True)
    assert {one.state for one in done} == {"graded"}
    return plain, points(course), done


def test_honest_work_has_nbgraders_scores(both: tuple[Any, Any, Any]) -> None:
    plain, strict, done = both
    for learner in ("empty", "solved"):
        assert strict[learner] == plain[learner]
    assert {one.learner for one in done if one.differences} == {"cheat", "warned"}


def test_each_difference_is_told_with_both_scores(both: tuple[Any, Any, Any]) -> None:
    plain, strict, done = both
    for one in done:
        told = {d.cell: (d.plain, d.strict) for d in one.differences}
        ours, theirs = strict[one.learner], plain[one.learner]
        assert told == {c: (theirs[c], ours[c]) for c in ours if ours[c] != theirs[c]}


def test_cheating_loses_and_a_warning_does_not(both: tuple[Any, Any, Any]) -> None:
    plain, strict, _done = both
    assert sum(filter(None, plain["cheat"].values())) > 0
    assert sum(filter(None, strict["cheat"].values())) == 0
    assert strict["warned"] == strict["solved"] != plain["warned"]


def test_a_trainer_reads_them(both: tuple[Any, Any, list[batch.Graded]]) -> None:
    done = both[2]
    english = "\n".join(summary(done, Translator("en")))
    assert "Not as nbgrader scores it:" in english
    assert "cheat problem1 " in english
    assert "0, by nbgrader" in english
    assert "standard error" in english
    korean = "\n".join(summary(done, Translator("ko")))
    assert "standard error" not in korean
    assert "nbgrader scores" not in korean


def test_they_are_kept_and_in_the_json(
    both: Any, course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    run_grade("ps1", course.root, strict=True, as_json=True)
    rows = {row["learner"]: row for row in json.loads(capsys.readouterr().out)}
    assert {row["state"] for row in rows.values()} == {"kept"}
    assert rows["cheat"]["differences"][0].keys() == {"notebook", "cell", "plain", "strict", "why"}
    assert rows["solved"]["differences"] == []


def test_without_proof_nbgraders_scores_are_back(both: Any, course: Course) -> None:
    done = batch.grade(course, "ps1", jobs=2)
    assert {(one.state, one.differences) for one in done} == {("graded", ())}
    assert points(course) == both[0]


def test_without_fences_there_is_no_proof(course: Course) -> None:
    with pytest.raises(GradingError, match="needs fences"):
        batch.grade(course, "ps1", strict=True, sandbox=Level.NONE)
