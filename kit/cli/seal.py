"""``upskill author seal``: the digest that stands for a right answer in ``workbook.toml``."""

from __future__ import annotations

import typer

from kit.checking.forms import seal_answer
from kit.content import find_exercise, find_unit
from kit.errors import UsageError
from kit.model import Form


def run_seal(unit_id: str, exercise_id: str, options: list[str]) -> None:
    """Print the line for ``[exercises.asked]``; UsageError for what the options do not offer."""
    exercise = find_exercise(find_unit(unit_id), exercise_id)
    if exercise.form is Form.RANKING and options == [key for key, _ in exercise.asked.options]:
        # the form starts with the options as they are listed: to save it would be to pass
        raise UsageError(
            "The right order is the one in which the options are listed.",
            where=exercise_id,
            fix="List the options in another order in workbook.toml, then seal again.",
        )
    if exercise.form is Form.CHOICE and len(options) != 1:
        raise UsageError(
            "A choice has one right option.",
            where=exercise_id,
            fix="Give one: upskill author seal {unit} {id} OPTION",
            unit=unit_id,
            id=exercise_id,
        )
    value = options[0] if exercise.form is Form.CHOICE else options
    typer.echo(f'digest = "{seal_answer(exercise, value)}"')
