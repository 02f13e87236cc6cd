"""Common mistakes: each fits its model answer, and earns the message that is meant for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from kit.gate.findings import Report, line_of
from kit.gate.mistakes import Misconception, few_because, misfits_of, mistakes_of
from kit.gate.places import exercise_place
from kit.gate.rehearse import answers_of, rehearse
from kit.gate.rules.frame import Job, Proved, Scope
from kit.gate.rules.seeds import said
from kit.gate.rules.witness import Witness
from kit.model import OutcomeKind, Part, Unit

RULE = "mistakes"
MIN_MISTAKES = 5


def prove_patches(unit: Unit, report: Report) -> None:
    """Each mistake can be made of its model answer."""
    for misfit in misfits_of(unit):
        report.add("patch", misfit.path, misfit.what,
                   "Copy the line from the model answer, or delete this mistake.",
                   line=misfit.line)  # fmt: skip


def prove_enough(unit: Unit, report: Report) -> None:
    """A practised exercise has five common mistakes, or says why it has fewer."""
    known = mistakes_of(unit)
    for exercise in unit.of(Part.PRACTICE):
        mine = sum(m.exercise == exercise.id for m in known)
        if mine < MIN_MISTAKES and not few_because(unit, exercise.id):
            file, line = _file_of(unit, exercise.id)
            report.add(RULE, file, f"'{exercise.id}' has {mine} common mistakes, fewer than "
                       f"{MIN_MISTAKES}.", "Add what learners really think, or say few_because.",
                       line=line)  # fmt: skip


def _file_of(unit: Unit, exercise: str) -> tuple[Path, int]:
    for path in sorted((unit.folder / "misconceptions").glob("*.toml")):
        if line := line_of(path, f'exercise = "{exercise}"'):
            return path, line
    return exercise_place(unit, exercise)


def jobs(unit: Unit, scope: Scope) -> Iterator[Job]:
    """One job a part; an exercise at a time is proved again."""
    known = mistakes_of(unit)
    for part in Part:
        reads = {}
        for exercise in unit.of(part):
            tried = [(m.label, _code(m, exercise.id)) for m in _tried_in(known, exercise.id)]
            if tried and exercise.id in answers_of(unit):
                reads[exercise.id] = scope.reads.upto(exercise.id, repr(tried))
        if reads:
            prove = partial(prove_mistakes, part=part)
            yield Job(f"mistakes {part.value}", prove, reads, cost=5)


def _tried_in(known: Sequence[Misconception], exercise: str) -> list[Misconception]:
    return [m for m in known if m.code_in(exercise) is not None]


def _code(mistake: Misconception, exercise: str) -> str:
    if mistake.answer is not None:
        return f"wb.answer({exercise!r}, {mistake.answer!r})"
    return mistake.code_in(exercise) or ""


def prove_mistakes(unit: Unit, parts: tuple[str, ...], *, part: Part) -> Proved:
    """Each common mistake of these exercises is told its own label."""
    proved = {}
    left, known = set(parts), mistakes_of(unit)
    for stage in rehearse(unit, part, "mistakes", displays=False):
        if stage.exercise not in left:
            continue
        left.discard(stage.exercise)
        report = proved[stage.exercise] = Report(unit.id)
        witness = Witness(unit, stage, report)
        for mistake in _tried_in(known, stage.exercise):
            outcome = witness.outcome(_code(mistake, stage.exercise), f"'{mistake.name}'")
            got = outcome.feedback.label if outcome.feedback else ""
            if outcome.kind is not OutcomeKind.INCORRECT or got != mistake.label:
                report.add(RULE, mistake.path, f"'{mistake.name}' in '{stage.exercise}' should be "
                           f"told '{mistake.label}', and is told '{got}': {said(outcome)}",
                           "Mend the check, its diagnoses, or the label.",
                           line=mistake.line)  # fmt: skip
            report.count("mistakes")
        if not left:
            break
    return proved
