"""Nothing that reaches a learner holds a model answer."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.rules.tree import normalised, released_tree
from tests.good_unit import build, edit, lint, of_the_unit

ANSWER = "def f(a, b):\n    c = a + b\n    return c * 2"


def normal(code: str) -> str:
    (function,) = ast.parse(code).body
    assert isinstance(function, ast.FunctionDef)
    return normalised(function)


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("def g(x, y):\n    z = x + y\n    return z * 2", True),
        (
            'def g(x: int, y: int) -> int:\n    """Says so."""\n    z = x + y\n    return z * 2',
            True,
        ),
        ("def g(x, y):\n    z = x - y\n    return z * 2", False),
        ("def g(x, y):\n    z = y + x\n    return z * 2", False),
    ],
)
def test_a_function_is_known_again_under_other_names(code: str, same: bool) -> None:
    assert (normal(code) == normal(ANSWER)) == same


def test_answers_and_mistakes_are_not_released_and_the_rest_is(good: Path) -> None:
    names = {path.name for path in released_tree(load_unit(good))}
    assert {"workbook.ipynb", "checks.py", "case.py", "ko.po", "assignment.ipynb"} <= names
    assert names.isdisjoint({"solution.py", "used.toml", "workbook.md"})


def test_a_line_of_an_answer_is_found_in_a_cell(good: Path) -> None:
    line = 'sizes.append(int(disk["gb"]))'
    edit(good / "solution.py", 'sizes.append(disk["gb"])', line)
    shown = "wb.tools.table(disks)"
    edit(good / "workbook.md", shown, f"{shown}\nsizes = [0]\nfor disk in disks:\n    {line}")
    build(good)
    found = of_the_unit(lint(good, only=("leak-tree",)), good)
    assert {f.file.name for f in found} == {"workbook.ipynb"}
    assert all(line in f.what and f.line for f in found)


LINE = 'sizes.append(int(disk["gb"]))'
PIECE = '(disk["gb"] / 0.7 - disk["used"]) * 2'


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("checks.py", f"# so: {LINE}\n", LINE),
        ("workbook.toml", f"# {LINE}\n", LINE),
        ("answers.txt", LINE, LINE),
        ("notes.json", '{"a": "sizes.append(int(disk[\\"gb\\"]))"}', LINE),
        ("case.py", f"WHAT = {PIECE!r}\n", "piece"),
        ("case.py", f"# {PIECE}\n", "piece"),
        ("answers.txt", f"all: {PIECE.replace(chr(34), chr(39))}", "piece"),
    ],
)
def test_an_answer_is_found_in_whatever_is_written_and_not_run(
    good: Path, name: str, text: str, what: str
) -> None:
    edit(good / "solution.py", 'sizes.append(disk["gb"])', f"{LINE}\n        rest = sum([{PIECE}])")
    with (good / name).open("a", encoding="utf-8") as file:
        file.write(text)
    found = of_the_unit(lint(good, only=("leak-tree",)), good)
    assert {f.file.name for f in found} == {name}
    assert all(what in f.what and f.line for f in found)


def test_an_answer_in_a_comment_of_prose_is_found(good: Path) -> None:
    edit(good / "solution.py", 'sizes.append(disk["gb"])', LINE)
    edit(good / "workbook.md", "# ", f"<!-- {LINE} -->\n\n# ")
    build(good)
    found = of_the_unit(lint(good, only=("leak-tree",)), good)
    assert "workbook.ipynb" in {f.file.name for f in found}


def test_a_right_option_is_found_in_any_text(good: Path) -> None:
    (good / "answers.txt").write_text("who: b\n", encoding="utf-8")
    (finding,) = of_the_unit(lint(good, only=("leak-tree",)), good)
    assert "right option of 'who'" in finding.what


def test_a_file_named_like_a_secret_is_found(good: Path) -> None:
    (good / "old_solutions.csv").write_text("a,b\n", encoding="utf-8")
    (finding,) = of_the_unit(lint(good, only=("leak-tree",)), good)
    assert finding.file == good / "old_solutions.csv"
