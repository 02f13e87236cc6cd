"""Where a learner stands in the programme: from log and results to what is shown.

Shared by the home page and ``upskill status``; pure but for reading the home's files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kit.content import load_programme, load_units
from kit.errors import HomeError, KitError
from kit.home import LearnerHome, damaged_notebooks
from kit.i18n import Translator, mark
from kit.model import Attempt, CompletionRule, Exercise, OutcomeKind, Part, Reality, Unit
from kit.notebooks import kit_metadata, read_notebook
from kit.progress import (
    ExerciseState,
    Independence,
    Progress,
    ProgressLog,
    independence,
    minutes_by_exercise,
    reduce_progress,
)
from kit.progress.gain import Stage
from kit.progress.last import LastTime, last_time
from kit.server.dates import DueDate, due_dates, step_due
from kit.server.kept import measures, reflection
from kit.server.results import Request, UnitResult, read_requests, read_result
from kit.update.waiting import Waiting, waiting

STATES = {
    "passed": mark("passed"),
    "again": mark("check again"),
    "taken": mark("result taken"),
    "todo": mark("to do"),
}


# the labels are terms; a translation adds what they mean
REALITIES = {
    Reality.REAL: mark("REAL"),
    Reality.METADATA: mark("METADATA"),
    Reality.SIMULATED: mark("SIMULATED"),
    Reality.NEEDS_MODEL: mark("NEEDS-MODEL"),
}
ALONE = mark(
    "Solved unaided: {unaided} of {solved} (hints {hints}, taken {taken}, coach {coach_turns})"
)
AT_WORK = mark("Minutes at work, breaks left out: {minutes:.0f}")
NEW_CONTENT = mark(
    "New content is waiting for “{title}” (version {version}). Every answer stays. Look first:"
)
PREVIEW = "upskill update --preview"
# steps after which nothing is left to do in a unit
ENDS = ("done", "waiting")


@dataclass(frozen=True)
class ExerciseStanding:
    """One exercise. ``state`` is a key of STATES; ``help`` is assisted or unaided once passed.

    ``help`` is "" too where only a grade tells of the pass; ``passed`` says whether either does,
    ``verified`` whether a trainer's gradebook does. ``minutes`` is the time box, ``minutes_spent``
    the time at work without breaks; ``task_changed`` says that it was passed before an update
    changed its task.
    """

    id: str
    title: str
    minutes: int
    reality: str
    state: str
    help: str
    attempts: int
    last_time: str
    passed: bool
    verified: bool
    minutes_spent: float
    task_changed: bool


@dataclass(frozen=True)
class NextStep:
    """What to do next. ``path`` is the notebook, relative to the home, in URL form.

    ``kind`` is practice, graded, hand_in, again (it could not be graded), rate, live, waiting
    (a trainer grades) or done.
    """

    kind: str
    unit: str
    title: str
    minutes: int = 0
    path: str = ""
    fragment: str = ""


@dataclass(frozen=True)
class UnitStanding:
    """One unit with texts in the home's language.

    ``notebooks`` holds the paths of practice, graded and live, relative to the home;
    ``measures`` the questions before and after; ``reflection`` the learner's own lines.
    ``checked`` counts practice exercises that passed by the learner's own log alone.
    ``minutes_spent`` is the time at work, in exercises and questions; ``waiting`` the update
    that the learner has not made; ``damaged`` says of each notebook that cannot be read what to do;
    ``due`` when what is still to be handed in is due.
    """

    unit: Unit
    title: str
    task: str
    abilities: tuple[str, ...]
    realities: tuple[str, ...]
    practice: tuple[ExerciseStanding, ...]
    graded: tuple[ExerciseStanding, ...]
    rule: CompletionRule
    result: UnitResult | None
    applied: bool
    last_time: str
    next: NextStep
    notebooks: dict[str, str]
    measures: tuple[tuple[str, Stage], ...]
    reflection: tuple[str, ...]
    checked: int
    requests: tuple[Request, ...]
    independence: Independence
    minutes_spent: float
    waiting: Waiting | None
    damaged: tuple[HomeError, ...]
    due: tuple[DueDate, ...]

    @property
    def next_due(self) -> DueDate | None:
        """When what the next step works towards is due; None without a date."""
        return step_due(self.next.kind, self.due)

    @property
    def passed(self) -> int:
        """Practice exercises passed at least once, by the log or by a grade."""
        return sum(e.passed for e in self.practice)

    @property
    def verified(self) -> int | None:
        """Practice exercises that pass in the trainer's gradebook; None without such a grade."""
        assignments = self.result.assignments if self.result else ()
        graded = any(a.by_trainer and a.part == Part.PRACTICE for a in assignments)
        return sum(e.verified for e in self.practice) if graded else None

    @property
    def exercises(self) -> tuple[ExerciseStanding, ...]:
        """Practice, then graded."""
        return (*self.practice, *self.graded)

    @property
    def titles(self) -> dict[str, str]:
        """Titles of exercises by id; a result keeps those of the day it was made."""
        return {e.id: e.title for e in self.exercises}

    @property
    def begun(self) -> bool:
        """Whether anything was done or handed in."""
        return bool(self.last_time or self.result)

    @property
    def complete(self) -> bool:
        """Complete by the programme's rule, as the last hand-in decided it."""
        return self.result is not None and self.result.complete


@dataclass(frozen=True)
class Standing:
    """The whole programme. ``current`` is the first unit with something left to do."""

    title: str
    units: tuple[UnitStanding, ...]
    current: UnitStanding
    last: LastTime | None

    @property
    def next(self) -> NextStep:
        """The step of the current unit."""
        return self.current.next


def read_standing(home: LearnerHome) -> Standing:
    """Read content, log and results of one home."""
    programme, known = load_programme(), load_units()
    attempts = ProgressLog(home.progress_file).read()
    units = tuple(
        _unit(home, known[unit_id], programme.rules[unit_id], attempts)
        for unit_id in programme.units
    )
    # all complete, or with a trainer: the last unit says so
    current = next((u for u in units if u.next.kind not in ENDS), units[-1])
    return Standing(
        title=Translator(home.language)(programme.title),
        units=units,
        current=current,
        last=last_time(attempts, known, home.translator),
    )


def update_line(waiting: Waiting, title: str, tr: Translator) -> str:
    """That new content waits, and the command that shows it; nothing comes by itself."""
    return f"{tr(NEW_CONTENT, title=title, version=waiting.version_to)} {PREVIEW}"


def exercise_state(state: ExerciseState) -> str:
    """The key of STATES for one exercise: a pass that a later check broke says so."""
    if state.passed and state.last_outcome == OutcomeKind.PASSED:
        return "passed"
    if state.taken and not state.passed:
        return "taken"
    # a check that failed by our fault is repeated too, though it counts for nothing
    attempted = state.last_outcome not in ("", OutcomeKind.NOT_ATTEMPTED)
    return "again" if state.passed or attempted else "todo"


def _exercise(
    exercise: Exercise, state: ExerciseState, spent: float, verified: bool, tr: Translator
) -> ExerciseStanding:
    worked = state.attempts or state.hints or state.taken
    return ExerciseStanding(
        id=exercise.id,
        title=tr(exercise.title),
        minutes=exercise.minutes,
        reality=exercise.reality,
        state=exercise_state(state),
        # the log says nothing of help where it says nothing of work
        help=("assisted" if state.assisted else "unaided") if state.passed and worked else "",
        attempts=state.attempts,
        last_time=state.last_time,
        passed=state.passed or verified,
        verified=verified,
        minutes_spent=round(spent, 1),
        task_changed=bool(state.changed),
    )


def _unit(
    home: LearnerHome, unit: Unit, rule: CompletionRule, attempts: Sequence[Attempt]
) -> UnitStanding:
    tr = home.translator(unit)
    result = read_result(home, unit)
    own = reduce_progress(attempts, unit.id)
    progress = _with_grading(own, result, _resets(attempts, unit))
    verified = {
        cell.exercise
        for assignment in (result.assignments if result else ())
        if assignment.by_trainer
        for cell in assignment.cells
        if cell.outcome == OutcomeKind.PASSED
    }

    spent = minutes_by_exercise(a for a in attempts if a.unit == unit.id)

    def rows(part: Part) -> tuple[ExerciseStanding, ...]:
        return tuple(
            _exercise(e, progress.state(e.id), spent.get(e.id, 0), e.id in verified, tr)
            for e in unit.of(part)
        )

    return UnitStanding(
        unit=unit,
        title=tr(unit.title),
        task=tr(unit.task),
        abilities=tuple(tr(ability) for ability in unit.abilities),
        realities=tuple(dict.fromkeys(tr(REALITIES[e.reality]) for e in unit.exercises)),
        practice=rows(Part.PRACTICE),
        graded=rows(Part.GRADED),
        rule=rule,
        result=result,
        applied=progress.applied,
        last_time=progress.last_time,
        next=_next(home, unit, progress, result),
        notebooks={
            Part.PRACTICE.value: relative(home, unit, Part.PRACTICE),
            Part.GRADED.value: relative(home, unit, Part.GRADED),
            "live": live_path(home, unit),
        },
        measures=measures(attempts, unit),
        reflection=reflection(attempts, unit),
        checked=own.passed(unit.of(Part.PRACTICE)),
        requests=read_requests(home, unit, result),
        independence=independence(attempts, unit),
        minutes_spent=sum(spent.values()),
        waiting=waiting(home, unit),
        damaged=tuple(damaged_notebooks(home, unit)),
        due=due_dates(home, unit, result),
    )


def _resets(attempts: Sequence[Attempt], unit: Unit) -> dict[str, str]:
    """When each exercise was reset last, unless that was undone."""
    resets: dict[str, str] = {}
    for attempt in (a for a in attempts if a.unit == unit.id):
        if attempt.event == "reset":
            names = [attempt.exercise] if attempt.exercise else [e.id for e in unit.exercises]
            resets |= dict.fromkeys(names, attempt.time)
        elif attempt.event == "undo" and attempt.data.get("scope") == "all":
            resets.clear()
        elif attempt.event == "undo":
            restored = attempt.data.get("states")
            for name in restored if isinstance(restored, dict) else ():
                resets.pop(str(name), None)
    return resets


def _with_grading(
    progress: Progress, result: UnitResult | None, resets: Mapping[str, str]
) -> Progress:
    """The progress with what a later submission showed to be right."""
    states = dict(progress.exercises)
    for assignment in result.assignments if result else ():
        for cell in assignment.cells:
            if cell.outcome != OutcomeKind.PASSED:
                continue
            state = progress.state(cell.exercise)
            # after a reset an old grade must not bring the pass back
            known = state.last_time or resets.get(cell.exercise, "")
            if not known or _later(assignment.submitted_at, known):
                states[cell.exercise] = replace(
                    state,
                    passed=True,
                    unaided=state.unaided or not (state.passed or state.assisted),
                    last_outcome=OutcomeKind.PASSED,
                    last_time=assignment.submitted_at,
                )
    return replace(progress, exercises=states)


def _later(stamp: str, other: str) -> bool:
    # a gradebook writes other digits than the log: the texts cannot be compared
    try:
        return datetime.fromisoformat(stamp) > datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False


def _next(home: LearnerHome, unit: Unit, progress: Progress, result: UnitResult | None) -> NextStep:
    tr = home.translator(unit)
    if result is not None and result.failed:
        return NextStep("again", unit.id, tr(unit.title))
    # practice first, whatever has been handed in: the rest stands on it, but for a trainer's word
    exercise = progress.next_exercise(unit)
    if exercise is not None and not (result and result.complete and result.verified):
        return NextStep(
            "practice",
            unit.id,
            tr(exercise.title),
            exercise.minutes,
            relative(home, unit, Part.PRACTICE),
            # who has done nothing yet needs the story and the set-up above the first exercise
            cell_fragment(home, unit, exercise) if progress.last_time else "",
        )
    if result is not None and (result.complete or result.waiting):
        end = "done" if result.complete else "waiting"
        kind = end if progress.applied else "live"
        return NextStep(kind, unit.id, tr(unit.title), path=live_path(home, unit))
    if result is not None and result.to_rate:
        return NextStep("rate", unit.id, tr(unit.title))
    graded = unit.of(Part.GRADED)
    if graded and (result is None or not result.complete):
        minutes = sum(e.minutes for e in graded)
        return NextStep(
            "graded", unit.id, tr(unit.title), minutes, relative(home, unit, Part.GRADED)
        )
    return NextStep("hand_in", unit.id, tr(unit.title))


def relative(home: LearnerHome, unit: Unit, part: Part) -> str:
    """The part's notebook, relative to the home, with forward slashes."""
    return home.notebook(unit, part).relative_to(home.root).as_posix()


def live_path(home: LearnerHome, unit: Unit) -> str:
    """The notebook for the learner's own data, relative to the home, with forward slashes."""
    return home.live_notebook(unit).relative_to(home.root).as_posix()


def cell_fragment(home: LearnerHome, unit: Unit, exercise: Exercise) -> str:
    """URL fragment at which Lab opens the exercise, or "" when the cell is not found."""
    path = home.notebook(unit, exercise.part)
    try:
        cells = read_notebook(path)["cells"] if path.is_file() else []
    except KitError:
        # the unit says that it is damaged
        return ""
    for cell in cells:
        if kit_metadata(cell).get("id") == exercise.id and cell.get("id"):
            return f"cell-id={cell['id']}"
    return ""
