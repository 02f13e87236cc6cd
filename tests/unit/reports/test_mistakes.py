"""Common mistakes have kind titles in every language, and say what helps."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import kit.checking
from kit.content import load_units
from kit.i18n import Translator
from kit.model import Unit
from kit.reports.mistakes import labels, titles, words_of

UNITS = list(load_units().values())


def in_korean(unit: Unit) -> Translator:
    return Translator("ko", unit.folder / "locale")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_every_label_of_a_unit_has_a_title_in_korean_too(unit: Unit) -> None:
    assert labels(unit.folder) > {"clipped", "sunk_cost_counted"}
    for label in labels(unit.folder) | set(titles(unit.folder)):
        english = words_of(unit, "repair", label, Translator("en")).title
        assert label in titles(unit.folder), label
        assert words_of(unit, "repair", label, in_korean(unit)).title != english, label


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_titles_fit_a_line(unit: Unit) -> None:
    assert max(len(title) for title in titles(unit.folder).values()) <= 48


def test_what_helps_is_what_the_check_says() -> None:
    unit = load_units()["rightsizing"]
    assert words_of(unit, "repair", "clipped", Translator("en")).helps == (
        "Filter instead of clipping."
    )
    assert words_of(unit, "repair", "clipped", in_korean(unit)).helps == (
        "자르지 말고 걸러 내세요."
    )


def test_advice_with_figures_of_one_learner_gives_way_to_the_first_hint(tmp_path: Path) -> None:
    told = 'Mistake("too_few", "Seen.", step="{n} more.")\nMistake("plain", "Seen.", step="Go.")\n'
    (tmp_path / "checks.py").write_text(told, encoding="utf-8")
    unit = replace(load_units()["rightsizing"], folder=tmp_path)
    hints = {e.id: e.hints for e in unit.exercises}
    said = {
        label: words_of(unit, "repair", label, Translator("en")).helps
        for label in ("too_few", "plain")
    }
    assert said == {"too_few": hints["repair"][0], "plain": "Go."}


def test_a_label_that_nobody_named_is_still_readable() -> None:
    unit = load_units()["rightsizing"]
    assert words_of(unit, "graded-memo", "some_new_label", Translator("en")).title == (
        "Some new label"
    )


def labels_of_the_kit() -> set[str]:
    """Every label that an expectation or a form gives by itself."""
    calls = (
        node
        for path in Path(kit.checking.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return {
        str(call.args[0].value)
        for call in calls
        if call.func.id == "Mistake" and isinstance(call.args[0], ast.Constant)
    }


def test_every_label_of_the_kit_has_a_title_in_both_languages(tmp_path: Path) -> None:
    # a unit that names no mistakes of its own
    found, unit = labels_of_the_kit(), replace(UNITS[0], folder=tmp_path, exercises=())
    assert {"not_a_number", "wrong_option", "sum_changed"} <= found
    for label in found:
        english = words_of(unit, "memo", label, Translator("en")).title
        assert words_of(unit, "memo", label, Translator("ko")).title != english, label
