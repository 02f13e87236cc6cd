"""A text's Korean stands in one place, where it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.good_unit import build, edit, lint, of_the_unit

FIRST = 'msgid "It can be deleted"'


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('msgid "It can be deleted"\nmsgstr "버려도 된다"\n', True),
        ('msgid ""\n"It can "\n"be deleted"\nmsgstr "버려도 된다"\n', True),
        ('msgid "It can\\n"\n"be deleted"\nmsgstr "버려도 된다"\n', True),
        ('msgid "It can be kept"\nmsgstr "두어도 된다"\n', False),
        ('#~ msgid "It can be deleted"\n#~ msgstr "버려도 된다"\n', False),
    ],
)
def test_a_second_entry_of_one_text_is_found_at_its_line(
    good: Path, entry: str, told: bool
) -> None:
    catalogue = good / "locale" / "ko.po"
    before = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(f"{before}\n{entry}", encoding="utf-8")
    found = of_the_unit(lint(good, only=("korean",)), good)
    here, first = len(before.splitlines()) + 2, before.splitlines().index(FIRST) + 1
    assert [(f.rule, f.file, f.line) for f in found] == [("korean", catalogue, here)] * told
    assert all(f"line {first} " in f.what for f in found)


def test_each_of_many_texts_without_korean_is_named(good: Path) -> None:
    catalogue = good / "locale" / "ko.po"
    text = re.sub(r'(?m)^msgstr ".+"$', 'msgstr ""', catalogue.read_text(encoding="utf-8"))
    catalogue.write_text(text, encoding="utf-8")
    found = of_the_unit(lint(good, only=("korean",)), good)
    (more,) = [f for f in found if "more texts" in f.what]
    named = {f.line for f in found} | set(map(int, re.findall(r"line (\d+)", more.what)))
    entries = {at for at, line in enumerate(text.splitlines(), 1) if line.startswith('msgid "')}
    # the first entry is the catalogue's head
    assert entries - named == {1}
    assert more.line in entries
    assert more.fix.startswith("upskill author build disks ")


ROUND = """    what = f"{rows} rows"
    plain = "It is gone."
    if False:
        raise SAID
"""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ('Mistake("gone", f"{rows} rows are gone.")', 4),
        ('Mistake("gone", seen="{} rows".format(rows))', 4),
        ('Mistake("gone", mark("It can be deleted"), step="Look " + "there.")', 4),
        ('Mistake("gone", mark("It can be deleted"), required="%d rows" % rows)', 4),
        ('Mistake("gone", mark(f"{rows} rows"))', 4),
        ('Mistake("gone", "It is here." if rows else f"{rows}")', 4),
        ('Remark(" ".join(["All", "right."]))', 4),
        ('Mistake("gone", what)', 1),
        ('Mistake("gone", plain)', 2),
        ('Mistake("gone", name)', 0),
        ('Mistake("gone", NAMES[0])', 0),
        ('Mistake("gone", mark("It can be deleted"), step=work.told(rows), n=f"{rows}")', 0),
    ],
)
def test_a_text_that_code_puts_together_is_found_at_its_line(
    good: Path, said: str, line: int
) -> None:
    checks = good / "checks.py"
    before = checks.read_text(encoding="utf-8")
    with checks.open("a", encoding="utf-8") as code:
        code.write(f"\n\ndef _never(work, rows, name):\n{ROUND.replace('SAID', said)}")
    found = [f for f in of_the_unit(lint(good, only=("korean",)), good) if "everybody" in f.what]
    wanted = len(before.splitlines()) + 3 + line
    assert [(f.rule, f.file, f.line) for f in found] == [("korean", checks, wanted)] * bool(line)


@pytest.mark.parametrize(
    ("korean", "told"),
    [
        ("Disks that are in use", True),
        ("Disks  in use.", True),
        ("…", True),
        ("{gb}", False),
        ("쓰고 있는 disk", False),
    ],
)
def test_korean_that_is_english_is_found_at_its_line(good: Path, korean: str, told: bool) -> None:
    catalogue = good / "locale" / "ko.po"
    edit(catalogue, 'msgstr "쓰고 있는 디스크"', f'msgstr "{korean}"')
    found = of_the_unit(lint(good, only=("korean",)), good)
    line = catalogue.read_text("utf-8").splitlines().index('msgid "Disks that are in use"') + 1
    wrong = [f for f in found if "is no Korean" in f.what]
    assert [(f.rule, f.file, f.line) for f in wrong] == [("korean", catalogue, line)] * told


@pytest.mark.parametrize(
    "text",
    [
        "upskill reset UNIT",
        "CPU: {share:.0%}, 8 kW",
        "`free_share`",
        "wb.check('used')",
        "az metrics list --interval PT5M",
        "Debian 12",
    ],
)
def test_code_names_and_placeholders_stay_as_they_are(good: Path, text: str) -> None:
    catalogue = good / "locale" / "ko.po"
    with catalogue.open("a", encoding="utf-8") as stream:
        stream.write(f'\nmsgid "{text}"\nmsgstr "{text}"\n')
        stream.write('\nmsgid "Which Debian?"\nmsgstr "어느 Debian인가요?"\n')
    assert of_the_unit(lint(good, only=("korean",)), good) == []


def test_one_paragraph_may_break_its_lines_otherwise_in_another_place(good: Path) -> None:
    entries = ""
    for name, text in (("workbook.md", "See the\ntwo."), ("live.md", "See\nthe two.")):
        with (good / name).open("a", encoding="utf-8") as stream:
            stream.write(f'\n+++ {{"kit": "unit.prose"}}\n\n{text}\n')
        entries += '\nmsgid "{}"\nmsgstr "둘을 보세요."\n'.format(text.replace("\n", "\\n"))
    with (good / "locale" / "ko.po").open("a", encoding="utf-8") as stream:
        stream.write(entries)
    build(good)
    assert of_the_unit(lint(good, only=("korean",)), good) == []
