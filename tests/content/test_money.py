"""The money half of the unit: solutions, mistakes, mutants, figures, the spreadsheet."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.answers import seal
from kit.blank import BLANK
from kit.checking import Check, Work, load_checks, run_check, unit_module
from kit.content import find_exercise, find_unit
from kit.gate.mistakes import Misconception, mistakes_of
from kit.i18n import Translator
from kit.model import Outcome, OutcomeKind

pytestmark = pytest.mark.content

UNIT = find_unit("rightsizing")
CHECKS: dict[str, Check] = load_checks(UNIT)
PRACTICE = ("npv", "bet", "futures", "price", "audit", "memo")
GRADED = (
    "graded-npv",
    "graded-options",
    "graded-breakeven",
    "graded-assumptions",
    "graded-memo",
)
SEEDS = range(10)
cases, money = unit_module(UNIT, "case"), unit_module(UNIT, "money.case")
ledger, memos = unit_module(UNIT, "money.ledger"), unit_module(UNIT, "money.memo")
audits = unit_module(UNIT, "money.audit")
answers = unit_module(UNIT, "money.solution")
Names = dict[str, Any]
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


class Forms:
    """Stands for ``wb`` where an answer is given in a form: keeps what was given."""

    unit = UNIT

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}

    def answer(self, exercise: str, value: object) -> None:
        self.given[exercise] = {"value": value}


def start(seed: int, part: str = "practice") -> Names:
    case = cases.build_case(seed, part)
    return {"np": np, "pd": pd, "case": case, "m": money.true_inputs(case), "wb": Forms()}


def solved(names: Names, *exercises: str) -> Names:
    for exercise in exercises:
        exec(compile(answers.ANSWERS[exercise], f"<cell {exercise}>", "exec"), names)
    return names


def outcome(exercise: str, names: Names, seed: int = 7) -> Outcome:
    work = Work(names, names["case"], {"exercises": names["wb"].given}, seed)
    return run_check(CHECKS[exercise], find_exercise(UNIT, exercise), work, Translator("en"))


def answered(exercise: str, value: object, names: Names | None = None) -> Outcome:
    """The outcome of an answer in a form."""
    forms = Forms()
    forms.answer(exercise, value)
    return outcome(exercise, (names or START) | {"wb": forms})


def mistakes() -> Iterator[Any]:
    for known in mistakes_of(UNIT):
        if known.exercise in PRACTICE:
            yield pytest.param(known, id=known.key)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("part", "exercises"), [("practice", PRACTICE), ("graded", GRADED)])
def test_solutions_pass_for_every_learner(seed: int, part: str, exercises: tuple[str, ...]) -> None:
    names = start(seed, part)
    for exercise in exercises:
        solved(names, exercise)
        got = outcome(exercise, names, seed + 1000)
        assert got.kind is OutcomeKind.PASSED, (exercise, got.feedback, got.report)


@pytest.mark.parametrize("known", list(mistakes()))
@pytest.mark.parametrize("seed", [0, 3, 8])
def test_each_mistake_earns_its_own_message(known: Misconception, seed: int) -> None:
    names = solved(start(seed), *PRACTICE[: PRACTICE.index(known.exercise)])
    exec(compile(known.code, "<cell>", "exec"), names)
    got = outcome(known.exercise, names, seed + 1000)
    assert got.kind is OutcomeKind.INCORRECT, got
    assert got.feedback is not None and got.feedback.label == known.label, got.feedback


@pytest.mark.parametrize("exercise", [*PRACTICE, *GRADED, "graded-defence"])
def test_a_blank_is_not_attempted(exercise: str) -> None:
    names = start(1, "graded" if exercise.startswith("graded") else "practice")
    # of a form it is that nothing was given
    names |= dict.fromkeys(find_exercise(UNIT, exercise).names, BLANK)
    assert outcome(exercise, names).kind is OutcomeKind.NOT_ATTEMPTED


def test_no_message_tells_the_right_worth() -> None:
    for known in mistakes_of(UNIT):
        if known.exercise not in PRACTICE or known.exercise == "memo":
            continue  # a memo repeats the learner's own, right figures
        names = solved(start(2), *PRACTICE[: PRACTICE.index(known.exercise)])
        exec(compile(known.code, "<cell>", "exec"), names)
        told = outcome(known.exercise, names).feedback
        assert told is not None
        right = [row["npv"] for row in money.true_base(names["case"])["base"].values()]
        for won in right:
            assert f"{won:,.0f}" not in told.seen + told.required + told.step, known.key


# --- mutants: flows that differ from the ledger in one line -----------------------------


def ledger_flows(option: str, change: Callable[[Any], tuple[int, float]] | None = None) -> Any:
    """Flows from the ledger, with each entry's year and factor passed through ``change``."""

    def flows(m: dict[str, Any]) -> list[float]:
        totals = [0.0] * (m["years"] + 1)
        for entry in ledger.entries(option, "base", m):
            year, factor = change(entry) if change else (entry.year, entry.factor)
            won = factor
            for key in entry.inputs:
                won *= m[key]
            totals[min(max(year, 0), m["years"])] += won
        return totals

    return flows


LINES = list(ledger.LINES)


@SLOW
@given(
    line=st.sampled_from(LINES),
    kind=st.sampled_from(["drop", "double", "sign", "later"]),
    seed=st.integers(0, 2**31),
)
def test_a_flow_with_one_line_wrong_is_refused(line: Any, kind: str, seed: int) -> None:
    def change(entry: Any) -> tuple[int, float]:
        if entry.inputs != line.inputs:
            return entry.year, entry.factor
        factor = {"drop": 0.0, "double": 2.0, "sign": -1.0, "later": 1.0}[kind] * entry.factor
        # a line of the last year has no later one; a year earlier is as wrong
        moved = (-1 if line.when == "last" else 1) if kind == "later" else 0
        return entry.year + moved, factor

    names = solved(START, "npv") | {f"{line.option}_flows": ledger_flows(line.option, change)}
    assert outcome("npv", names, seed).kind is OutcomeKind.INCORRECT


START = start(0)


def test_flows_may_be_written_in_any_way_that_holds() -> None:
    names = solved(dict(START), "npv")
    names |= {f"{option}_flows": ledger_flows(option) for option in ledger.OPTIONS}
    assert outcome("npv", names).kind is OutcomeKind.PASSED


def test_flows_rounded_to_whole_won_hold() -> None:
    names = solved(dict(START), "npv")
    bare = names["cloud_flows"]
    names["cloud_flows"] = lambda m: [round(won) for won in bare(m)]
    assert outcome("npv", names).kind is OutcomeKind.PASSED


@SLOW
@given(rate=st.floats(0.02, 0.2), years=st.integers(2, 10))
def test_the_lead_is_zero_at_break_even(rate: float, years: int) -> None:
    m = START["m"] | {"rate": rate, "years": years, "refresh_year": min(2, years)}
    model = unit_module(UNIT, "money.work")
    got = model.Model(m, model._ledger_worth, lambda o, i: ledger.amounts(o, "base", i), False)
    assert abs(got.lead({**m, "on_share": got.u_star})) < 1.0
    assert abs(got.lead({**m, "capex": got.tipping("capex")})) < 1.0


def test_who_took_the_flows_can_go_on_with_the_futures() -> None:
    names = solved(dict(START), "npv", "futures")
    for name in ("npv", "renew_flows", "cloud_flows"):
        names[name] = lambda *_args: BLANK
    assert outcome("npv", names).kind is OutcomeKind.NOT_ATTEMPTED
    assert outcome("futures", names).kind is OutcomeKind.PASSED


# --- audit ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_draft_has_six_faults_and_four_true_surprises(seed: int) -> None:
    case = cases.build_case(seed, "practice")
    claims = audits.claims_of(case)
    assert [c.id for c in claims] == list(case.draft["claim"])
    assert [c.template.format(**c.values) for c in claims] == list(case.draft["text"])
    forms = [c.form for c in claims]
    assert (forms.count("faulty"), forms.count("surprising"), len(forms)) == (6, 4, 12)


def test_faults_differ_between_learners() -> None:
    told = {
        tuple(c.id for c in audits.claims_of(cases.build_case(s, "practice")) if c.form == "faulty")
        for s in SEEDS
    }
    assert len(told) == len(SEEDS)


@pytest.mark.parametrize(
    ("found", "alarms", "passes"), [(6, 0, 1), (5, 1, 1), (4, 0, 1), (4, 1, 0)]
)
def test_f1_decides(found: int, alarms: int, passes: int) -> None:
    claims = audits.claims_of(START["case"])
    wrong = [c.id for c in claims if c.form == "faulty"][:found]
    fine = [c.id for c in claims if c.form == "sound"][:alarms]
    got = answered("audit", {c: f"{c} was recomputed" for c in wrong + fine})
    assert (got.kind is OutcomeKind.PASSED) == bool(passes)
    if got.feedback:
        text = got.feedback.seen + got.feedback.required + got.feedback.step
        if not passes:
            assert not re.search(r"\bD\d+\b", text)


def test_a_pass_with_a_miss_says_which_claim_stays_wrong() -> None:
    claims = audits.claims_of(START["case"])
    wrong = [c.id for c in claims if c.form == "faulty"]
    sound = next(c.id for c in claims if c.form == "sound")
    told = {c: f"{c} was recomputed" for c in [*wrong[1:], sound]}
    got = answered("audit", told)
    assert got.kind is OutcomeKind.PASSED and got.feedback is not None
    assert wrong[0] in got.feedback.seen and sound in got.feedback.seen
    assert not any(claim in got.feedback.seen for claim in wrong[1:])
    everything = {c: f"{c} was recomputed" for c in wrong}
    assert answered("audit", everything).feedback is None


@pytest.mark.parametrize(
    "reason", ["bla bla bla", "wrong, wrong!", "unbelievably", "재계산필요합니다"]
)
def test_a_reason_of_repeated_or_too_few_words_is_none(reason: str) -> None:
    wrong = [c.id for c in audits.claims_of(START["case"]) if c.form == "faulty"]
    told = {wrong[0]: reason} | {c: f"{c} was recomputed" for c in wrong[1:]}
    got = answered("audit", told)
    assert got.feedback is not None and got.feedback.label == "reason_missing"


def test_the_form_shows_the_claims_of_the_draft_in_both_languages() -> None:
    case = START["case"]
    shown = cases.OPTIONS["audit"](case)
    assert dict(shown) == dict(zip(case.draft["claim"], case.draft["text"], strict=True))
    korean = Translator("ko", UNIT.folder / "locale")
    assert all(re.search("[가-힣]", korean(text)) for _, text in shown)


# --- a bet on the ranges, a price ---------------------------------------------------------


bets = unit_module(UNIT, "money.bet")


def effects(seed: int) -> dict[str, float]:
    names = start(seed)
    model = unit_module(UNIT, "money.work").ledger_model(names["m"])
    found: dict[str, float] = bets.widths(model, bets.ranges_of(names["case"]))
    return found


def test_what_moves_the_difference_furthest_differs_between_learners() -> None:
    assert len({tuple(bets.ordered(effects(seed))) for seed in SEEDS}) > 3


@pytest.mark.parametrize("seed", range(40))
def test_the_ranges_of_the_bet_hold_the_plan_and_lie_apart(seed: int) -> None:
    m, ranges = start(seed)["m"], bets.ranges_of(start(seed)["case"])
    assert all(low <= m[key] <= high for key, (low, high) in ranges.items())
    low, high = ranges["on_share"]
    assert 0 < low < high <= 1
    won = itertools.pairwise(sorted(effects(seed).values()))
    assert all(more > bets.APART * less for less, more in won)
    assert bets.ordered(effects(seed)) != bets.ordered(bets._relative(ranges, m))


def test_two_of_nearly_the_same_effect_may_stand_either_way_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = bets.ordered(effects(0))
    swapped = [order[1], order[0], *order[2:]]
    assert answered("bet", swapped).kind is OutcomeKind.INCORRECT
    monkeypatch.setattr(bets, "EITHER", 0.5)
    assert answered("bet", swapped).kind is OutcomeKind.PASSED


@pytest.mark.parametrize("given", [[], ["capex"], ["capex"] * 4])
def test_a_bet_on_some_of_them_is_none(given: list[str]) -> None:
    assert answered("bet", given).kind is OutcomeKind.NOT_ATTEMPTED


@pytest.mark.parametrize("exercise", ["bet", "price", "audit"])
@pytest.mark.parametrize("value", [[], {}, 0, "z", [["a"]], {"D1": 3}, True])
def test_an_edited_answer_is_never_right_and_breaks_no_check(exercise: str, value: object) -> None:
    assert answered(exercise, value).kind in (OutcomeKind.INCORRECT, OutcomeKind.NOT_ATTEMPTED)


def turning_price(names: Names) -> float:
    model = unit_module(UNIT, "money.work").ledger_model(names["m"])
    return float(model.tipping("capex")) / 1e6


@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_at_which_both_cost_the_same_is_right_to_the_million(seed: int) -> None:
    names = start(seed)
    right = turning_price(names)
    for off, passes in [(0, True), (0.9, True), (-0.9, True), (1.2, False), (-1.2, False)]:
        got = answered("price", right + off, names)
        assert (got.kind is OutcomeKind.PASSED) is passes, (off, got.feedback)


@pytest.mark.parametrize("given", [0, 1e12])
def test_a_price_in_another_unit_is_no_price(given: float) -> None:
    feedback = answered("price", given).feedback
    assert feedback is not None and feedback.label == "won_for_millions"


# --- ranges ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "label"),
    [
        (0.05, 1.5, "range_unit_slip"),
        (0.5, 12, "range_unit_slip"),
        (0, 1.5, ""),
        (0.11, 9, ""),
    ],
)
def test_an_end_of_a_range_ten_times_away_is_another_figure(
    low: float, high: float, label: str
) -> None:
    names = solved(dict(START), "npv", "futures")
    used = START["m"]["migration_won"]
    names["ranges"] |= {"migration_won": (low * used, high * used, "last move took twice")}
    names["flips"] = sorted(names["ranges"], key=names["swing"])[-2:]
    got = outcome("futures", names)
    assert (got.feedback.label if got.feedback else "") == label


# --- carry, items ----------------------------------------------------------------


def test_what_is_carried_is_the_same_for_right_answers_and_for_those_who_took_it() -> None:
    names = solved(start(5), *PRACTICE)
    work = Work(names, names["case"], {}, 1)
    for exercise in ("npv", "futures"):
        own, truth = money.CARRY[exercise]
        for option in ledger.OPTIONS:
            got, right = own(work)["base"][option], truth(names["case"])["base"][option]
            assert got["npv"] == pytest.approx(right["npv"])


@pytest.mark.parametrize("item", UNIT.items, ids=lambda item: item.id)
def test_the_sealed_option_is_the_right_one(item: Any) -> None:
    option = answers.ITEM_ANSWERS[item.id]
    assert seal(item.id, option) == item.digest
    assert option in dict(item.options) and len(item.options) == 4


# --- charts and spreadsheet -----------------------------------------------------------------


def test_charts_state_a_finding_and_draw_in_any_theme() -> None:
    from kit.charts import svg

    names = solved(start(6), *PRACTICE)
    charts, work = unit_module(UNIT, "money.charts"), unit_module(UNIT, "money.work")
    model = work.model_of(Work(names, names["case"], {}, 1))
    say = Translator("en")
    table = {f: {o: model.worth(o, f, model.m) for o in ledger.OPTIONS} for f in ledger.FUTURES}
    drawn = [charts.cash(model, say), charts.futures(table, say)]
    cheaper = "Cloud" if model.lead() > 0 else "Renewal"
    assert drawn[0][1].startswith(cheaper)
    for chart, title in drawn:
        assert re.search(r"\d", title)
        assert "currentColor" in svg(chart, title)
