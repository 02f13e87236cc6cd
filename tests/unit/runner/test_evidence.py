"""What a verdict rests on: objects of a learner's own are seen wherever they take part."""

from __future__ import annotations

import types
import unittest
import unittest.mock
import weakref
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.runner.evidence import Evidence
from kit.runner.pristine import Pristine

LEARNERS = """
class Liar:
    def __eq__(self, other): return True
    __hash__ = None
    def __iter__(self): return iter([])
    def equals(self, other): return True
class Small(int):
    def __lt__(self, other): return True
class Meta(type):
    def __eq__(cls, other): return True
    __hash__ = type.__hash__
class Made(metaclass=Meta): pass
class Plain:
    def __init__(self): self.items = []
    def __repr__(self): return 'plain'
    def empty(self): return not self.items
def judge(*values): return True
"""
FILE = "the-cell"
Names = dict[str, Any]


@pytest.fixture(scope="module")
def pristine() -> Pristine:
    return Pristine()


@pytest.fixture
def names(pristine: Pristine) -> Names:
    """What a learner's code made after the picture was taken."""
    found: Names = {"__name__": "__main__"}
    exec(compile(LEARNERS, "learner", "exec"), found)
    return found


@pytest.fixture
def evidence(pristine: Pristine, names: Names) -> Evidence:
    return Evidence(pristine, names, [], FILE)


def doubts(evidence: Evidence) -> list[tuple[str, int, str]]:
    return [(one["what"], one["line"], one["name"]) for one in evidence.report()["doubts"]]


def fraction(part: object) -> Fraction:
    made = Fraction(1)
    object.__setattr__(made, "_numerator", part)
    return made


HIDDEN: dict[str, tuple[Callable[[Names], Any], str]] = {
    "itself": (lambda n: n["Liar"](), "Liar"),
    "a number": (lambda n: n["Small"](1), "Small"),
    "a class": (lambda n: n["Made"], "Meta"),
    "in a list": (lambda n: [1, (2, [n["Liar"]()])], "Liar"),
    "in a dict": (lambda n: {"a": {"b": n["Liar"]()}}, "Liar"),
    "in an array": (lambda n: np.array([n["Liar"]()], dtype=object), "Liar"),
    "in a table": (lambda n: pd.DataFrame({"a": [n["Liar"]()]}, dtype=object), "Liar"),
    "of a package": (lambda n: unittest.mock.ANY, "_ANY"),
    "behind a proxy": (lambda n: weakref.proxy(n["Plain"]()), weakref.ProxyType.__name__),
    "in a fraction": (lambda n: fraction(n["Liar"]()), "Liar"),
    "in an iterator": (lambda n: map(len, [n["Liar"]()]), "Liar"),
    "masked": (lambda n: np.ma.masked_all(1), "MaskedArray"),
    "in an index": (lambda n: pd.Index([n["Small"](1)], dtype=object), "Small"),
}  # fmt: skip


@pytest.mark.parametrize("how", HIDDEN)
def test_an_operand_that_decides_itself_is_seen(how: str, evidence: Evidence, names: Names) -> None:
    make, name = HIDDEN[how]
    value = make(names)
    assert evidence.operand(value, 7) is value
    assert doubts(evidence) == [("own", 7, name)]


def test_plain_data_and_classes_that_were_asked_for_are_in_no_doubt(
    evidence: Evidence, names: Names
) -> None:
    endless: list[Any] = []
    endless.append(endless)
    table = pd.DataFrame({"a": [1], "b": ["x"]})
    for value in (1, "a", None, [1, {2: (3,)}], np.arange(3), table, names["Plain"](), endless):
        evidence.operand(value, 1)
    assert doubts(evidence) == []


def test_asserts_and_ends_are_noted(evidence: Evidence) -> None:
    assert evidence.truth([1], 0, 1) is True
    assert evidence.truth(0, 1, 2) is False
    evidence.reached(4)
    report = evidence.report()
    assert (report["true"], report["false"], report["reached"]) == ([0], [2], 4)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, {"kind": "none"}),
        (3, {"kind": "number", "number": 3.0}),
        (np.float64(1.5), {"kind": "number", "number": 1.5}),
        (float("inf"), {"kind": "number", "number": "inf"}),
        (False, {"kind": "bool", "number": False}),
        (np.True_, {"kind": "bool", "number": True}),
        ("well done", {"kind": "other"}),
        (np.arange(2), {"kind": "other"}),
    ],
)
def test_the_value_that_a_cell_ends_in_is_told_as_plain_data(
    value: Any, told: dict[str, Any], evidence: Evidence
) -> None:
    evidence.value(value, 1)
    assert evidence.report()["value"] == told


def test_a_number_of_the_learners_own_is_no_number(evidence: Evidence, names: Names) -> None:
    evidence.value(names["Small"](5), 3)
    assert evidence.report()["value"] == {"kind": "other"}
    assert doubts(evidence) == [("own", 3, "Small")]


def test_a_judge_that_is_trusted_is_watched(evidence: Evidence, names: Names) -> None:
    liar = names["Liar"]()
    assert evidence.callee(all, 4)([liar == 9])
    assert evidence.callee(len, 4)([liar]) == 1
    assert doubts(evidence) == []
    evidence.callee(unittest.TestCase().assertEqual, 5)(liar, 9)
    assert doubts(evidence) == [("own", 5, "Liar")]


def test_a_function_of_the_learners_is_called_as_it_is(evidence: Evidence, names: Names) -> None:
    assert evidence.callee(names["judge"], 1) is names["judge"]


def test_a_method_of_the_learners_that_judges_is_in_doubt(evidence: Evidence, names: Names) -> None:
    assert evidence.method(names["Plain"](), "empty", 1)() is True
    assert doubts(evidence) == []
    assert evidence.method(names["Liar"](), "equals", 2)(9) is True
    assert doubts(evidence) == [("own", 2, "Liar")]


def test_a_class_that_the_trainer_asks_for_may_judge(pristine: Pristine, names: Names) -> None:
    evidence = Evidence(pristine, names, ["Liar"], FILE)
    assert evidence.method(names["Liar"](), "equals", 2)(9) is True
    assert doubts(evidence) == []


def test_what_was_hung_in_a_methods_place_is_seen(evidence: Evidence, names: Names) -> None:
    table = pd.DataFrame()
    object.__setattr__(table, "equals", names["judge"])
    evidence.method(table, "equals", 3)
    evidence.method(types.ModuleType("math"), "__name__", 4)
    assert doubts(evidence) == [("replaced", 3, "equals"), ("replaced", 4, "math")]


def test_what_is_in_what_is_gone_through_is_seen_one_by_one(
    evidence: Evidence, names: Names
) -> None:
    assert 9 in evidence.members((one for one in [names["Liar"]()]), 1)
    assert doubts(evidence) == [("own", 1, "Liar")]


def test_a_list_that_is_asked_is_looked_into_and_a_dict_finds_what_is_there(
    evidence: Evidence, names: Names
) -> None:
    liar = names["Liar"]()
    assert evidence.method({1: liar}, "get", 1)(1) is liar
    evidence.method([1], "append", 2)(2)
    assert doubts(evidence) == []
    assert evidence.method([liar], "count", 3)(9) == 1
    assert doubts(evidence) == [("own", 3, "Liar")]


def test_a_verdict_of_an_object_of_its_own_is_in_doubt_whatever_its_type(
    evidence: Evidence, names: Names
) -> None:
    plain = names["Plain"]()
    assert evidence.method(plain.items, "copy", 1)() == []
    plain.check = lambda value: "yes"
    assert evidence.method(plain, "check", 2)(9) == "yes"
    assert doubts(evidence) == []
    assert evidence.method(plain, "check", 3, judges=True)(9) == "yes"
    assert doubts(evidence) == [("own", 3, "Plain")]


def test_what_the_trainer_has_made_of_plain_data_is_the_trainers(
    evidence: Evidence, names: Names
) -> None:
    call = evidence.method(unittest.mock, "call", 1, made=True)
    evidence.operand(call(3), 2)
    assert doubts(evidence) == []
    evidence.operand(evidence.method(unittest.mock, "call", 3, made=True)(names["Liar"]()), 3)
    assert ("own", 3, "_Call") in doubts(evidence) or ("own", 3, "Liar") in doubts(evidence)


def test_a_class_of_the_cell_itself_is_the_trainers(evidence: Evidence, names: Names) -> None:
    exec(compile("class Own:\n    def __eq__(self, other): return True", FILE, "exec"), names)
    evidence.operand(names["Own"](), 1)
    assert doubts(evidence) == []


def test_the_cell_works_with_the_notebooks_names(evidence: Evidence, names: Names) -> None:
    assert evidence.space() is names
    evidence.star("math")
    assert names["sqrt"](9) == 3
