"""What a report of a fork's proves, whoever made it, and what becomes of nbgrader's score."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.grading.instrument import Trainer, rewrite
from kit.grading.strict import (
    NEVER,
    NUMBER,
    PASSES,
    WARNED,
    Proof,
    Prover,
    is_locked_test,
    judged,
    read_trainer,
    settled,
    trainers_files,
)
from kit.runner.isolate import Fence
from kit.runner.wire import receive_text, send_text

pytestmark = pytest.mark.grading
POINTS = 5.0
MADE = rewrite("assert f(1)\nassert f(2)", Trainer())
PASSED: dict[str, Any] = {
    "nonce": MADE.told["nonce"],
    "failed": "",
    "changed": "",
    "touched": "",
    "reached": 1,
    "true": [0, 1],
    "false": [],
    "doubts": [],
    "value": {"kind": "none"},
}


def number(value: object, kind: str = "number") -> dict[str, Any]:
    return {"value": {"kind": kind, "number": value}}


@pytest.mark.parametrize(
    ("told", "points"),
    [
        ({}, POINTS),
        (number(2.5), 2.5),
        (number(0.0), 0.0),
        (number(True, "bool"), POINTS),
        ({"value": {"kind": "other"}}, POINTS),
    ],
)
def test_a_cell_that_came_to_its_end_earns_its_points_or_its_number(
    told: dict[str, Any], points: float
) -> None:
    assert judged(MADE, PASSED | told, POINTS) == Proof(points)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"failed": "ValueError", "reached": 0}, "line 2 fails in the restored interpreter: Value"),
        ({"false": [1], "reached": -1}, "line 1 fails in the restored interpreter: AssertionError"),
        ({"reached": 0}, "line 2 fails"),
        ({"true": [0]}, "the assert in line 2 was never evaluated"),
        (number(5.5), "5.5, which is no number from 0 to 5"),
        (number(-1.0), "-1.0, which is no number"),
        (number("nan"), "nan, which is no number"),
        (number(False, "bool"), "False, which is no number"),
        # a report that nobody of ours made
        ({"reached": None}, NEVER),
        ({"value": None}, NEVER),
        ({"doubts": [{}]}, NEVER),
    ],
)
def test_anything_else_proves_nothing(told: dict[str, Any], why: str) -> None:
    proof = judged(MADE, PASSED | told, POINTS)
    assert (proof.points, proof.ask) == (0.0, False)
    assert why in proof.why


@pytest.mark.parametrize(
    ("what", "why"), [("replaced", "calls 'len', which the"), ("own", "an object of 'len'")]
)
def test_what_rests_on_the_learners_own_is_left_to_a_person(what: str, why: str) -> None:
    told = {"doubts": [{"what": what, "line": 2, "name": "len"}]}
    proof = judged(MADE, PASSED | told, POINTS)
    assert (proof.points, proof.ask) == (0.0, True)
    assert why in proof.why


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"failed": "OSError", "changed": "a.csv"}, "changed your file 'a.csv'; with yours, line"),
        ({"touched": "a.csv"}, "while it runs, the notebook changes your file 'a.csv'"),
    ],
)
def test_a_file_of_the_trainers_that_was_changed_is_left_to_a_person(
    told: dict[str, Any], why: str
) -> None:
    proof = judged(MADE, PASSED | told, POINTS)
    assert (proof.points, proof.ask) == (0.0, True)
    assert why in proof.why


def test_files_that_nbgrader_puts_over_a_learners_are_the_trainers(tmp_path: Path) -> None:
    for name in ("a.csv", "b/c.py", "d.txt", "book.ipynb", "b/x.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert trainers_files(tmp_path, ["*.pyc"], ["d.txt"]) == ["a.csv", "b/c.py"]
    assert trainers_files(tmp_path / "none", [], []) == []


def test_the_fence_lets_the_trainers_files_be_read_and_nothing_beside_them() -> None:
    source = Path("/course/source/a")
    fence = Prover(Trainer(), {}, source, ["b/c.py"]).place(Path("/room/work"), Fence(read=("/x",)))
    assert fence.read == ("/x", "/course/source/a/b/c.py")
    assert fence.looked_into == ("/course/source/a", "/course/source/a/b")
    assert fence.disk == 2 * Fence.disk


def ran(*outputs: Any) -> Any:
    return nbformat.v4.new_code_cell("assert f(1)", outputs=list(outputs))


STDERR = nbformat.v4.new_output("stream", name="stderr", text="old")
ERROR = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])


@pytest.mark.parametrize(
    ("cell", "proof", "plain", "settles"),
    [
        (ran(), Proof(5.0), 5.0, Proof(5.0)),
        (ran(STDERR), Proof(5.0), 0.0, Proof(5.0, WARNED)),
        (ran(STDERR, ERROR), Proof(5.0), 0.0, Proof(5.0, PASSES)),
        (ran(), Proof(1.5), 5.0, Proof(1.5, NUMBER.format(value="1.5"))),
        (ran(), Proof(0.0, "why"), 5.0, Proof(0.0, "why")),
        # nbgrader's own score stands where there is none of ours
        (ran(), Proof(None, "why", ask=True), 3.0, Proof(3.0, "why", ask=True)),
    ],
)
def test_a_score_that_is_not_nbgraders_comes_with_its_reason(
    cell: Any, proof: Proof, plain: float, settles: Proof
) -> None:
    assert settled(cell, proof, plain) == settles


def cell(source: str = "assert f(1)", role: str = "", **told: Any) -> Any:
    data = {"grade": True, "solution": False, "locked": True, "grade_id": "one", "points": POINTS}
    metadata = {"nbgrader": data | told, **({"kit": {"id": "x", "role": role}} if role else {})}
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def test_locked_cells_with_points_are_proved_and_no_others() -> None:
    assert is_locked_test(cell())
    assert not is_locked_test(cell(grade=False))
    assert not is_locked_test(cell(solution=True))
    assert not is_locked_test(cell(role="check"))
    assert not is_locked_test(nbformat.v4.new_code_cell("1"))


def test_what_the_trainer_binds_is_read_from_the_source_and_from_locked_cells(
    tmp_path: Path,
) -> None:
    source = tmp_path / "source.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("theirs = 1")]), source
    )
    mine = [nbformat.v4.new_code_cell("import os"), cell("def helper(): pass")]
    found = read_trainer(mine, source)
    assert (found.bound, found.imports, set(found.helpers)) == ({"theirs"}, {}, {"helper"})
    assert read_trainer(mine, tmp_path / "none.ipynb").bound == set()


def asked(answer: str | None) -> Proof:
    """The proof of one cell by a fork that gives this answer; None for one that is gone."""
    proofs: dict[str, Proof] = {}
    prover = Prover(Trainer(), proofs, Path("none"))
    with prover.beside() as told:
        theirs = told["beside"].dup()

    def fork() -> None:
        with theirs:
            request = json.loads(receive_text(theirs, 10))
            if answer is not None:
                send_text(theirs, answer.replace("NONCE", request["nonce"]))

    thread = threading.Thread(target=fork)
    thread.start()
    prover.prove(cell(), 5)
    thread.join()
    prover.close()
    return proofs["one"]


def test_a_report_with_the_cells_own_word_is_a_proof() -> None:
    told = {**PASSED, "nonce": "NONCE", "reached": 0, "true": [0]}
    assert asked(json.dumps(told)) == Proof(POINTS)


@pytest.mark.parametrize("answer", [None, "", "[]", json.dumps(PASSED)])
def test_no_report_or_one_of_another_cell_is_none(answer: str | None) -> None:
    assert asked(answer) == Proof(0.0, NEVER)


def test_a_kernel_that_cannot_be_asked_leaves_the_cell_to_a_person() -> None:
    proofs: dict[str, Proof] = {}
    Prover(Trainer(), proofs, Path("none")).prove(cell(), None)
    assert (proofs["one"].points, proofs["one"].ask) == (None, True)
