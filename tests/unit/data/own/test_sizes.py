"""Today's sizes: suggested by name, unit and content, and taken by the first unit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kit.content import find_unit
from kit.data.own import Contract, Own, load_contract, read_own
from kit.data.own.suggest import SURE, suggest
from kit.data.own.tables import table_in
from kit.home import LearnerHome
from kit.i18n import Translator
from kit.quick import Request, make_finding
from tests.unit.data.own.conftest import written

TIMES = pd.date_range("2026-03-02", periods=30, freq="5min").repeat(2)


@pytest.fixture
def unit() -> Contract:
    found = load_contract(find_unit("rightsizing").folder)
    assert found is not None
    return found


def table(**sizes: list[object]) -> pd.DataFrame:
    load = [5 + at % 40 for at in range(60)]
    columns = {"server": ["web-01", "db-01"] * 30, "time": TIMES, "cpu_percent": load}
    return pd.DataFrame(columns | {name: values * 30 for name, values in sizes.items()})


@pytest.mark.parametrize("vcpu", ["vCPU", "vCPUs", "CPU cores", "코어", "코어 수", "vCPU(개)"])
@pytest.mark.parametrize(
    ("memory", "factor"),
    [("메모리(GB)", 1), ("Memory (GiB)", 1), ("메모리 용량(MB)", 1024), ("RAM", 1)],
)
def test_sizes_beside_measurements_are_roles_and_are_read_in_gib(
    unit: Contract, home: LearnerHome, tmp_path: Path, vcpu: str, memory: str, factor: int
) -> None:
    rows = table(**{vcpu: [8, 16], memory: [32 * factor, 64 * factor]})
    path = written(tmp_path / "a.csv", rows)
    guesses = suggest(table_in(path), unit.table())
    assert [guess.role for guess in guesses] == ["machine", "time", "cpu", "vcpu", "memory_gib"]
    assert all(guess.sure >= SURE for guess in guesses)
    made = read_own([path], contract=unit, home=home)
    assert isinstance(made, Own)
    sizes = made.inventory[["machine", "vcpu", "memory_gib"]]
    assert sizes.values.tolist() == [["web-01", 8.0, 32.0], ["db-01", 16.0, 64.0]]


def test_memory_that_changes_is_a_measurement_and_no_size(unit: Contract, tmp_path: Path) -> None:
    rows = table(vCPU=[8, 16]).assign(**{"Memory (GiB)": [20 + at % 9 for at in range(60)]})
    path = written(tmp_path / "a.csv", rows)
    roles = [guess.role for guess in suggest(table_in(path), unit.table())]
    assert roles == ["machine", "time", "cpu", "vcpu", ""]
    made = read_own([path], contract=unit)
    assert isinstance(made, Own)
    assert set(made.summary()["metric"]) == {"cpu_percent", "memory_used_bytes"}
    assert made.inventory["memory_gib"].isna().all()


def test_list_of_machines_beside_an_export_gives_its_sizes(
    unit: Contract, home: LearnerHome, tmp_path: Path
) -> None:
    names = pd.DataFrame({"서버명": ["web-01", "db-01"], "코어": [8, 16], "메모리(GB)": [32, 64]})
    paths = [written(tmp_path / "cpu.csv", table()), written(tmp_path / "servers.xlsx", names)]
    made = read_own(paths, contract=unit, home=home)
    assert isinstance(made, Own)
    assert made.ledger.read == 62 and set(made.summary()["machine"]) == {"web-01", "db-01"}
    assert dict(zip(made.inventory["machine"], made.inventory["vcpu"], strict=True)) == {
        "web-01": 8,
        "db-01": 16,
    }
    finding = make_finding(Request(paths), Translator("en"))
    assert {(m.machine, m.vcpu, m.vcpu_source, m.memory_gib) for m in finding.machines} == {
        ("web-01", 8, "export", 32),
        ("db-01", 16, "export", 64),
    }


def test_told_roles_name_the_sizes(unit: Contract, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table(Groesse=[8, 16]))
    made = read_own([path], contract=unit, roles={"Groesse": "vcpu"})
    assert isinstance(made, Own)
    assert made.inventory["vcpu"].tolist() == [8, 16]


def test_flat_load_of_memory_is_no_size(unit: Contract, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", table(memory=[40, 60]))
    assert [guess.role for guess in suggest(table_in(path), unit.table())][3] == "memory"
