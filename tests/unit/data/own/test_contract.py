"""``data.toml`` is read whole, and a wrong key is named with its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kit.content import load_units
from kit.data.own import Contract, load_contract
from kit.errors import ContentError
from tests.unit.data.own.conftest import COSTS, CPU

INVARIANT = '\n[[invariants]]\nid = "again"\nkind = "rerun_same"\nfunction = "clean"\n'


def test_unit_without_own_data_has_no_contract(tmp_path: Path) -> None:
    assert load_contract(tmp_path) is None


def test_contract_holds_tables_columns_and_invariants(
    contract_of: Callable[[str], Contract],
) -> None:
    found = contract_of(CPU + INVARIANT)
    assert (found.unit, found.table().id, found.table("cpu").key) == (
        "sizing",
        "cpu",
        ("machine", "time"),
    )
    column = found.table().column("cpu")
    assert (column.metric, column.low, column.high) == ("cpu_percent", 0, 100)
    assert found.table().column("time").metric == ""
    assert [(rule.id, rule.function) for rule in found.invariants] == [("again", "clean")]


def test_texts_for_people_are_all_listed(contract_of: Callable[[str], Contract]) -> None:
    text = CPU.replace('id = "time"', 'id = "time"\ntitle = "When"') + INVARIANT
    found = contract_of(text + 'says = "It stays as it is"\n')
    assert list(found.texts()) == ["CPU of your servers", "When", "It stays as it is"]


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("format_version = 1", "format_version = 9", "format_version", "format_version 1"),
        ('title = "CPU of your servers"', "", "tables[0].title", "'title' is missing"),
        ('title = "CPU', 'titel = "x"\ntitle = "CPU', "tables[0].titel", "no key 'titel'"),
        ('reader = "metrics"', 'reader = "csv"', "tables[0].reader", "metrics"),
        ('key = ["machine",', 'key = ["host",', "tables[0]", "no column 'host'"),
        ('id = "cpu"\ntype', 'id = "colour"\ntype', "tables[0]", "no measurement 'colour'"),
        ('id = "time"\ntype = "time"', 'id = "unit"\ntype = "text"', "tables[0]", "'time'"),
        ("low = 0", "low = 200", "tables[0].columns[2]", "low 200 is above high 100"),
        ("low = 0", 'low = "0"', "tables[0].columns[2].low", "number"),
        ('unit = "%"', 'currency = "KRW"', "tables[0].columns[2]", "money"),
        ('type = "time"', 'type = "time"\nperson = true', "tables[0].columns[1]", "people"),
        ("rerun_same", "twice", "invariants[0]", "no kind 'twice'"),
        ('function = "clean"', "", "invariants[0]", "needs 'function'"),
        ("rerun_same", "ledger", "invariants[0]", "takes no 'function'"),
        ("rerun_same", "totals", "invariants[0]", "needs 'column'"),
        ('"rerun_same"', '"totals"\ncolumn = "won"', "the whole file", "no column 'won'"),
        ('"rerun_same"', '"rerun_same"\ntable = "ram"', "the whole file", "no table 'ram'"),
        ('"rerun_same"', '"plausible"\ncolumn = "time"', "the whole file", "neither low nor high"),
        ('"rerun_same"', '"order"\nedges = ["machine"]', "invariants[0]", "two columns"),
    ],
)
def test_wrong_key_is_named_with_its_file(
    contract_of: Callable[[str], Contract], old: str, new: str, key: str, says: str
) -> None:
    text = CPU + INVARIANT
    assert old in text
    with pytest.raises(ContentError) as error:
        contract_of(text.replace(old, new, 1))
    path, _, named = error.value.where.partition(": ")
    assert path.endswith("data.toml") and named == key
    assert says in error.value.what


@pytest.mark.parametrize("doubled", ['id = "cpu"\ntitle', 'id = "again"\nkind'])
def test_ids_must_differ(contract_of: Callable[[str], Contract], doubled: str) -> None:
    text = CPU + INVARIANT
    again = text.replace("format_version = 1", "") if "title" in doubled else INVARIANT
    with pytest.raises(ContentError, match="must differ"):
        contract_of(text + again)


def test_limits_are_closed_and_may_be_open_on_one_side(
    contract_of: Callable[[str], Contract],
) -> None:
    column = contract_of(COSTS.replace("high = 4096\n", "")).table().column("memory")
    assert list(column.allows(pd.Series([-1.0, 0.0, 1e9, float("nan")]))) == [
        False,
        True,
        True,
        False,
    ]
    assert column.span() == "≥ 0 GB"
    assert contract_of(COSTS).table().column("memory").span() == "0 – 4096 GB"


def test_contracts_of_all_units_load() -> None:
    found = {unit.id: load_contract(unit.folder) for unit in load_units().values()}
    assert found["rightsizing"] is not None
    assert found["rightsizing"].unit == "rightsizing"
