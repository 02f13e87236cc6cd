"""Every unit passes the quality gate: what `upskill author lint` proves, on fewer processes."""

from __future__ import annotations

import pytest

from kit.content import load_units
from kit.gate.cache import Reads
from kit.gate.findings import Report
from kit.gate.rules import RULES, Job, Rule, Scope, mutation, seeds
from kit.gate.rules.frame import prove_here
from kit.model import Unit

pytestmark = pytest.mark.content

UNITS = load_units()
# with these every chart is drawn, too; the others leave out what is only shown
SHOWN = range(10)
SEEDS = range(50)
CHUNK = 5
# a right answer that the check may take; with more of them the score would tell little
MOST_OTHERS = 0.15
STATIC = [rule for rule in RULES if rule.prove is not None]
MAKERS = list(dict.fromkeys(make for rule in RULES for make in rule.jobs))
TRIED = [make for make in MAKERS if make is not seeds.jobs]


def findings(report: Report) -> list[str]:
    return [str(finding) for finding in report.findings]


def whole(unit: Unit, jobs: list[Job]) -> Report:
    report = Report(unit.id)
    for job in jobs:
        for proved in prove_here(unit, job, tuple(job.reads)).values():
            report.take(proved)
    return report


@pytest.mark.parametrize("unit_id", UNITS)
@pytest.mark.parametrize("first", SEEDS[::CHUNK])
def test_starters_are_not_attempted_and_answers_pass_on_every_seed(
    unit_id: str, first: int
) -> None:
    unit = UNITS[unit_id]
    for seed in SEEDS[first : first + CHUNK]:
        jobs = seeds.of_seed(unit, Scope(Reads(unit)), seed, displays=seed in SHOWN)
        report = whole(unit, list(jobs))
        assert findings(report) == []
        assert report.counts["answers"] == len(unit.exercises)


@pytest.mark.parametrize("unit_id", UNITS)
@pytest.mark.parametrize("make", TRIED, ids=lambda make: make.__module__.rpartition(".")[2])
def test_no_answer_that_is_tried_breaks_a_rule(unit_id: str, make: object) -> None:
    unit = UNITS[unit_id]
    assert callable(make)
    report = whole(unit, list(make(unit, Scope(Reads(unit)))))
    assert findings(report) == []
    if make is mutation.jobs:
        assert report.mutants is not None
        assert report.mutants.score >= mutation.LEAST
        assert report.mutants.other_answers <= MOST_OTHERS * report.mutants.made


@pytest.mark.parametrize("unit_id", UNITS)
@pytest.mark.parametrize("rule", STATIC, ids=lambda rule: rule.id)
def test_files_and_texts_keep_the_rules(unit_id: str, rule: Rule) -> None:
    report = Report(unit_id)
    assert rule.prove is not None
    rule.prove(UNITS[unit_id], report)
    assert findings(report) == []
