"""One unit as a learner works on it: their data, the checks, and help when it is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kit.answers import attempts_in, sure_in
from kit.checking import Check, Work, load_checks, run_check, unit_module
from kit.checking.again import names_saved
from kit.checking.engine import OnBroken
from kit.content import find_exercise
from kit.errors import KitError, UsageError
from kit.i18n import mark
from kit.identity import Identity, under_nbgrader
from kit.model import OUTCOME_MIME, Exercise, Feedback, Outcome, OutcomeKind, Part, Unit
from kit.notebooks import find_cell, read_notebook, source
from kit.workbook.asking import Asking
from kit.workbook.paneling import Paneling
from kit.workbook.resume import Returning
from kit.workbook.unread import unread


class Workbook(Asking, Returning, Paneling):
    """One unit as a learner works on it. Made by ``open_workbook``."""

    def __init__(self, unit: Unit, part: Part, names: dict[str, Any], identity: Identity) -> None:
        super().__init__(unit, part, identity)
        KitError.notebook_translate = self.translate
        self._names = names
        self._cases: dict[Part, Any] = {}
        self._checks: dict[str, Check] | None = None

    def bind(self, names: dict[str, Any]) -> None:
        """Look at other names from now on; for the gate and for tests."""
        self._names = names

    # --- data of the unit -------------------------------------------------------------

    def case(self) -> Any:
        """Your case: a fresh copy each time, the same data each time."""
        import copy

        return copy.deepcopy(self._case(self.part))

    def _case(self, part: Part) -> Any:
        if part not in self._cases:
            seed = self._identity.case_seed(self.unit.id, part.value)
            module = unit_module(self.unit, "case")
            self._cases[part] = module.build_case(seed, part.value)
        return self._cases[part]

    @property
    def tools(self) -> Any:
        """The unit's helpers: charts and artefacts. ``wb.tools.NAME??`` shows the source."""
        return unit_module(self.unit, "tools").Tools(self)

    # --- checking ---------------------------------------------------------------------

    def check(self, exercise_id: str) -> Any:
        """Check one exercise. In a notebook: a panel; under nbgrader: the points as a float."""
        exercise = find_exercise(self.unit, exercise_id)
        if under_nbgrader():
            return _report_to_grader(exercise, self.outcome(exercise_id))
        return self._panel(exercise, self._checked(exercise))

    def _checked(self, exercise: Exercise) -> Outcome:
        outcome = self._not_read(exercise) or self.outcome(exercise.id)
        self.record(
            "check",
            exercise.id,
            outcome=outcome.kind.value,
            label=outcome.feedback.label if outcome.feedback else "",
            data=self._sureness(exercise),
        )
        return self._after_restart(exercise, outcome)

    def _sureness(self, exercise: Exercise) -> dict[str, object]:
        """How sure the learner was of what is checked, for themselves; empty where nobody asks."""
        if not exercise.confidence:
            return {}
        sure = sure_in(self._answer_file().read(), exercise.id)
        return {} if sure is None else {"confidence": sure}

    def _not_read(self, exercise: Exercise) -> Outcome | None:
        """That the answer cell as it stands did not run, whatever an earlier run has left."""
        found = unread(exercise.names, self._names)
        if found is None:
            return None
        stops = mark("Python cannot read your answer cell. It stops at line {line}: {error}")
        seen = self.translate(stops, line=found.line, error=found.error)
        step = mark("Mend that line or the one above it, run the cell, then check again.")
        told = Feedback("exception", f"{seen}\n{found.text}", step=self.translate(step))
        return Outcome(exercise.id, OutcomeKind.ERROR, 0.0, told)

    def _after_restart(self, exercise: Exercise, outcome: Outcome) -> Outcome:
        """What is passed and not in this kernel is said to be so, not to be untouched."""
        state, told = self._state(exercise.id), outcome.feedback
        if outcome.kind is not OutcomeKind.NOT_ATTEMPTED or not state.passed or told is None:
            return outcome
        said = mark("You passed this on {day}; that stays. Run the answer cell to check it again.")
        return replace(
            outcome, feedback=replace(told, step=self.translate(said, day=state.passed_time[:10]))
        )

    def outcome(self, exercise_id: str, *, on_broken: OnBroken | None = None) -> Outcome:
        """The outcome of a check as data; records nothing. ``on_broken`` as in ``run_check``."""
        return self._judged(find_exercise(self.unit, exercise_id), on_broken=on_broken)

    def _judged(
        self, exercise: Exercise, work: Work | None = None, on_broken: OnBroken | None = None
    ) -> Outcome:
        try:
            check = self._check_of(exercise.id)
            work = work or self.work(exercise.part)
        except Exception as error:
            return run_check(_broken(error), exercise, Work({}), self.translate)
        outcome = run_check(check, exercise, work, self.translate, on_broken=on_broken)
        return replace(outcome, attempts=attempts_in(work.answers, exercise.id))

    def _check_of(self, exercise_id: str) -> Check:
        if self._checks is None:
            self._checks = load_checks(self.unit)
        return self._checks[exercise_id]

    def work(self, part: Part | None = None) -> Work:
        """Your work as a check sees it; ``part`` defaults to this notebook's."""
        part, file = part or self.part, self._answer_file()
        return Work(
            names=self._names,
            case=self._case(part),
            answers=file.read(),
            seed=self._identity.fresh_seed(self.unit.id, part.value),
            language=self._identity.language,
            folder=file.path.parent,
        )

    # --- help -------------------------------------------------------------------------

    def take(self, exercise_id: str) -> Any:
        """Take a correct intermediate result and go on. It is noted in your progress."""
        exercise = find_exercise(self.unit, exercise_id)
        if not self._has_truth(exercise_id):
            raise UsageError(
                "There is no intermediate result to take here.",
                where=exercise_id,
            )
        if not self._state(exercise_id).taken:
            self.record("taken", exercise_id)
        return self._truth(exercise)

    def carry(self, exercise_id: str) -> Any:
        """What a later exercise uses from this one: your own result once it passes.

        After a restart of the kernel the answer is run again from the saved notebook. The
        intermediate result if you took it. Under grading a failed earlier exercise costs
        its own points only. UsageError if there is neither.
        """
        exercise = find_exercise(self.unit, exercise_id)
        work, state = self.work(exercise.part), self._state(exercise_id)
        outcome = self._judged(exercise, work)
        if outcome.kind is OutcomeKind.NOT_ATTEMPTED and state.passed and self._identity.home:
            path = self._identity.home.notebook(self.unit, exercise.part)
            work = replace(work, names=names_saved(path, exercise_id, self._names))
            outcome = self._judged(exercise, work)
        if outcome.kind is OutcomeKind.PASSED:
            return unit_module(self.unit, "case").CARRY[exercise_id][0](work)
        if under_nbgrader() or state.taken:
            return self._truth(exercise)
        if state.passed:
            raise UsageError(
                "“{title}” passed on {day}, and this kernel has not run that answer.",
                where=exercise_id,
                fix="Run its cell again (Run → Run All Above Selected Cell), or go on with the "
                'intermediate result: wb.take("{id}")',
                title=mark(exercise.title),
                day=state.passed_time[:10],
                id=exercise_id,
            )
        raise UsageError(
            "“{title}” has not passed yet, and this step builds on it.",
            where=exercise_id,
            fix='Finish it, or go on with the intermediate result: wb.take("{id}")',
            title=mark(exercise.title),
            id=exercise_id,
        )

    def _truth(self, exercise: Exercise) -> Any:
        module = unit_module(self.unit, "case")
        return module.CARRY[exercise.id][1](self._case(exercise.part))

    def mine(self, name: str) -> Any:
        """Something you defined in your practice workbook, for use on your own data.

        Runs the answer cell that defines it. UsageError when it is still blank.
        """
        home = self._identity.home
        owner = next((e for e in self.unit.of(Part.PRACTICE) if name in e.names), None)
        if home is None or owner is None:
            raise UsageError(
                "No exercise of {id} asks for '{name}'.",
                where="wb.mine",
                id=self.unit.id,
                name=name,
            )
        path = home.notebook(self.unit, Part.PRACTICE)
        cell = find_cell(read_notebook(path), owner.id, "answer")
        scope: dict[str, Any] = {**self._names}
        exec(compile(source(cell or {}), f"<cell {owner.id}>", "exec"), scope)
        if not Work(scope).has(name):
            raise UsageError(
                "`{name}` is not there yet, or still has a blank in it.",
                where=str(path),
                fix='{title}: wb.check("{id}")',
                name=name,
                title=mark(owner.title),
                id=owner.id,
            )
        return scope[name]


def _broken(error: Exception) -> Check:
    def fail(_work: Work) -> None:
        raise error

    return Check((), fail)


def _report_to_grader(exercise: Exercise, outcome: Outcome) -> float:
    from IPython.display import display

    told = {
        OUTCOME_MIME: outcome.as_data(),
        "text/plain": f"{exercise.id}: {outcome.kind.value}",
    }
    display(told, raw=True)
    return float(outcome.score or 0.0) * exercise.points
