"""The quality gate: a unit that passes it is safe to give to an employee."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from rich.console import Console
from rich.progress import Progress

from kit.errors import KitError
from kit.gate.findings import Report
from kit.gate.proofs import prove_mistakes, prove_paste, prove_seed
from kit.gate.statics import prove_catalogue, prove_files, prove_items, prove_texts
from kit.model import Unit

EXIT_FINDINGS = 8
STATIC: tuple[Callable[[Unit, Report], None], ...] = (
    prove_files,
    prove_texts,
    prove_items,
    prove_catalogue,
)


def lint_unit(unit: Unit, seeds: int, step: Callable[[str], None] = lambda _text: None) -> Report:
    """Run every proof on one unit. ``step`` is told what comes next."""
    report = Report(unit.id)
    for prove in STATIC:
        step(prove.__name__.removeprefix("prove_"))
        try:
            prove(unit, report)
        except KitError as error:
            report.add_error("load", error, unit.folder)
    if report.findings and any(f.rule in ("sync", "load") for f in report.findings):
        return report
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(partial(prove_seed, unit.id, seed)) for seed in range(seeds)]
        jobs.append(pool.submit(partial(prove_mistakes, unit.id)))
        jobs.append(pool.submit(partial(prove_paste, unit.id)))
        for job in jobs:
            step("seeds")
            try:
                report.take(job.result())
            except KitError as error:
                report.add_error("run", error, unit.folder)
    report.counts["seeds"] = seeds
    return report


def run_lint(units: Iterable[Unit], *, seeds: int, as_json: bool) -> None:
    """Prove the units, print the report, and exit with 8 if anything was found."""
    console = Console(stderr=as_json, highlight=False)
    reports = []
    with Progress(console=console, transient=True, disable=as_json) as progress:
        for unit in units:
            task = progress.add_task(unit.id, total=len(STATIC) + seeds + 2)

            def step(text: str, task: int = task, name: str = unit.id) -> None:
                progress.update(task, advance=1, description=f"{name}: {text}")  # type: ignore[arg-type]

            reports.append(lint_unit(unit, seeds, step))
    if as_json:
        print(json.dumps([report.as_dict() for report in reports], ensure_ascii=False, indent=1))
    else:
        _print(console, reports)
    if any(report.findings for report in reports):
        raise SystemExit(EXIT_FINDINGS)


def _print(console: Console, reports: list[Report]) -> None:
    for report in reports:
        for finding in report.findings:
            console.print(str(finding), markup=False, soft_wrap=True)
        counts = ", ".join(f"{count} {name}" for name, count in sorted(report.counts.items()))
        verdict = f"{len(report.findings)} to mend" if report.findings else "passes"
        console.print(f"{report.unit}: {verdict} ({counts})", markup=False, soft_wrap=True)
