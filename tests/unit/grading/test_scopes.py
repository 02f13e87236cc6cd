"""What a cell binds, held against Python's own view of it."""

from __future__ import annotations

import ast
import symtable
import textwrap

import pytest

from kit.grading.scopes import bound_names, imported_names, publish

CELLS = {
    "names": "a = b = 1\nc: int = 2\nd += a\n(e, *f), g[0] = x",
    "functions": "def f(p, q=(w := 1)):\n    inner = p\nasync def g(): pass",
    "classes": "class C(B):\n    part = 1",
    "decorators": "@(d := given)\ndef f(): pass",
    "imports": "import a.b, c.d as e\nfrom f import g as h, i",
    "loops": "for i, (j, k) in rows:\n    n = i\nwhile (m := more()):\n    pass",
    "comprehensions": "x = [(y := one) for one in many]\nz = {k: v for k, v in x}",
    "lambdas": "f = lambda p: p",
    "with": "with a as b, c as (d, e):\n    pass",
    "try": "try:\n    f = 1\nexcept E as g:\n    pass",
    "match": "match x:\n    case {'a': k, **rest}: pass\n    case [h, *t] as whole: pass",
    "deleted": "del gone",
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_names_are_bound_as_python_binds_them(cell: str) -> None:
    inside = textwrap.indent(cell, "    ")
    (table,) = symtable.symtable(f"def cell():\n{inside}", "cell", "exec").get_children()
    theirs = {one.get_name() for one in table.get_symbols() if one.is_local()}
    assert bound_names(ast.parse(cell).body) == theirs


def test_a_global_statement_binds_its_names() -> None:
    assert bound_names(ast.parse("global a, b").body) == {"a", "b"}


def test_imports_are_told_one_by_one_wherever_they_stand() -> None:
    cell = """
import numpy as np, os.path
try:
    from a.b import c as d, e
except ImportError:
    d = None
if True:
    import f
from . import beside
from g import *
"""
    assert imported_names(ast.parse(cell).body) == {
        "np": "import numpy as np",
        "os": "import os.path",
        "d": "from a.b import c as d",
        "e": "from a.b import e",
        "f": "import f",
    }


def test_what_a_cell_only_defines_is_its_own_and_others_get_a_copy() -> None:
    cell = "import math\ndef area(r):\n    return math.pi * r\ndef later(): pass\nlater = area(1)"
    steps, kept = publish(ast.parse(cell).body, "space")
    assert kept == {"math", "area"}
    function = ast.parse("def cell(space): pass")
    assert isinstance(function.body[0], ast.FunctionDef)
    function.body[0].body = steps
    names: dict[str, object] = {}
    made: dict[str, object] = {}
    exec(compile(ast.fix_missing_locations(function), "cell", "exec"), made)
    assert callable(made["cell"])
    made["cell"](lambda: names)
    assert names.keys() == {"math", "area"}
