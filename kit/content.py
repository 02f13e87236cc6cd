"""Programme and units: from ``workbooks/`` on disk to the model.

An error names the file and the key. Content lies beside the source tree in a
checkout and inside the package in an installed wheel; both are found.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from kit.errors import ContentError, UsageError
from kit.model import (
    Asked,
    CompletionRule,
    Exercise,
    ExerciseKind,
    Field,
    Form,
    Item,
    Part,
    Programme,
    Reality,
    RubricLevel,
    Unit,
)

FORMAT_VERSION = 1
# what a table [exercises.asked] may say, by form
_ASKS: dict[Form, frozenset[str]] = {
    Form.CODE: frozenset(),
    Form.CHOICE: frozenset({"options", "digest"}),
    Form.CHOICES: frozenset({"options", "digest"}),
    Form.RANKING: frozenset({"options", "digest"}),
    Form.NUMBER: frozenset({"unit", "low", "high"}),
    Form.TEXT: frozenset(),
    Form.FILE: frozenset({"suffixes", "max_mb"}),
    Form.TABLE: frozenset({"columns"}),
    Form.AUDIT: frozenset({"options"}),
    Form.DEFENCE: frozenset(),
}
_COLUMN_TYPES = ("text", "number", "choice")
# what is larger stays behind when work is handed in
_MOST_MB = 10
Made = TypeVar("Made")


def content_root() -> Path:
    """Folder that holds ``workbooks/`` and ``assignments/``."""
    inside = Path(__file__).parent / "_content"
    root = inside if inside.is_dir() else Path(__file__).parent.parent
    if not (root / "workbooks" / "programme.toml").is_file():
        raise ContentError(
            "The workbooks are not installed.",
            where=str(root / "workbooks"),
            fix="Install again: pip install --force-reinstall upskill-kit",
        )
    return root


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary; a syntax error names file and line."""
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        raise ContentError("A file is missing.", where=str(path)) from None
    try:
        return tomllib.loads(written.decode("utf-8"))
    except UnicodeDecodeError as error:
        line, fix = written.count(b"\n", 0, error.start) + 1, "Save the file as UTF-8."
        told = str(error)
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        # what is still open at the end has no line of its own
        found = re.search(r"at line (\d+)", told)
        line = int(found[1]) if found else len(written.splitlines())
        fix = (
            "Correct this line: texts stand in quotes, lists in brackets, a key once in its table."
        )
    raise ContentError(f"Not valid TOML: {told}", where=f"{path}:{line}", fix=fix)


class _Table:
    """One TOML table that reports a missing, wrong or unknown key by file and name."""

    def __init__(self, path: Path, data: Mapping[str, Any], where: str = "") -> None:
        self.path, self.data, self.where = path, data, where
        self.known: list[str] = []

    def get(self, key: str, convert: Callable[[Any], Any], default: Any = ...) -> Any:
        self.known.append(key)
        name = f"{self.path}: {self.where}{key}"
        if key not in self.data:
            if default is ...:
                raise ContentError(f"The key '{key}' is missing.", where=name)
            return default
        try:
            return convert(self.data[key])
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ContentError(f"The key '{key}' has a wrong value: {error}", where=name) from None

    def table(self, key: str) -> _Table:
        return _Table(self.path, self.get(key, _keys, {}), f"{self.where}{key}.")

    def tables(self, key: str) -> list[_Table]:
        rows = self.get(key, lambda value: [_keys(row) for row in value], [])
        return [_Table(self.path, row, f"{self.where}{key}[{i}].") for i, row in enumerate(rows)]

    def whole(self, made: Made) -> Made:
        """``made`` from this table, once no key of it was left unread."""
        for key in self.data:
            if key not in self.known:
                near = get_close_matches(key, self.known, n=1)
                raise ContentError(
                    f"There is no key '{key}' here.",
                    where=f"{self.path}: {self.where}{key}",
                    fix=f"Did you mean '{near[0]}'?" if near else f"Keys: {', '.join(self.known)}",
                )
        return made


def _keys(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("write a table, with keys")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(text).strip() for text in value)


def _options(value: Any) -> tuple[tuple[str, str], ...]:
    options = tuple((str(key), str(text)) for key, text in value)
    _prove_differ([key for key, _ in options])
    return options


def _prove_differ(ids: Sequence[str]) -> None:
    if doubled := {i for i in ids if ids.count(i) > 1}:
        raise ValueError(f"ids must differ: {sorted(doubled)}")


def _column_type(value: Any) -> str:
    if value not in _COLUMN_TYPES:
        raise ValueError(f"one of: {', '.join(_COLUMN_TYPES)}")
    return str(value)


def _suffixes(value: Any) -> tuple[str, ...]:
    found = tuple(text.lower() for text in _texts(value))
    if not all(re.fullmatch(r"\.[a-z0-9]+", text) for text in found):
        raise ValueError('write each as ".csv"')
    return found


def _megabytes(value: Any) -> int:
    if not 1 <= int(value) <= _MOST_MB:
        raise ValueError(f"from 1 to {_MOST_MB}")
    return int(value)


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("write true or false, without quotes")
    return value


def _digest(value: Any) -> str:
    if not re.fullmatch(r"[0-9a-f]{32}", str(value)):
        raise ValueError("32 hexadecimal digits, as upskill author seal prints them")
    return str(value)


def _field(table: _Table) -> Field:
    made = Field(
        id=table.get("id", str),
        title=table.get("title", str),
        type=table.get("type", _column_type),
        unit=table.get("unit", str, ""),
        options=table.get("options", _texts, ()),
    )
    if bool(made.options) != (made.type == "choice"):
        raise ContentError(
            "A column of type choice has options, and no other one.",
            where=f"{table.path}: {table.where}options",
        )
    return table.whole(made)


def _asked(table: _Table, form: Form) -> Asked:
    if strange := table.data.keys() & Asked.__dataclass_fields__.keys() - _ASKS[form]:
        raise ContentError(
            f"The form {form} does not use '{min(strange)}'.",
            where=f"{table.path}: {table.where}{min(strange)}",
            fix=f"It uses: {', '.join(sorted(_ASKS[form])) or 'no key of this table'}",
        )
    made = Asked(
        options=table.get("options", _options, ()),
        unit=table.get("unit", str, ""),
        low=table.get("low", float, None),
        high=table.get("high", float, None),
        columns=tuple(_field(row) for row in table.tables("columns")),
        suffixes=table.get("suffixes", _suffixes, ()),
        max_mb=table.get("max_mb", _megabytes, Asked.max_mb),
        digest=table.get("digest", _digest, ""),
    )
    _prove_asked(table, form, made)
    return table.whole(made)


def _prove_asked(table: _Table, form: Form, made: Asked) -> None:
    """What a form cannot do without, since no case can bring it."""

    def need(holds: bool, what: str, key: str) -> None:
        if not holds:
            raise ContentError(what, where=f"{table.path}: {table.where}{key}")

    need(form is not Form.FILE or bool(made.suffixes), "Say which files are taken.", "suffixes")
    need(form is not Form.TABLE or bool(made.columns), "A table has columns.", "columns")
    names = [column.id for column in made.columns]
    need(len(set(names)) == len(names), "Ids of columns must differ.", "columns")
    need(not made.digest or len(made.options) > 1, "A sealed answer is one of options.", "options")
    low, high = made.low, made.high
    need(low is None or high is None or low < high, "low is not below high.", "low")


def _exercise(table: _Table) -> Exercise:
    made = Exercise(
        id=table.get("id", str),
        title=table.get("title", str),
        part=table.get("part", Part, Part.PRACTICE),
        kind=table.get("kind", ExerciseKind),
        reality=table.get("reality", Reality),
        minutes=table.get("minutes", int),
        points=table.get("points", int, 1),
        manual=table.get("manual", bool, False),
        hints=table.get("hints", _texts, ()),
        no_hints_because=table.get("no_hints_because", str, ""),
        at_work=table.get("at_work", str.strip, ""),
        names=table.get("names", _texts, ()),
        needs=table.get("needs", _texts, ()),
        form=(form := table.get("form", Form, Form.CODE)),
        asked=_asked(table.table("asked"), form),
        decides=table.get("decides", _texts, ()),
        confidence=table.get("confidence", _yes, False),
    )
    if made.confidence and form is Form.CODE:
        raise ContentError(
            "Code has no form that could ask how sure somebody is.",
            where=f"{table.path}: {table.where}confidence",
        )
    return table.whole(made)


def _item(table: _Table) -> Item:
    made = Item(
        id=table.get("id", str),
        pair=table.get("pair", str),
        stage=table.get("stage", str),
        question=table.get("question", str.strip),
        options=table.get("options", _options),
        digest=table.get("digest", str),
    )
    return table.whole(made)


def _level(table: _Table) -> RubricLevel:
    made = RubricLevel(
        name=table.get("name", str), share=table.get("share", float), text=table.get("text", str)
    )
    return table.whole(made)


def load_unit(folder: Path) -> Unit:
    """The unit in ``folder``; raises ContentError that names file and key."""
    path = folder / "workbook.toml"
    table = _Table(path, read_toml(path))
    if table.get("format_version", int) != FORMAT_VERSION:
        raise ContentError(
            f"This kit reads format_version {FORMAT_VERSION}.",
            where=f"{path}: format_version",
            fix="Update the kit, or the unit.",
        )
    exercises = tuple(_exercise(row) for row in table.tables("exercises"))
    ids = [e.id for e in exercises]
    for at, exercise in enumerate(exercises):
        _prove_exercise(exercise, ids, at, path)
    unit = Unit(
        id=table.get("id", str),
        track=table.get("track", str, folder.parent.name),
        version=table.get("version", str),
        title=table.get("title", str),
        task=table.get("task", str.strip),
        minutes=table.get("minutes", int),
        abilities=table.get("abilities", _texts),
        review_by=table.get("review_by", _as_date),
        folder=folder,
        exercises=exercises,
        items=tuple(_item(row) for row in table.tables("items")),
        rubric=tuple(_level(row) for row in table.tables("rubric")),
    )
    return table.whole(unit)


def _prove_exercise(exercise: Exercise, ids: list[str], at: int, path: Path) -> None:
    """Its id is no earlier one's, and what it needs is there."""
    if exercise.id in ids[:at]:
        raise ContentError(
            f"Exercise ids must differ: '{exercise.id}' is that of an exercise above.",
            where=f"{path}: exercises[{at}].id",
            fix="Give the new one another id: progress and gradebooks know the old one by it.",
        )
    if unknown := sorted(set(exercise.needs) - set(ids)):
        raise ContentError(
            f"No exercise is called: {', '.join(unknown)}",
            where=f"{path}: exercises[{at}].needs",
            fix=f"Exercises: {', '.join(ids)}",
        )


def _as_date(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueError("write a date as 2027-06-30, without quotes")
    return value


@lru_cache(maxsize=1)
def load_units(root: Path | None = None) -> dict[str, Unit]:
    """All units by id, sorted by track and folder number; ContentError for an id that two have."""
    base = (root or content_root()) / "workbooks"
    units: dict[str, Unit] = {}
    for path in sorted(base.glob("*/*/workbook.toml")):
        unit = load_unit(path.parent)
        first = units.setdefault(unit.id, unit).folder
        if first != unit.folder:
            raise ContentError(f"'{unit.id}' is another unit's id: {first}", where=f"{path}: id")
    return units


def find_unit(unit_id: str, root: Path | None = None) -> Unit:
    """One unit by id; an unknown id is answered with those that exist."""
    # asked in one way, so that it is read once
    units = load_units(root) if root else load_units()
    if unit_id not in units:
        raise UsageError(
            "There is no unit '{unit_id}'.",
            where="workbooks/",
            fix="Use one of: {known}",
            unit_id=unit_id,
            known=", ".join(units),
        )
    return units[unit_id]


def find_exercise(unit: Unit, exercise_id: str) -> Exercise:
    """One exercise of a unit by id; an unknown id is answered with those that exist."""
    for exercise in unit.exercises:
        if exercise.id == exercise_id:
            return exercise
    raise UsageError(
        "'{unit}' has no exercise '{exercise_id}'.",
        where=f"unit {unit.id}",
        fix="Use one of: {known}",
        unit=unit.id,
        exercise_id=exercise_id,
        known=", ".join(e.id for e in unit.exercises),
    )


def load_programme(root: Path | None = None) -> Programme:
    """``workbooks/programme.toml``: order of units and their completion rules."""
    base = root or content_root()
    path = base / "workbooks" / "programme.toml"
    table = _Table(path, read_toml(path))
    rules = dict(_rule(row) for row in table.tables("units"))
    known = load_units(root) if root else load_units()
    for unit in rules:
        if unit not in known:
            raise ContentError(f"No unit has the id '{unit}'.", where=f"{path}: units")
    programme = Programme(
        id=table.get("id", str), title=table.get("title", str), units=tuple(rules), rules=rules
    )
    return table.whole(programme)


def _rule(table: _Table) -> tuple[str, CompletionRule]:
    unit = table.get("unit", str)
    rule = CompletionRule(
        practised_share=table.get("practised_share", float),
        graded_share=table.get("graded_share", float),
        applied=table.get("applied", bool, False),
    )
    return table.whole((unit, rule))
