"""Messages that no answer was told are listed, with what they are and where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.untold import untold
from tests.good_unit import edit, lint

CHECKS = '''
"""Checks."""

from kit.checking import Mistake, Remark
from kit.i18n import mark, phrase

TITLE = mark("no message")


def first(value):
    """One."""
    if value == 1:
        raise Mistake(
            "a", mark("seen a"), required=mark("required a"), step="step a", n=phrase("b")
        )
    if value == 2:
        raise Mistake("c", mark("seen c") if value else mark("never c"))
    return Remark(mark("remark"))


def second(value):
    """Two."""
    seen = mark("other words")

    def inner():
        raise Mistake("d", seen)

    return inner


def chart(axis):
    """No message either."""
    return mark("title of a chart")
'''


def found(good: Path, *told: str) -> list[tuple[str, str]]:
    """Texts that are untold, with the line that the report names."""
    path = good / "checks.py"
    path.write_text(CHECKS, encoding="utf-8")
    lines = CHECKS.splitlines()
    missing = [one for one in untold(load_unit(good), told) if one.file == path]
    return [(one.text, lines[one.line - 1].strip()) for one in missing]


def test_each_mistake_that_nobody_was_told_stands_there_once_and_nothing_else(good: Path) -> None:
    texts = found(good)
    assert [text for text, _ in texts] == ["seen a", "seen c", "other words"]
    assert all(text in line for text, line in texts)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (["seen a", "required a", "step a", "b"], ["seen c", "other words"]),
        (["seen a"], ["required a", "step a", "b", "seen c", "other words"]),
        (["seen c"], ["seen a", "never c", "other words"]),
        (["other words"], ["seen a", "seen c"]),
    ],
)
def test_what_was_told_is_left_out_and_of_a_choice_the_other_stays(
    good: Path, told: list[str], left: list[str]
) -> None:
    assert [text for text, _ in found(good, *told)] == left


def test_files_that_reach_no_learner_have_no_messages(good: Path) -> None:
    before = list(untold(load_unit(good), ()))
    (good / "my_solution.py").write_text(CHECKS, encoding="utf-8")
    assert list(untold(load_unit(good), ())) == before


SPARE = """    if number(work, "in_use", []) == 4711:
        raise Mistake("wrong_share", mark("Look at what `on` says of each disk."),
                      step=mark("Without any disk something is in use."))  # fmt: skip
    if number(work, "in_use", []) == 4712:
        raise Mistake("wrong_share", mark("Nobody was ever told this."))
"""


def test_the_gate_tells_what_none_of_its_answers_was_told_from_an_earlier_run_too(
    good: Path,
) -> None:
    """Both texts of the first mistake are told by others; the second one's is told by none."""
    last = '    if number(work, "in_use", []) != 0:'
    edit(good / "checks.py", last, SPARE + last)
    for fresh in (True, False):
        report = lint(good, fresh=fresh)
        (one,) = report.untold
        assert (one.file.name, one.text) == ("checks.py", "Nobody was ever told this.")
        assert str(one).startswith(f"{one.file}:{one.line}  [untold] Nobody")
    assert report.cached > 0


def test_nothing_is_untold_where_not_every_answer_was_tried(good: Path) -> None:
    last = '    if number(work, "in_use", []) != 0:'
    edit(good / "checks.py", last, SPARE + last)
    assert lint(good, only=("mutants",)).untold == []
    assert lint(good, only=("leak-message",)).untold != []
    edit(good / "case.py", "import random\n", "import no_such_module\n")
    assert lint(good).untold == []
