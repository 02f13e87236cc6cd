"""A chart shows the right columns, is drawn as asked, and says what it shows in which unit."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import altair as alt
import pandas as pd
import pytest

from kit.checking import expect

Label = Callable[..., str]
DATA = pd.DataFrame(
    {"time": pd.date_range("2026-01-01", periods=9_000, freq="h"), "cpu": [1.0] * 9_000}
)


def line(x: Any = "time:T", y: Any = None, **more: Any) -> alt.Chart:
    y = alt.Y("cpu:Q", title="CPU (%)") if y is None else y
    told = {"title": "A quiet server", **more}
    return alt.Chart(DATA, **told).mark_line().encode(x=x, y=y)


def check(chart: Any) -> dict[str, str]:
    return expect.chart(chart, "mine", x="time", y="cpu", mark="line")


AXES = {"x": "time", "y": "cpu", "mark": "line", "title": "A quiet server"}


@pytest.mark.parametrize(
    "chart",
    [
        line(),
        line(x="time", y=alt.Y("mean(cpu)", axis=alt.Axis(title="CPU, %"))),
        line(y=alt.Y(field="cpu", type="quantitative").title(["CPU", "in percent"])),
        line(title=alt.Title("A quiet server", subtitle="really")),
        line() + line().mark_point(),
        alt.layer(line(title=alt.Undefined), title="A quiet server"),
        line() | line(),
    ],
)
def test_a_chart_of_altair_in_any_spelling(chart: Any) -> None:
    assert check(chart) == AXES


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        (DATA, "not_a_chart"),
        (alt.Chart, "not_a_chart"),
        (None, "not_a_chart"),
        (line().mark_bar(), "wrong_mark"),
        (line(x="cpu:Q", y="time:T"), "wrong_encoding"),
        (line(title=alt.Undefined), "no_title"),
        (line(title="  "), "no_title"),
        (line(x=alt.X("time:T", title=None)), "no_axis_title"),
        (line(x=alt.X("time:T", title="")), "no_axis_title"),
        (line(y="cpu:Q"), "no_unit"),
        (line(y=alt.Y("cpu:Q", title="load")), "no_unit"),
    ],
)
def test_what_is_wrong_with_a_chart_is_told_apart(chart: Any, expected: str, label: Label) -> None:
    assert label(lambda: check(chart)) == expected


def test_what_was_not_asked_for_is_not_looked_at() -> None:
    bare = alt.Chart(DATA).mark_bar().encode(x="time", y="cpu")
    assert expect.chart(bare, "mine", title=False, units=False)["mark"] == "bar"


class PolyCollection:
    """What matplotlib fills an area with is called so."""


class Axes:
    """What the check asks of matplotlib's, which is no dependency of the kit."""

    def __init__(self, y: str = "CPU (%)", title: str = "A quiet server", **drawn: int) -> None:
        self.y, self.title = y, title
        self.lines = [object()] * drawn.get("lines", 1)
        self.patches = [SimpleNamespace(get_width=lambda: 3.0, get_height=lambda: 0.8)] * drawn.get(
            "bars", 0
        )
        self.collections = [object()] * drawn.get("points", 0)
        self.collections += [PolyCollection()] * drawn.get("areas", 0)

    def get_title(self) -> str:
        return self.title

    def get_xlabel(self) -> str:
        return "time"

    def get_ylabel(self) -> str:
        return self.y


class Figure:
    def __init__(self, *axes: Axes) -> None:
        self.axes = axes

    def get_axes(self) -> tuple[Axes, ...]:
        return self.axes

    def get_suptitle(self) -> str:
        return "A quiet server"


def test_axes_and_a_figure_of_matplotlib() -> None:
    told = {"x": "time", "y": "CPU (%)", "mark": "line", "title": "A quiet server"}
    assert check(Axes()) == told
    assert check(Figure(Axes(title=""), Axes())) == told


@pytest.mark.parametrize(
    ("drawn", "mark"), [({"points": 1}, "point"), ({"areas": 1}, "area"), ({"bars": 2}, "bar")]
)
def test_each_mark_of_matplotlib_is_known(drawn: dict[str, int], mark: str, label: Label) -> None:
    axes = Axes(lines=0, title="T", **drawn)
    assert label(lambda: check(axes)) == "wrong_mark"
    assert expect.chart(axes, "mine", mark=mark, units=False)["mark"] == mark


@pytest.mark.parametrize(
    "y", ["Count of Records", "number of servers", "서버 대수", "비용, 원", "won / h"]
)
def test_a_unit_is_found_where_it_stands(y: str) -> None:
    assert check(Axes(y=y))["y"] == y


def test_what_is_wrong_with_axes_is_told_apart(label: Label) -> None:
    assert label(lambda: check(Axes(lines=0, bars=2))) == "wrong_mark"
    assert label(lambda: check(Axes(title=""))) == "no_title"
    assert label(lambda: check(Axes(y=""))) == "no_axis_title"
    assert label(lambda: check(Axes(y="load"))) == "no_unit"
    assert label(lambda: check(Figure())) == "not_a_chart"
