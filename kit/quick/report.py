"""``report.html``: one file, no script, no network; light, dark, narrow, wide, and printed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kit.artefacts import Provenance
from kit.charts import DARK_CSS, FONT, svg
from kit.data.money import range_text, won_text
from kit.i18n import Translator, mark
from kit.quick.chart import SHOWN, comparable, describe, draw, synthetic_text
from kit.quick.finding import Finding, MachineFinding
from kit.quick.words import kind_text
from kit.quick.workbook import rule_lines
from kit.templates import html_templates

TEMPLATES = Path(__file__).parent / "templates"
# pixels of plot; the axis labels come on top. The page shows the one that fits
WIDE, NARROW = 820, 250
REJECTS_SHOWN = 10


def render(finding: Finding, provenance: Provenance, tr: Translator) -> str:
    """The report as HTML text."""
    text = describe(finding, tr)
    template = html_templates(TEMPLATES).get_template("report.html.j2")
    return template.render(
        tr=tr,
        font=FONT,
        dark_charts=DARK_CSS,
        language=tr.language,
        finding=finding,
        charts={
            "wide": svg(draw(finding, tr, WIDE), text),
            "narrow": svg(draw(finding, tr, NARROW), text),
        },
        alt=text,
        compared=comparable(finding),
        shown=min(SHOWN, len(finding.machines)),
        synthetic=synthetic_text(tr),
        money=_money(finding, tr),
        asked=[_machine(machine, tr) for machine in finding.asked],
        rules=rule_lines(finding, tr) if finding.metric.startswith("cpu_percent") else [],
        rejects=[note.text(tr) for note in finding.ledger.rejects[:REJECTS_SHOWN]],
        provenance=provenance.lines(tr),
        today=date.today().isoformat(),
    )


def _money(finding: Finding, tr: Translator) -> dict[str, str] | None:
    if finding.range_won is None:
        return None
    low, high = finding.range_won
    if round(high) == 0:
        # a year of nothing is no figure
        return {"month": range_text(low, high, tr)}
    return {
        "month": range_text(low, high, tr),
        "low": won_text(low, tr),
        "high": won_text(high, tr),
        "low_year": won_text(12 * low, tr),
        "high_year": won_text(12 * high, tr),
    }


_NO_RULE = mark("No sum: a percentile rule does not answer for this machine.")
_NO_SUM = {
    "incomplete": mark("No sum: too little of this machine was seen."),
    "unit-unclear": mark("No sum until the unit is told."),
}


def _machine(machine: MachineFinding, tr: Translator) -> dict[str, Any]:
    money = ""
    if machine.low_won is not None and machine.high_won is not None:
        money = tr(
            "Less than today, cautious to lean: {range}",
            range=range_text(machine.low_won, machine.high_won, tr),
        )
    elif machine.metric.startswith("cpu_percent"):
        money = tr(_NO_SUM.get(machine.kind, _NO_RULE))
    return {
        "name": machine.machine,
        "kind": kind_text(machine.kind, tr),
        "question": machine.question,
        "why": machine.why,
        "money": money,
    }
