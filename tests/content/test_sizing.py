"""The sizing half: where machines go, and what its cases give away."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kit.checking import unit_module
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
