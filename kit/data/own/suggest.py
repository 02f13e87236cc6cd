"""Which column plays which part: suggested by its name, then by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kit.data.money import parse_money
from kit.data.own.contract import SIZES, ColumnRule, TableRule
from kit.data.own.people import personal_cells, personal_header
from kit.data.own.words import names_of
from kit.data.readers.inventory import MEMORY_NAMES, VCPU_NAMES
from kit.data.readers.metrics import fold, metric_of, unit_in, unit_of
from kit.data.readers.notations import looks_like_named_time, looks_like_time
from kit.data.readers.table import Table
from kit.data.readers.values import is_missing, is_number, parse_values
from kit.i18n import Phrase, mark, phrase

# from here on a name speaks for itself; below it a person is asked
SURE = 0.9
_ROWS = 200
_MOST = 0.6
_HOST = re.compile(r"(?i)^(?=.*[a-z가-힣])(?=.*\d)[\w가-힣][\w가-힣.:-]*$|^\d{1,3}(\.\d{1,3}){3}$")
_SIZE = re.compile(r"(?i)^\s*[\d.,]+\s*(v?cpus?|cores?|코어|개|[kmgt]i?b)\s*$")
_CLOCKED = re.compile(r"[:시]|^\s*\d{10,}\s*$")
_CLOCK = re.compile(r"^\s*(오전|오후)?\s*\d{1,2}\s*[:시]")


@dataclass(frozen=True)
class Guess:
    """What one column is taken for. ``role`` "" means that it is not read.

    ``sure`` is 0 to 1; ``because`` says why, ``example`` is the first filled cell and
    ``unit`` what the header's brackets state.
    """

    column: str
    role: str
    unit: str
    sure: float
    because: str
    example: str


@dataclass(frozen=True)
class _Column:
    """A column's name and its first rows."""

    name: str
    cells: Sequence[str]

    @cached_property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells[:_ROWS] if not is_missing(cell)]

    @cached_property
    def folded(self) -> str:
        """The name without units in brackets."""
        return fold(re.sub(r"[(\[][^()\[\]]*[)\]]", " ", self.name))

    def share(self, test: Callable[[str], object]) -> float:
        return sum(1 for cell in self.filled if test(cell)) / len(self.filled or [""])

    @cached_property
    def kind(self) -> str:
        """What most cells are: time, number or text; "" for an empty column."""
        if not self.filled:
            return ""
        if self.share(looks_like_time) >= _MOST:
            return "time"
        return "number" if self.share(is_number) >= _MOST else "text"

    @cached_property
    def person(self) -> bool:
        # figures of "user CPU" are no people; numbers of people are no plain numbers
        told = personal_header(self.name) and self.folded not in names_of("machine")
        return bool(personal_cells(self.filled)) or (self.kind == "text" and told)


def column_names(table: Table) -> list[str]:
    """The header; a column without a name is called by its place, from 1."""
    return [name or f"column {at}" for at, name in enumerate(table.header, 1)]


def suggest(table: Table, rule: TableRule) -> tuple[Guess, ...]:
    """One guess for each column, in the table's order; the columns' order decides nothing.

    A column that speaks of a person is never suggested, unless the contract has a place
    for people.
    """
    columns = [_Column(*pair) for pair in zip(column_names(table), table.columns, strict=True)]
    found: dict[str, Guess] = {}
    # RAM that never changes is a size before it is a measurement
    for needed in sorted(rule.columns, key=lambda one: one.id not in SIZES):
        able = _constant(columns, rule, found) if needed.id in SIZES else columns
        _by_name(able, needed, rule, found)
    if rule.reader == "metrics":
        _clocks(columns, found)
        _places(columns, found)
    for needed in rule.columns:
        if not _filled(needed, rule, found):
            _by_content(columns, needed, rule, found)
    if rule.reader == "metrics":
        _one_for_each(columns, rule, found)
    return tuple(found.get(column.name) or _unread(column) for column in columns)


def roles_of(guesses: Iterable[Guess]) -> dict[str, str]:
    """Column to role, of those that are read."""
    return {guess.column: guess.role for guess in guesses if guess.role}


def missing(rule: TableRule, roles: Iterable[str]) -> list[str]:
    """Ids of columns that the contract needs and nothing plays; "value" is any measurement."""
    there = set(roles)
    return [
        column.id
        for column in rule.columns
        if not (column.optional or column.id in there or (column.metric and "value" in there))
    ]


def fits(table: Table, rule: TableRule, roles: Mapping[str, str]) -> bool:
    """Whether roles told before still agree with what stands in the columns."""
    columns = dict(zip(column_names(table), table.columns, strict=True))
    if not set(roles) <= set(columns):
        return False
    kinds = {name: _Column(name, columns[name]).kind for name in roles}
    return all(kinds[name] in ("", *_kinds_for(role, rule)) for name, role in roles.items())


def _kinds_for(role: str, rule: TableRule) -> tuple[str, ...]:
    known = {column.id: column.type for column in rule.columns}
    if role in ("time", "date") or known.get(role) == "time":
        # a column of clock times alone is no whole time
        return ("time", "text", "number")
    if role in ("machine", "metric", "unit") or known.get(role) == "text":
        return ("text", "number", "time")
    # an amount of money with its mark is text to a reader of plain numbers
    return ("number", "text") if known.get(role) == "money" else ("number",)


def _guess(column: _Column, role: str, sure: float, because: Phrase | str) -> Guess:
    # what is shown stays in a saved notebook: nobody's name as an example
    example = "…" if column.person else next(iter(column.filled), "")
    return Guess(column.name, role, unit_in(column.name), sure, because, example)


def _unread(column: _Column) -> Guess:
    if column.person:
        return _guess(column, "", 1.0, mark("speaks of a person: not read"))
    return _guess(column, "", 0.0, mark("not needed, or not recognised"))


# --- by name ---------------------------------------------------------------------------


def _by_name(
    columns: list[_Column], needed: ColumnRule, rule: TableRule, found: dict[str, Guess]
) -> None:
    scored = [(_named(column, needed), column) for column in columns if column.name not in found]
    scored = [(score, column) for score, column in scored if score]
    best = max((score for score, _ in scored), default=0.0)
    winners = [column for score, column in scored if score == best]
    # a table with one measured column for each machine names its metric in all of them
    if len(winners) > 1 and not (rule.reader == "metrics" and needed.metric):
        return
    for column in winners:
        found[column.name] = _guess(column, needed.id, best, mark("by its name"))


def _constant(columns: list[_Column], rule: TableRule, found: Mapping[str, Guess]) -> list[_Column]:
    """Columns that can be a size: in a table of measurements one for each machine, all along."""
    timed = [c for c in columns if c.kind == "time" and c.share(_CLOCKED.search) >= _MOST]
    if rule.reader != "metrics" or not timed:
        return columns
    named = (c for c in columns if c.kind == "text" and c.folded in names_of("machine"))
    machine = next(named, None)
    able, sized = [], any(guess.role == "vcpu" for guess in found.values())
    for column in columns:
        # a flat load is constant too: a bare name is a size beside vCPU only
        if not (sized or unit_in(column.name) or column.folded in VCPU_NAMES | MEMORY_NAMES):
            continue
        keys = machine.cells if machine else [""] * len(column.cells)
        pairs = set(zip(keys[:_ROWS], column.cells[:_ROWS], strict=True))
        if len(pairs) == len({key for key, _ in pairs}) < len(column.cells[:_ROWS]):
            able.append(column)
    return able


def _named(column: _Column, needed: ColumnRule) -> float:
    if (column.person and not needed.person) or not _agrees(column, needed):
        return 0.0
    aliases = {fold(name) for name in (needed.id, *needed.names)} | names_of(needed.id)
    if fold(column.name) in aliases or column.folded in aliases:
        return 1.0
    if needed.metric and metric_of(column.name) == needed.metric:
        return 0.95
    words = set(re.split(r"[\s_/-]+", column.folded))
    return 0.7 if words & aliases else 0.0


def _agrees(column: _Column, needed: ColumnRule) -> bool:
    """Whether unit and cells can be what the name promises; an empty column can be anything."""
    stated, wanted = unit_of(unit_in(column.name)), unit_of(needed.unit)
    if stated and wanted and stated[0] != wanted[0]:
        return False
    if not column.kind:
        return True
    if needed.id in SIZES:
        return column.kind == "number" or column.share(_SIZE.match) >= _MOST
    if needed.type == "time":
        return column.share(looks_like_named_time) >= _MOST
    return needed.type != "number" or column.kind == "number"


def _places(columns: list[_Column], found: dict[str, Guess]) -> None:
    """Metric, unit and value of a table with one record in each row, and a date of its own."""
    roles = {guess.role for guess in found.values()}
    for column in columns:
        for role in ("metric", "unit", "value"):
            taken = column.name in found or (role != "value" and role in roles)
            if not taken and column.folded in names_of(role) and _plays(column, role):
                found[column.name] = _guess(column, role, 1.0, mark("by its name"))
                roles.add(role)


def _clocks(columns: list[_Column], found: dict[str, Guess]) -> None:
    """Where a day and an hour stand apart, the hour is the time and the day its date."""
    day = next((guess for guess in found.values() if guess.role == "time"), None)
    for column in columns:
        named = column.name not in found and column.folded in names_of("time")
        if day and named and column.share(_CLOCK.match) >= _MOST:
            found[day.column] = replace(day, role="date")
            found[column.name] = _guess(column, "time", 1.0, mark("by its name"))
            return


def _plays(column: _Column, role: str) -> bool:
    return column.kind == ("number" if role == "value" else "text")


# --- by content ------------------------------------------------------------------------


def _filled(needed: ColumnRule, rule: TableRule, found: Mapping[str, Guess]) -> bool:
    roles = {guess.role for guess in found.values()}
    guessed = needed.id in rule.key or not needed.optional
    return not guessed or needed.id in roles or bool(needed.metric and "value" in roles)


def _by_content(
    columns: list[_Column], needed: ColumnRule, rule: TableRule, found: dict[str, Guess]
) -> None:
    free = [column for column in columns if column.name not in found]
    able = [column for column in free if _could_be(column, needed)]
    if needed.type == "text" and len(able) > 1:
        able = _most_often(able)
    if len(able) == 1:
        found[able[0].name] = _guess(able[0], needed.id, 0.6, _reason(needed))
    elif able and not _wide(able, rule, found):
        for column in able:
            because = phrase("{n} columns look like {role}: say which", n=len(able), role=needed.id)
            found.setdefault(column.name, _guess(column, "", 0.0, because))


def _could_be(column: _Column, needed: ColumnRule) -> bool:
    if column.person and not needed.person:
        return False
    if needed.type == "time":
        return column.kind == "time"
    if needed.type == "text":
        return column.kind == "text" and _tells_apart(column)
    if needed.type == "money":
        amounts = column.share(lambda cell: parse_money(cell, needed.currency))
        return column.kind != "time" and amounts >= _MOST
    return column.kind == "number" and _plausible(column, needed)


def _plausible(column: _Column, needed: ColumnRule) -> bool:
    if not needed.bounded:
        return True
    numbers = parse_values(column.filled, unit="", factor=1.0).number
    # a few impossible values are faults of measuring, many say that it is something else
    return bool(needed.allows(numbers).mean() >= 0.95)


def _tells_apart(column: _Column) -> bool:
    """Whether texts look like names of things: hosts, addresses, or few that come again."""
    if column.share(_HOST.match) >= _MOST:
        return True
    return 1 < len(set(column.filled)) <= len(column.filled) / 2


def _most_often(able: list[_Column]) -> list[_Column]:
    """Of several texts the one whose names look like hosts; all when that decides nothing."""
    hosts = [column for column in able if column.share(_HOST.match) >= _MOST]
    return hosts if len(hosts) == 1 else able


def _reason(needed: ColumnRule) -> Phrase | str:
    if needed.type == "time":
        return mark("holds dates and times")
    if needed.type == "text":
        return mark("tells the rows apart")
    if not needed.bounded:
        return mark("holds numbers")
    return phrase("holds numbers within {span}", span=needed.span())


# --- one column for each machine -------------------------------------------------------


def _wide(able: list[_Column], rule: TableRule, found: Mapping[str, Guess]) -> bool:
    """Whether these numbers stand under names of machines, and no column names the machines."""
    unnamed = any(re.fullmatch(r"column \d+", column.name) for column in able)
    machine = any(guess.role == "machine" for guess in found.values())
    return rule.reader == "metrics" and not unnamed and not machine


def _one_for_each(columns: list[_Column], rule: TableRule, found: dict[str, Guess]) -> None:
    measured = next((c for c in rule.columns if c.metric and not c.optional), None)
    if measured is None or _filled(measured, rule, found):
        return
    able = [c for c in columns if c.name not in found and _could_be(c, measured)]
    if len(able) > 1 and _wide(able, rule, found):
        for column in able:
            because = mark("one column for each machine, named in the header")
            found[column.name] = _guess(column, measured.id, 0.6, because)


def told(guesses: Iterable[Guess], roles: Mapping[str, str]) -> tuple[Guess, ...]:
    """The guesses with what a person said; a role that was told is guessed nowhere else."""
    said = mark("you said so")
    found = []
    for guess in guesses:
        if guess.column in roles:
            guess = replace(guess, role=roles[guess.column], sure=1.0, because=said)
        elif guess.role in roles.values():
            guess = replace(guess, role="", sure=0.0, because=mark("you named another column"))
        found.append(guess)
    return tuple(found)
