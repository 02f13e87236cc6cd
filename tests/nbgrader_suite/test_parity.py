"""A course graded by nbgrader alone, and the same graded by ours, are the same afterwards.

A sample of nbgrader's notebooks, unless UPSKILL_PARITY=all; ``make nbgrader-tests`` takes all.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import nbgrader.api
import pytest
from nbgrader.preprocessors import Execute

from kit.grading.execute import ExecuteAs
from tests.nbgrader_suite.cases import is_told
from tests.nbgrader_suite.parity import (
    RELEASED,
    SHIPPED,
    Side,
    differences,
    grade,
    grade_at_once,
    notebook_course,
    quickstart_course,
    shipped,
)

pytestmark = [pytest.mark.grading]
SAMPLE = (
    "apps/files/autotest-multi.ipynb",
    "apps/files/infinite-loop.ipynb",
    "apps/files/open_relative_file.ipynb",
    "apps/files/side-effects.ipynb",
    "apps/files/submitted-changed.ipynb",
    "apps/files/submitted-cheat-attempt.ipynb",
    "apps/files/too-new.ipynb",
    "preprocessors/files/infinite-recursion.ipynb",
    "preprocessors/files/test_taskcell.ipynb",
)
NOTEBOOKS = tuple(shipped()) if os.environ.get("UPSKILL_PARITY") == "all" else SAMPLE


@pytest.fixture(autouse=True)
def one_look_at_migrations(
    monkeypatch: pytest.MonkeyPatch, own_user: Path, tools_on_path: None
) -> None:
    """nbgrader starts alembic for each new gradebook, for one name that stays the same."""
    monkeypatch.setattr(nbgrader.api, "get_alembic_version", _version)


@cache
def _version() -> str:
    return str(_ask())


_ask = nbgrader.api.get_alembic_version


def assert_alike(root: Path, plain: Side) -> None:
    """By nbgrader's commands with our runner, and by ours for everything at once."""
    base = root.parent
    assert differences(plain, grade(root, base / "ours", ExecuteAs)) == {}
    assert differences(plain, grade_at_once(root, base / "at-once")) == {}


def test_how_many_notebooks_there_are_is_what_the_documentation_says() -> None:
    assert is_told(f"each of the {len(shipped())} notebooks in its wheel")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_of_nbgraders_is_graded_alike(name: str, tmp_path: Path) -> None:
    root = tmp_path / "course"
    notebook_course(root, name)
    plain = grade(root, tmp_path / "plain", Execute)
    assert plain.errors.keys() >= {f"{SHIPPED}/a", f"{RELEASED}/a"}
    assert_alike(root, plain)


@pytest.mark.parametrize("options", [(), ("--autotest",)], ids=["plain", "autotest"])
def test_nbgraders_example_course_is_graded_alike(tmp_path: Path, options: tuple[str]) -> None:
    root = quickstart_course(tmp_path, *options)
    plain = grade(root, tmp_path / "plain", Execute)
    assert not any(plain.errors.values())
    late = [row["late_submission_penalty"] for row in plain.gradebook["submitted_notebook"]]
    assert max(penalty or 0 for penalty in late) > 0
    assert_alike(root, plain)


class Careless(Execute):
    """Differs in a score, in what is shown, and in what is left."""

    def preprocess(self, nb: Any, resources: Any, km: Any = None) -> Any:
        nb, resources = super().preprocess(nb, resources, km)
        for cell in nb.cells:
            cell.pop("outputs", None)
            if cell.cell_type == "code":
                cell.outputs = []
        Path(resources["metadata"]["path"], "left.txt").write_text("left", encoding="utf-8")
        return nb, resources


def test_another_result_is_a_difference(tmp_path: Path) -> None:
    root = tmp_path / "course"
    notebook_course(root, "preprocessors/files/test.ipynb")
    plain, other = grade(root, tmp_path / "plain", Execute), grade(root, tmp_path / "c", Careless)
    found = differences(plain, other)
    assert {place.partition(":")[0] for place in found} == {
        "gradebook",
        "notebooks",
        "pages",
        "files",
    }
    assert "gradebook: grade" in found
