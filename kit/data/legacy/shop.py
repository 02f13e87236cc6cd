"""A legacy order system in one SQLite file, with its dirt, and what a right migration holds.

The dirt, each as it is found in Korean systems of twenty years:

=====================  =======================================================================
encoding               Hangul is stored as CP949 bytes in TEXT columns. Python's ``sqlite3``
                       refuses them as text: use ``text_factory = bytes``
'' against NULL        ``memo`` and ``region`` have both, and they mean different things
amounts                text; one in a thousand is written ``12,500``, three in ten have 전 (.25)
no date                ``0000-00-00`` in ``ordered_at``: such rows are rejected, never guessed
local time             Seoul's, without a zone (UTC+9; no summer time since 1988)
flags                  ``Y`` and ``N``
trailing blanks        ``cust_code`` is CHAR(10), filled up with blanks
duplicate codes        some customers have the same ``cust_code`` but for the blanks; both stay,
                       since ``cust_no`` is the key
no key                 ``status_log`` has none, and holds the same line twice
=====================  =======================================================================

Firms and amounts are made up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kit.data.legacy.words import ITEMS, MEMOS, NAME_HEADS, NAME_TAILS, REGIONS, STATES
from kit.data.migration.table import Column, Kind, Row, Table
from kit.errors import UsageError

SEOUL = timezone(timedelta(hours=9), "Asia/Seoul")
ENCODING = "cp949"
NO_DATE = "0000-00-00"
START = datetime(2024, 1, 1, tzinfo=SEOUL)
DAYS = 730
LEAST_ORDERS, MOST_ORDERS = 1_000, 1_000_000
REJECTS = 2
COMMA_SHARE, DECIMAL_SHARE = 0.001, 0.3
MEMO_NULL_SHARE, MEMO_EMPTY_SHARE = 0.2, 0.2
DUPLICATE_CODE_SHARE = 0.005

CUSTOMERS = Table(
    "customers",
    (
        Column("cust_no", "integer"),
        Column("cust_code", "text"),
        Column("name", "text"),
        Column("region", "text"),
        Column("joined", "date"),
        Column("active", "flag"),
    ),
    key=("cust_no",),
)
ORDERS = Table(
    "orders",
    (
        Column("order_no", "integer"),
        Column("cust_no", "integer"),
        Column("receipt_no", "text"),
        Column("item", "text"),
        Column("amount", "amount"),
        Column("ordered_at", "time"),
        Column("paid", "flag"),
        Column("memo", "text"),
        Column("updated_at", "time"),
    ),
    key=("order_no",),
)
STATUS_LOG = Table(
    "status_log",
    (Column("order_no", "integer"), Column("status", "text"), Column("at", "time")),
)
TABLES = (CUSTOMERS, ORDERS, STATUS_LOG)
_SCHEMA = """
CREATE TABLE customers (
  cust_no INTEGER PRIMARY KEY, cust_code TEXT NOT NULL, name TEXT NOT NULL, region TEXT,
  joined TEXT NOT NULL, active TEXT NOT NULL);
CREATE TABLE orders (
  order_no INTEGER PRIMARY KEY, cust_no INTEGER NOT NULL REFERENCES customers, receipt_no TEXT
  NOT NULL, item TEXT, amount TEXT NOT NULL, ordered_at TEXT NOT NULL, paid TEXT NOT NULL,
  memo TEXT, updated_at TEXT NOT NULL);
CREATE TABLE status_log (order_no INTEGER NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Reject:
    """A source row that no right migration can load, and why."""

    table: str
    key: int
    column: str
    found: str


@dataclass(frozen=True)
class Shop:
    """A generated order system: write its file, or ask for its truth. See ``make_shop``."""

    columns: dict[str, dict[str, npt.NDArray[Any]]]
    rejects: tuple[Reject, ...]
    commas: frozenset[int]
    """Orders whose amount is written with a comma."""
    duplicate_codes: tuple[tuple[int, int], ...]
    """Pairs of customers whose codes differ in trailing blanks only."""

    @property
    def orders(self) -> int:
        """Rows of ``orders`` in the source, rejects included."""
        return len(self.columns["orders"]["order_no"])

    def truth(self, table: Table) -> Iterator[Row]:
        """The rows that the target must hold, typed as ``table`` says; rejects are left out.

        They come from before any dirt was applied: no reader of the dirt is in the kit.
        """
        if table is CUSTOMERS:
            yield from self._customers()
        elif table is ORDERS:
            rejected = {reject.key for reject in self.rejects}
            yield from (row for row in self._orders() if row[0] not in rejected)
        else:
            yield from self._log()

    def write(self, path: Path) -> Path:
        """Write the SQLite file at ``path``, which is replaced, and return it.

        The same shop gives the same content everywhere. About 130 bytes an order.
        """
        path.unlink(missing_ok=True)
        rejected = {reject.key for reject in self.rejects}
        with closing(sqlite3.connect(path)) as file, file:
            file.executescript(_SCHEMA)
            twins = {second for _, second in self.duplicate_codes}
            insert(
                file, CUSTOMERS, (raw(CUSTOMERS, r, bare=r[0] in twins) for r in self._customers())
            )
            insert(
                file,
                ORDERS,
                (
                    raw(ORDERS, row, comma=row[0] in self.commas, undated=row[0] in rejected)
                    for row in self._orders()
                ),
            )
            insert(file, STATUS_LOG, (raw(STATUS_LOG, row) for row in self._log()))
        return path

    def _customers(self) -> Iterator[Row]:
        c = self.columns["customers"]
        codes = {second: first for first, second in self.duplicate_codes}
        for no, head, tail, region, day, active in zip(
            *(c[n].tolist() for n in ("cust_no", "head", "tail", "region", "joined", "active")),
            strict=True,
        ):
            name = f"{NAME_HEADS[head]}{NAME_TAILS[tail]} {no % 89 + 1}호점"
            # the first two stand for NULL and for ''
            place = (None, "", *REGIONS)[region]
            joined = date(2015, 1, 1) + timedelta(days=day)
            yield no, f"C{codes.get(no, no):05d}", name, place, joined, bool(active)

    def _orders(self) -> Iterator[Row]:
        c = self.columns["orders"]
        begin = int(START.timestamp())
        for no, cust, item, cents, at, paid, memo, later in zip(
            *(
                c[n].tolist()
                for n in ("order_no", "cust_no", "item", "cents", "at", "paid", "memo", "later")
            ),
            strict=True,
        ):
            yield (
                no,
                cust,
                f"R{no * 7_919 % 10_000_000:07d}",
                ITEMS[item],
                Decimal(cents).scaleb(-2),
                datetime.fromtimestamp(begin + at, UTC),
                bool(paid),
                (None, "", *MEMOS)[memo],
                datetime.fromtimestamp(begin + at + later, UTC),
            )

    def _log(self) -> Iterator[Row]:
        c = self.columns["status_log"]
        begin = int(START.timestamp())
        for no, state, at in zip(
            *(c[n].tolist() for n in ("order_no", "state", "at")), strict=True
        ):
            yield no, STATES[state], datetime.fromtimestamp(begin + at, UTC)


def make_shop(rng: np.random.Generator, orders: int = 20_000) -> Shop:
    """Draw an order system of ``orders`` orders over two years, a tenth as many customers.

    Exact by construction: two orders without a date; of ``memo`` a fifth NULL and a fifth ''.
    Amounts are lognormal with a mean near 130,000 won. Raises ``UsageError`` outside of
    1,000 to 1,000,000 orders.
    """
    if not LEAST_ORDERS <= orders <= MOST_ORDERS:
        raise UsageError(
            "There is no order system of {orders} orders.",
            fix="Ask for 1,000 to 1,000,000.",
            orders=orders,
        )
    customers = orders // 10
    columns = {
        "customers": _draw_customers(rng, customers),
        "orders": _draw_orders(rng, orders, customers),
        "status_log": _draw_log(rng, orders),
    }
    order_no, cents = columns["orders"]["order_no"], columns["orders"]["cents"]
    # never at the ends: a reject there would move the first or the last key
    undated = np.sort(rng.choice(order_no[1:-1], REJECTS, replace=False))
    whole = order_no[(cents % 100 == 0) & ~np.isin(order_no, undated)]
    commas = rng.choice(whole, max(8, round(orders * COMMA_SHARE)), replace=False)
    twins = 2 * max(2, round(customers * DUPLICATE_CODE_SHARE))
    pairs = np.sort(rng.choice(customers, twins, replace=False).reshape(-1, 2) + 1, axis=1)
    return Shop(
        columns=columns,
        rejects=tuple(Reject("orders", int(no), "ordered_at", NO_DATE) for no in undated),
        commas=frozenset(map(int, commas)),
        duplicate_codes=tuple((int(first), int(second)) for first, second in pairs),
    )


def _draw_customers(rng: np.random.Generator, customers: int) -> dict[str, npt.NDArray[Any]]:
    return {
        "cust_no": np.arange(1, customers + 1),
        "head": rng.integers(0, len(NAME_HEADS), customers),
        "tail": rng.integers(0, len(NAME_TAILS), customers),
        "region": rng.integers(0, len(REGIONS) + 2, customers),
        "joined": rng.integers(0, 3_000, customers),
        "active": rng.random(customers) < 0.9,
    }


def _draw_orders(
    rng: np.random.Generator, orders: int, customers: int
) -> dict[str, npt.NDArray[Any]]:
    return {
        "order_no": np.arange(1, orders + 1),
        "cust_no": rng.integers(1, customers + 1, orders),
        "item": rng.integers(0, len(ITEMS), orders),
        "cents": _cents(rng, orders),
        "at": np.sort(rng.integers(0, DAYS * 86_400, orders)),
        "paid": rng.random(orders) < 0.93,
        "memo": _memos(rng, orders),
        "later": rng.integers(0, 3 * 86_400, orders),
    }


def _draw_log(rng: np.random.Generator, orders: int) -> dict[str, npt.NDArray[Any]]:
    lines = orders // 20
    log = {
        "order_no": np.sort(rng.integers(1, orders + 1, lines)),
        "state": rng.integers(0, len(STATES), lines),
        "at": np.sort(rng.integers(0, DAYS * 86_400, lines)),
    }
    # one line in twenty is there twice, next to itself
    twice = rng.choice(lines, lines // 20, replace=False)
    again = np.sort(np.concatenate([np.arange(lines), twice]))
    return {name: values[again] for name, values in log.items()}


def _cents(rng: np.random.Generator, orders: int) -> npt.NDArray[np.int64]:
    """Amounts in hundredths of a won: tens of won, or (orders from abroad) with 전."""
    spread = 0.9
    won = np.exp(rng.normal(np.log(130_000) - spread**2 / 2, spread, orders)).clip(1_000, 9_000_000)
    tens = (won // 10).astype(np.int64) * 1_000
    return np.where(
        rng.random(orders) < DECIMAL_SHARE,
        (won * 100).astype(np.int64) // 100 * 100 + rng.integers(1, 100, orders),
        tens,
    )


def _memos(rng: np.random.Generator, orders: int) -> npt.NDArray[np.int64]:
    """0 stands for NULL, 1 for '', the others for texts; shares are exact, places are not."""
    memos = rng.integers(2, len(MEMOS) + 2, orders)
    nulls, empties = round(orders * MEMO_NULL_SHARE), round(orders * MEMO_EMPTY_SHARE)
    memos[:nulls] = 0
    memos[nulls : nulls + empties] = 1
    return rng.permutation(memos)


def raw(
    table: Table, row: Row, *, comma: bool = False, undated: bool = False, bare: bool = False
) -> Row:
    """``row`` as the legacy system stores it: CP949 bytes, local time, Y and N, padded codes.

    ``comma`` writes amounts with thousands' commas, ``undated`` writes 0000-00-00 for the
    order's date, ``bare`` leaves the blanks behind the code away.
    """
    found = [
        None if value is None else _STORED[column.kind](value)
        for column, value in zip(table.columns, row, strict=True)
    ]
    if comma:
        at = table.at("amount")
        found[at] = _amount_text(f"{row[at]:,f}")
    if undated:
        found[table.at("ordered_at")] = NO_DATE
    if table is CUSTOMERS and not bare:
        at = table.at("cust_code")
        found[at] = row[at].ljust(10).encode(ENCODING)
    return tuple(found)


def _amount_text(text: str) -> str:
    return text.removesuffix(".00")


def local_text(time: datetime) -> str:
    """A moment as the legacy system writes it: Seoul's clock, no zone, whole seconds."""
    return time.astimezone(SEOUL).isoformat(" ", "seconds")[:19]


_STORED: dict[Kind, Callable[[Any], Any]] = {
    "integer": int,
    "amount": lambda value: _amount_text(f"{value:f}"),
    "flag": lambda value: "Y" if value else "N",
    "date": lambda value: value.isoformat(),
    "time": local_text,
    "text": lambda value: value.encode(ENCODING),
}


def insert(file: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    """Add stored rows (see ``raw``) to the open legacy file, bytes as TEXT."""
    places = ", ".join("CAST(? AS TEXT)" if c.kind == "text" else "?" for c in table.columns)
    names = ", ".join(table.names)
    file.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({places})", rows)
