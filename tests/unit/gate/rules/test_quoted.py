"""Names between backticks are spelt as something defines them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.rules.quoted import unit_names
from tests.good_unit import build, edit, lint, of_the_unit


@pytest.mark.parametrize(
    ("file", "old", "new", "meant"),
    [
        ("workbook.md", "`in_use(disks)`", "`in_usee(disks)`", "in_use"),
        ("workbook.md", "Some of them are off", "Some of `diskss` are off", "disks"),
        ("workbook.md", "Some of them are off", "Some by `summed_up(disks)` are off", ""),
        ("workbook.toml", "It may be the only copy.", "See `largestt`.", "largest"),
        ("workbook.toml", "It may be the only copy.", "Ask `whoo` it is.", "who"),
        ("workbook.md", "Some of them are off", "Ask `in_ues` of them", "in_use"),
        ("workbook.md", "Some of them are off", "Let `who` be and ask `hwo`", "who"),
        ("checks.py", "Look at what `on` says", "Look at what `in_us` says", "in_use"),
    ],
)
def test_a_name_that_is_nowhere_is_found_where_it_is_quoted(
    good: Path, file: str, old: str, new: str, meant: str
) -> None:
    edit(good / file, old, new)
    build(good)
    (finding,) = of_the_unit(lint(good, only=("names",)), good)
    line = (good / file).read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert (finding.rule, finding.file, new in line) == ("names", good / file, True)
    assert (f"`{meant}`" in finding.fix) == bool(meant)


def test_a_slip_of_the_translation_alone_is_found_there(good: Path) -> None:
    edit(good / "locale" / "ko.po", "돌려주는 `in_use(disks)`", "돌려주는 `in_usee(disks)`")
    (finding,) = of_the_unit(lint(good, only=("names",)), good)
    assert (finding.file.name, finding.line > 0) == ("ko.po", True)


@pytest.mark.parametrize(
    "told",
    [
        "See `gb` and `disks`.",
        "Write `whatever` you like.",
        "Run `git`, `slat`, `no` and `onn`: words that are near names, such as salt.",
        "`sorted(disks)` and `append(x)` are Python's.",
        "A worked example on other data: `lamps_lit(hall)`.",
        "Write `def count_up(n)`, then `count_up(3)`.",
    ],
)
def test_what_is_defined_somewhere_or_is_any_word_may_be_quoted(good: Path, told: str) -> None:
    edit(good / "workbook.toml", "It may be the only copy.", told)
    assert of_the_unit(lint(good, only=("names",)), good) == []


def test_the_unit_has_names_of_code_columns_and_exercises(good: Path) -> None:
    names = unit_names(load_unit(good))
    assert {"in_use", "largest", "who", "gb", "wb", "Tools", "at_work"} <= names
    assert "write" not in names
