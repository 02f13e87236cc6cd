"""``upskill similar`` on a course directory: who is shown, who is left out, what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from course_helpers import answered, hand_in, make_course

from kit.cli.similar import HINT, run_similar
from kit.grading.course import Course
from kit.model import Part, Unit

pytestmark = pytest.mark.grading
LONG = """\
def largest(disks):
    # the first one to begin with
    best, where = disks[0], 0
    for place, size in enumerate(disks[1:], 1):
        if size > best and not disks.count(size) < 1:
            best, where = size, place
    total = [best * 1024 ** 2 for _ in range(where)]
    return max(best, min(disks)) if total or where == 0 else disks[where]
"""
OWN = (
    "def largest(disks):\n    return max(disks)",
    "def largest(disks):\n    return sorted(disks)[-1]",
    "import numpy as np\n\ndef largest(disks):\n    return int(np.array(disks).max())",
    "def largest(a):\n    return a[0] if len(a) == 1 else max(a[0], largest(a[1:]))",
)


@pytest.fixture
def course(content: Unit, tmp_path: Path) -> Course:
    """Four who worked alone, and one whose file is cut off."""
    made = make_course(tmp_path / "course", content)
    for number, text in enumerate(OWN):
        own = answered(content, Part.GRADED, case=text, memo=f"The disk number {number} decides.")
        hand_in(made, content, f"own-{number}", own, Part.GRADED)
    hand_in(made, content, "cut", b'{"cells": [', Part.GRADED)
    hand_in(made, content, "odd", b'{"cells": [3]}', Part.GRADED)
    hand_in(made, content, "none", None, Part.GRADED)
    return made


def told(course: Course, capsys: pytest.CaptureFixture[str]) -> dict:
    run_similar("tiny", course.root, as_json=True)
    return json.loads(capsys.readouterr().out)


def test_nobody_who_worked_alone_is_named_and_the_unreadable_are(course: Course, capsys) -> None:
    value = told(course, capsys)
    assert value["pairs"] == []
    assert [out["learner"] for out in value["left_out"]] == ["cut", "none", "odd"]
    assert {out["assignment"] for out in value["left_out"]} == {"tiny"}
    run_similar("tiny", course.root)
    shown = " ".join(capsys.readouterr().out.split())
    assert "That proves nothing either way." in shown
    assert "cut" in shown


def test_two_who_share_a_function_are_shown_with_hint_and_reasons(
    course: Course, content: Unit, capsys
) -> None:
    copied = LONG.replace("best", "x").replace("where", "y").replace("    # the first", "    #")
    for learner, text in (("kim", LONG), ("lee", copied)):
        hand_in(course, content, learner, answered(content, Part.GRADED, case=text), Part.GRADED)
    (pair,) = told(course, capsys)["pairs"]
    assert (pair["exercise"], pair["first"], pair["second"]) == ("case", "kim", "lee")
    assert pair["share"] == 1.0
    assert "best, where = size, place" in pair["passages"][0]["first"]
    assert "x, y = size, place" in pair["passages"][0]["second"]
    run_similar("tiny", course.root)
    shown = " ".join(capsys.readouterr().out.split())
    assert "A fresh case: kim and lee share 100% of the unusual code, in passages: 1" in shown
    assert HINT in shown
    assert "Innocent reasons" in shown


def test_long_passages_are_cut_on_the_screen_and_whole_in_the_file(
    course: Course, content: Unit, tmp_path: Path, capsys
) -> None:
    functions = [LONG.replace("largest", f"f{n}").replace("* 1024", f"{sign} disks") for n, sign in
                 enumerate("+-*/%")]  # fmt: skip
    # between those that both wrote stands what only one did
    for learner, own in (("kim", "x = {0}.get({0})\n"), ("lee", "while {0}[0]: print(not {0})\n")):
        text = "".join(one + own.format(f"a{n}") * n for n, one in enumerate(functions))
        hand_in(course, content, learner, answered(content, Part.GRADED, case=text), Part.GRADED)
    (pair,) = told(course, capsys)["pairs"]
    passages = pair["passages"]
    assert len(passages) > 3
    # the longest first
    assert len(passages[0]["first"]) > len(passages[-1]["first"])
    out = tmp_path / "pairs.txt"
    run_similar("tiny", course.root, out)
    shown = capsys.readouterr().out
    # three passages of six lines and a word on what is missing, with frame and hint
    assert len(shown.splitlines()) < 50
    assert "… lines left out:" in shown
    assert f"and shorter passages: {len(passages) - 3}" in shown
    assert HINT in " ".join(shown.split())
    whole = out.read_text(encoding="utf-8")
    lines = [line.strip() for p in passages for side in p.values() for line in side.splitlines()]
    assert [line for line in lines if line not in whole] == []
    assert "lines left out" not in whole
    run_similar("tiny", course.root)
    assert "upskill similar tiny --out FILE" in capsys.readouterr().out


def test_a_memo_in_markdown_is_compared_by_its_words(course: Course, content: Unit, capsys) -> None:
    memo = "The biggest disk decides, since\nall others fit on it twice over and nobody moves it."
    for learner, end in (("kim", "I am sure."), ("lee", "Ask the owner first.")):
        book = answered(content, Part.GRADED, memo=f"{memo}\n\n{end}")
        hand_in(course, content, learner, book, Part.GRADED)
    (pair,) = told(course, capsys)["pairs"]
    assert (pair["exercise"], pair["kind"]) == ("memo", "prose")
    assert pair["passages"][0]["second"].endswith("nobody moves it")


def test_a_link_to_anothers_work_is_left_out(course: Course, content: Unit, capsys) -> None:
    book = answered(content, Part.GRADED, case=LONG)
    first = hand_in(course, content, "kim", book, Part.GRADED)
    folder = hand_in(course, content, "link", None, Part.GRADED)
    (folder / "assignment.ipynb").symlink_to(first / "assignment.ipynb")
    value = told(course, capsys)
    assert value["pairs"] == []
    assert "link" in [out["learner"] for out in value["left_out"]]
