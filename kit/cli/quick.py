"""``upskill quick``: an export in, a finding out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from kit.errors import DataError, KitError
from kit.home import LearnerHome, open_home
from kit.i18n import Translator, resolve_language


def run_quick(
    files: list[Path],
    out: Path | None,
    vcpu: list[str],
    prices: Path | None,
    tool: str | None,
    unit: str | None,
    root: Path | None,
    language: str | None,
    *,
    as_json: bool,
) -> None:
    """Make the finding; print a summary, or exactly one JSON object (errors included)."""
    tr = Translator(resolve_language(language))
    try:
        home = open_home(root, language)
        tr = Translator(home.language)
        asked = {"prices": prices, "tool": tool, "unit": unit, "home": home}
        if as_json:
            print(_as_json(_make(files, vcpu, asked, out, tr)))
            return
        console = Console(highlight=False)
        with console.status(tr("Reading …")) as status:

            def step(done: int, total: int) -> None:
                share = done / total if total else 1.0
                status.update(tr("Read so far: {share:.0%}", share=share))

            made = _make(files, vcpu, asked | {"step": step}, out, tr)
        _say(console, made, tr)
    except KitError as error:
        if not as_json:
            raise
        told: dict[str, Any] = {"error": error.as_dict(tr)}
        # only the exports can be at fault where no price card was given
        if isinstance(error, DataError) and prices is None:
            told |= {"unread": [{"path": str(path), "file": path.name} for path in files]}
        print(json.dumps(told, ensure_ascii=False))
        raise SystemExit(error.exit_code) from None


def findings_folder(home: LearnerHome) -> Path:
    """Where findings go without ``--out``: beside those of the home page."""
    return home.root / "artefacts" / "quick"


def _make(
    files: list[Path], vcpu: list[str], asked: dict[str, Any], out: Path | None, tr: Translator
) -> tuple[Any, Path, Path]:
    from kit.quick import Request, make_finding, write_finding
    from kit.quick.judge import parse_sizes
    from kit.quick.run import default_folder

    finding = make_finding(Request(files, parse_sizes(vcpu), **asked), tr)
    try:
        folder = out or default_folder(findings_folder(asked["home"]), finding)
        report, workbook = write_finding(finding, folder.expanduser().resolve(), tr)
    finally:
        finding.release()
    return finding, report, workbook


def _as_json(made: tuple[Any, Path, Path]) -> str:
    finding, report, workbook = made
    ledger = finding.ledger
    value = {
        "report": str(report),
        "workbook": str(workbook),
        "headline": finding.headline,
        "machines": [
            {
                "machine": machine.machine,
                "question": machine.question,
                "why": machine.why,
                "low_won": _whole(machine.low_won),
                "high_won": _whole(machine.high_won),
            }
            for machine in finding.asked
        ],
        "range_won": [_whole(won) for won in finding.range_won] if finding.range_won else None,
        "ledger": {
            "read": ledger.read,
            "kept": ledger.kept,
            "repaired": ledger.repaired,
            "rejected": ledger.rejected,
        },
        "notes": [*finding.cannot, *finding.notes],
        "synthetic": finding.synthetic,
        "assumed_vcpu": finding.assumed_vcpu,
        "assumed_machines": sum(m.vcpu_source == "assumed" for m in finding.machines),
        "machines_read": len(finding.machines),
        "unit_unclear": sum(m.kind == "unit-unclear" for m in finding.machines),
        "unread": [
            {"file": file.path.name, "what": file.what, "fix": file.fix, "path": str(file.path)}
            for file in finding.unread
        ],
    }
    return json.dumps(value, ensure_ascii=False)


def _whole(won: float | None) -> int | None:
    return None if won is None else round(won)


def _say(console: Console, made: tuple[Any, Path, Path], tr: Translator) -> None:
    finding, report, workbook = made
    console.print(f"\n[bold]{escape(finding.headline)}[/bold]")
    if finding.range_won:
        console.print(escape(_money(finding, tr)))
    for file in finding.unread:
        console.print(escape(tr("Not read: {file}. {what}", file=file.path.name, what=file.what)))
        console.print(f"   {escape(file.fix)}", style="dim")
    for number, machine in enumerate(finding.asked, 1):
        console.print(
            f"\n{number}. [bold]{escape(machine.machine)}[/bold]  {escape(machine.question)}"
        )
        console.print(f"   {escape(machine.why)}", style="dim")
    console.print()
    ledger = finding.ledger
    counts = tr(
        "read {read:,} = kept {kept:,} + repaired {repaired:,} + rejected {rejected:,}",
        read=ledger.read,
        kept=ledger.kept,
        repaired=ledger.repaired,
        rejected=ledger.rejected,
    )
    for text in (*finding.cannot, *finding.notes, counts):
        console.print(f"· {escape(text)}")
    console.print(f"\n{tr('Report')}    {report}", markup=False, soft_wrap=True)
    console.print(f"{tr('Workbook')}  {workbook}", markup=False, soft_wrap=True)


def _money(finding: Any, tr: Translator) -> str:
    from kit.data.money import range_text, won_text
    from kit.quick.headline import assumption, weakness

    low, high = finding.range_won
    month = range_text(low, high, tr)
    conditions = [assumption(finding.machines, tr), weakness(finding.machines, tr)]
    if any(conditions):
        month = f"{month} ({'; '.join(filter(None, conditions))})"
    if round(high) == 0:
        return tr("Less than today, cautious to lean rule: {month}.", month=month)
    if round(low) == round(high):
        year = won_text(12 * low, tr)
        return tr("Less than today: {month}; a year {year}.", month=month, year=year)
    return tr(
        "Less than today, cautious to lean rule: {month}; a year {low} to {high}.",
        month=month,
        low=won_text(12 * low, tr),
        high=won_text(12 * high, tr),
    )
