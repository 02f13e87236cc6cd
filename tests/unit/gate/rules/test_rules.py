"""A deliberately bad unit shows every finding that the gate can give, each at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.gate.rules import BLOCKING, RULES
from tests.good_unit import build, edit, lint, of_the_unit


@dataclass(frozen=True)
class Spoil:
    """What is done to the good unit, and where the finding has to be: a file, and a text in
    its line, empty where the whole file is meant."""

    do: Callable[[Path], None]
    file: str
    at: str = ""


SPOILS: dict[str, Spoil] = {}


def spoil(rule: str, file: str, at: str = "") -> Callable[[Callable[[Path], None]], None]:
    def add(function: Callable[[Path], None]) -> None:
        SPOILS[rule] = Spoil(function, file, at)

    return add


def also_in_korean(folder: Path, old: str, new: str, file: str = "workbook.toml") -> None:
    """Change a text and its msgid, so that only the text itself is at fault."""
    edit(folder / file, old, new)
    edit(folder / "locale" / "ko.po", old.replace('"', '\\"'), new.replace('"', '\\"'))


@spoil("load", "case.py", "import no_such_module")
def _(folder: Path) -> None:
    edit(folder / "case.py", "import random\n", "import random\nimport no_such_module\n")


@spoil("keys", "workbook.toml", 'hint = "Think."')
def _(folder: Path) -> None:
    edit(folder / "workbook.toml", 'names = ["in_use"]', 'hint = "Think."\nnames = ["in_use"]')


@spoil("contract", "data.toml", "[[tables]]")
def _(folder: Path) -> None:
    text = 'format_version = 1\n\n[[tables]]\nid = "disks"\ntitel = "Disks"\n'
    (folder / "data.toml").write_text(text, encoding="utf-8")


@spoil("sync", "live.ipynb")
def _(folder: Path) -> None:
    edit(folder / "live.md", "mine = []", "mine = [1]")


@spoil("kernel", "workbook.ipynb")
def _(folder: Path) -> None:
    path = folder / "workbook.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    del notebook["metadata"]["kernelspec"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


@spoil("outputs", "workbook.ipynb", '"id": "used-check"')
def _(folder: Path) -> None:
    path = folder / "workbook.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "used-check")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["passed"]}]
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


@spoil("check", "workbook.toml", 'id = "largest"')
def _(folder: Path) -> None:
    edit(folder / "checks.py", '@exercise_check("largest")\n', "")


@spoil("ids", "workbook.toml", 'id = "largest"')
def _(folder: Path) -> None:
    text = (folder / "solution.py").read_text(encoding="utf-8")
    start, end = text.index('    "largest"'), text.index("}\n\nITEM")
    edit(folder / "solution.py", text[start:end], "")


@spoil("names", "workbook.md", ":kit: used.setup")
def _(folder: Path) -> None:
    edit(folder / "workbook.md", "wb.tools.table(disks)", "wb.tools.table(diskz)")
    build(folder)


@spoil("labels", "checks.py", '"not_largest", mark(')
def _(folder: Path) -> None:
    edit(folder / "mistakes.toml", "not_largest = ", "the_largest = ")
    edit(folder / "checks.py", "ROUNDS = 5", 'ROUNDS = 5\nSPARE = "the_largest"')


@spoil("minutes", "workbook.toml", 'id = "largest"')
def _(folder: Path) -> None:
    edit(folder / "workbook.toml", "minutes = 5\n", "minutes = 29\n")


@spoil("words", "workbook.md", ":kit: used.setup")
def _(folder: Path) -> None:
    told = "**Task.** Write `in_use(disks)`"
    also_in_korean(folder, told, f"{'word ' * 130}{told}", "workbook.md")
    build(folder)


@spoil("hints", "workbook.toml", "Lamps in a hall")
def _(folder: Path) -> None:
    also_in_korean(folder, "A worked example on other data, lamps in a hall", "Lamps in a hall")


@spoil("at-work", "workbook.toml", 'id = "who"')
def _(folder: Path) -> None:
    edit(
        folder / "workbook.toml",
        'at_work = "Write the name beside the disk. A list without names is read by nobody."\n',
        "",
    )


@spoil("review", "workbook.toml", "review_by = 2020-01-01")
def _(folder: Path) -> None:
    edit(folder / "workbook.toml", "2099-01-01", "2020-01-01")


@spoil("items", "workbook.toml", 'id = "pre-off"')
def _(folder: Path) -> None:
    edit(folder / "solution.py", '"pre-off": "y"', '"pre-off": "x"')


@spoil("sealed", "workbook.toml", 'id = "who"')
def _(folder: Path) -> None:
    text = (folder / "workbook.md").read_text(encoding="utf-8")
    start = text.index('+++ {"kit": "who.prose"}')
    end = text.index('+++ {"kit": "unit.prose"}', start)
    carried = '```{code-cell} ipython3\n:kit: who.setup\n\nleft = wb.carry("used")\n```\n\n'
    moved = (
        text[start:end].replace(carried, "").replace("(#Add-up-what-is-on)", "(#The-largest-disk)")
    )
    (folder / "workbook.md").write_text(text[:start] + text[end:], encoding="utf-8")
    graded = folder / "assignment.md"
    graded.write_text(graded.read_text(encoding="utf-8") + "\n" + moved, encoding="utf-8")
    edit(folder / "locale" / "ko.po", "(#Add-up-what-is-on)", "(#The-largest-disk)")
    edit(folder / "locale" / "ko.po", "(#켜진-것만-더하기)", "(#가장-큰-디스크)")
    edit(folder / "workbook.toml", 'id = "who"\n', 'id = "who"\npart = "graded"\n')
    build(folder)


@spoil("korean", "locale/ko.po", 'msgid "It can be deleted"')
def _(folder: Path) -> None:
    edit(folder / "locale" / "ko.po", "지워도 된다", "")


@spoil("links", "workbook.md", "../live/disk.ipynb")
def _(folder: Path) -> None:
    also_in_korean(folder, "(../live/disks.ipynb)", "(../live/disk.ipynb)", "workbook.md")
    build(folder)


@spoil("solution", "solution.py", '"largest":')
def _(folder: Path) -> None:
    edit(folder / "solution.py", "return max(sizes)", "return len(sizes)")


@spoil("starter", "assignment.md", ":kit: largest.answer")
def _(folder: Path) -> None:
    edit(folder / "assignment.md", "return ____", "return 0")
    build(folder)


@spoil("patch", "misconceptions/used.toml", 'name = "all"')
def _(folder: Path) -> None:
    edit(folder / "misconceptions" / "used.toml", """'if disk["on"]:',""", """'if disk["off"]:',""")


@spoil("mistakes", "misconceptions/used.toml", 'name = "count"')
def _(folder: Path) -> None:
    edit(folder / "misconceptions" / "used.toml", 'label = "wrong_share"', 'label = "not_empty"')


@spoil("mutants", "solution.py", '"used":')
def _(folder: Path) -> None:
    text = (folder / "checks.py").read_text(encoding="utf-8")
    start = text.index('    if number(work, "in_use", []) != 0:')
    end = text.index("@used.diagnose")
    edit(folder / "checks.py", text[start:end], "\n\n")


@spoil("uncheckable", "checks.py", 'told = float(work.function("largest")(disks))')
def _(folder: Path) -> None:
    edit(
        folder / "checks.py",
        'told = number(work, "largest", disks)',
        'told = float(work.function("largest")(disks))',
    )


@spoil("diagnose", "checks.py", 'alone = float(work.function("in_use")')
def _(folder: Path) -> None:
    edit(
        folder / "checks.py",
        'alone = number(work, "in_use", [{"gb": 70, "on": False}])',
        'alone = float(work.function("in_use")([{"gb": 70, "on": False}]))',
    )


@spoil("paste", "tools.py", "def whatever_is_on(")
def _(folder: Path) -> None:
    with (folder / "tools.py").open("a", encoding="utf-8") as tools:
        tools.write(
            "\n\ndef whatever_is_on(disks: list[dict[str, Any]]) -> int:\n"
            '    return sum(disk["gb"] for disk in disks if disk["on"])\n'
        )


@spoil("leak-message", "checks.py", "your sum falls by")
def _(folder: Path) -> None:
    told = "your sum falls by {fell:g} GB"
    also_in_korean(folder, told, f"{told}: total += disk[0]", "checks.py")


CONTRACT = """format_version = 1

[[tables]]
id = "disks"
title = "Disks"
reader = "columns"

[[tables.columns]]
id = "gb"
type = "number"
low = 1

[[tables.columns]]
id = "on"
type = "number"
low = 0
high = 1
"""
STATEMENT = """

@invariant("some", says="", each=True)
def some(own: Any, mine: Any, name: str, part: Any) -> str:
    told = mine["in_use"](part.to_dict("records"))
    return "" if expect.number(told, "in_use(disks)") >= 0 else "less than nothing"
"""
HOLD = """class Tools(LiveTools):
    def hold(self, own: Any) -> Any:
        return self.held(own, [some], in_use=self.wb.mine("in_use"))

"""
IMPORTS = """from kit.checking import expect
from kit.checking.invariants import invariant
from kit.workbook.live import LiveTools
"""
LIVE = 'import kit\n\nwb = kit.open_workbook("disks")\nwb.tools.hold(wb.tools.own())'


@spoil("applied", "tools.py", 'mine["in_use"]')
def _(folder: Path) -> None:
    (folder / "data.toml").write_text(CONTRACT, encoding="utf-8")
    edit(folder / "tools.py", "from typing import Any\n", f"from typing import Any\n\n{IMPORTS}")
    edit(folder / "tools.py", "class Tools:\n", HOLD)
    edit(folder / "tools.py", "\n\nclass Tools", f"{STATEMENT}\n\nclass Tools")
    edit(folder / "live.md", "mine = []", LIVE)
    build(folder)


@spoil("leak-tree", "tools.py", "def top(rows")
def _(folder: Path) -> None:
    with (folder / "tools.py").open("a", encoding="utf-8") as tools:
        tools.write(
            # inside another, so that it cannot be pasted as it stands
            "\n\ndef tops() -> Any:\n"
            '    """Return the function."""\n\n'
            "    def top(rows: list[dict[str, Any]]) -> int:\n"
            "        found = [0]\n"
            "        for row in rows:\n"
            '            found.append(row["gb"])\n'
            "        return max(found)\n\n"
            "    return top\n"
        )


def test_the_good_unit_breaks_no_rule(good: Path) -> None:
    report = lint(good)
    assert of_the_unit(report, good) == []
    assert not report.stopped
    assert report.counts["answers"] == 2 * 3


def test_each_rule_has_its_spoil() -> None:
    assert SPOILS.keys() == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", SPOILS)
def test_a_spoilt_unit_breaks_this_rule_alone_at_this_place(good: Path, rule: str) -> None:
    spoilt = SPOILS[rule]
    spoilt.do(good)
    report = lint(good)
    found = of_the_unit(report, good)
    assert {finding.rule for finding in found} == {rule}, [str(f) for f in found]
    places = {(str(f.file.relative_to(good)), _line(f.file, f.line)) for f in found}
    assert len(places) == 1
    file, line = places.pop()
    assert file == spoilt.file
    assert spoilt.at in line if spoilt.at else line == ""
    assert all(f.what for f in found)
    assert report.stopped == (rule in BLOCKING)


def _line(file: Path, line: int) -> str:
    return file.read_text(encoding="utf-8").splitlines()[line - 1] if line else ""
