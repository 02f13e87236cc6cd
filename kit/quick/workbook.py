"""``finding.xlsx``: every machine, the rule in words, and each record that was repaired or not."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from kit.artefacts import Column, Provenance, Sheet, write_workbook
from kit.artefacts.xlsx import PERCENT, SHARE, WON
from kit.i18n import Translator
from kit.quick.finding import Finding, MachineFinding
from kit.quick.judge import worth
from kit.quick.rules import CAUTIOUS, LEAN, MIN_COVERAGE, MIN_DAYS, WEAK_DAYS
from kit.quick.words import kind_text

if TYPE_CHECKING:
    import pandas as pd

    from kit.data.readers import Ledger

# Excel takes a million rows, but nobody does; all of them go to a CSV beside it then
LEDGER_ROWS = 50_000


def write_finding_workbook(
    path: Path, finding: Finding, provenance: Provenance, tr: Translator
) -> Path:
    """Write the workbook; a very long ledger also goes in full to ``ledger.csv`` beside it."""
    sheets = [
        _questions(finding, tr),
        _machines(finding, tr),
        _rules(finding, tr),
        _ledger(finding, path.parent / "ledger.csv", tr),
    ]
    return write_workbook(path, sheets, provenance, tr)


def _questions(finding: Finding, tr: Translator) -> Sheet:
    columns = [
        Column(tr("machine"), 22),
        Column(tr("question to the owner"), 50),
        Column(tr("why"), 70),
        Column(tr("cautious rule: won a month less"), 18, WON),
        Column(tr("lean rule: won a month less"), 18, WON),
        Column(tr("answer"), 40),
    ]
    rows = [[m.machine, m.question, m.why, m.low_won, m.high_won, ""] for m in finding.asked]
    return Sheet(tr("Questions"), columns, rows, [finding.headline, *_marks(finding, tr)])


def _marks(finding: Finding, tr: Translator) -> list[str]:
    from kit.quick.chart import synthetic_text

    return [synthetic_text(tr)] if finding.synthetic else []


def _machines(finding: Finding, tr: Translator) -> Sheet:
    columns = [
        Column(tr("machine"), 22),
        Column(tr("kind of load"), 18),
        Column(tr("samples"), 10, "#,##0"),
        Column(tr("days of samples"), 10, PERCENT),
        Column(tr("coverage"), 10, SHARE),
        *[Column(tr(name), 10, "#,##0.00") for name in ("mean", "median")],
        *[Column(name, 10, "#,##0.00") for name in ("P90", "P95", "P99.5")],
        Column(tr("maximum"), 10, "#,##0.00"),
        Column(tr("median of the last 3 days"), 12, "#,##0.00"),
        Column(tr("vCPU today"), 9),
        Column(tr("vCPU from"), 11),
        Column(tr("memory today (GiB)"), 11, PERCENT),
        Column(tr("memory need (GiB)"), 11, PERCENT),
        Column(tr("lean rule (vCPU)"), 10),
        Column(tr("cautious rule (vCPU)"), 10),
        Column(tr("won a month today"), 14, WON),
        Column(tr("cautious rule: won a month less"), 14, WON),
        Column(tr("lean rule: won a month less"), 14, WON),
    ]
    ordered = sorted(finding.machines, key=lambda m: (-worth(m), m.machine))
    rows = [_machine_row(machine, tr) for machine in ordered]
    return Sheet(tr("All machines"), columns, rows, _marks(finding, tr))


def _machine_row(machine: MachineFinding, tr: Translator) -> list[object]:
    stats = machine.stats
    measured: list[object] = [None] * 10
    if stats is not None:
        measured = [
            stats.samples,
            stats.days,
            stats.coverage,
            stats.mean,
            stats.p50,
            stats.p90,
            stats.p95,
            stats.p99_5,
            stats.peak,
            stats.recent,
        ]
    unknown = tr("unknown")
    return [
        machine.machine,
        kind_text(machine.kind, tr),
        *measured,
        machine.vcpu if machine.vcpu is not None else unknown,
        tr(machine.vcpu_source) if machine.vcpu_source else "",
        machine.memory_gib if machine.memory_gib is not None else unknown,
        machine.memory_need_gib if machine.memory_need_gib is not None else unknown,
        machine.lean_vcpu if machine.sized else None,
        machine.cautious_vcpu if machine.sized else None,
        machine.today_won,
        machine.low_won,
        machine.high_won,
    ]


def rule_lines(finding: Finding, tr: Translator) -> list[tuple[str, str]]:
    """The rules in words, as report and workbook state them."""
    card = finding.prices
    return [
        (
            tr("Rule"),
            tr(
                "need = vCPU today × percentile of CPU ÷ 100 ÷ (1 − headroom); the smallest size "
                "of the price card that covers it."
            ),
        ),
        (
            tr("Cautious"),
            tr("P{q:g}, {h:.0f} % headroom", q=CAUTIOUS.percentile, h=100 * CAUTIOUS.headroom),
        ),
        (tr("Lean"), tr("P{q:g}, {h:.0f} % headroom", q=LEAN.percentile, h=100 * LEAN.headroom)),
        (
            tr("Not sized"),
            tr(
                "saturated machines (median of the last three days above 80 %), machines that "
                "idle between bursts, and those seen for less than {least} days or with less than "
                "{share:.0f} % of the steps. Under {days} days a range is weaker.",
                least=WEAK_DAYS,
                days=MIN_DAYS,
                share=100 * MIN_COVERAGE,
            ),
        ),
        (
            tr("Recent days count"),
            tr("where the level moved: the higher of the whole period and the last three days."),
        ),
        (
            tr("Prices"),
            tr(
                "{source}, {provider}, {dated}; 730 hours a month.",
                source=tr(card.source),
                provider=tr(card.provider),
                dated=card.dated.isoformat(),
            ),
        ),
    ]


def _rules(finding: Finding, tr: Translator) -> Sheet:
    columns = [Column(tr("What"), 24), Column(tr("Stated"), 110)]
    rows: list[tuple[str, str]] = rule_lines(finding, tr) if finding.metric else []
    rows += [(tr("Cannot be said"), text) for text in finding.cannot]
    rows += [(tr("Note"), text) for text in finding.notes]
    return Sheet(tr("Rule"), columns, rows)


def _ledger(finding: Finding, overflow: Path, tr: Translator) -> Sheet:
    ledger = finding.ledger
    columns = [
        Column(tr("outcome"), 12),
        Column(tr("file"), 28),
        Column(tr("row"), 10),
        Column(tr("column"), 18),
        Column(tr("read"), 26),
        Column(tr("expected"), 46),
        Column(tr("done, or to do"), 46),
    ]
    lead = [
        tr(
            "read {read:,} = kept {kept:,} + repaired {repaired:,} + rejected {rejected:,}",
            read=ledger.read,
            kept=ledger.kept,
            repaired=ledger.repaired,
            rejected=ledger.rejected,
        )
    ]
    overflow.unlink(missing_ok=True)
    table = ledger.as_frame(tr)
    if len(table) > LEDGER_ROWS or ledger.listings:
        _write_all(overflow, table, ledger)
        shown = min(len(table), LEDGER_ROWS)
        lead.append(tr("The first {n:,} rows; all of them are in ledger.csv beside it.", n=shown))
    rows = [
        [tr(outcome), *rest] for outcome, *rest in table.head(LEDGER_ROWS).itertuples(index=False)
    ]
    return Sheet(tr("Ledger"), columns, rows, lead)


def _write_all(path: Path, table: pd.DataFrame, ledger: Ledger) -> None:
    """Every note: of files in memory as they stand in ``table``, of large ones as listed."""
    listed: set[str] = set()
    with path.open("w", encoding="utf-8", newline="") as out:
        for listing in ledger.listings:
            with listing.open(encoding="utf-8", newline="") as lines:
                head = next(lines)
                out.write("" if listed else head)
                # all lines of a listing are of one file
                first = next(lines, "")
                listed.add(next(csv.reader([first]), ["", ""])[1])
                out.write(first)
                shutil.copyfileobj(lines, out)
        table[~table["file"].isin(listed)].to_csv(out, index=False, header=not listed)
