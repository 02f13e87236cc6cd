"""Answers that are no code: the form that asks for one, and the way without a widget."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.answers import attempts_in, given_in, percent, sure_in
from kit.blank import has_blank
from kit.checking import NotAttempted, Work
from kit.checking.forms import Question, Shown, accepted, prove_file, shown_of
from kit.content import find_exercise
from kit.errors import CheckError, KitError, UsageError
from kit.i18n import Marked, Phrase, mark
from kit.identity import under_nbgrader
from kit.model import Exercise, Form, Part
from kit.progress.settings import draft_key
from kit.widgets.words import SAVED
from kit.workbook.drafts import fits
from kit.workbook.kept import Kept

if TYPE_CHECKING:
    from kit.widgets.ask import AskWidget, FileGiven, Reply

_WAYS = {
    Form.CHOICE: '"KEY"',
    Form.CHOICES: '["KEY", "KEY"]',
    Form.RANKING: '["KEY", "KEY", "KEY"]',
    Form.NUMBER: "NUMBER",
    Form.TEXT: '"TEXT"',
    Form.FILE: '"FILE"',
    Form.AUDIT: '{"KEY": "REASON"}',
    Form.DEFENCE: '{"KEY": ANSWER}',
}


class Asking(Kept):
    """A record that asks for answers in forms and takes them in."""

    def work(self, part: Part | None = None) -> Work:
        """The learner's work as a check sees it; ``Workbook`` knows it."""
        raise NotImplementedError

    def ask(self, exercise_id: str) -> AskWidget | None:
        """The form of an exercise, with what you gave last. None under nbgrader.

        UsageError for an exercise that is answered in its cell.
        """
        if under_nbgrader():
            return None
        exercise = self._with_form(exercise_id)
        try:
            shown = self._shown(exercise)
        except NotAttempted as gap:
            waits = mark(
                "`{name}` is not there yet, and the questions are computed from it. Finish it, "
                "then run this cell again."
            )
            print(self.translate(waits, name=gap.name))
            return None
        return self._widget(exercise, shown)

    def answer(self, exercise_id: str, value: object, *, sure: object = None) -> None:
        """Answer a form without its widget: ``wb.answer("who", "b")``; of a file, give the path.

        ``sure`` is how sure you are, 0 to 100 %; it stays yours. A value that is still blank,
        and any under nbgrader, changes nothing. UsageError for what the form does not offer.
        """
        if under_nbgrader():
            return
        exercise = self._with_form(exercise_id)
        if has_blank(value):
            print(self.translate(mark("Nothing is saved: the answer is still blank.")))
            return
        attempts = self._take_in(exercise, value, _share(exercise, sure))
        print(self.translate(SAVED, attempts=attempts))

    def _with_form(self, exercise_id: str) -> Exercise:
        exercise = find_exercise(self.unit, exercise_id)
        if exercise.form is Form.CODE:
            raise UsageError(
                "“{title}” is answered in its cell, not in a form.",
                where=exercise_id,
                fix='Write there, then: wb.check("{id}")',
                title=mark(exercise.title),
                id=exercise_id,
            )
        if exercise.part is not self.part:
            raise UsageError(
                "“{title}” belongs to the other notebook of this unit.",
                where=exercise_id,
                fix='wb = kit.open_workbook("{unit}", part="{part}")',
                title=mark(exercise.title),
                unit=self.unit.id,
                part=exercise.part.value,
            )
        return exercise

    def _shown(self, exercise: Exercise) -> Shown:
        try:
            return shown_of(self.unit, exercise, self.work())
        except (NotAttempted, KitError):
            raise
        except Exception as error:
            raise CheckError(
                mark("This form is broken: {error}. That is our fault and costs you nothing."),
                where=f"{self.unit.id}: {exercise.id}",
                fix=mark("Go on with the next exercise, and tell whoever runs the course."),
                error=f"{type(error).__name__}: {error}",
            ) from error

    def _draft(self, exercise: Exercise) -> object | None:
        """What was typed into the form and never saved; None where there is nothing like it."""
        draft: object = self.remembered(draft_key(exercise.id))
        return draft if fits(exercise.form, draft) else None

    def _keep_draft(self, exercise: Exercise, draft: object | None) -> bool:
        if draft is not None and not fits(exercise.form, draft):
            return False
        if draft != self._draft(exercise):
            self.remember(draft_key(exercise.id), draft)
        return True

    def _take_in(self, exercise: Exercise, value: object, sure: int | None = None) -> int:
        """Keep an answer; returns the attempts so far."""
        attempts = self._kept(exercise, value, sure)
        self._keep_draft(exercise, None)
        return attempts

    def _kept(self, exercise: Exercise, value: object, sure: int | None) -> int:
        from kit.widgets.ask import FileGiven

        file = self._answer_file()
        if isinstance(value, FileGiven):
            prove_file(exercise, value.name, len(value.data))
            return file.give_file(exercise.id, value.name, value.data, sure)
        if exercise.form is Form.FILE and isinstance(value, str | os.PathLike):
            return self._kept(exercise, _read(exercise, Path(value)), sure)
        try:
            shown = self._shown(exercise)
        except NotAttempted as gap:
            raise UsageError(
                "`{name}` is not there yet, and the questions are computed from it.",
                where=exercise.id,
                fix="Finish it, then answer.",
                name=gap.name,
            ) from None
        return file.give(exercise.id, accepted(exercise, shown, value), sure)

    def _widget(self, exercise: Exercise, shown: Shown) -> AskWidget:
        from kit.widgets.ask import AskWidget, Reply

        def reply(value: object, sure: int | None) -> Reply:
            refused = False
            try:
                text = self.translate(SAVED, attempts=self._take_in(exercise, value, sure))
            except KitError as error:
                text, refused = error.text(self.translate), True
            answers = self._answer_file().read()
            return Reply(
                text, refused, given_in(answers, exercise.id), attempts_in(answers, exercise.id)
            )

        answers = self._answer_file().read()
        return AskWidget(
            self._form(exercise, shown),
            _still(exercise, shown, given_in(answers, exercise.id)),
            attempts_in(answers, exercise.id),
            self.translate,
            reply,
            confidence=sure_in(answers, exercise.id),
            draft=self._draft(exercise),
            on_draft=lambda draft: self._keep_draft(exercise, draft),
        )

    def _form(self, exercise: Exercise, shown: Shown) -> dict[str, Any]:
        """What the widget draws, in the learner's language. Nothing of it says what is right."""
        say, asked = self.translate, exercise.asked
        columns = [
            {
                "id": column.id,
                "title": say(column.title),
                "type": column.type,
                "unit": say(column.unit) if column.unit else "",
                "options": [[text, say(text)] for text in column.options],
            }
            for column in asked.columns
        ]
        return {
            "id": exercise.id,
            "form": exercise.form.value,
            "title": say(exercise.title),
            "options": [[key, say(text)] for key, text in shown.options],
            "questions": [
                {"id": one.id, "text": self._question(one), "numeric": one.numeric}
                for one in shown.questions
            ],
            "columns": columns,
            "unit": say(asked.unit) if asked.unit else "",
            "suffixes": list(asked.suffixes),
            "max_mb": asked.max_mb,
            "confidence": exercise.confidence,
            "way": f'wb.answer("{exercise.id}", {_way(exercise)})',
        }

    def _question(self, question: Question) -> str:
        values = {
            name: self.translate(value) if isinstance(value, Marked | Phrase) else value
            for name, value in question.values.items()
        }
        return self.translate(question.template, **values)


def _way(exercise: Exercise) -> str:
    columns = (f'"{column.id}": …' for column in exercise.asked.columns)
    value = _WAYS.get(exercise.form) or "[{" + ", ".join(columns) + "}]"
    return f"{value}, sure=PERCENT" if exercise.confidence else value


def _share(exercise: Exercise, sure: object) -> int | None:
    found = percent(sure)
    if sure is None or found == sure:
        return found
    raise UsageError(
        "{value} is no share of a hundred.",
        where=exercise.id,
        fix="Say how sure you are in percent: sure=80",
        value=repr(sure)[:40],
    )


def _still(exercise: Exercise, shown: Shown, given: object) -> object:
    """What was given, if it answers what is asked now; else None."""
    if exercise.form is Form.FILE:
        return given if isinstance(given, Mapping) and {"name", "sha256"} <= set(given) else None
    try:
        return accepted(exercise, shown, given)
    except UsageError:
        # the options or questions are others by now, or somebody edited the file
        return None


def _read(exercise: Exercise, path: Path) -> FileGiven:
    from kit.widgets.ask import FileGiven

    try:
        prove_file(exercise, path.name, path.stat().st_size)
        return FileGiven(path.name, path.read_bytes())
    except OSError as error:
        raise UsageError(
            "{name} cannot be read: {reason}",
            where=exercise.id,
            fix="Give the path of the file, from this notebook's folder on.",
            name=path.name,
            reason=error.strerror or error,
        ) from None
