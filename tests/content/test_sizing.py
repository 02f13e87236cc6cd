"""The sizing half: where machines go, and what its cases give away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from kit.checking import Mistake, Work, unit_module
from kit.content import find_unit
from kit.i18n import Translator

pytestmark = pytest.mark.content

SEEDS = range(6)


def module(name: str) -> Any:
    return unit_module(find_unit("rightsizing"), name)


def case_of(seed: int) -> Any:
    return module("case").build_case(seed, "practice")


def true_places(case: Any) -> dict[str, Any]:
    places: dict[str, Any] = module("sizing.case").CARRY["rule"][1](case)
    return places


@pytest.mark.parametrize("seed", SEEDS)
def test_measured_memory_fits_everywhere_and_decides_for_some_machines_only(seed: int) -> None:
    places = true_places(case_of(seed))
    known = [place for place in places.values() if place.need_gib is not None]
    assert all(place.need_gib <= place.memory_gib for place in known)
    assert {"memory", "cpu"} <= {place.decided for place in places.values()}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_size_that_memory_decided_is_the_smallest_that_holds_it(seed: int) -> None:
    case = case_of(seed)
    for place in true_places(case).values():
        if place.decided == "memory":
            smaller = [s for s in case.prices.sizes if s.vcpu < place.vcpu]
            assert smaller[-1].memory_gib < place.need_gib


def test_memory_that_was_half_measured_enlarges_nothing() -> None:
    case = case_of(0)
    counts = case.memory.groupby("machine").size()
    half = [name for name, count in counts.items() if count < 0.9 * 4032]
    places = true_places(case)
    assert half
    assert all(places[name].need_gib is None for name in half)
    assert all(places[name].decided != "memory" for name in half)


def test_a_duty_belongs_to_a_name_and_says_nothing_of_the_load() -> None:
    sizing = module("sizing.case")
    duties: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    for seed in range(12):
        found = sizing.sizing_of(seed, "practice")
        for row in found.servers.itertuples():
            duties.setdefault(row.machine, set()).add(row.duty)
            kinds.setdefault(row.duty, set()).add(found.kinds[row.machine])
    assert all(len(told) == 1 for told in duties.values())
    assert all(len(told) > 2 for told in kinds.values())


def test_the_rows_shown_first_hold_each_kind_of_dirt() -> None:
    class Opened:
        translate = Translator("en")

    case = case_of(1)
    rows = module("sizing.tools").SizingTools(Opened()).dirty_rows(case, case.puzzle)
    steps = pd.to_datetime(rows["time"]).diff().dt.total_seconds()
    assert set(rows["unit"]) == {"%", "fraction"}
    assert (rows["value"] < 0).any() and (rows["value"] > 100).any()
    assert (steps < 0).any() and (steps == 0).any()
    assert len(rows) < 20


def plan_for(option: Any, headroom: float = 0.2) -> dict[str, Any]:
    """A plan for this option that is right in all but what a test asks."""
    told = {"option": option.option, "vcpu": option.vcpu, "loss": option.loss, "limit": 0.2}
    return {"q": 95, "headroom": headroom} | told


def refused_as(case: Any, plan: dict[str, Any]) -> str:
    """The label of the message that a plan gets; empty when it holds."""
    try:
        module("sizing.rule").check_plan(Work({"plan": plan}, case, {}, 1))
    except Mistake as mistake:
        return mistake.label
    return ""


@pytest.mark.parametrize("part", ["practice", "graded"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_holds_with_less_memory_than_was_measured(seed: int, part: str) -> None:
    case = module("case").build_case(seed, part)
    need = module("sizing.case").memory_needs(case, 0.2)[case.puzzle]
    within = [o for o in module("sizing.case").puzzle_options(case) if o.loss <= 0.2]
    small = [o for o in within if o.memory_gib < need]
    assert small
    assert {refused_as(case, plan_for(option)) for option in small} == {"memory_too_small"}
    others = {refused_as(case, plan_for(o)) for o in within if o.memory_gib >= need}
    assert "" in others and "memory_too_small" not in others


def test_headroom_of_the_plan_counts_for_memory_too() -> None:
    case = case_of(1)
    used = module("sizing.case").memory_needs(case, 0.0)[case.puzzle]
    table = module("sizing.case").puzzle_options(case)
    tight = next(o for o in table if o.vcpu == 4 and o.option == "burstable")
    assert used < tight.memory_gib < used / 0.5
    assert refused_as(case, plan_for(tight, 0.0)) == ""
    assert refused_as(case, plan_for(tight, 0.5)) == "memory_too_small"


@pytest.mark.parametrize("seed", SEEDS)
def test_an_option_that_memory_rules_out_beats_no_other(seed: int) -> None:
    case = case_of(seed)
    need = module("sizing.case").memory_needs(case, 0.2)[case.puzzle]
    table = [o for o in module("sizing.case").puzzle_options(case) if o.memory_gib >= need]
    for option in table:
        beaten = any(o.loss <= option.loss and o.won_month < 0.95 * option.won_month for o in table)
        if option.loss <= 0.2:
            assert refused_as(case, plan_for(option)) == ("dominated" if beaten else "")


def test_memory_that_nobody_measured_refuses_no_plan() -> None:
    case = case_of(0)
    small = next(o for o in module("sizing.case").puzzle_options(case) if o.vcpu == 1)
    others = case.memory[case.memory["machine"] != case.puzzle]
    plan = plan_for(small)
    assert refused_as(case, plan) == "memory_too_small"
    assert refused_as(replace(case, memory=others), plan) == ""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_years_bill_of_an_option_is_twelve_of_its_months(seed: int) -> None:
    case = case_of(seed)
    sizing, money = module("sizing.case"), module("money.case")
    for option in sizing.puzzle_options(case):
        place = sizing._option_place(case, option.option, option.vcpu, None)
        m = money.inputs(case, {case.puzzle: place})
        year = m["cloud_won_per_hour_total"] * m["on_share"] * 8760
        leaves_out = option.option in ("schedule", "autoscale")
        paid = 1.0 if leaves_out else m["on_share"]
        assert year == pytest.approx(12 * option.won_month * paid)
