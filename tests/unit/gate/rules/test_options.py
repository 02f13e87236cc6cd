"""No comment, locked cell or hidden text that reaches a learner singles out a right option."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.findings import Finding
from kit.gate.rules.options import Question, questions_of
from tests.good_unit import build, edit, lint, of_the_unit

OPTIONS = {
    "a": ("Whoever wrote the list", "목록을 쓴 사람"),
    "b": ("The owner of the data", "데이터의 주인"),
}
WHO = Question("who", OPTIONS, frozenset("b"))


def leaks(folder: Path) -> list[Finding]:
    return of_the_unit(lint(folder, only=("leak-tree",)), folder)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("it is owner", True),
        ("주인이 정합니다", True),
        ("b", True),
        ("take option (b)", True),
        ("The owners decide", True),
        ("the writer of a list, or the owner", False),
        ("a or b", False),
        ("it is a", False),
        ("asks the question", False),
        ("the web", False),
        ("the end of the day", False),
    ],
)
def test_words_that_single_out_an_option(text: str, told: bool) -> None:
    assert WHO.told_by(text.replace("a or b", "`a` or `b`")) == told


@pytest.mark.parametrize(
    ("text", "paired"),
    [
        ('RIGHT = {"who": "b"}', True),
        ("who: b", True),
        ('wb.answer("who", "b")', True),
        ("who is b", True),
        ("who: blue", False),
        ("who: a", False),
        ("overwho: b", False),
        ("who is b and who is not", False),
    ],
)
def test_a_key_beside_its_question(text: str, paired: bool) -> None:
    assert WHO.paired_in(text) == paired


def test_right_options_are_those_of_the_model_answers(good: Path) -> None:
    found = {question.id: set(question.right) for question in questions_of(load_unit(good))}
    assert found == {"who": {"b"}, "pre-off": {"y"}, "post-off": {"x"}}


@pytest.mark.parametrize(
    ("comment", "found"), [("the right one is y", 1), ("see x, y and z", 1), ("checked twice", 0)]
)
def test_a_comment_beside_a_digest_names_no_option(good: Path, comment: str, found: int) -> None:
    edit(good / "workbook.toml", 'pair = "off"\nstage = "pre"',
         f'pair = "off"  # {comment}\nstage = "pre"')  # fmt: skip
    assert [f.line > 0 for f in leaks(good)] == [True] * found


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ('wb.ask("who")', 'wb.ask("who")  # it is owner', "# it is owner"),
        ('wb.check("who")', '# b\nwb.check("who")', "# b"),
        ('wb.check("who")', 'wanted = "b"\nwb.check("who")', "wanted"),
        ('left = wb.carry("used")', 'left = wb.carry("used")  # who: b', "# who: b"),
        ('wb.items("post")', 'wb.items("post")  # a question comes first', "# a question"),
        ("Some of them are off", "<!-- the owner --> Some of them are off", "<!-- the owner -->"),
        ("Some of them are off", "The right answer is b. Some of them are off", "right answer is"),
    ],
)
def test_a_cell_that_names_the_right_option_is_found_where_it_stands(
    good: Path, old: str, new: str, at: str
) -> None:
    edit(good / "workbook.md", old, new)
    build(good)
    (finding,) = leaks(good)
    line = finding.file.read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert (finding.file.name, at in line) == ("workbook.md", True), line


def test_hidden_text_of_the_korean_prose_is_read_too(good: Path) -> None:
    edit(good / "locale" / "ko.po", "일부는 꺼져 있고", "<!-- 주인 --> 일부는 꺼져 있고")
    (finding,) = leaks(good)
    assert "주인" in finding.what


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("workbook.toml", "Think of whoever", "The owner of the data decides. Think of whoever"),
        ("locale/ko.po", "답하는 사람을", "답하는 데이터의 주인을"),
        ("case.py", "from their seed.", "from their seed; the owner of the data decides."),
        ("checks.py", "ROUNDS = 5", "# who: b is right\nROUNDS = 5"),
        ("workbook.md", "are not. See", "are not: the owner of the data knows. See"),
        ("workbook.md", "left = wb", "# the owner of the data\nleft = wb"),
    ],
)
def test_a_right_option_that_is_written_out_is_found(
    good: Path, file: str, old: str, new: str
) -> None:
    edit(good / file, old, new)
    build(good)
    (finding,) = leaks(good)
    assert (finding.file, finding.line > 0) == (good / file, True)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("workbook.toml", "Think of whoever", "Whoever wrote the list, or the owner of the data?"),
        ("workbook.md", "are not. See", "are not. Whoever wrote the list? The owner of the data?"),
        ("case.py", "from their seed.", "from their seed, with an owner of the database."),
        ("checks.py", "ROUNDS = 5", "# who: before the rest\nROUNDS = 5"),
    ],
)
def test_a_text_that_names_each_option_or_none_is_left_alone(
    good: Path, file: str, old: str, new: str
) -> None:
    edit(good / file, old, new)
    build(good)
    assert leaks(good) == []


def test_code_that_pairs_a_question_with_its_key_is_found(good: Path) -> None:
    edit(good / "checks.py", "ROUNDS = 5", 'ROUNDS = 5\nITEMS = {"pre-off": "y"}')
    (finding,) = leaks(good)
    assert (finding.file.name, finding.line > 0) == ("checks.py", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Some of them are off", "Does the owner decide? Some of them are off"),
        ('left = wb.carry("used")', 'left = wb.carry("used")  # the data of yesterday'),
        ('wb.ask("who")', 'wb.ask("who")  # the form'),
        ('wb.ask("who")', 'wb.ask("who")  # the writer of the list or the owner'),
    ],
)
def test_a_text_may_speak_of_what_the_options_are_about(good: Path, old: str, new: str) -> None:
    edit(good / "workbook.md", old, new)
    build(good)
    assert leaks(good) == []


def test_a_text_that_the_learner_writes_is_no_code(good: Path) -> None:
    edit(good / "workbook.toml", 'names = ["largest"]', 'names = ["largest"]\nmanual = true')
    text = (good / "assignment.md").read_text(encoding="utf-8")
    start = text.index("```{code-cell} ipython3\n:kit: largest.answer")
    end = text.index("```{code-cell} ipython3\n:kit: largest.check")
    manual = '+++ {"kit": "largest.manual"}\n\n*Write here.*\n\n'
    (good / "assignment.md").write_text(text[:start] + manual + text[end:], encoding="utf-8")
    build(good)
    assert leaks(good) == []
