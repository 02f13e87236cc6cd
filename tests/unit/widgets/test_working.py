"""Work widgets: what is offered is taken, what follows is shown, and kept where somebody asks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.i18n import Translator
from kit.widgets.breakeven import BreakEvenCurve
from kit.widgets.working import POINTS, Axis, Control, Line, Plot, State, View, nice_ticks, thinned

SHARES = (0.0, 0.5, 1.0)


def rule(state: State) -> View:
    if state["share"] == 1.0:
        raise ValueError("no view of everything")
    axis = Axis(0, 1, [(0, "0")], "x")
    line = Line("", [(0, np.float64(state["share"]))])
    return View(
        sentence=f"<b>{state['share']}</b>",
        plot=Plot(axis, axis, [line]),
        facts=[("half & half", "yes")],
        code='x = "<y>"',
    )


@pytest.fixture
def kept() -> list[State]:
    return []


@pytest.fixture
def widget(kept: list[State]) -> BreakEvenCurve:
    return made(keep=kept.append)


def made(**more: Any) -> BreakEvenCurve:
    control = Control("share", "Share", SHARES, [f"{s:.0%}" for s in SHARES], SHARES)
    return BreakEvenCurve(rule, [control], Translator("en"), name="A <curve>", **more)


def send(widget: BreakEvenCurve, state: Any) -> str:
    widget._receive(widget, {"state": state, "number": 7}, [])
    assert widget.heard["number"] == 7
    return str(widget.heard["fault"])


def test_what_is_offered_changes_what_is_shown_and_is_kept(
    widget: BreakEvenCurve, kept: list[State]
) -> None:
    assert widget.view["sentence"] == "<b>0.0</b>"
    assert send(widget, {"share": 0.5}) == ""
    assert (widget.state, widget.view["sentence"]) == ({"share": 0.5}, "<b>0.5</b>")
    assert kept == [{"share": 0.5}]


@pytest.mark.parametrize("state", [{"share": 0.3}, {"share": [0.5]}, {"other": 1}, {}, None, "0.5"])
def test_what_is_not_offered_changes_nothing(
    widget: BreakEvenCurve, kept: list[State], state: Any
) -> None:
    assert send(widget, state) == ""
    assert (widget.state, kept) == ({"share": 0.0}, [])


def test_what_python_sets_is_only_what_is_offered(
    widget: BreakEvenCurve, kept: list[State]
) -> None:
    widget.state = {"share": 0.3}
    assert widget.state == {"share": 0.0}
    widget.state = {"share": 0.5, "other": 1}
    assert (widget.state, widget.view["sentence"], kept) == ({"share": 0.5}, "<b>0.5</b>", [])


def test_a_pages_number_becomes_the_one_that_is_offered(widget: BreakEvenCurve) -> None:
    send(widget, {"share": 0.5})
    send(widget, {"share": 0})
    assert repr(widget.state) == "{'share': 0.0}"


def test_the_same_again_is_kept_no_second_time(widget: BreakEvenCurve, kept: list[State]) -> None:
    send(widget, {"share": 0.5})
    send(widget, {"share": 0.5})
    assert len(kept) == 1


def test_what_python_sets_is_shown_and_not_taken_for_the_persons(
    widget: BreakEvenCurve, kept: list[State]
) -> None:
    widget.state = {"share": 0.5}
    assert widget.view["sentence"] == "<b>0.5</b>"
    assert kept == []


def test_a_rule_that_breaks_says_so_in_the_page(widget: BreakEvenCurve) -> None:
    with pytest.raises(ValueError, match="no view of everything"):
        send(widget, {"share": 1.0})
    assert "that is our fault: ValueError" in widget.heard["fault"]


def test_an_earlier_state_is_restored_as_far_as_it_is_still_offered() -> None:
    assert made(state={"share": 0.5, "gone": 3}).state == {"share": 0.5}
    assert made(state={"share": 0.7}).state == {"share": 0.0}


def test_forms_hold_the_finding_the_figures_and_the_code(widget: BreakEvenCurve) -> None:
    told = widget.forms()
    assert told["text/plain"] == '<b>0.0</b>\nhalf & half: yes\nx = "<y>"'
    shown = told["text/html"]
    assert "&lt;b&gt;0.0&lt;/b&gt;" in shown and "A &lt;curve&gt;" in shown
    assert '<th scope="row">half &amp; half</th><td>yes</td>' in shown
    assert "x = &quot;&lt;y&gt;&quot;" in shown and "The kernel has stopped" in shown


def test_a_view_crosses_to_the_page_as_plain_values(widget: BreakEvenCurve) -> None:
    (line,) = widget.view["plot"]["lines"]
    assert line["points"] == [[0, 0.0]]
    assert type(line["points"][0][1]) is float


@given(
    st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.integers(2, 9)
)  # widths of money and of shares
def test_ticks_are_round_ascending_and_within(low: float, width: float, about: int) -> None:
    high = low + width
    found = nice_ticks(low, high, about)
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert found == sorted(found)
    assert len(found) <= 2.5 * about + 2
    assert all(low - slack <= one <= high + slack for one in found)


@pytest.mark.parametrize(
    ("span", "ticks"),
    [
        ((0, 20), [0, 5, 10, 15, 20]),
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((-7, 95), [0, 50]),
        ((3, 3), [3]),
        ((0, math.inf), [0]),
    ],
)
def test_ticks_are_those_that_a_person_would_write(
    span: tuple[float, float], ticks: list[float]
) -> None:
    assert nice_ticks(*span) == ticks


@given(st.integers(1, 5000))
def test_a_thinned_line_keeps_its_ends_and_its_order(count: int) -> None:
    points = [(float(x), 0.0) for x in range(count)]
    found = thinned(points)
    assert len(found) == min(count, POINTS)
    assert (found[0], found[-1]) == (points[0], points[-1])
    assert found == sorted(set(found))
