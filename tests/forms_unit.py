"""The fixture unit with an exercise of each form, and answers to it: right ones and wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit.checking import unit_module
from kit.content import find_unit
from kit.gate.build import build_unit
from kit.model import Exercise, Form, Part, Unit
from tests.tiny_unit import only_tiny

# the sealed answers, which stand in no file of the unit
SEALED: dict[str, Any] = {
    "who": "b",
    "checks": ["fill", "backup"],
    "order": ["ask", "copy", "test", "switch"],
}
REASON = "The sum of these disks is another one"


@contextmanager
def only_forms(root: Path) -> Iterator[Unit]:
    """The unit, built at ``root``, beside the tiny one."""
    with only_tiny(root, "02_forms"):
        unit = find_unit("forms")
        build_unit(unit)
        yield unit


def with_forms(unit: Unit) -> list[Exercise]:
    """The practice exercises that are answered in a form."""
    return [e for e in unit.of(Part.PRACTICE) if e.form is not Form.CODE]


def plan_of(case: dict[str, Any]) -> dict[str, int]:
    """A plan that passes: each disk as large as it is."""
    return dict(case["disks"])


def right_answers(unit: Unit, wb: Any, folder: Path) -> dict[str, Any]:
    """What ``wb.answer`` takes for each form; ``wb`` must know a plan. Files go to ``folder``."""
    case, told = wb.case(), unit_module(unit, "case")
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / "디스크 목록.csv"
    sheet.write_text("\n".join(["disk", *case["disks"]]) + "\n", encoding="utf-8")
    owner = {name: key for key, name in told.OPTIONS["keeper"](case)}[case["owner"]]
    return {
        **SEALED,
        "keeper": owner,
        "size": sum(case["disks"].values()),
        "reason": "A copy can fail",
        "sheet": str(sheet),
        "register": [
            {"disk": disk, "size": size, "keep": "yes"} for disk, size in case["disks"].items()
        ],
        "review": {c.id: f"{REASON}: {c.id}" for c in told.claims(case) if c.faulty},
        "defence": {q.id: q.answer for q in told.questions(wb.work())},
    }


def wrong_answers(unit: Unit, wb: Any, folder: Path) -> dict[str, tuple[Any, str]]:
    """A wrong answer for each form, and the label that it has to get."""
    right = right_answers(unit, wb, folder)
    sheet = folder / "empty.csv"
    sheet.write_text("disk\n", encoding="utf-8")
    options = dict(unit_module(unit, "case").OPTIONS["keeper"](wb.case()))
    return {
        "who": ("a", "wrong_option"),
        "checks": (["fill", "backup", "name"], "wrong_set"),
        "order": (["copy", "ask", "test", "switch"], "wrong_order"),
        "keeper": (next(key for key in options if key != right["keeper"]), "not_the_owner"),
        "size": (right["size"] * 1.02, "wrong_sum"),
        "reason": ("No idea", "too_short"),
        "sheet": (str(sheet), "disks_missing"),
        "register": (right["register"][1:], "register_differs"),
        "review": ({}, "draft_trusted"),
        "defence": (dict.fromkeys(right["defence"], 1), "defence_differs"),
    }
