"""The canonical form: equal rows are equal bytes, and what differs in meaning differs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.data.migration.canonical import canonical, conforms, frame_rows
from kit.data.migration.table import Column, Kind, Table

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
KINDS: tuple[Kind, ...] = ("integer", "text", "amount", "time", "date", "flag")
ALL = Table("t", tuple(Column(kind, kind) for kind in KINDS), key=("integer",))


def written(kind: Kind, value: Any) -> bytes:
    return canonical(Table("t", (Column("c", kind),)), (value,))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("amount", Decimal("12500.00"), Decimal("12500")),
        ("amount", Decimal("1E+3"), Decimal("1000")),
        ("amount", Decimal("-0"), Decimal("0.00")),
        ("time", NOON, NOON.astimezone(timezone(timedelta(hours=9)))),
    ],
)
def test_the_same_meaning_is_the_same_bytes(kind: Kind, one: Any, other: Any) -> None:
    assert written(kind, one) == written(kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("text", "", None),
        ("text", "null", None),
        ("text", "a", "a "),
        ("amount", Decimal("0"), None),
        ("time", NOON, NOON + timedelta(microseconds=1)),
        ("flag", False, None),
    ],
)
def test_another_meaning_is_other_bytes(kind: Kind, one: Any, other: Any) -> None:
    assert written(kind, one) != written(kind, other)


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        ("amount", 12500.5, Decimal("12500.5")),
        ("amount", "12500", Decimal("12500")),
        ("amount", Decimal("NaN"), None),
        ("time", NOON.replace(tzinfo=None), NOON),
        ("date", NOON, date(2024, 3, 1)),
        ("flag", 1, True),
        ("integer", True, 1),
        ("text", "\u1100\u1161", "가"),
        ("text", b"a", "a"),
    ],
)
def test_a_value_of_another_kind_equals_none_of_the_right_one(
    kind: Kind, value: Any, meant: Any
) -> None:
    assert not conforms(kind, value)
    assert conforms(kind, meant)
    assert written(kind, value) != written(kind, meant)


def test_the_form_does_not_change() -> None:
    """Hashes are kept in reports: another form would make every old one differ."""
    row = (1, "가", Decimal("12.50"), NOON, date(2024, 3, 1), True)
    expected = '[1,"가","12.5","2024-03-01T12:00:00Z","2024-03-01",true]'
    assert canonical(ALL, row) == expected.encode()


@given(some.text(), some.text(), some.text(), some.text())
def test_no_text_can_pass_for_two(a: str, b: str, c: str, d: str) -> None:
    table = Table("t", (Column("x", "text"), Column("y", "text")))
    assert (canonical(table, (a, b)) == canonical(table, (c, d))) == ((a, b) == (c, d))


def test_pandas_keeps_null_apart_and_shows_what_it_lost() -> None:
    table = Table("t", (Column("n", "text"), Column("a", "amount"), Column("at", "time")))
    frame = pd.DataFrame(
        {
            "n": ["", None],
            "a": [Decimal("1.50"), Decimal("2")],
            "at": pd.to_datetime(["2024-03-01T12:00Z", None]),
        }
    )
    rows = [canonical(table, row) for row in frame_rows(frame, table)]
    assert rows == [b'["","1.5","2024-03-01T12:00:00Z"]', b'[null,"2",null]']
    (lost, _) = frame_rows(frame.assign(a=[1.5, 2.0]), table)
    assert not conforms("amount", lost[1])
