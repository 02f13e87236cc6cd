"""The quality gate: a unit that passes it is safe to give to an employee.

``--json`` prints

    {"format": 1, "units": [{"unit", "seconds", "proved", "cached", "stopped", "counts": {},
     "mutants": {"made", "killed", "equivalent", "other_answers", "alive", "raw", "score"} | null,
     "unscored": [], "survivors": [{"exercise", "kind", "line", "was", "now", "fate", "because"}],
     "untold": [{"file", "line", "text"}],
     "findings": [{"rule", "file", "line", "what", "fix"}]}]}

``proved`` and ``cached`` count proofs that were run and those that still held. ``stopped`` says
that exercises were not run, since what was found would stop them. ``unscored`` names exercises
whose mutants were not tried to the end; ``mutants`` is then null. ``survivors`` are the mutants
that pass: those with the ``fate`` alive, and with ``--mutants`` also those that an author gave
a reason for. ``untold`` are messages of checks that no answer tried here was told: whether they
give something away was not heard. It is empty where ``--only`` leaves answers out.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID

from kit.errors import KitError, UsageError
from kit.gate.cache import Cache, Reads
from kit.gate.findings import Finding, MutantScore, Report, Survivor
from kit.gate.rules import BLOCKING, RULES, Job, Rule, Scope, run_jobs
from kit.gate.rules.frame import usual_workers
from kit.gate.rules.loading import folders, open_unit
from kit.gate.untold import untold
from kit.imports import no_collecting
from kit.model import Unit

EXIT_FINDINGS = 8
FORMAT = 1
# what cannot be read is told whatever was asked for
_ALWAYS = ("load", "keys")
# told how many steps there are in all and what comes next
Step = Callable[[int, str], None]


@dataclass(frozen=True)
class Options:
    """What to prove. ``only`` names rules; without any, all of them. ``workers`` are processes."""

    seeds: int = 50
    only: tuple[str, ...] = ()
    fresh: bool = False
    links: bool = False
    workers: int = 0

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules to prove; UsageError for one that there is not."""
        known = {rule.id for rule in RULES}
        if unknown := [name for name in self.only if name not in known]:
            raise UsageError(
                f"There is no rule '{unknown[0]}'.",
                where="--only",
                fix=f"Rules: {', '.join(rule.id for rule in RULES)}",
            )
        return tuple(r for r in RULES if not self.only or r.id in (*self.only, *_ALWAYS))


def lint_folder(
    name: str, folder: Path, options: Options, step: Step = lambda _total, _text: None
) -> Report:
    """Prove the unit in ``folder``; ``name`` is its id, which a broken one may not tell."""
    begin = time.monotonic()
    report = Report(name)
    with no_collecting():
        unit = open_unit(folder, report)
        if unit is not None:
            _forget(unit)
            _read_files(unit, options, report, step)
    report.stopped = any(f.rule in BLOCKING for f in report.findings)
    if unit is not None and not report.stopped:
        _run_unit(unit, options, report, step)
        if _all_heard(options, report):
            report.untold = list(untold(unit, report.told))
    if options.only:
        wanted = {*options.only, *_ALWAYS}
        report.findings = [f for f in report.findings if f.rule in wanted]
    report.findings.sort(key=lambda f: (_order(f.rule), str(f.file), f.line))
    report.seconds = time.monotonic() - begin
    return report


def _all_heard(options: Options, report: Report) -> bool:
    """Whether every answer that the gate knows was tried, so that what is untold says something."""
    heard = any(rule.id == "leak-message" for rule in options.rules)
    return heard and not any(found.rule in _ALWAYS for found in report.findings)


def _order(rule: str) -> int:
    return [r.id for r in RULES].index(rule)


def _forget(unit: Unit) -> None:
    # an author's file may have changed since this process read it
    package = f"_upskill_unit_{unit.id}"
    for name in [m for m in sys.modules if m == package or m.startswith(f"{package}.")]:
        del sys.modules[name]


def _read_files(unit: Unit, options: Options, report: Report, step: Step) -> None:
    proofs = {rule.prove: rule.id for rule in options.rules if rule.prove is not None}
    for prove, rule in proofs.items():
        step(len(proofs), rule)
        try:
            prove(unit, report)
        except KitError as error:
            report.add_error("load", error, unit.folder)
        # code that does not load stops every other proof with the same words
        if any(found.rule in _ALWAYS for found in report.findings):
            return


def _run_unit(unit: Unit, options: Options, report: Report, step: Step) -> None:
    scope = Scope(Reads(unit), options.seeds, options.links)
    makers = dict.fromkeys(make for rule in options.rules for make in rule.jobs)
    cache = Cache(unit, options.fresh)
    wanted: list[tuple[Job, tuple[str, ...]]] = []
    for job in (job for make in makers for job in make(unit, scope)):
        left = []
        for part, reads in job.reads.items():
            if (held := cache.get(job.name, part, reads)) is not None:
                report.take(held)
                report.cached += 1
            else:
                left.append(part)
        if left:
            wanted.append((job, tuple(left)))
    total, found = len(wanted), Report(unit.id)
    unscored = {part for job, left in wanted if job.scores for part in left}
    for result in run_jobs(unit, wanted, options.workers or usual_workers()):
        step(total, result.job.name)
        for part, proved in result.proved.items():
            found.take(proved)
            found.proved += 1
            if proved.mutants is not None:
                unscored.discard(part)
            cache.put(result.job.name, part, result.job.reads[part], proved)
    cache.save(whole=not options.only)
    found.findings = list(_one_a_line(found.findings))
    report.take(found)
    report.proved = found.proved
    if unscored:
        # what is left would look like the score of the whole unit
        report.unscored, report.mutants = sorted(unscored), None


def _one_a_line(findings: list[Finding]) -> Iterator[Finding]:
    """One finding of a rule for each line: fifty seeds stop at the same one."""
    alike: dict[tuple[str, Path, int], list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: f.what):
        alike.setdefault((finding.rule, finding.file, finding.line), []).append(finding)
    for first, *others in alike.values():
        more = f" ({len(others)} more like this)" if others else ""
        yield replace(first, what=first.what + more)


def run_lint(
    ids: Sequence[str], options: Options, *, as_json: bool, survivors: bool = False
) -> None:
    """Prove the units (none named: all), print the report, exit with 8 if anything was found."""
    console = Console(stderr=as_json, highlight=False)
    wanted = folders(ids)
    reports = []
    # without a thread of its own: processes are forked while it shows
    with Progress(console=console, transient=True, disable=as_json, auto_refresh=False) as bar:
        for name, folder in wanted.items():
            task = bar.add_task(name, total=None)
            reports.append(lint_folder(name, folder, options, _shown(bar, task, name)))
            bar.remove_task(task)
    if as_json:
        told = [_as_data(report, survivors) for report in reports]
        print(json.dumps({"format": FORMAT, "units": told}, ensure_ascii=False, indent=1))
    else:
        for report in reports:
            _print(console, report, options, survivors)
    if any(report.findings for report in reports):
        raise SystemExit(EXIT_FINDINGS)


def _shown(bar: Progress, task: TaskID, name: str) -> Step:
    def step(total: int, text: str) -> None:
        if bar.tasks and bar.tasks[0].total != total:
            bar.reset(task, total=total)
        bar.update(task, advance=1, description=f"{name}: {text}", refresh=True)

    return step


def _as_data(report: Report, survivors: bool) -> dict[str, object]:
    return {**report.as_dict(), "survivors": [asdict(one) for one in _passing(report, survivors)]}


def _passing(report: Report, survivors: bool) -> list[Survivor]:
    """Mutants to tell of: what nobody explained always, the others when asked for."""
    return [one for one in report.survivors if survivors or one.fate == "alive"]


def _print(console: Console, report: Report, options: Options, survivors: bool) -> None:
    def say(text: str) -> None:
        console.print(text, markup=False, soft_wrap=True)

    for finding in report.findings:
        say(str(finding))
    for survivor in _passing(report, survivors):
        say(str(survivor))
    for message in report.untold:
        say(str(message))
    if report.stopped:
        say("Exercises were not run: mend these first.")
    say(" · ".join(_summary(report, options)))


def _summary(report: Report, options: Options) -> list[str]:
    counts = dict(report.counts)
    verdict = f"{len(report.findings)} to mend" if report.findings else "passes"
    found = [f"{report.unit}: {verdict}"]
    if answers := counts.pop("answers", 0):
        found.append(f"{answers // options.seeds} exercises × {options.seeds} seeds")
    found += [f"{count} {name}" for name, count in sorted(counts.items())]
    if report.mutants is not None:
        found.append(_told_mutants(report.mutants))
    elif report.unscored:
        found.append(f"mutants: not known, a proof stopped ({', '.join(report.unscored)})")
    if report.untold:
        found.append(f"{len(report.untold)} messages untold")
    found.append(f"{report.seconds:.0f} s ({report.cached} of {report.cached + report.proved} "
                 "proofs from an earlier run)")  # fmt: skip
    return found


def _told_mutants(m: MutantScore) -> str:
    wanted = m.made - m.equivalent - m.other_answers
    return (
        f"mutants {m.score:.1%} ({m.killed} of {wanted}; {m.equivalent} equivalent, "
        f"{m.other_answers} other right answers; {m.raw:.1%} of all {m.made})"
    )
