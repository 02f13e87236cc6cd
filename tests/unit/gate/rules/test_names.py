"""Names that nothing defines are found without running anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.gate.rules.names import bound, loaded
from tests.good_unit import build, edit, lint, of_the_unit


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("a = 1\nb: int = 2\nimport c.d as e", {"a", "b", "e"}),
        ("def f():\n    g = 1", {"f"}),
        ("for x in []:\n    y = x", {"x", "y"}),
        ("with open('f') as g:\n    pass", {"g"}),
        ("class K:\n    z = 1", {"K"}),
    ],
)
def test_what_a_cell_binds(code: str, names: set[str]) -> None:
    assert bound(code) == names


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("a + before", {"a"}),
        ("def f():\n    return later + nowhere", {"nowhere"}),
        ("later", {"later"}),
        ("[q for q in before]", set()),
        ("def f(a):\n    return a", set()),
        ("(lambda x: x + nowhere)(1)", {"nowhere"}),
    ],
)
def test_at_once_a_name_must_be_there_and_in_a_function_some_day(
    code: str, missing: set[str]
) -> None:
    assert loaded(code, {"before", "f"}, {"before", "f", "later"}) == missing


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "line"),
    [
        ("solution.py", "return max(sizes)", "return max(sizes", '"largest":', 6),
        ("workbook.md", "return ____", "return ____ (", ":kit: used.answer", 2),
        ("live.md", "mine = []", "mine = [", ":kit: own-list.answer", 1),
    ],
)
def test_code_that_is_no_python_is_told_by_its_cell_and_stops_the_rest(
    good: Path, file: str, old: str, new: str, at: str, line: int
) -> None:
    edit(good / file, old, new)
    build(good)
    report = lint(good)
    (finding,) = of_the_unit(report, good)
    assert (finding.rule, finding.file, report.stopped) == ("load", good / file, True)
    assert at in (good / file).read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert "never closed" in finding.what and f"its line {line})" in finding.what


@pytest.mark.parametrize(
    ("file", "old", "new", "at"),
    [
        ("workbook.md", '`wb.carry("used")`', '`wb.carry("usage")`', "Some of them are off"),
        ("workbook.md", '`wb.carry("used")`', '`wb.bring("used")`', "Some of them are off"),
        ("workbook.toml", "It may be the only copy.", "See `wb.tools.tabel`.", "at_work = "),
        ("workbook.toml", '["in_use"]', '["in_use", "spare"]', 'id = "used"'),
        ("workbook.toml", '["in_use"]', '["in_use"]\ndecides = ["plan"]', 'id = "used"'),
        ("case.py", 'CARRY = {"used":', 'CARRY = {"usage":', "CARRY = "),
        ("case.py", "\nCARRY", '\nTAKEABLE = {"who"}\nCARRY', "TAKEABLE = "),
    ],
)
def test_a_name_that_is_nowhere_is_found_where_it_stands(
    good: Path, file: str, old: str, new: str, at: str
) -> None:
    edit(good / file, old, new)
    build(good)
    (finding,) = of_the_unit(lint(good, only=("names",)), good)
    line = (good / file).read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert (finding.rule, finding.file) == ("names", good / file)
    assert at in line
