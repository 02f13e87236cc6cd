"""Coming back to a workbook: where you stood, and your answers without running them again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kit.checking import Work
from kit.checking.again import run_saved
from kit.checking.limits import TimeLimitPassed, time_limit
from kit.i18n import mark
from kit.identity import under_nbgrader
from kit.model import Exercise
from kit.progress.last import last_time
from kit.widgets.back import BackCard
from kit.workbook.kept import Kept

# set where a command runs a whole notebook: there an answer must come from its own cell
FRESH_VARIABLE = "UPSKILL_FRESH"
SECONDS = 10.0


class Returning(Kept):
    """A record that knows the notebook's names, and brings back those of what was solved."""

    _names: dict[str, Any]
    _resuming = False

    def record(self, event: str, exercise: str = "", **told: Any) -> None:
        """As ``Kept.record``; what a saved answer does while it comes back is no event."""
        if not self._resuming:
            super().record(event, exercise, **told)

    def resume(self) -> BackCard | None:
        """Where you stood, what comes next; names of passed exercises come from the saved notebook.

        Names that the kernel has already stay as they are. Nothing is drawn or recorded. None
        at the first visit, while grading, and where a command runs the whole notebook.
        """
        attempts = self._log.read() if self._log else []
        last = last_time(attempts, {self.unit.id: self.unit}, lambda _unit: self.translate)
        if last is None or under_nbgrader() or os.environ.get(FRESH_VARIABLE):
            return None
        back, missing = self._brought_back()
        say = self.translate
        return BackCard(
            title=say(mark("Welcome back to “{unit}”"), unit=say(self.unit.title)),
            lines=tuple(
                (say(label), text)
                for label, text in (
                    (mark("Last time"), f"{_local(last.time)} · {last.text}"),
                    (mark("Passed"), self._passed()),
                    (mark("Here again, without running it"), ", ".join(f"`{n}`" for n in back)),
                    (mark("Run these cells to have their names"), ", ".join(missing)),
                    (mark("The task changed since you passed it"), self._changed()),
                    (mark("Next"), self._next()),
                )
                if text
            ),
        )

    def _brought_back(self) -> tuple[list[str], list[str]]:
        """Names of passed exercises that are here now, and titles of those that are not."""
        back: list[str] = []
        missing = []
        held = dict(self._names)
        for exercise in self._solved():
            wanted = [name for name in exercise.names if not Work(held).has(name)]
            if wanted:
                self._bring_back(exercise)
                # what somebody has in this kernel is newer than what is saved
                self._names.update(held)
            here = [name for name in wanted if Work(self._names).has(name)]
            back += [name for name in here if name not in back]
            if len(here) < len(wanted):
                missing.append(self.translate(exercise.title))
        return back, missing

    def _bring_back(self, exercise: Exercise) -> None:
        home = self._identity.home
        if home is None:
            return
        self._resuming = True
        try:
            with time_limit(SECONDS):
                run_saved(home.notebook(self.unit, self.part), exercise.id, self._names)
        except TimeLimitPassed:
            # said of it like of any other whose names are not here
            return
        finally:
            self._resuming = False

    def _solved(self) -> Iterator[Exercise]:
        progress = self.progress()
        return (e for e in self.unit.of(self.part) if progress.state(e.id).passed)

    def _passed(self) -> str:
        titles = [self.translate(e.title) for e in self._solved()]
        counted = f"{len(titles)} / {len(self.unit.of(self.part))}"
        return f"{counted}: {', '.join(titles)}" if titles else counted

    def _changed(self) -> str:
        progress = self.progress()
        changed = [e for e in self._solved() if progress.state(e.id).changed]
        return ", ".join(self.translate(e.title) for e in changed)

    def _next(self) -> str:
        exercise = self.progress().next_exercise(self.unit, self.part)
        if exercise is None:
            return self.translate(mark("hand in: upskill submit {unit}"), unit=self.unit.id)
        return self.translate(
            mark("{title} (about {n} minutes)"),
            title=self.translate(exercise.title),
            n=exercise.minutes,
        )


def _local(stamp: str) -> str:
    try:
        return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return stamp
