"""Every learner's case: the untouched starter is not attempted, the model answer passes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kit.content import find_exercise
from kit.gate.findings import Report
from kit.gate.places import answer_place, cell_place, check_place
from kit.gate.rehearse import Stage, answers_of, rehearse
from kit.gate.rules.frame import Job, Proved, Scope
from kit.gate.rules.fresh import calls_of
from kit.model import ExerciseKind, Outcome, OutcomeKind, Part, Unit

# with these every cell runs; the other seeds leave out what is only shown
SHOWN = 3
# more than a check makes in its second
CALLS = 1_000_000


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """One job for each seed and part."""
    for seed in range(scope.seeds):
        yield from of_seed(unit, scope, seed, displays=seed < SHOWN)


def of_seed(unit: Unit, scope: Scope, seed: int, *, displays: bool) -> Iterator[Job]:
    """One learner's case in both parts, all cells or only those that bind names."""
    for part in Part:
        shown = "shown" if displays else ""
        answers = answers_of(unit)
        reads = {e.id: scope.reads.upto(e.id, shown) for e in unit.of(part) if e.id in answers}
        if reads:
            prove = partial(prove_seed, seed=seed, part=part, displays=displays)
            yield Job(f"seed {seed} {part.value}", prove, reads, cost=2.5 if displays else 0.8)


def prove_seed(
    unit: Unit, parts: tuple[str, ...], *, seed: int, part: Part, displays: bool
) -> Proved:
    """For one learner: each starter is not attempted, each model answer passes."""
    proved = {}
    left = set(parts)
    for stage in rehearse(unit, part, f"seed-{seed}", displays=displays):
        if stage.exercise in left:
            left.discard(stage.exercise)
            report = proved[stage.exercise] = Report(unit.id)
            _prove(unit, part, stage, f"seed {seed}", report, asks=seed == 0)
        # cells behind the last answer are proved by the seeds that show everything
        if not left and not displays:
            break
    return proved


def _prove(unit: Unit, part: Part, stage: Stage, seed: str, report: Report, *, asks: bool) -> None:
    empty = stage.outcome(stage.starter)
    if empty.kind is not OutcomeKind.NOT_ATTEMPTED:
        file, line = cell_place(unit, part, stage.exercise, "answer")
        report.add("starter", file,
                   f"'{stage.exercise}', {seed}: the untouched starter is not 'not attempted': "
                   f"{said(empty)}",
                   "Leave a ____ in every name that the check reads.", line=line)  # fmt: skip
    solved = stage.solved()
    if solved.kind is not OutcomeKind.PASSED:
        file, line = answer_place(unit, stage.exercise)
        report.add("solution", file,
                   f"'{stage.exercise}', {seed}: the model answer does not pass: {said(solved)}",
                   "Mend the answer, or the check that does not see that it is right.",
                   line=line)  # fmt: skip
    elif asks and find_exercise(unit, stage.exercise).kind is ExerciseKind.PROCEDURE:
        _prove_fresh(unit, stage, report)
    report.count("answers")


def _prove_fresh(unit: Unit, stage: Stage, report: Report) -> None:
    """A procedure is asked on data that come from the seed which graders hide."""
    names, asked = stage.go_on(), []
    for seed in (1, 2):
        with stage.workbook.graded_with(seed):
            calls = calls_of(stage, names, CALLS)
        asked.append([repr((call.name, call.args, call.kwargs)) for call in calls])
    if asked[0] == asked[1]:
        file, line = check_place(unit, stage.exercise)
        report.add("solution", file,
                   f"'{stage.exercise}' is a procedure, and its check asks nothing of fresh data: "
                   "values that are remembered from the case would pass.",
                   'Call the learner\'s function with data made of work.fresh(), or say kind = '
                   '"judgement".', line=line)  # fmt: skip


def said(outcome: Outcome) -> str:
    """An outcome in a line: what the learner is told, or how our check stopped."""
    text = outcome.feedback.seen if outcome.feedback else ""
    return f"{outcome.kind.value}: {text} {outcome.report[-300:]}".strip()
