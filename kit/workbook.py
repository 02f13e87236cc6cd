"""The learner's way in: ``wb = kit.open_workbook("rightsizing")``, then ``wb.check("repair")``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit.answers import AnswerFile, item_is_right
from kit.blank import has_blank
from kit.checking import Check, Work, load_checks, run_check, unit_module
from kit.checking.again import names_saved
from kit.content import find_exercise, find_unit
from kit.errors import KitError, UsageError
from kit.i18n import Translator, mark
from kit.identity import Identity, current_identity, under_nbgrader
from kit.model import OUTCOME_MIME, Attempt, Exercise, Outcome, OutcomeKind, Part, Unit
from kit.notebooks import find_cell, read_notebook, source
from kit.progress import ExerciseState, Progress, ProgressLog, reduce_progress
from kit.progress.gain import stage_of
from kit.progress.log import now


def open_workbook(
    unit_id: str, *, part: str = "practice", names: MutableMapping[str, Any] | None = None
) -> Workbook:
    """The workbook of a unit, bound to the notebook's names.

    ``part`` is ``"practice"`` or ``"graded"`` and decides which case is yours.
    ``names`` default to the calling notebook's. UsageError for an unknown unit.
    """
    scope = names if names is not None else sys._getframe(1).f_globals
    return Workbook(find_unit(unit_id), Part(part), scope, current_identity())


class Workbook:
    """One unit as a learner works on it. Made by ``open_workbook``."""

    def __init__(
        self, unit: Unit, part: Part, names: MutableMapping[str, Any], identity: Identity
    ) -> None:
        self.unit, self.part, self._names, self._identity = unit, part, names, identity
        self.translate = Translator(identity.language, unit.folder / "locale")
        KitError.notebook_translate = self.translate
        self._log = ProgressLog(identity.home.progress_file) if identity.home else None
        self._cases: dict[Part, Any] = {}
        self._checks: dict[str, Check] | None = None

    def __repr__(self) -> str:
        return f"{self.translate(self.unit.title)} ({self.unit.id}, {self.part.value})"

    def bind(self, names: MutableMapping[str, Any]) -> None:
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
        outcome = self.outcome(exercise_id)
        if under_nbgrader():
            return _report_to_grader(exercise, outcome)
        self.record(
            "check",
            exercise_id,
            outcome=outcome.kind.value,
            label=outcome.feedback.label if outcome.feedback else "",
        )
        return self._panel(exercise, self._after_restart(exercise, outcome))

    def _after_restart(self, exercise: Exercise, outcome: Outcome) -> Outcome:
        """What is passed and not in this kernel is said to be so, not to be untouched."""
        state, told = self._state(exercise.id), outcome.feedback
        if outcome.kind is not OutcomeKind.NOT_ATTEMPTED or not state.passed or told is None:
            return outcome
        said = mark("You passed this on {day}; that stays. Run the answer cell to check it again.")
        return replace(
            outcome, feedback=replace(told, step=self.translate(said, day=state.passed_time[:10]))
        )

    def outcome(self, exercise_id: str) -> Outcome:
        """The outcome of a check as data; records nothing."""
        return self._judged(find_exercise(self.unit, exercise_id))

    def _judged(self, exercise: Exercise, work: Work | None = None) -> Outcome:
        try:
            check = self._check_of(exercise.id)
            work = work or self.work(exercise.part)
        except Exception as error:
            return run_check(_broken(error), exercise, Work({}), self.translate)
        return run_check(check, exercise, work, self.translate)

    def _check_of(self, exercise_id: str) -> Check:
        if self._checks is None:
            self._checks = load_checks(self.unit)
        return self._checks[exercise_id]

    def work(self, part: Part | None = None) -> Work:
        """Your work as a check sees it; ``part`` defaults to this notebook's."""
        part = part or self.part
        return Work(
            names=self._names,
            case=self._case(part),
            answers=self._answer_file().read(),
            seed=self._identity.fresh_seed(self.unit.id, part.value),
            language=self._identity.language,
        )

    def _panel(self, exercise: Exercise, outcome: Outcome) -> Any:
        from kit.widgets.panel import ExercisePanel

        view = self._view(exercise, outcome)
        panel = ExercisePanel(view, lambda name: act(name), outcome.as_data())

        def act(name: str) -> Any:
            if name == "hint":
                self._next_hint(exercise)
            elif name == "take":
                self.take(exercise.id)
            return self._view(exercise, outcome)

        return panel

    def _view(self, exercise: Exercise, outcome: Outcome) -> Any:
        from kit.widgets.view import panel_view

        state = self._state(exercise.id)
        return panel_view(
            exercise,
            outcome,
            self.translate,
            hints_seen=min(state.hints, len(exercise.hints)),
            can_take=self._has_truth(exercise.id) and not state.taken,
            taken=state.taken,
        )

    # --- help -------------------------------------------------------------------------

    def hint(self, exercise_id: str) -> None:
        """Open the next rung of the hint ladder. Opened hints are noted in your progress."""
        exercise = find_exercise(self.unit, exercise_id)
        if not exercise.hints:
            print(self.translate(exercise.no_hints_because or mark("No hints here.")))
            return
        self._next_hint(exercise)
        seen = min(self._state(exercise_id).hints, len(exercise.hints))
        for number, text in enumerate(exercise.hints[:seen], 1):
            print(f"{number}. {self.translate(text)}\n")

    def _next_hint(self, exercise: Exercise) -> None:
        if self._state(exercise.id).hints < len(exercise.hints):
            self.record("hint", exercise.id)

    def _has_truth(self, exercise_id: str) -> bool:
        return exercise_id in _takeable(unit_module(self.unit, "case"))

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

    # --- questions before and after ---------------------------------------------------

    def items(self, stage: str) -> Any:
        """The questions before (``"pre"``) or after (``"post"``), with how sure you are."""
        from kit.widgets.items import ItemsWidget

        items = [item for item in self.unit.items if item.stage == stage]
        if under_nbgrader():
            return None
        given = self._answer_file().read().get("items", {})
        words = {
            "sure": self.translate(mark("How sure are you?")),
            "answer": self.translate(mark("Answer")),
            "saved": self.translate(mark("Saved.")),
            "choose": self.translate(mark("Choose one first.")),
            "offline": self.translate(
                mark("The kernel has stopped. Run the first cell, then this one, to go on.")
            ),
        }
        questions = [
            {
                "id": item.id,
                "question": self.translate(item.question),
                "options": [[key, self.translate(text)] for key, text in item.options],
            }
            for item in items
        ]
        return ItemsWidget(questions, given, words, self._answer_item)

    def _answer_item(self, item_id: str, option: str, confidence: int) -> None:
        item = next(i for i in self.unit.items if i.id == item_id)
        self._answer_file().put("items", item_id, {"option": option, "confidence": confidence})
        self.record(
            "item",
            item_id,
            data={
                "stage": item.stage,
                "pair": item.pair,
                "right": item_is_right(item, option),
                "confidence": confidence,
            },
        )

    def moved(self) -> None:
        """Say what moved between the questions before and after; yours alone, never reported."""
        attempts = self._log.read() if self._log else []
        for stage, word in (("pre", mark("Before")), ("post", mark("After"))):
            found = stage_of(attempts, self.unit.id, stage)
            if found is None:
                print(self.translate(mark("{when}: not answered yet."), when=self.translate(word)))
                continue
            line = self.translate(
                mark("{when}: {right:.0%} of {n} right, {sure:.0%} sure."),
                when=self.translate(word),
                right=found.right,
                n=found.n,
                sure=found.confidence,
            )
            print(line)

    def reflect(self, context: object, decision: object, result: object) -> None:
        """Keep your three lines in your progress; blanks are left out."""
        lines = {"context": context, "decision": decision, "result": result}
        kept = {name: str(text) for name, text in lines.items() if not has_blank(text)}
        if not kept:
            print(self.translate(mark("Nothing is kept yet: write at least one of the lines.")))
            return
        self.record("reflection", data=kept)
        kept_where = mark("Kept in your progress. The cell is handed in with this notebook.")
        print(self.translate(kept_where))

    def declare(self, ai_use: object, ai_note: object = "") -> None:
        """Say beside your work what an AI did: none, explain, draft or most. No points."""
        if not under_nbgrader():
            print(self.translate(self._answer_file().declare(ai_use, ai_note)))

    # --- progress ---------------------------------------------------------------------

    def progress(self) -> Progress:
        """Where you stand in this unit."""
        return reduce_progress(self._log.read() if self._log else [], self.unit.id)

    def _state(self, exercise_id: str) -> ExerciseState:
        return self.progress().state(exercise_id)

    def record(
        self,
        event: str,
        exercise: str = "",
        *,
        outcome: str = "",
        label: str = "",
        data: Mapping[str, object] | None = None,
    ) -> None:
        """Append an event to the progress log; nothing is written while grading."""
        if self._log is None:
            return
        self._log.append(
            Attempt(
                time=now(),
                event=event,
                unit=self.unit.id,
                exercise=exercise,
                outcome=outcome,
                label=label,
                version=self.unit.version,
                data=dict(data or {}),
            )
        )

    def _answer_file(self) -> AnswerFile:
        # under grading the notebook runs inside the submitted folder
        home = self._identity.home
        folder = home.assignment_folder(self.unit, self.part) if home else Path.cwd()
        return AnswerFile(folder / "answers.json")


def _takeable(case: Any) -> Any:
    """Exercises whose intermediate result may be taken: all that carry on, unless the unit says."""
    return getattr(case, "TAKEABLE", getattr(case, "CARRY", {}))


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
