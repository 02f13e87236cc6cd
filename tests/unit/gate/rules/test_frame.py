"""Jobs run in processes of their own; whatever becomes of one, the others are told."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from functools import partial
from pathlib import Path

import pytest

from kit.content import load_unit
from kit.errors import ContentError
from kit.gate.findings import Report
from kit.gate.rules import Job, run_jobs
from kit.gate.rules.frame import Proved
from kit.model import Unit


@pytest.fixture
def unit(good: Path) -> Unit:
    return load_unit(good)


def proved(unit: Unit, parts: tuple[str, ...], *, text: str = "") -> Proved:
    reports = {part: Report(unit.id) for part in parts}
    for part, report in reports.items():
        report.count(f"{part}{text}")
    return reports


def dies(unit: Unit, parts: tuple[str, ...]) -> Proved:
    os._exit(9)


def stops(unit: Unit, parts: tuple[str, ...]) -> Proved:
    raise ContentError("It cannot be.", where=f"{unit.folder / 'case.py'}:3", fix="Mend it.")


def breaks(unit: Unit, parts: tuple[str, ...]) -> Proved:
    raise ZeroDivisionError("of all things")


def leaves_something(unit: Unit, parts: tuple[str, ...]) -> Proved:
    sys.modules["left_by_a_mistake"] = sys
    return proved(unit, parts, text=str(os.getpid()))


def asks(unit: Unit, parts: tuple[str, ...]) -> Proved:
    return proved(unit, parts, text=f"{'left_by_a_mistake' in sys.modules}")


def looks(unit: Unit, parts: tuple[str, ...]) -> Proved:
    return proved(unit, parts, text=f"{gc.isenabled()}{gc.get_freeze_count() > 0}")


def run(unit: Unit, *jobs: Job, workers: int = 2) -> dict[str, Report]:
    whole = {}
    for result in run_jobs(unit, [(job, tuple(job.reads)) for job in jobs], workers):
        for part, report in result.proved.items():
            whole[f"{result.job.name}/{part}"] = report
    return whole


def test_every_job_comes_back_with_a_report_for_each_part(unit: Unit) -> None:
    jobs = [Job(f"job {n}", proved, {"a": "", "b": ""}, cost=n) for n in range(5)]
    found = run(unit, *jobs)
    assert found.keys() == {f"job {n}/{part}" for n in range(5) for part in "ab"}
    assert found["job 3/b"].counts == {"b": 1}


@pytest.mark.parametrize(
    ("prove", "file", "line", "what"),
    [
        (dies, "", 0, "the process that proved it died"),
        (stops, "case.py", 3, "It cannot be."),
        (breaks, "", 0, "ZeroDivisionError: of all things"),
    ],
)
def test_a_job_that_fails_is_a_finding_and_the_others_go_on(
    unit: Unit, prove: object, file: str, line: int, what: str
) -> None:
    assert callable(prove)
    found = run(unit, Job("bad", prove, {"a": ""}, cost=9), Job("good", proved, {"a": ""}))
    assert found["good/a"].findings == []
    (finding,) = found["bad/a"].findings
    assert (finding.rule, finding.file, finding.line) == ("load", unit.folder / file, line)
    assert what in finding.what


def test_no_job_sees_what_another_left_behind(unit: Unit) -> None:
    jobs = [Job("first", leaves_something, {"a": ""}, cost=9), Job("then", asks, {"a": ""})]
    found = run(unit, *jobs, workers=1)
    assert found["then/a"].counts == {"aFalse": 1}
    assert found["first/a"].counts != {f"a{os.getpid()}": 1}


def test_a_job_looks_for_garbage_among_what_it_made_only(unit: Unit) -> None:
    found = run(unit, Job("one", looks, {"a": ""}))
    assert found["one/a"].counts == {"aTrueTrue": 1}
    assert gc.get_freeze_count() == 0


def test_an_end_in_the_middle_leaves_no_process_behind(unit: Unit) -> None:
    wanted = [(Job(f"{n}", partial(proved, text="x"), {"a": ""}), ("a",)) for n in range(4)]
    results = run_jobs(unit, wanted, 2)
    next(results)
    results.close()
    assert multiprocessing.active_children() == []
