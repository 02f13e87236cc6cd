"""A unit's data contract, ``data.toml``: what it reads of a learner's export, and what must hold.

    format_version = 1

    [[tables]]
    id = "cpu"
    title = "CPU of your servers"
    reader = "metrics"            # metrics: every monitoring tool; columns: any table, by mapping
    key = ["machine", "time"]

    [[tables.columns]]
    id = "machine"                # metrics: machine, time, value, metric, unit, vcpu, memory_gib,
                                  # or a metric's name
    type = "text"                 # text, time, number, money (with its currency)
    names = ["server", "서버"]     # headers met in the field, beside those that the kit knows
    anonymise = true              # masked in what is made for others
                                  # person = true: people; masked as it is read, kept nowhere

    [[invariants]]
    id = "again"
    kind = "rerun_same"           # see ``KINDS``
    function = "clean"            # the learner's

A wrong file is a ContentError that names the key; nothing is guessed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kit.content import read_toml
from kit.data.readers.metrics import METRICS, metric_of
from kit.errors import ContentError

if TYPE_CHECKING:
    import pandas as pd

FILE = "data.toml"
FORMAT_VERSION = 1
# columns of a metrics table that are no measurement: places, and sizes of the machines
SIZES = ("vcpu", "memory_gib")
PLACES = ("machine", "time", "date", "metric", "unit", "value", *SIZES)


class _Kind(BaseModel):
    """What an invariant of this kind must name."""

    function: bool = True
    column: bool = False
    edges: bool = False


KINDS: Mapping[str, _Kind] = {
    "ledger": _Kind(function=False),
    "no_person": _Kind(function=False),
    "keeps": _Kind(column=True),
    "invents_nothing": _Kind(column=True),
    "ordered": _Kind(column=True),
    "plausible": _Kind(column=True),
    "dtype": _Kind(column=True),
    "totals": _Kind(column=True),
    "order": _Kind(edges=True),
    "rerun_same": _Kind(),
    "row_order": _Kind(),
}


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ColumnRule(_Rule):
    """One column that the unit reads.

    ``low`` and ``high`` bound what is plausible, in ``unit``. ``names`` are headers.
    ``anonymise``: masked in what is made for others. ``person``: holds people, so it is
    masked while it is read. An ``optional`` column may be missing.
    """

    id: str = Field(min_length=1)
    type: Literal["text", "time", "number", "money"]
    title: str = ""
    unit: str = ""
    currency: Literal["", "KRW", "USD", "EUR", "JPY", "CNY"] = ""
    low: float | None = None
    high: float | None = None
    names: tuple[str, ...] = Field(default=(), strict=False)
    optional: bool = False
    anonymise: bool = False
    person: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.type == "money") != bool(self.currency):
            raise ValueError("type money and currency go together, such as currency = 'KRW'")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        if self.person and self.type != "text":
            raise ValueError("only a column of type text holds people")
        return self

    @property
    def bounded(self) -> bool:
        """Whether there are limits of what is plausible."""
        return self.low is not None or self.high is not None

    def allows(self, numbers: pd.Series) -> pd.Series:
        """Which numbers lie within the limits; NaN does not."""
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        return numbers.between(low, high)

    def span(self) -> str:
        """The limits as people write them: ``0 – 100 %``, ``≥ 0 GiB``."""
        if self.low is None or self.high is None:
            sign, bound = ("≥", self.low) if self.high is None else ("≤", self.high)
            return f"{sign} {bound:g} {self.unit}".strip()
        return f"{self.low:g} – {self.high:g} {self.unit}".strip()

    @property
    def metric(self) -> str:
        """The kit's name of the measurement, "" for a place such as machine or time."""
        return "" if self.id in PLACES else metric_of(self.id.replace("_", " ")) or ""


class TableRule(_Rule):
    """One table of the contract. ``key`` names the columns that tell its rows apart."""

    id: str = Field(min_length=1)
    title: str
    reader: Literal["metrics", "columns"]
    key: tuple[str, ...] = Field(default=(), strict=False)
    columns: tuple[ColumnRule, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [column.id for column in self.columns]
        _differ(ids, "columns")
        _known(self.key, ids, "key", "column")
        if self.reader == "metrics":
            if "time" not in ids:
                raise ValueError("a table of metrics has a column 'time'")
            odd = [c.id for c in self.columns if c.id not in PLACES and c.metric not in METRICS]
            _known(odd, [*PLACES, *METRICS], "columns", "measurement")
        return self

    def column(self, name: str) -> ColumnRule:
        """A column by id; KeyError for one that the contract does not have."""
        return {column.id: column for column in self.columns}[name]


class InvariantRule(_Rule):
    """A statement that must hold of any data. ``table`` "" is the contract's first.

    ``says`` replaces the kit's own sentence. ``edges`` names two columns of the table:
    what stands in the first must come before what stands in the second.
    """

    id: str = Field(min_length=1)
    kind: str
    function: str = ""
    table: str = ""
    column: str = ""
    edges: tuple[str, ...] = Field(default=(), strict=False)
    says: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _known([self.kind], list(KINDS), "kind", "kind")
        for name, needed in KINDS[self.kind]:
            if bool(getattr(self, name)) != needed:
                wanted = "needs" if needed else "takes no"
                raise ValueError(f"kind '{self.kind}' {wanted} '{name}'")
        if self.edges and len(self.edges) != 2:
            raise ValueError("edges names two columns: before, after")
        return self


class Contract(_Rule):
    """All that a unit says of own data."""

    unit: str
    tables: tuple[TableRule, ...] = Field(min_length=1, strict=False)
    invariants: tuple[InvariantRule, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _differ([table.id for table in self.tables], "tables")
        _differ([rule.id for rule in self.invariants], "invariants")
        for rule in self.invariants:
            if rule.table:
                _known([rule.table], [table.id for table in self.tables], rule.id, "table")
            table = self.table(rule.table)
            named = [name for name in (rule.column, *rule.edges) if name]
            _known(named, [column.id for column in table.columns], rule.id, "column")
            bounded = rule.kind != "plausible" or table.column(rule.column).bounded
            if not bounded:
                raise ValueError(f"{rule.id}: the column '{rule.column}' has neither low nor high")
        return self

    def table(self, name: str = "") -> TableRule:
        """A table by id, "" for the first; KeyError for one that is not there."""
        return {table.id: table for table in self.tables}[name or self.tables[0].id]

    def texts(self) -> Iterator[str]:
        """Every text that a learner reads: what a catalogue has to translate."""
        for table in self.tables:
            yield table.title
            yield from (column.title for column in table.columns if column.title)
        yield from (rule.says for rule in self.invariants if rule.says)


def _differ(ids: list[str], what: str) -> None:
    doubled = sorted({one for one in ids if ids.count(one) > 1})
    if doubled:
        raise ValueError(f"ids of {what} must differ: {', '.join(doubled)}")


def _known(names: Iterable[str], known: list[str], where: str, what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{where}: there is no {what} '{name}'; known: {', '.join(known)}")


def load_contract(folder: Path) -> Contract | None:
    """The contract of the unit in ``folder``; None for a unit without own data.

    ContentError names the file and the key.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    data = read_toml(path)
    if data.pop("format_version", None) != FORMAT_VERSION:
        raise ContentError(
            f"This kit reads format_version {FORMAT_VERSION}.",
            where=f"{path}: format_version",
            fix="Update the kit, or the unit.",
        )
    try:
        return Contract.model_validate({"unit": _unit_of(folder), **data})
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError(_said(first), where=f"{path}: {_key(first['loc'])}") from None


def _unit_of(folder: Path) -> str:
    try:
        text = (folder / "workbook.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text).get("id", folder.name))
    except (OSError, ValueError):
        # what is wrong there has its own finding
        return folder.name


def _said(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return f"There is no key '{error['loc'][-1]}' here."
    if error["type"] == "missing":
        return f"The key '{error['loc'][-1]}' is missing."
    reason = error["msg"].removeprefix("Value error, ")
    return f"A wrong value: {reason}"


def _key(path: tuple[int | str, ...]) -> str:
    """``tables[0].columns[1].id``, as errors of other files write it."""
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return parts.removeprefix(".") or "the whole file"
