"""A live run whose statements a function meets without any work is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kit.content import load_unit
from kit.data.own import load_contract, read_own
from kit.data.own.export import Own
from kit.gate.build import build_unit
from kit.gate.cache import Reads
from kit.gate.findings import Finding
from kit.gate.rules.applied import export, jobs, prove_applied
from kit.gate.rules.frame import Scope
from kit.gate.scaffold import write_scaffold
from kit.model import Unit
from tests.good_unit import edit

FIXTURES = Path(__file__).parents[3] / "fixtures" / "units"
TWO = "(full_only, whole_disk)"


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    """What ``upskill author new`` writes: its live run asks for right work."""
    root = shutil.copytree(FIXTURES, tmp_path / "content")
    unit = load_unit(write_scaffold("demo/disks", root)[0])
    build_unit(unit)
    return unit


def found(unit: Unit) -> list[Finding]:
    return prove_applied(unit, ("live",))["live"].findings


def test_a_live_run_that_only_right_work_meets_is_left_alone(unit: Unit) -> None:
    assert found(unit) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("()", "gives back its input or nothing no"),
        ("(whole_disk,)", "gives nothing no"),
    ],
)
def test_what_a_function_without_work_meets_is_found_where_it_is_asked_for(
    unit: Unit, asked: str, words: str
) -> None:
    edit(unit.folder / "tools.py", TWO, asked)
    (one,) = found(unit)
    assert (one.rule, one.file) == ("applied", unit.folder / "data.toml")
    text = one.file.read_text(encoding="utf-8").splitlines()[one.line - 1]
    assert text.startswith('function = "nearly_full"')
    assert f"With a `nearly_full` that {words} statement" in one.what
    assert "@invariant" in one.fix


def test_a_statement_that_stops_is_none_that_is_met(unit: Unit) -> None:
    """Whatever stops is our fault and costs a learner nothing, so it holds nobody back."""
    edit(unit.folder / "tools.py", 'name = "nearly_full(disks)"', "raise KeyError(_own)")
    edit(
        unit.folder / "tools.py",
        "    return expect.frame(",
        "    name = ''\n    return expect.frame(",
    )
    assert "nothing" in found(unit)[0].what


def test_statements_that_the_model_answer_does_not_meet_tell_nothing(unit: Unit) -> None:
    edit(unit.folder / "tools.py", "row[-1] >= LIMIT", "row[-1] >= LIMIT + 1")
    assert found(unit) == []


def test_a_unit_without_own_data_has_nothing_to_prove(good: Path, unit: Unit) -> None:
    for one, number in ((load_unit(good), 0), (unit, 1)):
        assert len(list(jobs(one, Scope(Reads(one))))) == number


def test_the_made_up_export_is_read_whole_and_reaches_the_limits(
    unit: Unit, tmp_path: Path
) -> None:
    contract = load_contract(unit.folder)
    assert contract is not None
    export(contract.table()).to_csv(tmp_path / "own.csv", index=False)
    own = read_own([tmp_path / "own.csv"], contract=contract)
    assert isinstance(own, Own)
    assert own.ledger.read == own.ledger.kept > 200
    frame = own.frame()
    assert (frame["used"].min(), frame["used"].max()) == (0, 100)
    assert frame["disk"].duplicated().any()
    assert not frame["disk"].is_monotonic_increasing
