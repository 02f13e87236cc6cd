"""Runs a unit's notebook in plain Python, as one learner, with answers put in.

No kernel and no display: what is proved are answers and checks. The browser
tests prove the notebook as a learner opens it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from kit.answers import ANSWERS, AnswerFile
from kit.checking import Work, load_checks, run_check, unit_module
from kit.checking.engine import CHECK_SECONDS, OnBroken
from kit.checking.limits import TimeLimitPassed, time_limit
from kit.content import find_exercise
from kit.errors import ContentError
from kit.gate.build import targets
from kit.gate.places import Place, cell_place, check_place, frame_place
from kit.identity import Identity
from kit.model import Exercise, Outcome, OutcomeKind, Part, Unit
from kit.notebooks import Cell, kit_metadata, read_notebook, source
from kit.workbook import Workbook

# among a stage's names: the bytes of what forms were given so far
GIVEN = "__given__"
# the file name of code that stands in the notebook
CELL = "<cell>"


class SlowCheck(ContentError):
    """A check or a diagnosis of ``exercise`` ran into its time limit.

    Whoever tries answers stops there: each of a thousand would wait as long.
    """

    def __init__(self, exercise: str, told: str, place: Place) -> None:
        file, line = place
        super().__init__(
            f"{told} of '{exercise}' ran into its time limit. Nothing from this exercise on was "
            "tried any further.",
            where=f"{file}:{line}",
            fix="Find the loop that never ends, or let it take less data: a check has a second.",
        )
        self.exercise = exercise


class SlowCase(SlowCheck):
    """The case of a part was not made in time: none of its exercises can be tried."""

    def __init__(self, unit: Unit, part: Part, place: Place) -> None:
        file, line = place
        ContentError.__init__(
            self,
            "The case ran into the time limit while it was made. No exercise was tried.",
            where=f"{file}:{line}",
            fix="Find what takes so long: a learner waits for it whenever they open the notebook.",
        )
        self.exercise = unit.of(part)[0].id


def _in_time(unit: Unit, exercise: str, seconds: float, judge: Callable[[], Outcome]) -> Outcome:
    begin = time.monotonic()
    outcome = judge()
    if outcome.kind is OutcomeKind.UNCHECKABLE and time.monotonic() - begin >= seconds:
        raise SlowCheck(exercise, "The check", check_place(unit, exercise))
    return outcome


class Rehearsed(Workbook):
    """A learner's workbook without a home: what forms are given is kept in ``folder``."""

    def __init__(self, unit: Unit, part: Part, who: Identity, folder: Path, quick: bool) -> None:
        super().__init__(unit, part, {}, who)
        self.folder, self._quick = folder, quick
        self._held: dict[str, tuple[dict[str, Any], Outcome]] = {}

    def _case(self, part: Part) -> Any:
        try:
            with time_limit(CHECK_SECONDS):
                return super()._case(part)
        except TimeLimitPassed as error:
            place = frame_place(self.unit, error.__cause__ or error)
            raise SlowCase(self.unit, part, place or (self.unit.folder / "case.py", 0)) from error

    def _judged(
        self, exercise: Exercise, work: Work | None = None, on_broken: OnBroken | None = None
    ) -> Outcome:
        # what carries on asks again and again for what passed with the very same objects
        names = self._names if work is None else work.names
        held, outcome = self._held.get(exercise.id, ({}, None))
        if outcome is None or any(names.get(name) is not value for name, value in held.items()):
            judge = partial(super()._judged, exercise, work, on_broken)
            outcome = _in_time(self.unit, exercise.id, CHECK_SECONDS, judge)
            self.hold(outcome, names)
        return outcome

    def hold(self, outcome: Outcome, names: Mapping[str, Any]) -> None:
        """Remember a pass, in a rehearsal that shows nothing."""
        if self._quick and outcome.kind is OutcomeKind.PASSED:
            self._held[outcome.exercise] = (dict(names), outcome)

    def _answer_file(self) -> AnswerFile:
        return AnswerFile(self.folder / ANSWERS)

    @contextlib.contextmanager
    def graded_with(self, seed: int) -> Iterator[None]:
        """Fresh data come from ``seed`` inside, as a grader's own come from a hidden one."""
        known = self._identity
        self._identity = replace(known, hidden_seed=seed)
        try:
            yield
        finally:
            self._identity = known

    def look_at(self, names: dict[str, Any]) -> None:
        """These are the learner's names and answers from now on."""
        self.bind(names)
        path = self._answer_file().path
        path.unlink(missing_ok=True)
        if given := names.get(GIVEN):
            path.write_bytes(given)

    def keep_given(self, names: dict[str, Any]) -> None:
        """Note in ``names`` what forms have been given."""
        path = self._answer_file().path
        if path.is_file():
            names[GIVEN] = path.read_bytes()


@dataclass
class Stage:
    """An exercise reached with every earlier one solved: its starter and the names so far."""

    exercise: str
    starter: str
    names: dict[str, Any]
    workbook: Rehearsed
    # runs the model answer among the notebook's own names, once
    go_on: Callable[[], dict[str, Any]]

    def solved(self) -> Outcome:
        """The outcome of the model answer, run where the notebook goes on.

        ContentError when it stops. Whoever asks for nothing more saves running it twice.
        """
        names = self.go_on()
        outcome = self.judged(names)
        self.workbook.hold(outcome, names)
        return outcome

    def run(self, answer: str) -> dict[str, Any]:
        """The names after an answer cell; an error while it runs is the learner's.

        A form is answered in code, too: ``wb.answer("who", "b")``.
        """
        names = dict(self.names)
        self.workbook.look_at(names)
        with contextlib.suppress(Exception), _quiet():
            exec(compile(answer, f"<cell {self.exercise}>", "exec"), names)
        self.workbook.keep_given(names)
        return names

    def judged(
        self,
        names: dict[str, Any],
        on_broken: OnBroken | None = None,
        seconds: float | None = None,
        *,
        diagnose: bool = True,
    ) -> Outcome:
        """The outcome with these names; ``on_broken`` hears of diagnoses that raise.

        Without ``diagnose`` it only tells whether they pass, in a fraction of the time. SlowCheck
        when it takes longer than a learner's check may; whoever gives it fewer ``seconds`` is
        told that it is uncheckable.
        """
        workbook = self.workbook
        workbook.look_at(names)
        exercise = find_exercise(workbook.unit, self.exercise)
        check = load_checks(workbook.unit)[self.exercise]
        if not diagnose:
            check = replace(check, diagnoses=[])
        judge = partial(
            run_check,
            check,
            exercise,
            workbook.work(),
            workbook.translate,
            seconds=CHECK_SECONDS if seconds is None else seconds,
            on_broken=on_broken,
        )
        return judge() if seconds else _in_time(workbook.unit, exercise.id, CHECK_SECONDS, judge)

    def outcome(self, answer: str, *, on_broken: OnBroken | None = None) -> Outcome:
        """The outcome of an answer cell."""
        return self.judged(self.run(answer), on_broken)

    def outcome_with(self, **replaced: Any) -> Outcome:
        """The outcome after the answer with some names replaced by values."""
        return self.judged({**self.names, **replaced})


def need_answers(unit: Unit, command: str) -> None:
    """ContentError where the model answers are not, as in an installed kit."""
    if not (unit.folder / "solution.py").is_file():
        raise ContentError(
            "The model answers of '{unit}' are not here: an installed kit has none.",
            where=str(unit.folder / "solution.py"),
            fix="Clone the repository, then there: pip install -e . && {command}",
            unit=unit.id,
            command=command,
        )


def answers_of(unit: Unit) -> Mapping[str, str]:
    """The unit's model answers by exercise; never on a learner's machine."""
    answers: Mapping[str, str] = unit_module(unit, "solution").ANSWERS
    return answers


def notebook_of(unit: Unit, part: Part | None) -> Path:
    """The built notebook of a part, or (None) of the live run, beside the unit itself."""
    return next(target.outputs[0] for target in targets(unit) if target.part is part)


def rehearse(
    unit: Unit,
    part: Part,
    learner: str,
    identity: Identity | None = None,
    *,
    displays: bool = True,
) -> Iterator[Stage]:
    """Go through one part as ``learner``; yields each exercise before its answer is given.

    ``identity`` makes it that of a course, in its language. Without ``displays`` locked cells
    only bind names: charts and tables take most of the time.

    After the caller has looked at a stage, the model answer is run and it goes on. ContentError,
    with file and line, for a cell that stops.
    """
    # an answer must not depend on what lies where the gate was started
    with tempfile.TemporaryDirectory() as folder:
        who = identity or Identity("gate", learner, "en", None, None)
        workbook = Rehearsed(unit, part, who, Path(folder), not displays)
        yield from _stages(unit, part, workbook, displays)


def _stages(unit: Unit, part: Part, workbook: Rehearsed, displays: bool) -> Iterator[Stage]:
    answers, seen = answers_of(unit), Counter[tuple[str, str]]()
    names: dict[str, Any] = {"__name__": "__main__", "display": lambda *_a, **_k: None}
    for cell in read_notebook(notebook_of(unit, part))["cells"]:
        data = kit_metadata(cell)
        role, exercise = data.get("role", ""), data.get("id", "")
        seen[exercise, role] += 1
        if cell["cell_type"] != "code" or role == "check":
            continue
        code = source(cell)
        place = partial(cell_place, unit, part, exercise, role, seen[exercise, role])
        # an open cell of no exercise, such as the reflection, stays as it is
        if role in ("ask", "answer", "manual") and exercise in answers:
            solve = cache(partial(_run, answers[exercise], names, workbook, place))
            # an untouched form has been given nothing
            starter = "" if role == "ask" else code
            yield Stage(exercise, starter, dict(names), workbook, solve)
            solve()
            continue
        if role in ("setup", "ask") and not displays:
            code = only_bindings(code)
        _run(code, names, workbook, place)


def only_bindings(code: str) -> str:
    """Code without the statements that only show something.

    Those are lone names, and calls of ``display`` or of the workbook ``wb``; any other call may
    change what it is given.
    """
    body = ast.parse(code)
    body.body = [node for node in body.body if not _only_shows(node)]
    return ast.unparse(body)


def _only_shows(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    shown = node.value.func if isinstance(node.value, ast.Call) else node.value
    called = isinstance(node.value, ast.Call)
    while isinstance(shown, ast.Attribute):
        shown = shown.value
    return isinstance(shown, ast.Name) and (not called or shown.id in ("display", "wb"))


def _run(
    code: str, names: dict[str, Any], workbook: Rehearsed, place: Callable[[], Place]
) -> dict[str, Any]:
    workbook.look_at(names)
    # the notebook's first cell opens the workbook; here it is this one, bound to these names
    import kit

    opened = kit.open_workbook
    kit.open_workbook = lambda *_args, **_kwargs: workbook
    try:
        with _quiet():
            exec(compile(code, CELL, "exec"), names)
    except SlowCheck:
        raise
    except Exception as error:
        file, line = place()
        raise ContentError(
            f"A cell stops with every earlier answer right: {type(error).__name__}: {error}",
            where=f"{file}:{line}",
            fix="Run the notebook with the model answers, and mend the cell or its data.",
        ) from error
    finally:
        kit.open_workbook = opened
        workbook.keep_given(names)
    return names


def _quiet() -> contextlib.AbstractContextManager[object]:
    return contextlib.redirect_stdout(io.StringIO())


def answer_cells(unit: Unit, part: Part) -> list[Cell]:
    """The answer cells of one part as shipped."""
    cells = read_notebook(notebook_of(unit, part))["cells"]
    return [cell for cell in cells if kit_metadata(cell).get("role") == "answer"]
