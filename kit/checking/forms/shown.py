"""What one learner is shown of a form."""

from __future__ import annotations

from dataclasses import dataclass

from kit.checking.forms.defence import Question
from kit.checking.registry import unit_module
from kit.checking.work import Work
from kit.model import Exercise, Form, Unit


@dataclass(frozen=True)
class Shown:
    """Options (of an audit: claims) as (key, text), and the questions of a defence."""

    options: tuple[tuple[str, str], ...] = ()
    questions: tuple[Question, ...] = ()


def shown_of(unit: Unit, exercise: Exercise, work: Work) -> Shown:
    """The form as ``workbook.toml`` declares it, with what the unit's ``case.py`` brings.

    NotAttempted where the learner's work has nothing to ask about yet.
    """
    case = unit_module(unit, "case")
    if exercise.form is Form.DEFENCE:
        return Shown(questions=tuple(case.QUESTIONS[exercise.id](work)))
    drawn = getattr(case, "OPTIONS", {}).get(exercise.id)
    if drawn is None:
        return Shown(exercise.asked.options)
    return Shown(tuple((str(key), text) for key, text in drawn(work.case)))
