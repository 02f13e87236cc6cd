"""Mutants: each change is the one that its kind names, where and only where it should be."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from kit.content import find_unit
from kit.gate.mutants import KINDS, Mutant, mutants
from kit.gate.rehearse import answers_of


def changes(answer: str, kind: str, names: tuple[str, ...] = ()) -> set[str]:
    return {m.now for m in mutants(answer, names) if m.kind == kind}


# --- one mutator after another --------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "kind", "now"),
    [
        ("y = a + b", "operator", {"y = a - b"}),
        ("y = a * b", "operator", {"y = a / b"}),
        ("y = a ** b", "operator", {"y = a * b"}),
        ("y = a // b", "operator", {"y = a / b"}),
        ("y = -a", "operator", {"y = a"}),
        ("y = not a", "operator", {"y = a"}),
        ("y = a and b", "operator", {"y = a or b"}),
        ("y = a and b", "dropped", {"y = (a)", "y = (b)"}),
        # beside a tighter operator brackets keep the change where it is
        ("y = a * b / c", "operator", {"y = a * b * c", "y = a / b / c"}),
        ("y = a / b * c", "operator", {"y = a / b / c", "y = a * b * c"}),
        ("y = a + b * c", "operator", {"y = a - b * c", "y = a + b / c"}),
        ("y = a ** b ** c", "operator", {"y = a * b ** c", "y = a ** (b * c)"}),
        ("y = 7", "constant", {"y = 8", "y = 6", "y = 0"}),
        ("y = 95", "constant", {"y = 96", "y = 94", "y = 104.5", "y = 0"}),
        ("y = 0.2", "constant", {"y = 0.22", "y = 0"}),
        ("y = True", "constant", {"y = False"}),
        ('y = f(keep="first")', "constant", {'y = f(keep="last")'}),
        ("y = a < b", "boundary", {"y = a <= b", "y = a >= b"}),
        ("y = a == b", "boundary", {"y = a != b"}),
        ("y = a <= b < c", "boundary",
         {"y = a < b < c", "y = a > b < c", "y = a <= b <= c", "y = a <= b >= c"}),
        ("y = a not in b", "boundary", {"y = a in b"}),
        ("y = f(a, key=b)", "dropped", {"y = f(a)"}),
        ("y = abs(a)", "dropped", {"y = (a)"}),
        ("a = 1\ny = a.sort().head()", "dropped", {"y = a.sort()", "y = a.head()"}),
        ("y = a[-3:]", "dropped", {"y = a"}),
        ("y = f(a, b, c)", "swapped", {"y = f(b, a, c)", "y = f(a, c, b)"}),
        ("y = min(a)", "swapped", {"y = max(a)"}),
        ("y = a if c else b", "swapped", {"y = (b if c else a)"}),
        ('y = t["a"], t["b"]', "swapped", {'y = t["b"], t["b"]', 'y = t["a"], t["a"]'}),
    ],
)  # fmt: skip
def test_each_mutator_makes_the_change_that_it_names(was: str, kind: str, now: set[str]) -> None:
    assert changes(was, kind, ("y",)) == now


FUNCTION = '''
def f(rows):
    """What it does, in 1 sentence."""
    total = 0
    for row in rows:
        if row > 3:
            total += row
    return total
'''


def test_every_statement_of_a_function_may_go_but_its_docstring_stays() -> None:
    gone = {m.was.splitlines()[0] for m in mutants(FUNCTION, ("f",)) if m.kind == "dropped"}
    assert gone == {"total = 0", "for row in rows:", "if row > 3:", "total += row", "return total"}
    assert all('"""What it does, in 1 sentence."""' in m.code for m in mutants(FUNCTION))


def test_the_question_of_a_branch_is_turned_round() -> None:
    assert "if not (row > 3):" in changes(FUNCTION, "swapped")


def test_a_change_says_its_line_and_the_lines_that_differ() -> None:
    found = next(m for m in mutants(FUNCTION, ("f",), exercise="sum") if m.kind == "boundary")
    assert (found.exercise, found.line) == ("sum", 6)
    assert (found.was, found.now) == ("if row > 3:", "if row >= 3:")
    assert str(found) == "sum:6 boundary: if row > 3: → if row >= 3:"


def test_columns_that_the_learner_has_are_confused_too() -> None:
    answer = 'y = t["cpu"].max()'
    assert changes(answer, "swapped", ("y",)) == set()
    found = {m.now for m in mutants(answer, ("y",), ("cpu", "ram")) if m.kind == "swapped"}
    assert found == {'y = t["ram"].max()'}


def test_umlauts_and_hangul_do_not_shift_a_change() -> None:
    assert 'y = f("서버", a - b)' in changes('y = f("서버", a + b)', "operator", ("y",))


def test_prose_is_left_as_it_is() -> None:
    answer = "y = f'''{a + 1:.2f} of 100 won'''\n"
    assert list(mutants(answer, ("y",))) == []


# --- which statements -----------------------------------------------------------------

HELPED = """
import math
LIMIT = 5


def helper(a):
    return a + LIMIT


def wanted(a):
    return helper(a) * 2


def tool(a):
    return a - 9


base = 3
value = tool(base) + 1
rest = 4
"""


def lines(names: tuple[str, ...]) -> set[str]:
    return {m.was for m in mutants(HELPED, names)}


def test_a_function_is_changed_with_all_that_it_uses() -> None:
    assert lines(("wanted",)) == {"LIMIT = 5", "return a + LIMIT", "return helper(a) * 2"}


def test_a_value_is_changed_with_the_values_that_it_is_made_of() -> None:
    assert lines(("value",)) == {"base = 3", "value = tool(base) + 1"}


def test_without_names_everything_is_changed() -> None:
    assert {"rest = 4", "return a - 9"} <= lines(())


def test_what_fills_a_name_in_a_loop_belongs_to_it() -> None:
    answer = "found = {}\nfor row in rows:\n    if row > 2:\n        found[row] = True\n"
    assert "if row >= 2:" in changes(answer, "boundary", ("found",))


# --- on the first unit ----------------------------------------------------------------


def every_mutant() -> Iterator[tuple[str, Mutant]]:
    unit = find_unit("rightsizing")
    for exercise in unit.exercises:
        for mutant in mutants(answers_of(unit)[exercise.id], exercise.names, (), exercise.id):
            yield exercise.id, mutant


def test_all_mutants_compile_and_no_two_are_the_same_code() -> None:
    seen: dict[str, set[str]] = {}
    kinds = set()
    for exercise, mutant in every_mutant():
        told = ast.dump(ast.parse(mutant.code))
        assert told not in seen.setdefault(exercise, set()), mutant
        seen[exercise].add(told)
        kinds.add(mutant.kind)
    assert kinds == set(KINDS)
    assert sum(map(len, seen.values())) > 1_000
