"""A check that never ends is told once, and nothing waits for it again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from kit.content import load_unit
from kit.gate.cache import Reads
from kit.gate.findings import Report
from kit.gate.rules import Job, Scope, mistaken, mutation, paste, run_jobs, seeds
from kit.gate.rules.frame import Proved, prove_here
from kit.model import Part, Unit
from tests.good_unit import edit, lint, of_the_unit

HEAD = (
    '    """Each disk counts with its size while it is on, and with nothing while it is off."""\n'
)
LOOP = "    while True:\n        pass\n"


@pytest.mark.parametrize("rule", [seeds, mutation, paste, mistaken], ids=lambda rule: rule.__name__)
def test_its_job_stops_there_with_one_finding_at_the_check(
    good: Path, monkeypatch: pytest.MonkeyPatch, rule: object
) -> None:
    monkeypatch.setattr("kit.gate.rehearse.CHECK_SECONDS", 1.0)
    edit(good / "checks.py", HEAD, HEAD + LOOP)
    unit = load_unit(good)
    jobs = rule.jobs(unit, Scope(Reads(unit), seeds=1))
    job = next(job for job in jobs if "used" in job.reads)
    (report,) = prove_here(unit, job, ("used",)).values()
    (found,) = report.findings
    assert report.slow == "used"
    assert found.rule == "load" and "The check of 'used'" in found.what
    assert found.file.name == "checks.py"
    assert '@exercise_check("used")' in found.file.read_text("utf-8").splitlines()[found.line - 1]


def test_a_case_that_takes_too_long_is_one_finding_at_its_line(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.gate.rehearse.CHECK_SECONDS", 0.5)
    edit(good / "case.py", "    return {", "    while True:\n        seed += 1\n    return {")
    (found,) = of_the_unit(lint(good), good)
    assert (found.rule, found.file) == ("load", good / "case.py")
    line = found.file.read_text("utf-8").splitlines()[found.line - 1].strip()
    assert line in ("while True:", "seed += 1")
    assert "The case ran into the time limit" in found.what


def test_a_file_that_takes_too_long_to_load_is_one_finding_at_its_line(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.gate.rules.loading.LOAD_SECONDS", 1.0)
    edit(good / "checks.py", "ROUNDS = 5\n", "ROUNDS = 5\nimport time\n\ntime.sleep(600)\n")
    report = lint(good)
    (found,) = of_the_unit(report, good)
    assert report.stopped
    assert (found.rule, found.file) == ("load", good / "checks.py")
    assert found.file.read_text("utf-8").splitlines()[found.line - 1] == "time.sleep(600)"


def tried(unit: Unit, parts: tuple[str, ...], *, slow: str) -> Proved:
    if slow in parts:
        return {parts[0]: Report(unit.id, slow=slow)}
    return {part: Report(unit.id, counts={"told": 1}) for part in parts}


@pytest.mark.parametrize("place", [0, 1])
def test_other_jobs_leave_it_out_and_whatever_is_behind_it(good: Path, place: int) -> None:
    unit = load_unit(good)
    names, others = ([e.id for e in unit.of(part)] for part in Part)
    whole = (*names, *others)
    jobs = [
        Job(f"job {n}", partial(tried, slow=names[place]), dict.fromkeys(whole, ""), cost=9 - n)
        for n in range(5)
    ]
    waited, *rest = run_jobs(unit, [(job, whole) for job in jobs], workers=1)
    assert [report.slow for report in waited.proved.values()] == [names[place]]
    # the first comes again for what it could not tell
    assert sorted(result.job.name for result in rest) == [job.name for job in jobs]
    assert all(set(result.proved) == {*names[:place], *others} for result in rest)
