"""The charts of a report, as Vega-Lite: bars of the funnel, difficulty, before and after.

Plain dictionaries: importing altair takes longer than drawing all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kit.charts import BLUE, ORANGE, VERMILLION, svg
from kit.i18n import Marked, Translator, mark
from kit.reports.report import Report, Speaker
from kit.reports.wording import broken

if TYPE_CHECKING:
    import pandas as pd

# pixels of plot; the labels come on top. One drawing serves a phone and a screen: it is
# scaled down a little on the one, up a little on the other
WIDTH = 300
LABELS = 170
# exercises have long titles: less plot, more label; how many Latin letters fit it
TITLES = 255
LETTERS = 42
LINE = 14
ROW = 24
# more rows than this are for a table
SHOWN = 20
# the charts of more units than these say less than bars in the cells of their tables
UNITS_DRAWN = 3

Spec = dict[str, Any]
STEP_NAMES: dict[str, Marked] = {
    "roster": mark("on the roster"),
    "practised": mark("practised"),
    "handed_in": mark("handed in"),
    "graded": mark("graded"),
    "complete": mark("complete, verified"),
}


def chart(
    draw: Callable[[Report, Speaker], Spec], alt: str, report: Report, speaker: Speaker
) -> str:
    """A chart as SVG, with its words; generated learners are named as such.

    Nothing for many units: their tables have bars then.
    """
    if not drawable(report):
        return ""
    made = draw(report, speaker)
    if not report.cohort.synthetic:
        return svg(made, alt)
    said = synthetic_text(speaker.tr)
    title = {"text": said, "fontSize": 12, "color": VERMILLION, "anchor": "start"}
    return svg({**made, "title": title}, f"{said}. {alt}")


def drawable(report: Report) -> bool:
    """Whether the units are few enough for charts."""
    return len(report.units) <= UNITS_DRAWN


def synthetic_text(tr: Translator) -> str:
    """What stands on every chart of generated learners."""
    return tr("SYNTHETIC: generated learners, no real people")


def _data(table: pd.DataFrame, *columns: str) -> Spec:
    return {"values": table[list(columns)].to_dict("records")}


def _rows(field: str, order: list[str] | None, **axis: Any) -> Spec:
    """A row for each value of a field, in the order given."""
    look = {"labelLimit": LABELS, "ticks": False} | axis
    return {"field": field, "type": "nominal", "sort": order, "title": None, "axis": look}


def _shares(title: str) -> Spec:
    # a mark at 0 must not lie on a label
    scale = {"domain": [-0.03, 1.03], "nice": False}
    axis = {"format": "%", "values": [0, 0.25, 0.5, 0.75, 1]}
    return {"field": "share", "type": "quantitative", "scale": scale, "axis": axis, "title": title}


def _two(field: str, names: list[str], columns: int = 2) -> Spec:
    """Two kinds told apart by colour and by shape, in one legend."""
    legend = {"orient": "top", "columns": columns, "title": None}
    look = {"color": [ORANGE, BLUE], "shape": ["circle", "square"]}
    return {
        channel: {
            "field": field,
            "type": "nominal",
            "scale": {"domain": names, "range": choice},
            "legend": legend,
        }
        for channel, choice in look.items()
    }


def draw_funnel(report: Report, speaker: Speaker) -> Spec:
    """How many reached each step, one block of bars for each unit."""
    names = {step: speaker.tr(name) for step, name in STEP_NAMES.items()}
    known = report.funnel[report.funnel["roster"].notna()]
    table = known.melt(["unit"], list(names), "step", "count")
    table = table.assign(step=table["step"].map(names), unit=table["unit"].map(speaker.unit))
    most = max(float(table["count"].max()), 1.0)
    x = {
        "field": "count",
        "type": "quantitative",
        "title": speaker.tr("learners"),
        # room for the figure at the end of the longest bar
        "scale": {"domain": [0, most * 1.08]},
        "axis": {"tickMinStep": 1, "format": ",d", "tickCount": 5},
    }
    figure = {"field": "count", "type": "quantitative", "format": ",d"}
    place = {"x": x, "y": _rows("step", list(names.values()))}
    layers: Spec = {
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "height": 15}, "encoding": place},
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {**place, "text": figure},
            },
        ],
        "width": WIDTH,
        "height": ROW * len(names),
    }
    data = _data(table, "unit", "step", "count")
    if len(known) == 1:
        return {"data": data, **layers}
    header = {"title": None, "labelAnchor": "start", "labelOrient": "top", "labelLimit": WIDTH}
    row = {"field": "unit", "type": "nominal", "sort": None, "header": header}
    return {"data": data, "facet": {"row": row}, "spec": layers, "spacing": 18}


def hardest(report: Report) -> pd.DataFrame:
    """The exercises that the chart has room for; all in order where there is room for all."""
    table = report.difficulty
    table = table[table["first"].notna() | table["graded"].notna()]
    if len(table) <= SHOWN:
        return table
    easy = table[["first", "graded"]].min(axis=1)
    return table.loc[easy.nsmallest(SHOWN).index.sort_values()]


def draw_difficulty(report: Report, speaker: Speaker) -> Spec:
    """Share passing at the first attempt and in grading, by exercise."""
    tr = speaker.tr
    kinds = {"first": tr("passed at the first attempt"), "graded": tr("passed when graded")}
    table = hardest(report)
    pairs = zip(table["unit"], table["exercise"], strict=True)
    titles = [speaker.exercise(unit, exercise) for unit, exercise in pairs]
    judged = (table["manual"] & table["graded"].notna()).tolist()
    titles = [f"{t}*" if points else t for t, points in zip(titles, judged, strict=True)]
    if len(report.units) > 1:
        titles = [f"{t} · {speaker.unit(u)}" for t, u in zip(titles, table["unit"], strict=True)]
    titles = [broken(title, LETTERS) for title in titles]
    most = max(title.count("\n") for title in titles)
    table = table.assign(title=titles).melt(["title"], list(kinds), "kind", "share").dropna()
    table = table.assign(kind=table["kind"].map(kinds))
    measure = tr("share of learners, or of points*") if any(judged) else tr("share of learners")
    # an array is drawn as lines
    axis = {"grid": True, "labelLimit": TITLES, "labelExpr": "split(datum.label, '\\n')"}
    return {
        "data": _data(table, "title", "kind", "share"),
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": _shares(measure),
            "y": _rows("title", titles, **axis),
            **_two("kind", list(kinds.values()), columns=1),
        },
        "width": WIDTH + LABELS - TITLES,
        "height": (8 + LINE * (1 + most)) * len(set(titles)),
    }


def draw_gain(report: Report, speaker: Speaker) -> Spec:
    """Share right before and after, one line for each unit."""
    tr = speaker.tr
    names = {"before": tr("before"), "after": tr("after")}
    known = report.gains[report.gains["before"].notna()]
    known = known.assign(unit=known["unit"].map(speaker.unit))
    points = known.melt(["unit"], list(names), "stage", "share")
    points = points.assign(stage=points["stage"].map(names))
    rows = _rows("unit", None)
    line = {
        "data": _data(known, "unit", "before", "after"),
        "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.5, "color": "currentColor"},
        "encoding": {
            "x": {"field": "before", "type": "quantitative"},
            "x2": {"field": "after"},
            "y": rows,
        },
    }
    dots = {
        "data": _data(points, "unit", "stage", "share"),
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {
            "x": _shares(tr("share of questions answered right")),
            "y": rows,
            **_two("stage", list(names.values())),
        },
    }
    return {"layer": [line, dots], "width": WIDTH, "height": max(ROW * len(known), 40)}
