"""A locked cell as it is rewritten: what it says of itself, and what it takes from nobody."""

from __future__ import annotations

import ast
import base64
import marshal
from types import FunctionType
from typing import Any

import pytest

from kit.grading.instrument import ROLES, NotProvable, Rewritten, Trainer, parsed, rewrite

BRANCHES = """\
assert a
if a:
    assert b
for one in many:
    assert c
try:
    assert d
except ValueError:
    pass
try:
    assert e
finally:
    pass
def helper():
    assert f"""


def run(made: Rewritten, names: dict[str, Any], *given: Any) -> list[tuple[Any, ...]]:
    """Run a rewritten cell with functions that write down what they are told."""
    told: list[tuple[Any, ...]] = []

    def looking(role: str) -> Any:
        def look(*values: Any) -> Any:
            told.append((role, *values))
            return getattr(values[0], values[1]) if role == "method" else values and values[0]

        return (lambda: names) if role == "space" else look

    code = marshal.loads(base64.b64decode(made.told["code"]))
    FunctionType(code, names)(*map(looking, ROLES), *given)
    return told


def test_operands_calls_and_ends_are_told() -> None:
    made = rewrite("assert f(3) == 9\nxs.append(2)\nf(2)", Trainer())
    names: dict[str, Any] = {"f": lambda x: x * x, "xs": []}
    assert run(made, names) == [
        ("callee", names["f"], 1, False, False),
        ("operand", 9, 1),
        ("truth", True, 0, 1),
        ("reached", 0),
        ("method", names["xs"], "append", 2, False, False),
        ("reached", 1),
        ("callee", names["f"], 3, False, False),
        ("value", 4, 3),
        ("reached", 2),
    ]
    assert (made.asserts, made.lines) == ({0: 1}, (1, 2, 3))


def test_a_value_that_jupyter_would_not_show_is_none() -> None:
    told = run(rewrite("f(2);", Trainer()), {"f": lambda x: x})
    assert [one[0] for one in told] == ["callee", "reached"]


def test_only_asserts_that_nothing_can_pass_by_must_be_true() -> None:
    made = rewrite(BRANCHES, Trainer())
    assert list(made.asserts.values()) == [1, 5, 11]
    assert made.lines == (1, 3, 5, 9, 13, 15)


def test_what_a_learner_could_replace_is_given_by_the_grader() -> None:
    trainer = Trainer()
    trainer.add("import numpy as np\ndef sorted(xs): return xs", locked=False)
    made = rewrite("np.mean(f(len([])))\nsorted([])\nget_ipython()\nmine = len", trainer)
    assert made.told["guarded"] == [
        ("get_ipython", "shell", ""),
        ("len", "builtin", ""),
        ("np", "import", "import numpy as np"),
    ]


def test_a_helper_of_another_locked_cell_is_the_trainers() -> None:
    trainer = Trainer()
    trainer.add("def close(a, b):\n    return far(a, b) < 1", locked=True)
    trainer.add("def far(a, b):\n    return b - a", locked=True)
    made = rewrite("assert close(1, x)", trainer)
    names = {"x": 5, "close": lambda a, b: True, "far": lambda a, b: 0}
    assert ("truth", False, 0, 1) in _until_it_fails(made, names)


def _until_it_fails(made: Rewritten, names: dict[str, Any]) -> list[tuple[Any, ...]]:
    told: list[tuple[Any, ...]] = []
    looks = {role: lambda *values, role=role: told.append((role, *values)) or values[0]
             for role in ROLES}  # fmt: skip
    code = marshal.loads(base64.b64decode(made.told["code"]))
    with pytest.raises(AssertionError):
        FunctionType(code, names)(*looks.values())
    return told


def test_nobody_can_know_the_names_of_what_looks() -> None:
    assert rewrite("x", Trainer()).told["nonce"] != rewrite("x", Trainer()).told["nonce"]


@pytest.mark.parametrize("cell", ["%%time\nassert f(3)", "assert f(", "x\0", "break"])
def test_a_cell_that_cannot_be_rewritten_is_not_provable(cell: str) -> None:
    with pytest.raises(NotProvable):
        rewrite(cell, Trainer())


def test_magics_of_a_line_are_calls() -> None:
    assert "run_line_magic('precision', '3')" in ast.unparse(parsed("%precision 3"))


def test_a_trainers_cell_that_is_no_python_says_nothing() -> None:
    trainer = Trainer()
    trainer.add("this is no Python", locked=True)
    assert trainer == Trainer()
