"""The cells of one column of a contract, parsed: values, conversions, and why a cell is no value.

A whole column decides how some of its cells are read: the order of day and month, a decimal
comma, the form of its dates. ``Whole`` gathers that where a file is read in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kit.data.money import parse_money
from kit.data.own.contract import ColumnRule
from kit.data.own.masks import Masker
from kit.data.own.people import personal_text
from kit.data.readers.draft import Habits
from kit.data.readers.metrics import fold, unit_in, unit_of
from kit.data.readers.times import TimeSurvey, parse_times
from kit.data.readers.values import is_number, parse_values, proves_comma
from kit.i18n import mark, phrase

_TIME = mark("a date and time, such as 2024-03-04 14:05:00")


@dataclass(frozen=True)
class Cells:
    """One parsed column: values, what was converted, and why a cell cannot be used."""

    values: pd.Series
    repair: pd.Series
    fault: pd.Series
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Habit:
    """What the whole of a column says of how each of its cells is written."""

    times: Habits | None = None
    comma: bool = False


@dataclass
class Whole:
    """The habits of a file's columns, gathered piece by piece; by the contract's ids."""

    times: dict[str, TimeSurvey] = field(default_factory=dict)
    commas: set[str] = field(default_factory=set)

    def add(self, cells: Mapping[str, Sequence[str]], needs: Sequence[ColumnRule]) -> None:
        """Look at a piece of the columns."""
        for need in needs:
            if need.type == "time":
                self.times.setdefault(need.id, TimeSurvey()).add(cells[need.id])
            elif need.type == "number" and proves_comma(cells[need.id]):
                self.commas.add(need.id)

    def habits(self) -> dict[str, Habit]:
        """What is known by now; columns that are not named have none."""
        found = {name: Habit(times=survey.habits()) for name, survey in self.times.items()}
        return found | {name: Habit(comma=True) for name in self.commas}

    def notes(self) -> list[str]:
        """The notes that parsing whole columns would give."""
        return [note for survey in self.times.values() for note in survey.notes()]


def parse_cells(
    cells: Sequence[str],
    header: str,
    need: ColumnRule,
    masker: Masker | None,
    habit: Habit | None = None,
) -> Cells:
    """Parse a column, or with its ``habit`` a piece of one; people are masked.

    Without ``masker`` what speaks of people is left out. Never raises.
    """
    text = pd.Series([str(cell).strip() for cell in cells], dtype=object)
    none = pd.Series("", index=text.index, dtype=object)
    if need.type == "text":
        return Cells(*_without_people(text, need, masker), none.mask(text == "", mark("a text")))
    if need.type == "time":
        times = parse_times(list(text), habits=habit.times if habit else None)
        return Cells(times.clock, times.repair, none.mask(times.clock.isna(), _TIME), times.notes)
    if need.type == "money":
        return _amounts(text, need, header)
    return _numbers(text, need, header, comma=habit.comma if habit else False)


def plain_form(need: ColumnRule) -> str:
    """How a column is written where nothing of a cell has to be converted, in words."""
    if need.type == "time":
        return _TIME
    if need.type == "text":
        return mark("a text that speaks of no person")
    unit = need.currency or need.unit
    return phrase("a plain number in {unit}", unit=unit) if unit else mark("a plain number")


def _amounts(cells: pd.Series, need: ColumnRule, header: str) -> Cells:
    """Sums in the contract's currency; another one is not converted, since rates change."""
    brackets = re.search(r"[(\[]([^()\[\]]+)[)\]]", header)
    stated = parse_money(f"1{brackets[1]}", need.currency) if brackets else None
    factor = stated.amount if stated and stated.currency == need.currency else 1.0

    def read(cell: str) -> tuple[float, str, str]:
        found = parse_money(cell, need.currency)
        if found is None:
            return float("nan"), "", mark("an amount of money")
        if found.currency != need.currency:
            other = phrase("an amount in {currency}, not in {other}", currency=need.currency,
                           other=found.currency)  # fmt: skip
            return float("nan"), "", other
        plain = is_number(cell)
        amount = found.amount * factor if plain else found.amount
        # the figure that is kept, with its decimals if it has any
        kept = f"{round(amount, 6):,}".removesuffix(".0")
        done = phrase("read as {amount} {currency}", amount=kept, currency=need.currency)
        return amount, "" if plain else done, ""

    told = {cell: read(cell) for cell in cells.unique()}
    amounts, repair, fault = (cells.map({c: one[at] for c, one in told.items()}) for at in range(3))
    amounts = amounts.astype("float64")
    outside = amounts.notna() & ~need.allows(amounts)
    return Cells(amounts, repair.astype(object), fault.astype(object).mask(outside, _span(need)))


def _numbers(cells: pd.Series, need: ColumnRule, header: str, *, comma: bool) -> Cells:
    known = unit_of(need.unit) if need.unit else None
    stated = unit_of(unit_in(header)) or known
    factor = stated[1] if stated and known and stated[0] == known[0] else 1.0
    base = known[0] if known else ""
    values = parse_values(
        list(cells), unit=base, factor=factor, comma=comma, called=need.unit if known else ""
    )
    # in the contract's unit, whatever the base unit of the parser is
    number = values.number / (known[1] if known else 1.0)
    outside = number.notna() & ~need.allows(number) & (values.fault == "")
    return Cells(number, values.repair, values.fault.mask(outside, _span(need)))


def _span(need: ColumnRule) -> str:
    return phrase("a value within {span}", span=need.span()) if need.bounded else ""


def _without_people(
    cells: pd.Series, need: ColumnRule, masker: Masker | None
) -> tuple[pd.Series, pd.Series]:
    """Texts with people masked; without a key they are left out altogether."""

    def hidden(cell: str) -> str:
        kind = need.id if need.person else personal_text(cell)
        if not (cell and kind):
            return cell
        return masker.mask(cell, fold(kind)) if masker else ""

    masked = cells.map({cell: hidden(cell) for cell in cells.unique()})
    done = pd.Series("", index=cells.index, dtype=object)
    if not need.person:
        done = done.mask(masked != cells, mark("speaks of a person: masked"))
    return masked, done
