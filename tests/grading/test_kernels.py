"""The trainer's notebook names its kernel: an environment of the course runs what it graded for."""

from __future__ import annotations

import json
import site
import sys
import venv
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.converters import GenerateAssignment
from plain_helpers import cell, locked_test
from traitlets.config import Config

from kit.errors import GradingError
from kit.grading.batch import Graded, grade
from kit.grading.course import Course, any_course
from kit.grading.execute import ExecuteAs
from kit.grading.kernels import is_ours
from kit.runner.bubblewrap import unwrapped
from kit.runner.level import unfenced
from kit.runner.levels import Level

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unwrapped() or unfenced()), reason="no sandbox works here"),
]


def install(place: Path, name: str, program: str, **more: Any) -> None:
    """Register a kernel as ``ipykernel install`` does."""
    told = {
        "argv": [program, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": name,
        "language": "python",
        **more,
    }
    (place / "kernels" / name).mkdir(parents=True)
    (place / "kernels" / name / "kernel.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own, which finds our packages; the kernels of this machine."""
    base = tmp_path_factory.mktemp("kernels")
    venv.create(base / "env", symlinks=True)
    packages = next((base / "env").glob("lib/python3*/site-packages"))
    (packages / "ours.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    (packages / "only_there.py").write_text("answer = 42", encoding="utf-8")
    python = str(base / "env" / "bin" / "python")
    install(base, "course-env", python, env={"OF_COURSE": "yes", "PATH": "/of/it:${PATH}"})
    install(base, "alias", sys.executable)
    install(base, "set", sys.executable, env={"OF_COURSE": "yes"})
    # as bash_kernel and others: our interpreter runs it, and it is none of ours
    shell = [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"]
    install(base, "shell", sys.executable, argv=shell, language="bash")
    return base


@pytest.fixture(autouse=True)
def installed(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(other))


def spec(name: str) -> dict[str, str]:
    return {"name": name, "display_name": name, "language": "python"}


def ran(folder: Path, name: str, source: str) -> tuple[str, Level | None]:
    """What a cell said under a kernel, and what stood around it."""
    made = new_notebook(cells=[cell("a", source)], metadata={"kernelspec": spec(name)})
    steps = ExecuteAs(timeout=20)
    done, _ = steps.preprocess(made, {"metadata": {"path": str(folder)}})
    return "".join(str(output.get("text", output)) for output in done.cells[0].outputs), steps.level


def test_an_environment_of_the_course_runs_its_notebooks(other: Path, tmp_path: Path) -> None:
    asks = "import os, sys, only_there\nprint(sys.prefix, os.environ['OF_COURSE'])\n"
    asks += "print(os.environ['PATH'].split(':')[0], only_there.answer)"
    said, level = ran(tmp_path, "course-env", asks)
    assert said == f"{other / 'env'} yes\n/of/it 42\n"
    assert level is Level.BUBBLEWRAP


def test_a_name_for_our_own_interpreter_is_a_fork_of_it(tmp_path: Path) -> None:
    assert ran(tmp_path, "alias", "import sys\nprint(sys.prefix)") == (
        f"{sys.prefix}\n",
        Level.FENCES,
    )


def test_our_interpreter_with_another_program_or_environment_is_another_kernel() -> None:
    assert {name: is_ours(name) for name in ("python3", "python", "alias", "set", "shell")} == {
        "python3": True,
        "python": True,
        "alias": True,
        "set": False,
        "shell": False,
    }


@pytest.mark.parametrize("forked", [True, False])
def test_a_kernel_that_is_not_installed_is_an_error(forked: bool, tmp_path: Path) -> None:
    made = new_notebook(cells=[], metadata={"kernelspec": spec("gone")})
    with pytest.raises(GradingError, match="'gone' is not installed here") as error:
        ExecuteAs(forked=forked).preprocess(made, {"metadata": {"path": str(tmp_path)}})
    assert error.value.fix.endswith("python -m ipykernel install --user --name gone")


def course_of(root: Path, kernel: str, learners: dict[str, str]) -> Course:
    """A course whose source names ``kernel``, "" for none; each learner's notebook another."""
    notebooks = {"source/.": kernel} | {f"submitted/{one}": n for one, n in learners.items()}
    for place, name in notebooks.items():
        test = locked_test("test", "import sys\nprint(sys.prefix)")
        made = new_notebook(cells=[test], metadata={"kernelspec": spec(name)} if name else {})
        (root / place / "a").mkdir(parents=True)
        nbformat.write(made, root / place / "a" / "p.ipynb")
    (root / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    course = any_course(root)
    with course.at_work("Releasing"):
        config = Config(course.config)
        GenerateAssignment(coursedir=course.directory("a", "*"), config=config).start()
    return course


def graded(course: Course, **how: Any) -> dict[str, Graded]:
    return {one.learner: one for one in grade(course, "a", jobs=1, **how)}


@pytest.mark.parametrize("strict", [False, True])
def test_the_trainers_notebook_decides(other: Path, tmp_path: Path, strict: bool) -> None:
    course = course_of(tmp_path / "course", "course-env", {"kim": "python3", "lee": "gone"})
    found = graded(course, strict=strict)
    assert {(one.state, one.score, one.sandbox) for one in found.values()} == {
        # a kernel that cannot be asked for proof leaves the cell to a person
        ("graded", 0.0 if strict else 1.0, "bubblewrap")
    }
    assert {one.to_grade for one in found.values()} == {int(strict)}
    for learner in found:
        done = nbformat.read(course.autograded(learner, "a") / "p.ipynb", as_version=4)
        assert done.cells[0].outputs[0].text == f"{other / 'env'}\n"


def test_where_it_names_none_a_kernel_that_is_not_there_fails_alone(tmp_path: Path) -> None:
    found = graded(course_of(tmp_path / "course", "", {"kim": "alias", "lee": "gone"}))
    assert (found["kim"].state, found["kim"].score) == ("graded", 1.0)
    assert found["lee"].state == "failed"
    assert "'gone' is not installed here" in found["lee"].why
    assert "jupyter kernelspec list" in found["lee"].why
