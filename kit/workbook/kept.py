"""What is kept of a learner's work on a unit, and what they say about it themselves.

Nothing here looks at a notebook, a case or a check: it is the progress log and
``answers.json``, the questions before and after, the reflection and the declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.answers import ANSWERS, AnswerFile, item_is_right
from kit.blank import has_blank
from kit.i18n import Translator, mark
from kit.identity import Identity, under_nbgrader
from kit.model import Attempt, Part, Unit
from kit.progress import ExerciseState, Progress, ProgressLog
from kit.progress.gain import exercises_of, stage_of
from kit.progress.log import now
from kit.progress.settings import Settings


class Kept:
    """One learner's record on one part of a unit; the base of ``Workbook``."""

    def __init__(self, unit: Unit, part: Part, identity: Identity) -> None:
        self.unit, self.part, self._identity = unit, part, identity
        self.translate = Translator(identity.language, unit.folder / "locale")
        self._log = ProgressLog(identity.home.progress_file) if identity.home else None

    def __repr__(self) -> str:
        return f"{self.translate(self.unit.title)} ({self.unit.id}, {self.part.value})"

    # --- progress ---------------------------------------------------------------------

    def progress(self) -> Progress:
        """Where you stand in this unit."""
        return self._log.progress(self.unit.id) if self._log else Progress()

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
        return AnswerFile(folder / ANSWERS)

    # --- what was set while looking around ---------------------------------------------

    def remember(self, key: str, value: object) -> None:
        """Keep what was set in a widget, as plain JSON; nothing while grading.

        It lies beside the progress and not beside the answers: it is never handed in.
        """
        settings = self._settings()
        if settings is not None:
            settings.update({key: value})

    def remembered(self, key: str) -> Any:
        """What was last kept under ``key``; None before the first time and while grading."""
        settings = self._settings()
        return settings.read().get(key) if settings else None

    def _settings(self) -> Settings | None:
        home = self._identity.home
        return Settings(home, self.unit.id, self.part.value) if home else None

    # --- questions before and after ---------------------------------------------------

    def items(self, stage: str) -> Any:
        """The questions before (``"pre"``) or after (``"post"``), with how sure you are."""
        from kit.widgets.items import ItemsWidget

        items = [item for item in self.unit.items if item.stage == stage]
        if under_nbgrader():
            return None
        given = self._answer_file().read().get("items", {})
        questions = [
            {
                "id": item.id,
                "question": self.translate(item.question),
                "options": [[key, self.translate(text)] for key, text in item.options],
            }
            for item in items
        ]
        return ItemsWidget(questions, given, self.translate, self._answer_item)

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
        if asked := exercises_of(attempts, self.unit.id):
            told = mark("Exercises at the first check: {right:.0%} of {n} right, {sure:.0%} sure.")
            right, sure = asked.right, asked.confidence
            print(self.translate(told, right=right, n=asked.n, sure=sure))

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
