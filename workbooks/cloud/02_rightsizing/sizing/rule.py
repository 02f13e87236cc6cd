"""Checks of ``rule``: the size for a percentile and a headroom, its risk, a plan for bursts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from kit.checking import Mistake, NotAttempted, Work, exercise_check, expect
from kit.checking.mistakes import LearnerError
from kit.data.utilisation import cpu_series

from . import options as option_model
from .case import memory_needs, puzzle_options, series_of

# kind, source vCPU, percentile, headroom, sizes on offer
_SIZE_CASES: tuple[tuple[str, int, float, float, tuple[int, ...]], ...] = (
    ("idle-with-bursts", 16, 95, 0.2, (1, 2, 4, 8, 16, 32)),
    ("bursty", 16, 90, 0.2, (1, 2, 4, 8, 16, 32)),
    ("bursty", 32, 99.5, 0.3, (2, 6, 12, 24, 48)),
    ("steady", 24, 95, 0.0, (1, 2, 3, 4, 6, 8, 12)),
    # evenly spread load and fine steps: here a wrong formula cannot hit the right size by luck
    ("even", 40, 90, 0.3, tuple(range(1, 80))),
    # half of 16 vCPU with half kept free needs 16, no more: every sum here is exact in binary
    ("half", 16, 95, 0.5, (8, 16, 32)),
)


def _load(kind: str, rng: np.random.Generator) -> Any:
    if kind == "even":
        return rng.uniform(0, 100, 4032)
    if kind == "half":
        return np.full(1000, 50.0)
    return cpu_series(kind, rng)  # type: ignore[arg-type]


# checking again is common, and making a load takes longer than sizing it
@lru_cache(maxsize=2)
def _loads(seed: int) -> tuple[Any, ...]:
    """A fresh series for each of the cases."""
    work = Work({}, seed=seed)
    return tuple(_load(case[0], work.fresh(10 + salt)) for salt, case in enumerate(_SIZE_CASES))


def _size_rows(work: Work) -> list[tuple[Any, int, float, float, tuple[int, ...], Any]]:
    pick = work.function("pick_size")
    return [
        (cpu, vcpu, q, headroom, sizes, pick(cpu, vcpu, q, headroom, list(sizes)))
        for cpu, (_, vcpu, q, headroom, sizes) in zip(_loads(work.seed), _SIZE_CASES, strict=True)
    ]


def _covered_share(cpu: Any, vcpu: int, headroom: float, size: float) -> float:
    """Share of samples that a size serves when ``headroom`` of it stays free."""
    return float(np.count_nonzero(np.asarray(cpu) * vcpu <= 100 * size * (1 - headroom)) / len(cpu))


def check_size(work: Work) -> None:
    """The chosen size serves the share that was asked for, and the next smaller does not."""
    for cpu, vcpu, q, headroom, sizes, size in _size_rows(work):
        if isinstance(size, str) or size not in sizes:
            raise Mistake(
                "not_on_offer",
                "For {vcpu} vCPU at P{q:g} and {headroom:.0%} headroom you return {size}, "
                "which is not among the sizes {sizes}.",
                required="One of the sizes that are given.",
                vcpu=vcpu, q=q, headroom=headroom, size=expect.short(size), sizes=list(sizes),
            )  # fmt: skip
        slack = 1.5 / len(cpu)
        served = _covered_share(cpu, vcpu, headroom, size)
        if served < q / 100 - slack and size != sizes[-1]:
            raise Mistake(
                "too_small",
                "On a fresh series you choose {size} vCPU. With {headroom:.0%} kept free it "
                "serves {served:.1%} of the samples.",
                required="At least {q:g} % of the samples within the size less its headroom.",
                size=size, headroom=headroom, served=served, q=q,
            )  # fmt: skip
        smaller = [s for s in sizes if s < size]
        if smaller and _covered_share(cpu, vcpu, headroom, smaller[-1]) > q / 100 + slack:
            raise Mistake(
                "too_large",
                "On a fresh series you choose {size} vCPU, though a smaller one on offer "
                "already serves {q:g} % of the samples with {headroom:.0%} free.",
                required="The smallest size that fits.",
                size=size, q=q, headroom=headroom,
            )  # fmt: skip
    _check_none_fits(work)
    _check_risk(work)


def _check_none_fits(work: Work) -> None:
    """Where every size on offer is too small the largest comes back, with its risk."""
    pick, sizes = work.function("pick_size"), (2, 4, 8)
    # always above 80 % of 16 vCPU: more than 8 whatever the headroom
    cpu = 80 + 19 * work.fresh(15).random(1000)
    try:
        size = pick(cpu, 16, 95, 0.2, list(sizes))
    except LearnerError as error:
        if error.slow:
            raise
        size, told = None, error.trace.splitlines()[-1]
    except NotAttempted:
        size, told = None, "____"
    else:
        told = expect.short(size)
    if size is None or size != sizes[-1]:
        raise Mistake(
            "none_fits",
            "A fresh machine wants over 12 vCPU and {sizes} are on offer. None is enough, and "
            "your `pick_size` answers: {told}",
            required="The largest on offer when none serves the percentile; `burst_risk` then "
            "says what is missing.",
            step="Ask what your line does when no size passes its condition.",
            sizes=", ".join(map(str, sizes)), told=told,
        )  # fmt: skip


def _planted(work: Work) -> tuple[Any, int]:
    """A series of 1,000 samples of which a known number needs more than 4 of 16 vCPU."""
    rng = work.fresh(20)
    count = int(rng.integers(40, 200))
    cpu = np.concatenate([rng.uniform(0, 24.9, 1000 - count), rng.uniform(25.1, 100, count)])
    # one on either side, a hair from the 25 % that 4 vCPU are
    cpu[[0, -1]] = 24.9, 25.1
    return rng.permutation(cpu), count


def _check_risk(work: Work) -> None:
    risk = work.function("burst_risk")
    cpu, count = _planted(work)
    share = expect.number(risk(cpu, 16, 4), "burst_risk(...)")
    none = expect.number(risk(cpu, 16, 16), "burst_risk(...)")
    # the same share of a machine half as large: its percentages are worth half as many vCPU
    half = expect.number(risk(cpu, 8, 2), "burst_risk(...)")
    if abs(share - count / 1000) > 0.0005 or none != 0:
        raise Mistake(
            "wrong_risk",
            "A fresh series has 1,000 samples of a 16 vCPU machine. For a size of 4 vCPU your "
            "risk is {share:.4g}; for 16 vCPU it is {none:.4g}.",
            required="The share of samples, 0 to 1, whose demand in vCPU is above the size.",
            step="Count by hand for ten samples of your own machine and compare.",
            share=share, none=none,
        )  # fmt: skip
    if half != share:
        raise Mistake(
            "source_ignored",
            "The same percentages have a risk of {share:.4g} for 4 of 16 vCPU and of {half:.4g} "
            "for 2 of 8 by your function.",
            required="A percentage is a share of the source machine: 50 % of 64 is work for 32.",
            share=share, half=half,
        )  # fmt: skip
    full = expect.number(risk(np.repeat([25.0, 12.5], 500), 16, 4), "burst_risk(...)")
    if full != 0:
        raise Mistake(
            "full_is_not_above",
            "A machine that never wants more than 4 vCPU, and half of the time exactly 4, has a "
            "risk of {full:.4g} on 4 vCPU by your function.",
            required="Only a demand above the size is a risk; one that just fits is served.",
            full=full,
        )  # fmt: skip


# the lowest percentile that a vendor's tool offers
LEAST_PERCENTILE = 90
# CPU percent above which the bursty machine works at all; its idle level is far below
WORKS = 5.0
PLAN_KEYS = ("q", "headroom", "option", "vcpu", "loss", "limit")


def check_plan(work: Work) -> None:
    """A plan for the bursty machine: within the limit, its memory enough, its loss its own."""
    plan = expect.mapping(work.value("plan"), "plan", PLAN_KEYS)
    q = expect.number(plan["q"], 'plan["q"]', unit="percent", low=0, high=100)
    if q < LEAST_PERCENTILE:
        raise Mistake(
            "middle_as_rule",
            "Your rule is P{q:g}: every machine that it sizes wants more than it gets in "
            "{above:.0f} of 100 samples.",
            required="One of the high percentiles, P90 or above, as the vendors' tools offer them.",
            q=q, above=100 - q,
        )  # fmt: skip
    headroom = expect.number(plan["headroom"], 'plan["headroom"]', low=0, high=0.5)
    expect.one_of(plan["option"], 'plan["option"]', option_model.OPTIONS)
    limit = expect.number(plan["limit"], 'plan["limit"]', low=0, high=0.2)
    loss = expect.number(plan["loss"], 'plan["loss"]', low=0, high=1)
    table = puzzle_options(work.case)
    chosen = [o for o in table if o.option == plan["option"] and o.vcpu == plan["vcpu"]]
    if not chosen:
        raise Mistake(
            "no_such_option",
            "{option} with {vcpu} vCPU is not in the table of options.",
            required="A row of `wb.tools.options(case)`.",
            option=plan["option"], vcpu=expect.short(plan["vcpu"]),
        )  # fmt: skip
    if abs(chosen[0].loss - loss) > 0.002:
        raise Mistake(
            "loss_not_yours",
            'Your plan says that {option} with {vcpu} vCPU loses {loss:.2%} of the samples.',
            required="The loss of the option you chose, as a share between 0 and 1.",
            step="Read it off the table in the row that you chose.",
            option=plan["option"], vcpu=plan["vcpu"], loss=loss,
        )  # fmt: skip
    if loss > limit:
        raise Mistake(
            "above_own_limit",
            "Your plan loses {loss:.2%}, and you allow {limit:.2%}.",
            required="A loss within the limit that you set yourself.",
            step="Change the option, or change the limit and say who accepts it.",
            loss=loss, limit=limit,
        )  # fmt: skip
    _check_front(work, chosen[0], table, headroom)
    _check_limit(work, limit)


def _check_limit(work: Work, limit: float) -> None:
    """A limit that leaves most of the work served: it is small beside all samples anyway."""
    cpu = series_of(work.case)[work.case.puzzle]["value"].to_numpy()
    busy = float(np.mean(cpu > WORKS))
    if limit >= busy / 2:
        raise Mistake(
            "limit_too_loose",
            "You allow {limit:.1%} of all samples to go short. {machine} works in only {busy:.1%} "
            "of them: your limit gives up {given:.0%} of its work, or more.",
            required="A limit below half of the time in which the machine works (CPU above 5 %).",
            step="Name the owner and read the sentence above aloud to them.",
            limit=limit, machine=work.case.puzzle, busy=busy, given=min(1.0, limit / busy),
        )  # fmt: skip


def _check_front(
    work: Work, chosen: option_model.Option, table: list[option_model.Option], headroom: float
) -> None:
    """The option holds the measured memory, and none that does is better in loss and cost."""
    need = memory_needs(work.case, headroom)[work.case.puzzle]
    if not chosen.holds(need):
        raise Mistake(
            "memory_too_small",
            "{machine} would get {has:g} GiB with {option} and {vcpu} vCPU. Its agents measured: "
            "the P95 of its memory with your {headroom:.0%} kept free needs {need:.1f} GiB.",
            required="An option whose memory holds what was measured, headroom kept free.",
            step="Look at `memory_gib` before you look at the price: a processor that is short "
            "makes work wait, memory that is short ends it.",
            machine=work.case.puzzle, has=chosen.memory_gib, option=chosen.option,
            vcpu=chosen.vcpu, headroom=headroom, need=need,
        )  # fmt: skip
    better = [
        o
        for o in table
        if o.holds(need) and o.loss <= chosen.loss and o.won_month < 0.95 * chosen.won_month
    ]
    if better:
        raise Mistake(
            "dominated",
            "{option} with {vcpu} vCPU costs {won:,.0f} won a month. {count} rows of the table "
            "have memory enough, lose no more and cost less.",
            required="An option that no other with enough memory beats in both loss and cost.",
            step="Sort the table by loss, then walk down the costs.",
            option=chosen.option, vcpu=chosen.vcpu, won=chosen.won_month, count=len(better),
        )  # fmt: skip


@exercise_check("rule")
def rule(work: Work) -> None:
    """The rule as a function, its risk, and a plan for the machine that the rule cannot serve."""
    check_size(work)
    check_plan(work)


@exercise_check("graded-size")
def graded_size(work: Work) -> None:
    """The rule as a function, on hidden data."""
    check_size(work)


@exercise_check("graded-bursts")
def graded_bursts(work: Work) -> None:
    """The plan for the case's bursty machine."""
    check_plan(work)


@rule.diagnose
@graded_size.diagnose
def mean_rule(work: Work) -> Mistake | None:
    """The mean was sized, so that the bursts do not exist."""
    rows = _size_rows(work)
    if not all(
        size == min((s for s in sizes if s >= vcpu * cpu.mean() / 100 / (1 - h)), default=sizes[-1])
        for cpu, vcpu, _q, h, sizes, size in rows
    ):
        return None
    cpu, vcpu, _q, _h, _sizes, size = rows[0]
    return Mistake(
        "mean_rule",
        "You sized the mean. A fresh machine has median {median:.1f} %, P95 {p95:.0f} %; on "
        "your {size} vCPU {share:.0%} of its samples exceed the capacity.",
        required="The percentile that was asked for: the mean of an idle machine hides its bursts.",
        step="Make `q` matter: ask for P90 and P99.5 of one machine and compare the sizes.",
        median=float(np.median(cpu)), p95=float(np.percentile(cpu, 95)), size=size,
        share=1 - _covered_share(cpu, vcpu, 0, size),
    )  # fmt: skip


@rule.diagnose
@graded_size.diagnose
def rounded_down(work: Work) -> Mistake | None:
    """The largest size below the need was taken instead of the smallest above it."""
    pick = work.function("pick_size")
    if pick(np.full(1000, 70.0), 10, 95, 0.0, [1, 2, 4, 6, 9]) != 6:
        return None
    return Mistake(
        "rounded_down",
        "A machine that always uses 7 vCPU gets 6 from you when 6 and 9 are on offer.",
        required="The smallest size that is not below the need.",
    )


@rule.diagnose
@graded_size.diagnose
def headroom_times(work: Work) -> Mistake | None:
    """Headroom was added on top, by multiplication, instead of kept free within the size."""
    probe = np.full(1000, 85.0)
    pick = work.function("pick_size")
    # 85 % of 10 vCPU with 30 % free needs more than 12; times 1.3 it needs less
    if pick(probe, 10, 95, 0.3, [8, 9, 10, 11, 12, 13, 14]) not in (11, 12):
        return None
    return Mistake(
        "headroom_times",
        "For a machine that always uses 8.5 vCPU you choose {size} at 30 % headroom: "
        "it would run at {use:.0%}, so {free:.0%} are free.",
        required="Headroom is the share of the *new* size that stays free.",
        step="Ask what is left to use of a size when that share of it is kept free.",
        size=(size := pick(probe, 10, 95, 0.3, [8, 9, 10, 11, 12, 13, 14])),
        use=8.5 / size, free=1 - 8.5 / size,
    )  # fmt: skip


@rule.diagnose
@graded_size.diagnose
def source_ignored(work: Work) -> Mistake | None:
    """Percent were read as vCPU: the size of the source machine plays no part."""
    pick = work.function("pick_size")
    cpu = cpu_series("steady", work.fresh(30))
    sizes = [1, 2, 4, 8, 16, 32, 64, 128]
    if pick(cpu, 4, 95, 0.2, sizes) != pick(cpu, 64, 95, 0.2, sizes):
        return None
    return Mistake(
        "source_ignored",
        "The same percentages on a machine of 4 and of 64 vCPU get the same size from you.",
        required="A percentage is a share of the source machine: 50 % of 64 is work for 32.",
    )


@rule.diagnose
@graded_size.diagnose
def smoothed(work: Work) -> Mistake | None:
    """The percentile was taken of hourly means."""
    probe = np.zeros(1200)
    probe[::6] = 90.0
    pick = work.function("pick_size")
    # one sample in six at 90 %: hourly means are a steady 15 %
    if pick(probe, 10, 95, 0.0, [1, 2, 4, 8, 9, 10]) not in (1, 2):
        return None
    return Mistake(
        "smoothed",
        "A machine at 90 % in every sixth sample gets {size} of 10 vCPU from you: something "
        "averages the samples before the percentile is taken.",
        required="The percentile of the samples as they are. Averages flatten bursts.",
        size=pick(probe, 10, 95, 0.0, [1, 2, 4, 8, 9, 10]),
    )


@rule.diagnose
@graded_bursts.diagnose
def percentile_for_bursts(work: Work) -> Mistake | None:
    """The answer to bursts was a fixed machine at least as big as today's."""
    plan = expect.mapping(work.value("plan"), "plan", PLAN_KEYS)
    vcpu = expect.number(plan["vcpu"], 'plan["vcpu"]', unit="vCPU")
    today = dict(zip(work.case.servers["machine"], work.case.servers["vcpu"], strict=True))
    if plan["option"] != "fixed" or vcpu < int(today[work.case.puzzle]):
        return None
    frame = series_of(work.case)[work.case.puzzle]
    return Mistake(
        "percentile_for_bursts",
        "You give {machine}, whose median is {median:.1f} %, a fixed {vcpu} vCPU around the clock.",
        required="A percentile is no answer to bursts. Compare schedule, burstable and autoscale: "
        "each loses something, and each costs less.",
        step="Draw the front: `wb.tools.options_chart(case)`.",
        machine=work.case.puzzle, median=float(frame["value"].median()), vcpu=plan["vcpu"],
    )  # fmt: skip
