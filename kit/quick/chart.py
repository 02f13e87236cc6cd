"""The one chart of a finding: its data, its form by what was measured, its text form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.charts import BLUE, VERMILLION, hourly, load_altair, with_breaks
from kit.i18n import Translator
from kit.quick.finding import Finding, MachineFinding
from kit.quick.judge import worth
from kit.quick.words import metric_text

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20
# 20 rows of 24 pixels fit on a screen and on a printed page
ROW = 24


def shown_machines(finding: Finding) -> list[MachineFinding]:
    """The machines that the chart has room for: those asked about, then by order of worth."""
    asked = {machine.machine for machine in finding.asked}
    ordered = sorted(finding.machines, key=lambda m: (m.machine not in asked, -worth(m), m.machine))
    return ordered[:SHOWN]


def draw(finding: Finding, tr: Translator, width: int) -> Any:
    """The finding's chart, ``width`` pixels of plot; an altair chart without theme."""
    if not finding.metric:
        chart = _inventory(finding, tr, width)
    elif comparable(finding):
        chart = _ranges(finding, tr, width)
    else:
        chart = _series(finding, tr, width)
    if finding.synthetic:
        title = load_altair().TitleParams
        return chart.properties(title=title(synthetic_text(tr), fontSize=12, color=VERMILLION))
    return chart


def comparable(finding: Finding) -> bool:
    """Whether there is more than one machine whose CPU is known to be percent."""
    known = [m for m in finding.machines if m.kind != "unit-unclear"]
    return finding.metric.startswith("cpu_percent") and len(known) > 1


def synthetic_text(tr: Translator) -> str:
    """What stands on every chart of generated data."""
    return tr("SYNTHETIC: generated, not measured")


def describe(finding: Finding, tr: Translator) -> str:
    """The chart in words, for who cannot see it."""
    rows = []
    for machine in shown_machines(finding)[:5]:
        if machine.stats is not None:
            rows.append(
                tr(
                    "{machine}: median {p50:,.4g}, P95 {p95:,.4g}, P99.5 {p99_5:,.4g}",
                    machine=machine.machine,
                    p50=machine.stats.p50,
                    p95=machine.stats.p95,
                    p99_5=machine.stats.p99_5,
                )
            )
        else:
            rows.append(f"{machine.machine}: {machine.vcpu or '?'} vCPU")
    mark = f"{synthetic_text(tr)}. " if finding.synthetic else ""
    return f"{mark}{finding.headline}. " + "; ".join(rows)


def _ranges(finding: Finding, tr: Translator, width: int) -> Any:
    alt = load_altair()
    import pandas as pd

    asked = {machine.machine for machine in finding.asked}
    groups = (tr("worth a question"), tr("the others"))
    drawn = shown_machines(finding)
    shown = [m for m in drawn if m.stats is not None and m.kind != "unit-unclear"]
    table = pd.DataFrame(
        [
            {
                "machine": m.machine,
                "group": groups[0] if m.machine in asked else groups[1],
                "p50": m.stats.p50,
                "p95": m.stats.p95,
                "p99_5": m.stats.p99_5,
            }
            for m in shown
            if m.stats is not None
        ]
    )
    points = table.melt(["machine", "group"], ["p50", "p95", "p99_5"], "statistic", "value")
    names = {"p50": tr("median"), "p95": "P95", "p99_5": "P99.5"}
    points["statistic"] = points["statistic"].map(names)
    y = alt.Y("machine:N", sort=list(table["machine"]), title=None)
    scale = alt.Scale(domain=[0, 100])
    colour = alt.Color(
        "group:N", scale=alt.Scale(domain=list(groups), range=[VERMILLION, BLUE]), title=None
    ).legend(orient="top", columns=1 if width < 500 else 2)
    shapes = alt.Shape(
        "statistic:N",
        scale=alt.Scale(domain=list(names.values()), range=["circle", "diamond", "square"]),
        title=None,
    ).legend(orient="top", symbolFillColor="currentColor", symbolStrokeColor="currentColor")
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100])
    title = tr("CPU in percent of today's size")
    lines = (
        alt.Chart(table)
        .mark_rule(strokeWidth=4, opacity=0.45)
        .encode(
            x=alt.X("p50:Q", scale=scale, axis=axis, title=title), x2="p99_5:Q", y=y, color=colour
        )
    )
    dots = (
        alt.Chart(points)
        .mark_point(filled=True, size=70, opacity=1)
        .encode(x=alt.X("value:Q", scale=scale), y=y, color=colour, shape=shapes)
    )
    return (lines + dots).properties(width=width, height=ROW * len(table))


def _series(finding: Finding, tr: Translator, width: int) -> Any:
    alt = load_altair()

    panels = []
    height = 240 if len(finding.asked) == 1 else 130
    for machine in finding.asked:
        band = _band(finding, machine)
        unit = str(finding.samples["unit"].iloc[0]) if len(finding.samples) else ""
        name = metric_text(finding.metric, tr)
        unclear = machine.kind == "unit-unclear"
        label = f"{name} (%)" if unit == "percent" and not unclear else name
        percent = finding.metric.startswith("cpu_percent") and not unclear
        scale = alt.Scale(domain=[0, 100]) if percent else alt.Scale(zero=True)
        fmt = "d" if percent else "~g" if unclear else "~s"
        y = alt.Y("low:Q", scale=scale, title=label, axis=alt.Axis(format=fmt, tickCount=5))
        x = alt.X("time:T", title=None, axis=_time_axis(band, width))
        base = alt.Chart(band).encode(x=x)
        area = base.mark_area(opacity=0.3, color=BLUE).encode(y=y, y2="high:Q")
        line = base.mark_line(color=BLUE, strokeWidth=1.2).encode(y="median:Q")
        layers = area + line
        if percent and machine.stats is not None:
            layers += _percentile_lines(machine)
        title = machine.machine if len(finding.asked) > 1 else ""
        panels.append(layers.properties(width=width, height=height, title=title))
    return panels[0] if len(panels) == 1 else alt.vconcat(*panels, spacing=14)


def _band(finding: Finding, machine: MachineFinding) -> pd.DataFrame:
    mine = finding.samples["machine"] == machine.machine
    return with_breaks(hourly(finding.samples.loc[mine, ["time", "value"]]))


def _time_axis(band: pd.DataFrame, width: int) -> Any:
    alt = load_altair()

    days = (band["time"].max() - band["time"].min()).days if len(band) else 0
    fmt = "%m-%d" if days >= 2 else "%m-%d %H:%M"
    return alt.Axis(format=fmt, tickCount=4 if width < 500 else 8, labelAngle=0)


def _percentile_lines(machine: MachineFinding) -> Any:
    alt = load_altair()
    import pandas as pd

    assert machine.stats is not None
    named = [("P90", machine.stats.p90), ("P99.5", machine.stats.p99_5)]
    # labels that would lie upon one another become one
    rows: list[dict[str, object]] = []
    for name, value in named:
        near = next((r for r in rows if abs(float(str(r["value"])) - value) < 8), None)
        if near:
            near["label"] = f"{near['label']}, {name}"
        else:
            rows.append({"label": name, "value": value})
    table = pd.DataFrame(rows)
    rule = alt.Chart(table).mark_rule(color=VERMILLION, strokeDash=[5, 3]).encode(y="value:Q")
    text = (
        alt.Chart(table)
        .mark_text(align="right", dy=-7, color=VERMILLION, fontSize=12)
        .encode(y="value:Q", x=alt.value("width"), text="label:N")
    )
    return rule + text


def _inventory(finding: Finding, tr: Translator, width: int) -> Any:
    alt = load_altair()
    import pandas as pd

    states = (tr("switched on"), tr("switched off"))
    table = pd.DataFrame(
        [
            {"machine": m.machine, "vcpu": m.vcpu or 0, "state": states[m.kind == "off"]}
            for m in shown_machines(finding)
        ]
    )
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("vcpu:Q", title=tr("vCPU in the inventory")),
            y=alt.Y("machine:N", sort=list(table["machine"]), title=None),
            color=alt.Color(
                "state:N",
                scale=alt.Scale(domain=list(states), range=[BLUE, VERMILLION]),
                title=None,
            ).legend(orient="top"),
        )
        .properties(width=width, height=ROW * len(table))
    )
