"""Hints and messages as written: no right value, no code of a model answer, no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.findings import Finding
from kit.gate.rehearse import rehearse
from kit.gate.rules.written import snippets_in
from kit.model import Part
from tests.good_unit import edit, lint, of_the_unit

HINT = "A disk that is off holds nothing that anybody uses."
AT_WORK = "It may be the only copy."


def leaks(folder: Path) -> list[Finding]:
    return of_the_unit(lint(folder, only=("leak-message",)), folder)


def says(finding: Finding) -> str:
    return finding.file.read_text(encoding="utf-8").splitlines()[finding.line - 1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (HINT, "Write total += disk['gb'] for it."),
        (AT_WORK, 'A loop is total += disk["gb"] at work.'),
        (HINT, "Take `sum(d['gb'] for d in disks if d['on'])`."),
    ],
)
def test_a_hint_holds_no_code_that_answers(good: Path, old: str, new: str) -> None:
    edit(good / "workbook.toml", old, new.replace('"', '\\"'))
    found = leaks(good)
    assert {(f.rule, f.file.name) for f in found} == {("leak-message", "workbook.toml")}
    assert all(new.replace('"', '\\"') in says(f) for f in found)


@pytest.mark.parametrize(
    "new",
    [
        "See `wb.tools.table(disks)`.",
        "Look at `in_use` and `disks`.",
        "`sum(disks)` is an error.",
    ],
)
def test_a_hint_may_name_what_everybody_has(good: Path, new: str) -> None:
    edit(good / "workbook.toml", HINT, new)
    assert leaks(good) == []


def test_code_in_the_korean_of_a_hint_is_found_there(good: Path) -> None:
    korean = "꺼진 디스크에는 아무도 쓰지 않는 것만 있습니다."
    edit(good / "locale" / "ko.po", korean, "total += disk['gb'] 라고 쓰세요.")
    (finding,) = leaks(good)
    assert (finding.file.name, HINT in says(finding)) == ("ko.po", True)


def with_share(folder: Path, share: str, hint: str) -> None:
    """Let the model answer hold a number too, and a hint name one."""
    edit(folder / "workbook.toml", 'names = ["in_use"]', 'names = ["in_use", "share"]')
    edit(folder / "workbook.toml", HINT, hint)
    edit(folder / "solution.py", "    return total\n", f"    return total\n\n\nshare = {share}\n")


@pytest.mark.parametrize(("number", "told"), [("1,235", True), ("1,300", False)])
def test_a_hint_tells_no_value_that_is_right_for_everyone(
    good: Path, number: str, told: bool
) -> None:
    with_share(good, "1234.5", f"It is about {number}.")
    found = leaks(good)
    assert [(f.rule, f.file.name) for f in found] == [("leak-message", "workbook.toml")] * told
    assert all(number in says(f) for f in found)


def test_a_number_that_is_right_for_one_learner_is_so_by_chance(good: Path) -> None:
    first = [next(rehearse(load_unit(good), Part.PRACTICE, f"seed-{n}")) for n in (0, 1)]
    sizes = [stage.names["disks"][1]["gb"] for stage in first]
    assert sizes[0] != pytest.approx(sizes[1], rel=0.01)
    with_share(good, 'disks[1]["gb"] + 0.5', f"It is about {sizes[0] + 0.5}.")
    assert leaks(good) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("`largest` says {told:g} GB of {here}.", "{told:g} of {here}: sizes = [0] is first.", 1),
        ("`largest` says {told:g} GB of {here}.", "{told:g} of {here}, sizes = [] first.", 0),
        ("Without any disk something is in use.", 'Nothing: sizes.append(disk["gb"]).', 1),
    ],
)
def test_a_message_of_a_graded_exercise_holds_no_code(
    good: Path, old: str, new: str, told: int
) -> None:
    edit(good / "checks.py", old, new.replace('"', '\\"'))
    found = leaks(good)
    lines = {(f.rule, f.file.name, new.replace('"', '\\"') in says(f)) for f in found}
    assert lines == ({("leak-message", "checks.py", True)} if told else set())


def test_what_is_said_beside_a_pass_may_name_code(good: Path) -> None:
    checks = good / "checks.py"
    edit(checks, "import Mistake, Work,", "import Mistake, Remark, Work,")
    edit(checks, '@exercise_check("largest")', 'LAST = Remark(mark("sizes = [0] it was."))\n\n\n'
         '@exercise_check("largest")')  # fmt: skip
    assert leaks(good) == []


@pytest.mark.parametrize(
    ("text", "snippets"),
    [
        ("a `b(c)` d `e`", ["b(c)", "e"]),
        ("a\n```python\nx = 1\n```\nand `y`", ["x = 1\n", "y"]),
        ("none", []),
    ],
)
def test_code_is_read_between_backticks(text: str, snippets: list[str]) -> None:
    assert snippets_in(text) == snippets
