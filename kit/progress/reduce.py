"""From the log to where a learner stands: pure functions, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from kit.model import Attempt, Exercise, OutcomeKind, Part, Unit


@dataclass(frozen=True)
class ExerciseState:
    """One exercise as the log tells it.

    ``attempts`` counts checks of something attempted; ``uncheckable`` ones do not
    count. ``taken`` says that the intermediate result was taken, ``passed_time`` when a
    check passed last, ``unaided`` that the first pass came before any help, ``coach`` how
    often the coach was asked. ``changed`` is the unit's version in which the task changed
    after the pass; "" once it passed anew.
    """

    passed: bool = False
    attempts: int = 0
    hints: int = 0
    taken: bool = False
    last_outcome: str = ""
    last_label: str = ""
    last_time: str = ""
    passed_time: str = ""
    unaided: bool = False
    coach: int = 0
    changed: str = ""

    @property
    def assisted(self) -> bool:
        """With a hint, the coach or the intermediate result; help after the pass is none."""
        return (self.hints > 0 or self.taken or self.coach > 0) and not self.unaided


@dataclass(frozen=True)
class Progress:
    """Where a learner stands in one unit."""

    exercises: Mapping[str, ExerciseState] = field(default_factory=dict)
    applied: bool = False
    last_time: str = ""

    def state(self, exercise: str) -> ExerciseState:
        """The state of one exercise; untouched ones have the default."""
        return self.exercises.get(exercise, ExerciseState())

    def passed(self, exercises: Iterable[Exercise]) -> int:
        """How many of these are passed."""
        return sum(self.state(e.id).passed for e in exercises)

    def practised_share(self, unit: Unit) -> float:
        """Share of practice exercises passed, 0 to 1."""
        practice = unit.of(Part.PRACTICE)
        return self.passed(practice) / len(practice) if practice else 0.0

    def next_exercise(self, unit: Unit, part: Part = Part.PRACTICE) -> Exercise | None:
        """First exercise of the part that is neither passed nor taken, or None."""
        for exercise in unit.of(part):
            state = self.state(exercise.id)
            if not state.passed and not state.taken:
                return exercise
        return None


def _after_check(state: ExerciseState, attempt: Attempt) -> ExerciseState:
    if state.passed and attempt.outcome == OutcomeKind.NOT_ATTEMPTED:
        # a fresh kernel holds no names: that tells nothing about the answer that passed
        return state
    counted = attempt.outcome in (OutcomeKind.PASSED, OutcomeKind.INCORRECT, OutcomeKind.ERROR)
    passes = attempt.outcome == OutcomeKind.PASSED
    return replace(
        state,
        passed=state.passed or passes,
        passed_time=attempt.time if passes else state.passed_time,
        unaided=state.unaided or (passes and not state.passed and not state.assisted),
        changed="" if passes else state.changed,
        attempts=state.attempts + counted,
        last_outcome=attempt.outcome,
        last_label=attempt.label,
        last_time=attempt.time,
    )


def _restored(value: object) -> dict[str, ExerciseState]:
    rows = value.items() if isinstance(value, dict) else ()
    return {str(name): _state_of(row) for name, row in rows if isinstance(row, dict)}


def _state_of(row: Mapping[str, Any]) -> ExerciseState:
    # written by this version or another: what it does not know is left out
    untouched = asdict(ExerciseState())
    told = {k: v for k, v in row.items() if type(v) is type(untouched.get(k))}
    return ExerciseState(**{**untouched, **told})


def _after_update(
    states: dict[str, ExerciseState], data: Mapping[str, object]
) -> dict[str, ExerciseState]:
    # an update that was taken back names what is again as it was when it passed
    told = dict.fromkeys(_names(data, "undone"), "")
    told |= {name: str(data.get("to", "")) for name in _names(data, "changed")}
    return {
        name: replace(state, changed=told[name]) if name in told and state.passed else state
        for name, state in states.items()
    }


def _names(data: Mapping[str, object], key: str) -> list[str]:
    value = data.get(key)
    return [str(name) for name in value] if isinstance(value, list) else []


def reduce_progress(
    attempts: Iterable[Attempt], unit: str, so_far: Progress | None = None
) -> Progress:
    """Fold the log into the progress of one unit. A reset forgets what came before it.

    ``so_far`` is what the attempts before these came to.
    """
    start = so_far or Progress()
    states, applied, last = dict(start.exercises), start.applied, start.last_time
    for attempt in attempts:
        if attempt.unit != unit:
            continue
        last = attempt.time
        state = states.get(attempt.exercise, ExerciseState())
        match attempt.event:
            case "check":
                states[attempt.exercise] = _after_check(state, attempt)
            case "hint":
                states[attempt.exercise] = replace(state, hints=state.hints + 1)
            case "taken":
                states[attempt.exercise] = replace(state, taken=True)
            case "coach":
                states[attempt.exercise] = replace(state, coach=state.coach + 1)
            case "applied":
                applied = True
            case "update":
                states = _after_update(states, attempt.data)
            case "reset" if attempt.exercise:
                states.pop(attempt.exercise, None)
            case "reset":
                states.clear()
                # only a reset of everything takes back what was done with own data
                applied = applied and attempt.data.get("scope") != "all"
            case "undo":
                states.update(_restored(attempt.data.get("states")))
                applied = applied or bool(attempt.data.get("applied"))
    return Progress(exercises=states, applied=applied, last_time=last)
