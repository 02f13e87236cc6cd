"""The tornado's fields: what is typed comes through, and numbers are read as people write."""

from __future__ import annotations

from typing import Any

import pytest

from kit.i18n import Translator
from kit.widgets.tornado import Assumption, Tornado, TornadoView, typed_number
from kit.widgets.working import Axis, State


def rule(state: State) -> TornadoView:
    return TornadoView(sentence=str(state), axis=Axis(0, 1, [], ""), bars=[], base=0, base_text="0")


@pytest.fixture
def widget() -> Tornado:
    rows = [Assumption("capex", "price", "140"), Assumption("on_share", "share", "0.62")]
    state = {"capex": ["133", "143"]}
    return Tornado(rule, rows, state, Translator("ko"), name="Ranges")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.62", 0.62),
        (" 62 % ", 0.62),
        ("62％", 0.62),
        ("1,200,000", 1_200_000),
        ("120_000_000", 120_000_000),
        ("-1", -1),
        (".5", 0.5),
        ("1.5e8", 1.5e8),
        ("", None),
        ("%", None),
        ("nan", None),
        ("inf", None),
        ("nine", None),
        ("1.2.3", None),
        ("1e999", None),
        ("__import__('os')", None),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, number: float | None) -> None:
    assert typed_number(text) == (None if number is None else pytest.approx(number))


def test_a_row_that_is_not_set_begins_empty(widget: Tornado) -> None:
    assert widget.state == {"capex": ["133", "143"], "on_share": ["", ""]}


def test_what_is_typed_reaches_the_rule_and_leaves_the_other_rows(widget: Tornado) -> None:
    widget._receive(widget, {"state": {"on_share": ["0.4", "ab"]}, "number": 1}, [])
    assert widget.state == {"capex": ["133", "143"], "on_share": ["0.4", "ab"]}
    assert widget.view["sentence"] == str(widget.state)


@pytest.mark.parametrize(
    "ends", [["1"], ["1", 2], "12", None, ["1", "2" * 41], {"low": "1", "high": "2"}]
)
def test_what_is_no_pair_of_short_texts_changes_nothing(widget: Tornado, ends: Any) -> None:
    widget._receive(widget, {"state": {"capex": ends, "other": ["1", "2"]}, "number": 1}, [])
    assert widget.state == {"capex": ["133", "143"], "on_share": ["", ""]}


def test_labels_of_fields_are_in_the_learners_language(widget: Tornado) -> None:
    assert widget.words["low"] == "{name}, 하한"
