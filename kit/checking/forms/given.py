"""What is taken as an answer, from a widget or from ``wb.answer``: the rest is refused in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any

from kit.checking.expect.words import short
from kit.checking.forms.shown import Shown
from kit.errors import UsageError
from kit.i18n import mark
from kit.model import Exercise, Field, Form

# more than anybody types into a form; answers.json stays small enough for grading to read
TEXT_LIMIT = 10_000
CELL_LIMIT = 1_000
ROW_LIMIT = 200


def accepted(exercise: Exercise, shown: Shown, value: object) -> object:
    """``value`` as ``answers.json`` keeps it: plain JSON, in the form's one spelling.

    UsageError for an option that is not offered, a number out of bounds, an unknown column,
    and whatever else the form does not ask for.
    """
    return _TAKES[exercise.form](exercise, shown, value)


def prove_file(exercise: Exercise, name: str, size: int) -> None:
    """UsageError for a file of another suffix, an empty one, and one over ``max_mb`` (10^6)."""
    asked = exercise.asked
    if not name.lower().endswith(asked.suffixes):
        raise UsageError(
            "{name} is not one of the files that are asked for.",
            where=exercise.id,
            fix="Hand in a file that ends in: {suffixes}",
            name=short(name),
            suffixes=", ".join(asked.suffixes),
        )
    if not 0 < size <= asked.max_mb * 1_000_000:
        raise UsageError(
            "{name} has {size:.1f} MB.",
            where=exercise.id,
            fix="Hand in a file that is not empty and has at most {most} MB.",
            name=short(name),
            size=size / 1_000_000,
            most=asked.max_mb,
        )


def _refuse(exercise: Exercise, value: object, fix: str, **values: object) -> UsageError:
    return UsageError(
        "{value} is no answer to '{id}'.",
        where=exercise.id,
        fix=fix,
        value=short(value),
        id=exercise.id,
        **values,
    )


def _keys(shown: Shown) -> list[str]:
    return [key for key, _ in shown.options]


def _choice(exercise: Exercise, shown: Shown, value: object) -> object:
    if not isinstance(value, str) or value not in _keys(shown):
        raise _refuse(
            exercise, value, mark("Choose from: {options}"), options=", ".join(_keys(shown))
        )
    return str(value)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else []


def _choices(exercise: Exercise, shown: Shown, value: object) -> object:
    keys, given = _keys(shown), _list(value)
    if not given or any(not isinstance(one, str) or one not in keys for one in given):
        raise _refuse(
            exercise, value, mark("Give a list with some of: {options}"), options=", ".join(keys)
        )
    return [key for key in keys if key in given]


def _ranking(exercise: Exercise, shown: Shown, value: object) -> object:
    keys = _keys(shown)
    given = list(value) if isinstance(value, list | tuple) else []
    if not given or not all(isinstance(one, str) for one in given) or sorted(given) != sorted(keys):
        raise _refuse(
            exercise,
            value,
            mark("Give a list with each of these once, the first one first: {options}"),
            options=", ".join(keys),
        )
    return [str(one) for one in given]


def _real(value: object) -> int | float | None:
    """A finite number as JSON holds it; None for anything else, texts and booleans too."""
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:
        return None


def _number(exercise: Exercise, _shown: Shown, value: object) -> object:
    asked, number = exercise.asked, _real(value)
    low = -math.inf if asked.low is None else asked.low
    high = math.inf if asked.high is None else asked.high
    if number is None or not low <= number <= high:
        bounded = not math.isinf(low) and not math.isinf(high)
        raise _refuse(
            exercise,
            value,
            mark("Give a number from {low:g} to {high:g} {unit}")
            if bounded
            else mark("Give a number {unit}"),
            low=low,
            high=high,
            unit=mark(asked.unit),
        )
    return number


def _text(exercise: Exercise, _shown: Shown, value: object) -> object:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > TEXT_LIMIT:
        raise _refuse(
            exercise, value, mark("Give a text of at most {most} characters."), most=TEXT_LIMIT
        )
    return text


def _table(exercise: Exercise, _shown: Shown, value: object) -> object:
    records: Any = value
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        records = value.to_dict("records")
    if not isinstance(records, list | tuple) or len(records) > ROW_LIMIT:
        raise _refuse(
            exercise,
            value,
            mark("Give a list of rows, at most {most}, each as: {columns}"),
            most=ROW_LIMIT,
            columns="{" + ", ".join(f'"{c.id}": …' for c in exercise.asked.columns) + "}",
        )
    rows = [_row(exercise, row) for row in records]
    filled = [row for row in rows if any(cell not in (None, "") for cell in row.values())]
    if not filled:
        raise _refuse(exercise, value, mark("Fill in at least one row."))
    return filled


def _row(exercise: Exercise, row: object) -> dict[str, object]:
    columns = {column.id: column for column in exercise.asked.columns}
    if not isinstance(row, Mapping) or not set(row) <= set(columns):
        raise _refuse(
            exercise, row, mark("A row has the columns: {columns}"), columns=", ".join(columns)
        )
    return {name: _cell(exercise, column, row.get(name)) for name, column in columns.items()}


def _cell(exercise: Exercise, column: Field, value: object) -> object:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None if column.type == "number" else ""
    if column.type == "number":
        number = _real(value)
        # pandas writes an empty cell as NaN
        if number is None and not (isinstance(value, Real) and math.isnan(value)):
            raise _refuse(exercise, value, mark("“{column}” takes a number."), column=column.title)
        return number
    if not isinstance(value, str) or len(value) > CELL_LIMIT:
        raise _refuse(exercise, value, mark("“{column}” takes a text."), column=column.title)
    if column.type == "choice" and value not in column.options:
        raise _refuse(
            exercise,
            value,
            mark("“{column}” takes one of: {options}"),
            column=column.title,
            options=", ".join(column.options),
        )
    return value.strip()


def _audit(exercise: Exercise, shown: Shown, value: object) -> object:
    keys = _keys(shown)
    whole = isinstance(value, Mapping) and all(
        key in keys and isinstance(reason, str) and len(reason) <= CELL_LIMIT
        for key, reason in value.items()
    )
    if not whole or not isinstance(value, Mapping):
        raise _refuse(
            exercise,
            value,
            mark("Give the claims that are wrong with a reason each, from: {options}"),
            options=", ".join(keys),
        )
    return {key: value[key].strip() for key in keys if key in value}


def _defence(exercise: Exercise, shown: Shown, value: object) -> object:
    asked = {question.id: question for question in shown.questions}
    if not isinstance(value, Mapping) or not set(value) <= set(asked):
        raise _refuse(
            exercise, value, mark("Give an answer for each of: {options}"), options=", ".join(asked)
        )
    found: dict[str, object] = {}
    for key, told in value.items():
        number = _real(told)
        text = str(told).strip()[:CELL_LIMIT] if told is not None else ""
        if number is not None or text:
            found[key] = text if number is None else number
    if not found:
        raise _refuse(
            exercise, value, mark("Answer at least one of: {options}"), options=", ".join(asked)
        )
    return found


def _no_form(exercise: Exercise, _shown: Shown, value: object) -> object:
    raise _refuse(exercise, value, mark("This exercise is answered in its cell."))


def _file(exercise: Exercise, _shown: Shown, value: object) -> object:
    raise _refuse(
        exercise,
        value,
        mark("Give the path of a file that ends in: {suffixes}"),
        suffixes=", ".join(exercise.asked.suffixes),
    )


_TAKES: dict[Form, Callable[[Exercise, Shown, object], object]] = {
    Form.CODE: _no_form,
    Form.CHOICE: _choice,
    Form.CHOICES: _choices,
    Form.RANKING: _ranking,
    Form.NUMBER: _number,
    Form.TEXT: _text,
    Form.FILE: _file,
    Form.TABLE: _table,
    Form.AUDIT: _audit,
    Form.DEFENCE: _defence,
}
