"""The panel of an exercise: what its check found, and what its buttons do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.checking import unit_module
from kit.checking.report import write_report
from kit.content import find_exercise
from kit.errors import HomeError
from kit.i18n import mark
from kit.identity import Identity
from kit.model import Exercise, Form, Outcome, OutcomeKind, Part, Unit
from kit.notebooks import kit_metadata, read_notebook, source
from kit.workbook.kept import Kept

if TYPE_CHECKING:
    from kit.widgets.panel import Cells, ExercisePanel, Shown
    from kit.workbook.anew import Anew, Texts

_CARRIED = re.compile(r"""\bwb\.carry\(\s*["']([\w-]+)["']""")
_PUT_BACK = mark("The starter text is back, and what you wrote is kept in {path}.")
_BROUGHT = mark("What you wrote is back as it was on {time}.")
_SINCE = mark("What stood there in between is kept in {path}.")
_FORM = mark("Run the cell of the form again to see it.")


class Paneling(Kept):
    """A record that shows panels; ``Workbook`` knows how to check."""

    _names: dict[str, Any]

    def __init__(self, unit: Unit, part: Part, identity: Identity) -> None:
        super().__init__(unit, part, identity)
        # what a new start took out of the kernel, by exercise
        self._aside: dict[str, dict[str, Any]] = {}

    def outcome(self, exercise_id: str) -> Outcome:
        """The outcome of a check as data; records nothing."""
        raise NotImplementedError

    def take(self, exercise_id: str) -> Any:
        """Take a correct intermediate result and go on."""
        raise NotImplementedError

    def _checked(self, exercise: Exercise) -> Outcome:
        """The outcome of a check, recorded as an attempt."""
        raise NotImplementedError

    def _after_restart(self, exercise: Exercise, outcome: Outcome) -> Outcome:
        raise NotImplementedError

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
        # all that carry on, unless the unit says
        case = unit_module(self.unit, "case")
        return exercise_id in getattr(case, "TAKEABLE", getattr(case, "CARRY", {}))

    def _panel(self, exercise: Exercise, outcome: Outcome) -> ExercisePanel:
        from kit.widgets.panel import ExercisePanel

        buttons = _Buttons(self, exercise, outcome)
        return ExercisePanel(buttons.shown(), say=self.translate, on_action=buttons.press)

    def _report_file(self, exercise: Exercise, outcome: Outcome) -> str:
        """Where the report of our own fault lies; "" for every other outcome."""
        home = self._identity.home
        if outcome.kind is not OutcomeKind.UNCHECKABLE or home is None:
            return ""
        seed = self._identity.case_seed(self.unit.id, exercise.part.value)
        try:
            return str(write_report(home, self.unit, outcome, seed))
        except OSError:
            # the panel shows the same text
            return ""

    def _anew(self, exercise: Exercise) -> Anew | None:
        """The exercise's new start; None outside a learner's home, and in another notebook."""
        from kit.workbook.anew import Anew

        home = self._identity.home
        return Anew(home, self.unit, exercise) if home and exercise.part is self.part else None

    def _waits_for(self, exercise: Exercise) -> str:
        """Title of the first exercise that this one builds on and that is not done; else ""."""
        home, progress = self._identity.home, self.progress()
        path = home.content_notebook(self.unit, exercise.part) if home else None
        states = ((name, progress.state(name)) for name in _builds_on(path, exercise.id))
        waits = (name for name, state in states if not state.passed and not state.taken)
        name = next(waits, None)
        return self.translate(find_exercise(self.unit, name).title) if name else ""


def _builds_on(path: Path | None, exercise_id: str) -> list[str]:
    """The exercises whose results this one's cells carry on, in their order."""
    try:
        cells = read_notebook(path)["cells"] if path else []
    except HomeError:
        # a unit that is not built says so elsewhere
        return []
    mine = [cell for cell in cells if kit_metadata(cell).get("id") == exercise_id]
    code = (source(cell) for cell in mine if cell["cell_type"] == "code")
    return [name for text in code for name in _CARRIED.findall(text)]


class _Buttons:
    """What the buttons of one panel do, and what it shows then."""

    def __init__(self, wb: Paneling, exercise: Exercise, outcome: Outcome) -> None:
        self._wb, self._exercise, self._outcome = wb, exercise, outcome

    def press(self, name: str, cells: Cells) -> Shown:
        """Do what one of ``PanelView.offers`` says; ``cells`` are the answers in the page."""
        wb, exercise = self._wb, self._exercise
        match name:
            case "check":
                self._outcome = wb._checked(exercise)
            case "hint":
                wb._next_hint(exercise)
            case "take":
                wb.take(exercise.id)
            case "reset":
                return self._reset(cells)
            case "undo":
                return self._undo(cells)
        return self.shown()

    def shown(self, notes: Sequence[str] = (), texts: Texts = ()) -> Shown:
        """The panel as the progress tells it now."""
        from kit.widgets.panel import Shown
        from kit.widgets.view import panel_view

        wb, exercise, outcome = self._wb, self._exercise, self._outcome
        state, anew = wb._state(exercise.id), wb._anew(exercise)
        view = panel_view(
            exercise,
            outcome,
            wb.translate,
            hints_seen=min(state.hints, len(exercise.hints)),
            can_take=wb._has_truth(exercise.id) and not state.taken,
            taken=state.taken,
            report_file=wb._report_file(exercise, outcome),
            can_reset=anew is not None,
            can_undo=anew is not None and not state.passed and anew.backup() is not None,
            waits_for=wb._waits_for(exercise),
            notes=tuple(notes),
        )
        return Shown(view, outcome.as_data(), texts)

    def _reset(self, cells: Cells) -> Shown:
        wb, exercise = self._wb, self._exercise
        anew = wb._anew(exercise)
        if anew is None:
            return self.shown()
        kept, texts = anew.begin(cells)
        here = [name for name in exercise.names if name in wb._names]
        # else a check would pass what is no longer there
        wb._aside[exercise.id] = {name: wb._names.pop(name) for name in here}
        put_back = wb.translate(_PUT_BACK, path=kept.relative_to(anew.home.root))
        return self._after([put_back], texts)

    def _undo(self, cells: Cells) -> Shown:
        wb, exercise = self._wb, self._exercise
        anew = wb._anew(exercise)
        back = anew.undo(cells) if anew else None
        if anew is None or back is None:
            return self.shown()
        wb._names.update(wb._aside.pop(exercise.id, {}))
        when = datetime.fromisoformat(back.time).astimezone()
        notes = [wb.translate(_BROUGHT, time=when.strftime("%Y-%m-%d %H:%M"))]
        if back.since:
            notes.append(wb.translate(_SINCE, path=back.since.relative_to(anew.home.root)))
        return self._after(notes, back.texts)

    def _after(self, notes: list[str], texts: Texts) -> Shown:
        wb, exercise = self._wb, self._exercise
        self._outcome = wb._after_restart(exercise, wb.outcome(exercise.id))
        # the form beside the panel still shows what was given
        form = [] if exercise.form is Form.CODE else [wb.translate(_FORM)]
        return self.shown([*notes, *form], texts)
