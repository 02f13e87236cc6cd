"""The charts of a report: bars of the funnel, difficulty by exercise, before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kit.charts import BLUE, ORANGE, VERMILLION, load_altair, svg
from kit.i18n import Marked, Translator, mark
from kit.reports.report import Report, Speaker

if TYPE_CHECKING:
    import pandas as pd

# pixels of plot; the labels come on top. One drawing serves a phone and a screen: it is
# scaled down a little on the one, up a little on the other
WIDTH = 300
LABELS = 170
ROW = 24
# more rows than this are for a table
SHOWN = 20

STEP_NAMES: dict[str, Marked] = {
    "roster": mark("on the roster"),
    "practised": mark("practised"),
    "handed_in": mark("handed in"),
    "graded": mark("graded"),
    "complete": mark("complete, verified"),
}


def chart(
    draw: Callable[[Report, Speaker], Any], alt: str, report: Report, speaker: Speaker
) -> str:
    """A chart as SVG, with its words; generated learners are named as such."""
    made = draw(report, speaker)
    if not report.cohort.synthetic:
        return svg(made, alt)
    said = synthetic_text(speaker.tr)
    title = load_altair().TitleParams(said, fontSize=12, color=VERMILLION, anchor="start")
    return svg(made.properties(title=title), f"{said}. {alt}")


def synthetic_text(tr: Translator) -> str:
    """What stands on every chart of generated learners."""
    return tr("SYNTHETIC: generated learners, no real people")


def draw_funnel(report: Report, speaker: Speaker) -> Any:
    """How many reached each step, one row of bars for each unit."""
    alt = load_altair()
    steps = list(STEP_NAMES)
    known = report.funnel[report.funnel["roster"].notna()]
    table = known.melt(["unit"], steps, "step", "count")
    names = [speaker.tr(STEP_NAMES[step]) for step in steps]
    table = table.assign(
        step=table["step"].map(dict(zip(steps, names, strict=True))),
        unit=table["unit"].map(speaker.unit),
    )
    y = alt.Y("step:N", sort=names, title=None, axis=alt.Axis(labelLimit=LABELS, ticks=False))
    most = max(float(table["count"].max()), 1.0)
    x = alt.X("count:Q", title=speaker.tr("learners"), scale=alt.Scale(domain=[0, most * 1.08]))
    x = x.axis(tickMinStep=1, format=",d", tickCount=5)
    bars = alt.Chart(table).mark_bar(color=BLUE, height=15).encode(x=x, y=y)
    counts = alt.Chart(table).mark_text(align="left", dx=4).encode(x=x, y=y, text="count:Q")
    both = (bars + counts).properties(width=WIDTH, height=ROW * len(steps))
    if len(known) == 1:
        return both
    header = alt.Header(title=None, labelAnchor="start", labelOrient="top", labelLimit=WIDTH)
    return both.facet(row=alt.Row("unit:N", header=header, sort=None), spacing=18)


def hardest(report: Report) -> pd.DataFrame:
    """The exercises that the chart has room for; all in order where there is room for all."""
    table = report.difficulty
    table = table[table["first"].notna() | table["graded"].notna()]
    if len(table) <= SHOWN:
        return table
    easy = table[["first", "graded"]].min(axis=1)
    return table.loc[easy.nsmallest(SHOWN).index.sort_values()]


def draw_difficulty(report: Report, speaker: Speaker) -> Any:
    """Share passing at the first attempt and in grading, by exercise."""
    alt = load_altair()
    tr = speaker.tr
    kinds = {"first": tr("passed at the first attempt"), "graded": tr("passed when graded")}
    table = hardest(report)
    titles = [
        speaker.exercise(*pair) for pair in zip(table["unit"], table["exercise"], strict=True)
    ]
    several = len(report.units) > 1
    if several:
        titles = [f"{t} · {speaker.unit(u)}" for t, u in zip(titles, table["unit"], strict=True)]
    table = table.assign(title=titles).melt(["title"], list(kinds), "kind", "share").dropna()
    table = table.assign(kind=table["kind"].map(kinds))
    names = list(kinds.values())
    domain = alt.Scale(domain=names, range=[ORANGE, BLUE])
    shapes = alt.Scale(domain=names, range=["circle", "square"])
    legend = alt.Legend(orient="top", columns=2, title=None)
    return (
        alt.Chart(table)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=_share_axis(alt, tr("share of learners")),
            y=alt.Y("title:N", sort=titles, title=None)
            .axis(labelLimit=LABELS, grid=True, ticks=False),
            color=alt.Color("kind:N", scale=domain, legend=legend),
            shape=alt.Shape("kind:N", scale=shapes, legend=legend),
        )
        .properties(width=WIDTH, height=22 * len(titles))
    )  # fmt: skip


def _share_axis(alt: Any, title: str) -> Any:
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    return alt.X(
        "share:Q", scale=alt.Scale(domain=[-0.03, 1.03], nice=False), axis=axis, title=title
    )


def draw_gain(report: Report, speaker: Speaker) -> Any:
    """Share right before and after, one line for each unit."""
    alt = load_altair()
    tr = speaker.tr
    known = report.gains[report.gains["before"].notna()]
    known = known.assign(unit=known["unit"].map(speaker.unit))
    names = {"before": tr("before"), "after": tr("after")}
    points = known.melt(["unit"], list(names), "stage", "share")
    points = points.assign(stage=points["stage"].map(names))
    told = list(names.values())
    y = alt.Y("unit:N", sort=None, title=None, axis=alt.Axis(labelLimit=LABELS, ticks=False))
    x = _share_axis(alt, tr("share of questions answered right"))
    legend = alt.Legend(orient="top", title=None)
    domain = alt.Scale(domain=told, range=[ORANGE, BLUE])
    shapes = alt.Scale(domain=told, range=["circle", "square"])
    lines = (
        alt.Chart(known)
        .mark_rule(strokeWidth=3, opacity=0.5)
        .encode(x=alt.X("before:Q"), x2="after:Q", y=y, color=alt.value("currentColor"))
    )
    dots = (
        alt.Chart(points)
        .mark_point(filled=True, size=110, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("stage:N", scale=domain, legend=legend),
            shape=alt.Shape("stage:N", scale=shapes, legend=legend),
        )
    )
    return (lines + dots).properties(width=WIDTH, height=max(ROW * len(known), 40))
