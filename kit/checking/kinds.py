"""The kinds of statements that a unit's ``data.toml`` can make about any data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.checking.expect import frame
from kit.checking.mistakes import NotAttempted
from kit.i18n import mark, phrase

if TYPE_CHECKING:
    import pandas as pd

    from kit.data.own import InvariantRule, Own

# floats that are added up in another order differ in their last digits
_CLOSE = 1e-9


@dataclass(frozen=True)
class Seen:
    """What one statement came to; ``values`` fill the template ``text``."""

    held: bool
    text: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Asking:
    """One rule, asked of one learner's functions."""

    own: Own
    rule: InvariantRule
    mine: Mapping[str, Any]

    def give(self, part: pd.DataFrame) -> Any:
        """What the learner's function makes of a part."""
        if self.rule.function not in self.mine:
            raise NotAttempted(self.rule.function)
        return self.mine[self.rule.function](part)

    def made(self, part: pd.DataFrame) -> pd.DataFrame:
        """The same, which must be a frame that has the rule's column."""
        wanted = [self.column(part)] if self.rule.column else []
        return frame(self.give(part), f"{self.rule.function}(...)", wanted)

    def column(self, part: pd.DataFrame) -> str:
        """The rule's column as a part calls it."""
        return _name_in(part, self.rule.column)

    def of(self, rows: pd.DataFrame, name: str) -> pd.Series:
        """A column's values to compare: times as times, however a function writes them."""
        import pandas as pd

        kinds = {column.id: column.type for column in self.own.table.columns}
        if kinds.get(name) == "time":
            return pd.to_datetime(rows[name], errors="coerce")
        return rows[name]


PartTest = Callable[[Asking, Any], str]


def _name_in(part: pd.DataFrame, column: str) -> str:
    # samples carry every measurement under one name
    return column if column in part or "value" not in part else "value"


def _keeps(ask: Asking, part: pd.DataFrame) -> str:
    name = ask.column(part)
    wanted = set(ask.of(_possible(ask, part), name))
    lost = wanted - set(ask.of(ask.made(part), name))
    if not lost:
        return ""
    return phrase(
        "{wanted:,} different ones in {column}, {lost:,} of them lost",
        wanted=len(wanted),
        column=name,
        lost=len(lost),
    )


def _possible(ask: Asking, part: pd.DataFrame) -> pd.DataFrame:
    """Rows within the contract's limits; what lies outside may be left out."""
    for column in ask.own.table.columns:
        name = _name_in(part, column.id)
        if column.type == "number" and column.bounded and not column.optional and name in part:
            part = part[column.allows(part[name])]
    return part


def _invents_nothing(ask: Asking, part: pd.DataFrame) -> str:
    name = ask.column(part)
    extra = set(ask.of(ask.made(part), name)) - set(ask.of(part, name))
    if not extra:
        return ""
    return phrase("{n:,} in {column} are in no row of the export", n=len(extra), column=name)


def _ordered(ask: Asking, part: pd.DataFrame) -> str:
    name = ask.column(part)
    values = ask.of(ask.made(part), name)
    if not values.is_unique:
        n = int(values.duplicated().sum())
        return phrase("{n:,} in {column} occur twice", n=n, column=name)
    return "" if values.is_monotonic_increasing else phrase("{column} goes back", column=name)


def _plausible(ask: Asking, part: pd.DataFrame) -> str:
    rule = ask.own.table.column(ask.rule.column)
    values = _numbers(ask.made(part)[ask.column(part)])
    if not rule.allows(values).all():
        low, high = values.min(), values.max()
        return phrase("from {low:g} to {high:g} {unit}", low=low, high=high, unit=rule.unit)
    if rule.unit == "%" and len(values) > 20 and values.max() <= 1.0 and values.nunique() > 5:
        at = values.max()
        # an idle machine has such figures too, so its own noise decides
        return phrase("never above {at:g} %: fractions?", at=at) if values.median() > 0.2 else ""
    return ""


def _numbers(values: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.to_numeric(values, errors="coerce")


def _dtype(ask: Asking, part: pd.DataFrame) -> str:
    from pandas.api import types

    name, kind = ask.column(part), ask.own.table.column(ask.rule.column).type
    dtype = ask.made(part)[name].dtype
    if kind == "text":
        fits = types.is_string_dtype(dtype)
    else:
        is_kind = types.is_datetime64_any_dtype if kind == "time" else types.is_numeric_dtype
        fits = is_kind(dtype)
    return "" if fits else phrase("{column} holds {kind}", column=name, kind=str(dtype))


def _totals(ask: Asking, part: pd.DataFrame) -> str:
    name = ask.column(part)
    before, after = (float(_numbers(rows[name]).sum()) for rows in (part, ask.made(part)))
    if abs(before - after) <= _CLOSE * max(1.0, abs(before)):
        return ""
    return phrase(
        "{column} adds up to {before:,.6g}, then to {after:,.6g}",
        column=name,
        before=before,
        after=after,
    )


def _rerun_same(ask: Asking, part: pd.DataFrame) -> str:
    once = ask.made(part)
    # what the function left out stays as it was, such as the unit
    left = {str(name): part[name].iloc[0] for name in part if name not in once and len(part)}
    again = ask.made(once.assign(**left))
    return "" if _same(ask, once, again) else phrase("a second run gives other rows")


def _row_order(ask: Asking, part: pd.DataFrame) -> str:
    key = [name for name in ask.own.table.key if name in part]
    # which of two rows of one key counts is decided by their order, so leave those out
    alone = part[~part.duplicated(key, keep=False)] if key else part
    shuffled = alone.sample(frac=1, random_state=1)
    same = _same(ask, ask.made(alone), ask.made(shuffled))
    return "" if same else phrase("another order gives other rows")


def _same(ask: Asking, one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two results have the same rows in the same order, in the contract's columns."""
    import numpy as np
    from pandas.api.types import is_numeric_dtype

    names = {"value", *(column.id for column in ask.own.table.columns)} & set(one)
    if len(one) != len(other) or not names <= set(other):
        return False
    for name in names:
        a, b = (ask.of(rows, name).reset_index(drop=True) for rows in (one, other))
        if is_numeric_dtype(a) and is_numeric_dtype(b):
            if not np.allclose(a.to_numpy(float), b.to_numpy(float), equal_nan=True):
                return False
        elif not a.equals(b):
            return False
    return True


def _order(ask: Asking, part: pd.DataFrame) -> str:
    """A list must put the first of each edge before; numbered waves may hold both at once."""
    result = ask.give(part)
    if hasattr(result, "to_dict") and not hasattr(result, "columns"):
        result = result.to_dict()
    waves = isinstance(result, Mapping)
    place = dict(result) if waves else {item: at for at, item in enumerate(result)}
    for first, second in part[list(ask.rule.edges)].dropna().itertuples(index=False):
        if first not in place or second not in place:
            return phrase("{item} is missing", item=second if first in place else first)
        if place[first] > place[second]:
            return phrase("{second} comes before {first}", first=first, second=second)
    return ""


PART_KINDS: Mapping[str, PartTest] = {
    "keeps": _keeps,
    "invents_nothing": _invents_nothing,
    "ordered": _ordered,
    "plausible": _plausible,
    "dtype": _dtype,
    "totals": _totals,
    "order": _order,
    "rerun_same": _rerun_same,
    "row_order": _row_order,
}


def _ledger(own: Own) -> Seen:
    account = own.ledger
    counts = {name: getattr(account, name) for name in ("read", "kept", "repaired", "rejected")}
    return Seen(
        counts["read"] == counts["kept"] + counts["repaired"] + counts["rejected"],
        mark("read {read:,} = kept {kept:,} + repaired {repaired:,} + rejected {rejected:,}"),
        counts,
    )


def _no_person(own: Own) -> Seen:
    """By the names of columns, and by what stands among the names of machines and things."""
    from kit.data.own.people import personal_header, personal_text

    people = {column.id for column in own.table.columns if column.person}
    carried = own.carried()
    told = [name for name in carried if personal_header(name) and name not in people]
    held = [kind for name in own.names() if (kind := personal_text(name))]
    if held:
        kinds = ", ".join(dict.fromkeys(held))
        seen = mark("{n} names look like those of people: {kinds}")
        return Seen(False, seen, {"n": len(held), "kinds": kinds})
    return Seen(not told, mark("columns carried: {columns}"), {"columns": carried})


WHOLE_KINDS: Mapping[str, Callable[[Own], Seen]] = {"ledger": _ledger, "no_person": _no_person}
SAYS: Mapping[str, str] = {
    "ledger": mark("nothing is lost in reading"),
    "no_person": mark("no column speaks of a person"),
    "keeps": mark("`{function}` loses nothing that was measured"),
    "invents_nothing": mark("`{function}` invents nothing"),
    "ordered": mark("after `{function}` the rows ascend, each once"),
    "plausible": mark("after `{function}` every value is possible"),
    "dtype": mark("`{function}` gives the right kind of {column}"),
    "totals": mark("`{function}` keeps the total of {column}"),
    "order": mark("`{function}` puts nothing before what it depends on"),
    "rerun_same": mark("a second run of `{function}` changes nothing"),
    "row_order": mark("the order of rows does not matter to `{function}`"),
}
