"""Mutants: small mistakes put into each model answer, which its check has to notice.

A survivor is explained by itself where it changes nothing that is handed in, or is another
value of what the learner is free to decide; else by a reason in ``mutants.toml``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kit.checking import load_checks
from kit.checking.limits import TimeLimitPassed, time_limit
from kit.content import find_exercise
from kit.gate.findings import MutantScore, Report, Survivor
from kit.gate.mutants import Mutant, mutants
from kit.gate.places import answer_place
from kit.gate.rehearse import Stage, answers_of, rehearse
from kit.gate.rules.frame import Job, Proved, Rule, Scope
from kit.gate.rules.witness import Witness
from kit.gate.survivors import (
    EQUIVALENT,
    FILE,
    OTHER,
    ModelOutputs,
    Reason,
    decided_at,
    function_at,
    reasons_of,
    same_answer,
    unknown_exercises,
)
from kit.model import Exercise, Form, OutcomeKind, Part, Unit

LEAST = 0.95
# the first case decides most; who survives it is tried on the others
SEEDS = (0, 1, 2)
# one that never ends is let run for long twice, and then for a moment
PATIENT, HASTY, LONG_ONES = 10.0, 1.0, 2


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: ``kind`` is killed, equivalent, other_answer or alive."""

    mutant: Mutant
    kind: str
    because: str = ""

    @property
    def survivor(self) -> Survivor:
        """What a report says of one that passes."""
        m = self.mutant
        return Survivor(m.exercise, m.kind, m.line, m.was, m.now, self.kind, self.because)


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """One job a part; an exercise at a time is proved again."""
    for part in Part:
        reads = {
            e.id: scope.reads.upto(e.id, *_read_besides(unit, e))
            for e in tried(unit)
            if e.part is part
        }
        if reads:
            yield Job(
                f"mutants {part.value}",
                partial(prove_mutants, part=part),
                reads,
                cost=30,
                scores=True,
            )


def _read_besides(unit: Unit, exercise: Exercise) -> Iterator[str]:
    """What the score depends on beside answer and check."""
    yield repr(exercise.decides)
    given = [r for r in reasons_of(unit) if exercise.id in r.exercises]
    for reason in given:
        # a reason that has only moved in its file is the same
        yield repr(replace(reason, line=0))
    if any(reason.kind == EQUIVALENT for reason in given):
        for path in sorted(unit.folder.rglob("*solution.py")):
            yield path.read_text(encoding="utf-8")


def tried(unit: Unit) -> Iterator[Exercise]:
    """Exercises whose answers are changed: of several with one check and one answer the first."""
    checks, answers = load_checks(unit), answers_of(unit)
    seen: set[tuple[int, str]] = set()
    for exercise in unit.exercises:
        check = checks.get(exercise.id)
        if check is None or exercise.form is not Form.CODE or exercise.id not in answers:
            continue
        key = id(check), answers[exercise.id]
        if key not in seen:
            seen.add(key)
            yield exercise


def prove_mutants(unit: Unit, parts: tuple[str, ...], *, part: Part) -> Proved:
    """Try every mutant of these exercises, and what is said of those that pass."""
    living: dict[str, _Tried] = {}
    proved: dict[str, Report] = {}
    for seed in SEEDS:
        left = {name for name in parts if name not in proved}
        for stage in rehearse(unit, part, f"seed-{seed}", displays=False) if left else ():
            if stage.exercise in left:
                left.discard(stage.exercise)
                if stage.exercise not in living:
                    living[stage.exercise] = _Tried(unit, stage)
                told = living[stage.exercise]
                told.on(stage)
                if seed == SEEDS[-1] or not told.passing:
                    # what is said of survivors runs them: the rehearsal's files are still there
                    proved[stage.exercise] = report_of(unit, told)
            if not left:
                break
    return proved


class _Tried:
    """The mutants of one exercise over several cases."""

    def __init__(self, unit: Unit, stage: Stage) -> None:
        self.unit, self.exercise = unit, find_exercise(unit, stage.exercise)
        self.answer, self.report = answers_of(unit)[stage.exercise], Report(unit.id)
        self.all = tuple(mutants(self.answer, self.exercise.names, _columns(stage), stage.exercise))
        self.passing = list(self.all)
        # those whose values differ from the model answer's in some case
        self.telling: set[Mutant] = set()
        self._slow = 0
        self.last = stage

    def on(self, stage: Stage) -> None:
        """Keep those that pass in this case too."""
        self.last = stage
        witness = Witness(self.unit, stage, self.report)
        # a check that is slow in itself would count each mutant as one that never ends
        stage.judged(witness.solved)
        self.passing = [mutant for mutant in self.passing if self._passes(mutant, witness)]

    def _passes(self, mutant: Mutant, witness: Witness) -> bool:
        try:
            with (
                warnings.catch_warnings(action="ignore"),
                time_limit(PATIENT if self._slow < LONG_ONES else HASTY),
            ):
                outcome = witness.outcome(mutant.code, f"the mutant {mutant}")
        except TimeLimitPassed:
            self._slow += 1
            return False
        if outcome.feedback and outcome.feedback.label == "too_slow":
            self._slow += 1
        if outcome.kind is not OutcomeKind.PASSED:
            return False
        if not same_answer(self.exercise.names, witness.solved, witness.stage.run(mutant.code)):
            self.telling.add(mutant)
        return True

    def fates(self) -> Iterator[Fate]:
        """Every mutant with its end; reasons that are given are proved on the last case."""
        reasons, alive = reasons_of(self.unit), set(self.passing)
        outputs: ModelOutputs | None = None
        for mutant in self.all:
            if mutant not in alive:
                yield Fate(mutant, "killed")
                continue
            outputs = outputs or ModelOutputs(self.unit, self.last.run(self.answer))
            given = next((r for r in reasons if r.explains(mutant)), None)
            yield self._by_itself(mutant) or self._explained(mutant, given, outputs)

    def _by_itself(self, mutant: Mutant) -> Fate | None:
        if function_at(self.answer, mutant.line):
            return None
        if mutant not in self.telling and self.exercise.names:
            return Fate(mutant, EQUIVALENT, "what is handed in stays the same in every case tried")
        if mutant.kind == "constant" and decided_at(
            self.answer, mutant.line, self.exercise.decides
        ):
            return Fate(mutant, OTHER, "another value of what the learner decides")
        return None

    def _explained(self, mutant: Mutant, given: Reason | None, outputs: ModelOutputs) -> Fate:
        if given is None:
            return Fate(mutant, "alive")
        if given.kind == OTHER:
            free = decided_at(self.answer, mutant.line, self.exercise.decides)
            if free or given.property:
                return Fate(mutant, OTHER, given.because)
            return Fate(mutant, "alive", "nothing says by which `property` it is right")
        name = function_at(self.answer, mutant.line)
        wrong = "it is in no function, and changes what is handed in"
        if name:
            wrong = outputs.difference(name, self.last.run(mutant.code))
        return Fate(mutant, "alive", wrong) if wrong else Fate(mutant, EQUIVALENT, given.because)


def _columns(stage: Stage) -> set[str]:
    """Names of columns that the learner has before them."""
    held = [*stage.names.values(), *vars(stage.names.get("case", object)).values()]
    return {str(name) for thing in held for name in _header(thing)}


def _header(thing: Any) -> list[Any]:
    return list(thing.columns) if type(thing).__name__ == "DataFrame" else []


def report_of(unit: Unit, told: _Tried) -> Report:
    """Score, survivors with their reasons, and what is to be mended."""
    report, fates, name = told.report, list(told.fates()), told.exercise.id
    ends = [fate.kind for fate in fates]
    score = MutantScore(
        made=len(fates),
        killed=ends.count("killed"),
        equivalent=ends.count(EQUIVALENT),
        other_answers=ends.count(OTHER),
    )
    report.mutants = score
    report.survivors = [fate.survivor for fate in fates if fate.kind != "killed"]
    if score.score < LEAST:
        file, line = answer_place(unit, name)
        listed = "".join(f"\n    {one}" for one in report.survivors if one.fate == "alive")
        report.add("mutants", file,
                   f"'{name}': its check notices {score.killed} of {score.made} small mistakes, "
                   f"{score.score:.0%} of those that it should; {LEAST:.0%} are wanted.{listed}",
                   f"Check what these change, or say in {FILE} why they may pass.",
                   line=line)  # fmt: skip
    _unused(unit, told, fates, report)
    return report


def _unused(unit: Unit, told: _Tried, fates: list[Fate], report: Report) -> None:
    """Reasons that explain no survivor: the check has become stronger, or the answer changed."""
    alive = [fate.mutant for fate in fates if fate.kind != "killed"]
    for reason in reasons_of(unit):
        if told.exercise.id in reason.exercises and not any(map(reason.explains, alive)):
            report.add("mutants", unit.folder / FILE,
                       f"No mutant of '{told.exercise.id}' that passes is this one: "
                       f"{reason.was} → {reason.now or '(deleted)'}",
                       "Delete the reason.", line=reason.line)  # fmt: skip


def prove_reasons(unit: Unit, report: Report) -> None:
    """Each reason names exercises that there are."""
    for reason, name in unknown_exercises(unit):
        report.add("mutants", unit.folder / FILE, f"There is no exercise '{name}'.",
                   "Name an exercise of workbook.toml.", line=reason.line)  # fmt: skip


RULE = Rule(
    "mutants",
    f"checks notice {LEAST:.0%} of small mistakes in each model answer",
    prove_reasons,
    (jobs,),
)
