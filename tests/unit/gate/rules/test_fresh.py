"""Right values that a check computes of inputs of its own are no more to be told than others."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kit.content import load_unit
from kit.gate.lint import Options, lint_folder
from kit.gate.rehearse import answers_of, rehearse
from kit.gate.rules.fresh import Call, FreshResults, calls_of
from kit.gate.scaffold import write_scaffold
from kit.model import Part
from tests.good_unit import FIXTURE, build, edit, lint, of_the_unit

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
    fresh = FreshResults(calls, stage.run(answers_of(unit)["used"]))
    assert any(fresh.right(number) for number in sums)
    assert not any(fresh.right(number + 7) for number in sums if number < 1000)


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

    assert FreshResults([Call("add", args, {}, result)], {"add": add}).right(123.0) == right


DISKS = pd.DataFrame({"disk": ["disk-01", "disk-02", "disk-03"], "used": [90, 20, 95]})


@pytest.mark.parametrize(
    ("said", "result", "told"),
    [
        ("Right are disk-01, disk-03.", ["disk-02"], True),
        ("disk-03이 옳고 disk-01도 옳아요.", ["disk-02"], True),
        ("Right are disk-01 and disk-03, not disk-02.", ["disk-02"], False),
        ("You leave disk-03 out.", ["disk-01"], False),
        ("Right are disk-01 and disk-03.", ["disk-01"], True),
        ("Beside disk-01 there is disk-03.", ["disk-01"], False),
        ("You say disk-03, disk-01.", ["disk-03", "disk-01"], False),
        ("Look at disk-012 and disk-03.", ["disk-02"], False),
        ("Right are disk-01, disk-03, as all know.", ["disk-02"], True),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "right",
    [
        list,
        tuple,
        pd.Series,
        pd.Index,
        dict.fromkeys,
        lambda names: {"full": list(names)},
        lambda names: [{"disk": name} for name in names],
        lambda names: pd.DataFrame({"disk": names}),
        lambda names: pd.DataFrame({"at": pd.Timestamp(0), "n": 1, "disk": list(names)}),
        lambda names: pd.Series(list(names), dtype="category"),
        lambda names: np.array(list(names)),
        lambda names: [[1, 2.5], list(names)],
    ],
)
def test_a_right_series_of_texts_is_told_only_if_all_of_it_is(
    said: str, result: list[str], told: bool, right: Callable[[Iterable[str]], object]
) -> None:
    def full(disks: pd.DataFrame) -> object:
        return right(disks[disks["used"] > 80]["disk"])

    fresh = FreshResults([Call("full", (DISKS,), {}, result)], {"full": full})
    assert bool(fresh.listed(said, "")) == told
    # what stands in the open is no secret
    assert not fresh.listed(said, "an example: disk-01")


@pytest.mark.parametrize(
    ("said", "result", "told"),
    [
        ("disk-03 is fuller.", "disk-01", "disk-03"),
        ("disk-03 is full.", "disk-03", ""),
        ("disk-02 is not full.", "disk-01", ""),
    ],
)
def test_the_one_right_text_is_told_if_it_is_not_the_learners(
    said: str, result: str, told: str
) -> None:
    def fullest(disks: pd.DataFrame) -> str:
        return str(disks.sort_values("used")["disk"].iloc[-1])

    fresh = FreshResults([Call("fullest", (DISKS,), {}, result)], {"fullest": fullest})
    assert fresh.named(said, "") == told
    assert fresh.named(said, "disk-03 is the last one") == ""


@pytest.mark.parametrize(
    ("shown", "told"),
    [('disks[disks["used"] >= LIMIT]["disk"]', True), ('disks["disk"]', False), ("listed", False)],
)  # fmt: skip
def test_a_message_may_not_list_the_right_disks_of_a_fresh_list(
    tmp_path: Path, shown: str, told: bool
) -> None:
    root = shutil.copytree(FIXTURE.parent / "units", tmp_path / "content")
    folder = write_scaffold("demo/room", root)[0]
    build(folder)
    edit(folder / "checks.py", "full and you leave it out.", "full, of {these}.")
    old, new = (
        "            )\n        if row.used <",
        f'                these=", ".join({shown}),\n',
    )
    edit(folder / "checks.py", old, new + old)
    report = lint_folder("room", folder, Options(2, ("leak-message",), True, workers=1))
    found = of_the_unit(report, folder)
    assert [(f.rule, f.file.name) for f in found] == [("leak-message", "checks.py")] * told
    assert not report.stopped
