"""Kinds of statements that the monitoring units do not use: totals, dependencies, people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kit.checking.invariants import hold
from kit.checking.kinds import PART_KINDS, SAYS, WHOLE_KINDS
from kit.data.own import Contract, Own, read_own
from kit.data.own.contract import KINDS

EDGES = {
    "id": "edges",
    "title": "What needs what",
    "reader": "columns",
    "key": ["needs", "app"],
    "columns": [
        {"id": "needs", "type": "text"},
        {"id": "app", "type": "text"},
        {"id": "gib", "type": "number", "unit": "GB", "low": 0},
        {"id": "since", "type": "time"},
    ],
}
RULES = [
    {"id": "waves", "kind": "order", "function": "plan", "edges": ["needs", "app"]},
    {"id": "sum", "kind": "totals", "function": "clean", "column": "gib"},
    {"id": "when", "kind": "dtype", "function": "clean", "column": "since"},
    {"id": "name", "kind": "dtype", "function": "clean", "column": "app"},
    {"id": "survives", "kind": "keeps", "function": "clean", "column": "app"},
    {"id": "again", "kind": "rerun_same", "function": "clean"},
    {"id": "order", "kind": "row_order", "function": "clean"},
    {"id": "person", "kind": "no_person"},
]
ROWS = pd.DataFrame(
    {
        "needs": ["db", "db", "erp", "auth"],
        "app": ["erp", "shop", "reports", "shop"],
        "gib": [4, 8.5, 16, 2],
        "since": ["2021-03-02", "2022-03-02", "2023-03-02", "2024-03-02"],
    }
)


@pytest.fixture
def own(tmp_path: Path) -> Own:
    data = {"unit": "x", "tables": [EDGES], "invariants": RULES}
    ROWS.to_csv(tmp_path / "edges.csv", index=False)
    found = read_own([tmp_path / "edges.csv"], contract=Contract.model_validate(data))
    assert isinstance(found, Own)
    return found


def same(part: pd.DataFrame) -> pd.DataFrame:
    return part.sort_values(["needs", "app"])


def waves(_part: pd.DataFrame) -> Any:
    return {"db": 1, "auth": 1, "erp": 1, "shop": 2, "reports": 3}


def seen(own: Own, clean: Callable[..., Any] = same, plan: Callable[..., Any] = waves) -> Any:
    found = hold(own, own.contract.invariants, (), {"clean": clean, "plan": plan})
    return {one.id: one.seen for one in found if one.held is not True}


def test_kinds_of_the_contract_are_those_that_can_be_asked() -> None:
    assert set(KINDS) == {*PART_KINDS, *WHOLE_KINDS} == set(SAYS)


def test_right_functions_hold(own: Own) -> None:
    assert seen(own) == {}
    assert seen(own, plan=lambda part: ["auth", "db", "erp", "reports", "shop"]) == {}
    assert seen(own, plan=lambda part: pd.Series(waves(part))) == {}


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (lambda part: waves(part) | {"db": 9}, "erp comes before db"),
        (lambda part: ["erp", "db", "shop", "reports", "auth"], "erp comes before db"),
        (lambda part: ["db", "erp", "reports"], "shop is missing"),
    ],
)
def test_plan_against_a_dependency_names_the_pair(own: Own, plan: Any, said: str) -> None:
    assert seen(own, plan=plan) == {"waves": said}


def test_total_that_changes_is_shown_before_and_after(own: Own) -> None:
    doubled = seen(own, lambda part: pd.concat([part, part.iloc[:1]]))
    assert doubled["sum"] == "gib adds up to 30.5, then to 34.5"
    assert "sum" not in seen(own, lambda part: same(part).assign(gib=lambda f: f["gib"][::-1]))


def test_wrong_kind_of_column_is_named(own: Own) -> None:
    told = seen(own, lambda part: same(part).assign(since=1, app=2))
    assert told["when"] == "since holds int64" and told["name"] == "app holds int64"


def test_lost_and_changed_rows_are_seen_in_a_table_without_machines(own: Own) -> None:
    assert "survives" in seen(own, lambda part: part[part["app"] != "shop"])
    assert "order" in seen(own, lambda part: part)
    assert "again" in seen(own, lambda part: same(part).assign(gib=lambda f: f["gib"] + 1))


def test_names_that_are_peoples_are_seen_among_the_things(tmp_path: Path) -> None:
    table = EDGES | {"columns": [EDGES["columns"][0] | {"anonymise": True}, *EDGES["columns"][1:]]}
    contract = Contract.model_validate({"unit": "x", "tables": [table], "invariants": RULES})
    frame = ROWS.assign(needs="db")
    frame.to_csv(tmp_path / "edges.csv", index=False)
    found = read_own([tmp_path / "edges.csv"], contract=contract)
    assert isinstance(found, Own)
    assert seen(found).keys() == set()
    found.samples.rows.loc[0, "needs"] = "hana@example.com"
    assert seen(found)["person"] == "{n} names look like those of people: {kinds}"
