"""Forgeries on a plain course's locked tests: nbgrader's full points, and nothing with proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import utils

from kit.grading.strict import PROOFS, Proof, Prover, is_locked_test, read_trainer, settled
from kit.runner.level import unfenced
from tests.attacks.forging import FILES, FORGERIES, JUDGE, Forgery
from tests.attacks.honest import HONEST
from tests.attacks.world import PYTHON, Proving, locked_test

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here"),
]
POINTS = 5.0
RIGHT = "def f(x):\n    return x * x\n"


class InACourse(Proving):
    """With the trainer's files."""

    source: Path
    files: tuple[str, ...]

    def _want_proof(self, nb: Any, resources: dict[str, Any]) -> None:
        trainer = read_trainer(nb.cells, self.source / "none.ipynb")
        proofs = resources.setdefault(PROOFS, {})
        self._prover = Prover(trainer, proofs, self.source, self.files)
        self._stack.callback(self._prover.close)


def run(forgery: Forgery, folder: Path) -> tuple[float, Proof]:
    """nbgrader's points, and the proof beside them."""
    for place in ("source", "handed-in"):
        (folder / place).mkdir()
        for name, text in forgery.files.items():
            (folder / place / name).parent.mkdir(exist_ok=True)
            (folder / place / name).write_text(text, encoding="utf-8")
    cells = [nbformat.v4.new_code_cell(forgery.answer), locked_test(forgery.test)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": PYTHON})
    steps = InACourse(timeout=20)
    steps.source, steps.files = folder / "source", tuple(forgery.files)
    resources: dict[str, Any] = {"metadata": {"path": str(folder / "handed-in")}}
    ran, resources = steps.preprocess(notebook, resources)
    (cell,) = filter(is_locked_test, ran.cells)
    plain = utils.determine_grade(cell)[0]
    return plain, settled(cell, resources[PROOFS]["test"], plain)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_earns_nothing_and_is_told(name: str, tmp_path: Path) -> None:
    plain, proof = run(FORGERIES[name], tmp_path)
    assert plain == POINTS, proof.why
    assert proof.points == 0.0
    assert proof.why


TESTS = dict.fromkeys(forgery.test for forgery in FILES.values() if "here" not in forgery.test)


@pytest.mark.parametrize("test", TESTS)
def test_right_work_beside_the_trainers_files_is_proved(test: str, tmp_path: Path) -> None:
    assert run(Forgery(RIGHT, test, JUDGE), tmp_path) == (POINTS, Proof(POINTS))


KEPT = {
    "a file that it made": (
        "open('out.txt', 'w').write('9')", "assert open('out.txt').read() == '9'"),
    "a folder of the trainer's": (
        "import os\nos.chdir('data')", "assert f(3) == int(open('nine.txt').read())"),
    "a test that writes": (
        "import os", "assert not os.path.exists('x')\nopen('x', 'w').close()\n"
        "assert os.path.exists('x')"),
    "a test that goes to a folder itself": (
        "", "import os\nos.chdir('data')\nassert f(3) == int(open('nine.txt').read())"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_files_of_honest_work_are_there_and_nothing_comes_back(name: str, tmp_path: Path) -> None:
    answer, test = KEPT[name]
    assert run(Forgery(RIGHT + answer, test, JUDGE), tmp_path) == (POINTS, Proof(POINTS))


def test_a_file_of_the_trainers_that_was_changed_is_named(tmp_path: Path) -> None:
    _plain, proof = run(FILES["the trainer's data"], tmp_path)
    assert proof.ask
    assert "data/nine.txt" in proof.why


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_is_in_no_doubt(name: str, tmp_path: Path) -> None:
    assert run(HONEST[name], tmp_path) == (POINTS, Proof(POINTS))
