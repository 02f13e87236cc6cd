"""The sizing half: where machines go, and what its cases give away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from kit.checking import Mistake, Work, load_checks, run_check, unit_module
from kit.content import find_exercise, find_unit
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


# --- what the owner of the bursty machine asks for ------------------------------------------


OWNERS = {"burstable": (0.02, True), "autoscale": (0.06, True), "schedule": (0.0799, False)}


def owner_told(case: Any, owner: Any, chosen: object, patch: pytest.MonkeyPatch) -> str:
    """The label that an option gets under an owner's condition; empty for a pass."""
    patch.setattr(module("sizing.owner"), "owner_of", lambda _case: owner)
    unit = find_unit("rightsizing")
    work = Work({}, case, {"exercises": {"bursts": {"value": chosen}}}, 1)
    check, exercise = load_checks(unit)["bursts"], find_exercise(unit, "bursts")
    outcome = run_check(check, exercise, work, Translator("en"))
    return outcome.feedback.label if outcome.feedback else ""


@pytest.mark.parametrize("seed", SEEDS)
def test_which_option_the_owner_gets_follows_from_limit_and_work(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, owner = case_of(seed), module("sizing.owner").Owner
    for right, condition in OWNERS.items():
        passed = [
            option
            for option in ("fixed", *OWNERS)
            if not owner_told(case, owner(*condition), option, monkeypatch)
        ]
        assert passed == [right]


@pytest.mark.parametrize(
    ("right", "chosen", "label"),
    [
        ("burstable", "fixed", "fixed_for_bursts"),
        ("burstable", "schedule", "above_owners_limit"),
        ("burstable", "autoscale", "above_owners_limit"),
        ("schedule", "autoscale", "cannot_be_split"),
        ("autoscale", "burstable", "dearer_option"),
        ("autoscale", "nothing", "unknown_value"),
        ("autoscale", ["autoscale"], "unknown_value"),
    ],
)
def test_each_other_option_is_told_what_speaks_against_it(
    right: str, chosen: object, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = module("sizing.owner").Owner(*OWNERS[right])
    assert owner_told(case_of(0), owner, chosen, monkeypatch) == label


def test_owners_differ_between_learners_and_leave_most_of_the_work_served() -> None:
    owners = {seed: module("sizing.owner").owner_of(case_of(seed)) for seed in range(12)}
    assert len({(round(o.limit, 3), o.splits) for o in owners.values()}) > 3
    for seed, owner in owners.items():
        case = case_of(seed)
        busy = float((module("sizing.case").cpu_of(case)[case.puzzle] > 5).mean())
        assert owner.limit < busy / 2


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
    limit = max(option.loss, 0.05)
    told = {"option": option.option, "vcpu": option.vcpu, "loss": option.loss, "limit": limit}
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
    assert refused_as(case, plan_for(tight, 0.0)) == "limit_too_loose"
    assert refused_as(case, plan_for(tight, 0.5)) == "memory_too_small"


@pytest.mark.parametrize("seed", SEEDS)
def test_an_option_that_memory_rules_out_beats_no_other(seed: int) -> None:
    case = case_of(seed)
    need = module("sizing.case").memory_needs(case, 0.2)[case.puzzle]
    table = [o for o in module("sizing.case").puzzle_options(case) if o.memory_gib >= need]
    for option in table:
        beaten = any(o.loss <= option.loss and o.won_month < 0.95 * option.won_month for o in table)
        if option.loss <= 0.2:
            loose = "limit_too_loose" if option.loss > 0.1 else ""
            assert refused_as(case, plan_for(option)) == ("dominated" if beaten else loose)


def test_memory_that_nobody_measured_refuses_no_plan() -> None:
    case = case_of(0)
    small = next(o for o in module("sizing.case").puzzle_options(case) if o.vcpu == 1)
    others = case.memory[case.memory["machine"] != case.puzzle]
    plan = plan_for(small)
    assert refused_as(case, plan) == "memory_too_small"
    assert refused_as(replace(case, memory=others), plan) == "limit_too_loose"


@pytest.mark.parametrize("seed", SEEDS)
def test_no_limit_gives_up_half_of_the_machines_work(seed: int) -> None:
    case = case_of(seed)
    best = next(o for o in module("sizing.case").puzzle_options(case) if o.loss == 0.0)
    cheapest = replace(case, memory=case.memory[case.memory["machine"] != case.puzzle])
    least = next(o for o in module("sizing.case").puzzle_options(case) if o.vcpu == 1)
    busy = float((module("sizing.case").cpu_of(case)[case.puzzle] > 5).mean())
    assert refused_as(cheapest, plan_for(least) | {"limit": 0.2}) == "limit_too_loose"
    assert best is not None and busy / 2 < least.loss
    fine = [
        o for o in module("sizing.case").puzzle_options(case) if refused_as(case, plan_for(o)) == ""
    ]
    assert fine, "an option within the limit must be left"
    assert refused_as(case, plan_for(fine[0]) | {"q": 50}) == "middle_as_rule"


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


# --- sentences of the tasks, each with an answer that breaks only that one --------------

CORE = """
import numpy as np
import pandas as pd
"""


def told_of(exercise: str, code: str) -> str:
    """The label that a check gives to an answer written in ``code``; empty when it holds."""
    unit = find_unit("rightsizing")
    names: dict[str, Any] = {}
    exec(compile(CORE + code, f"<cell {exercise}>", "exec"), names)
    check = load_checks(unit)[exercise]
    work = Work(names, case_of(1), {}, 11)
    got = run_check(check, find_exercise(unit, exercise), work, Translator("en"))
    return got.feedback.label if got.feedback else ""


def solved(exercise: str, *changes: tuple[str, str]) -> str:
    code = str(module("solution").ANSWERS[exercise])
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    return code


@pytest.mark.parametrize(
    ("exercise", "old", "new", "label"),
    [
        ("graded-size", ", default=max(sizes))", ")", "none_fits"),
        ("graded-size", "default=max(sizes)", "default=None", "none_fits"),
        ("graded-size", "default=max(sizes)", "default=sizes[0]", "none_fits"),
        ("graded-size", "/ 100 > size", "/ 100 >= size", "full_is_not_above"),
        ("graded-size", "source_vcpu * np.asarray(cpu)", "16 * np.asarray(cpu)", "source_ignored"),
        ("graded-clean", "step_minutes / (days * 24 * 60)", "5 / 20160", "step_or_days_fixed"),
        ("graded-clean", "(days * 24 * 60)", "(14 * 24 * 60)", "step_or_days_fixed"),
        # a hair beside a border, and on it
        ("graded-clean", "between(0, 100)", "between(0, 101)", "implausible_kept"),
        ("graded-clean", "between(0, 100)", "between(0, 99.9)", "lost_samples"),
        ("graded-size", "s >= need", "s > need", "too_large"),
        ("graded-size", "/ 100 > size", "/ 101 > size", "wrong_risk"),
        ("graded-classes", "> 20", ">= 20", "border_moved"),
        ("graded-classes", "> 20", "> 20.5", "border_moved"),
        ("graded-classes", "before) > 80", "before) > 79", "border_moved"),
        ("graded-classes", "99.5) < 5:", "99.5) < 6:", "border_moved"),
        ("graded-classes", "(cpu) < 5", "(cpu) <= 5", "border_moved"),
        ("graded-classes", "(cpu, 95)", "(cpu, 94)", "border_moved"),
        ("graded-classes", "> 4 * np", "> 4.1 * np", "border_moved"),
        ("graded-classes", "cpu[-864:]", "cpu[-865:]", "border_moved"),
        ("graded-classes", "cpu[:-864]", "cpu[:-863]", "border_moved"),
        ("memory", "< 0.9 * 4032", "< 3630", "measured_called_unknown"),
        ("memory", "< 0.9 * 4032", "< 3628", "half_measured"),
        ("graded-classes", "abs(recent - before)", "(recent - before)", "border_moved"),
        ("graded-classes", "min(recent, before) > 80", "recent > 80", "border_moved"),
        ("graded-classes", "before) > 20", "before) > 10", "border_moved"),
        ("graded-classes", "before) > 20", "before) > 30", "border_moved"),
        ("graded-classes", "(cpu, 95) > 50", "(cpu, 98) > 50", "wrong_kind"),
        ("graded-classes", "(cpu, 95) > 50", "(cpu, 95) > 30", "border_moved"),
        ("memory", "< 0.9 * 4032", "< 0.7 * 4032", "half_measured"),
        ("memory", "< 0.9 * 4032", "< 0.94 * 4032", "measured_called_unknown"),
    ],
)
def test_each_sentence_of_a_task_is_checked(exercise: str, old: str, new: str, label: str) -> None:
    assert told_of(exercise, solved(exercise)) == ""
    assert told_of(exercise, solved(exercise, (old, new))) == label


@pytest.mark.parametrize(
    "body",
    [
        "recent, before = pd.Series(cpu[-864:]).median(), pd.Series(cpu[:-864]).median()",
        "recent, before = np.quantile(cpu[3168:], 0.5), np.quantile(cpu[:3168], 0.5)",
        "import statistics\n    recent, before = map(statistics.median, (cpu[-864:], cpu[:-864]))",
    ],
)
def test_a_middle_may_be_taken_in_any_usual_way(body: str) -> None:
    old = "recent, before = np.median(cpu[-864:]), np.median(cpu[:-864])"
    assert told_of("classify", solved("classify", (old, body))) == ""


@pytest.mark.parametrize("method", ["lower", "higher", "nearest", "hazen"])
def test_a_percentile_may_be_taken_by_any_usual_rule(method: str) -> None:
    code = solved("classify")
    for q in ("99.5", "95"):
        code = code.replace(f"(cpu, {q})", f"(cpu, {q}, method={method!r})")
    assert told_of("classify", code) == ""


@pytest.mark.parametrize(
    "need",
    [
        "np.quantile(np.asarray(cpu) / 100 * source_vcpu, q / 100) / (1 - headroom)",
        "pd.Series(cpu).quantile(q / 100) * source_vcpu / (100 * (1 - headroom))",
        "np.percentile(source_vcpu * cpu / 100 / (1 - headroom), q)",
    ],
)
def test_a_need_that_just_fits_may_be_worked_out_in_any_order(need: str) -> None:
    old = "source_vcpu * np.percentile(cpu, q) / 100 / (1 - headroom)"
    assert told_of("graded-size", solved("graded-size", (old, need))) == ""


def test_a_memory_that_is_nan_is_told_so_and_nothing_empty_comes_first() -> None:
    code = """
def memory_need(used_percent, installed_gib, headroom):
    assert len(used_percent), "nobody probes with nothing before an ordinary machine"
    return float("nan")
"""
    assert told_of("memory", code) == "not_a_number_back"
    held = """
def memory_need(used_percent, installed_gib, headroom):
    if used_percent.notna().mean() < 0.9:
        return "unknown"
    return installed_gib * np.percentile(used_percent.dropna(), 95) / 100 / (1 - headroom)
"""
    assert told_of("memory", held) == "share_of_what_is_there"
