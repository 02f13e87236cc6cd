"""Right values that a check computes of inputs of its own are no more to be told than others."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.rehearse import answers_of, rehearse
from kit.gate.rules.fresh import Call, Compared, calls_of
from kit.model import Part
from tests.good_unit import edit, lint, of_the_unit

ALL_ON = "sum(d['gb'] for d in [*disks, gone] if d['on'])"
WRONG = "def in_use(disks):\n    return 7 * len(disks)"


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (ALL_ON, True),
        (f'f"{{{ALL_ON} / 1000:.3f}} thousand"', True),
        ("before", False),
        ('max(d["gb"] for d in [*disks, gone])', False),
        (f"{ALL_ON} * 3", False),
    ],
)  # fmt: skip
def test_a_message_may_tell_no_right_value_of_fresh_disks(
    good: Path, shown: str, told: bool
) -> None:
    edit(good / "checks.py", "your sum falls by {fell:g} GB.", "your sum falls by {fell:g}: {it}.")
    edit(good / "checks.py", 'gb=gone["gb"],', f'gb=gone["gb"], it={shown},')
    found = of_the_unit(lint(good, only=("leak-message",)), good)
    assert [(f.rule, f.file.name) for f in found] == [("leak-message", "checks.py")] * told
    lines = (good / "checks.py").read_text(encoding="utf-8").splitlines()
    assert all('"wrong_share"' in lines[f.line - 1] for f in found)


def test_the_calls_of_a_check_are_heard_as_they_were_made(good: Path) -> None:
    unit = load_unit(good)
    stage = next(rehearse(unit, Part.PRACTICE, "one"))
    calls = calls_of(stage, stage.run(WRONG))
    assert {call.name for call in calls} == {"in_use"}
    assert all(call.result == 7 * len(call.args[0]) for call in calls)
    sums = {sum(d["gb"] for d in call.args[0] if d["on"]) for call in calls}
    compared = Compared(calls, stage.run(answers_of(unit)["used"]))
    assert any(compared.right(number) for number in sums)
    assert not any(compared.right(number + 7) for number in sums if number < 1000)


@pytest.mark.parametrize(
    ("args", "result", "right"),
    [
        ((100, 23), 99, True),
        ((100, 123), 99, False),
        ((100, 23), 123, False),
        (("a", 1), 99, False),
        ((100, 23, list(range(500, 900))), 99, True),
        ((100, 23, list(range(500, 900))), 123, False),
    ],
)
def test_what_a_call_gave_or_returned_is_the_learners(
    args: tuple[object, ...], result: float, right: bool
) -> None:
    def add(a: float, b: float, series: object = None) -> float:
        return a + 23 + 0 * b

    assert Compared([Call("add", args, {}, result)], {"add": add}).right(123.0) == right
