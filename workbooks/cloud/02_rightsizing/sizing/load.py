"""Checks of ``classify``: what kind of load it is, and what that allows."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np

from kit.checking import Mistake, Work, exercise_check, expect
from kit.data.utilisation import KINDS, cpu_series
from kit.i18n import mark

from .case import SAMPLES, STEPS

# Steps that hold for a kind of load; "retire" never does on two weeks of CPU.
ALLOWED = {
    "under-used": {"ask the owner"},
    "idle-with-bursts": {"choose by option, not by percentile"},
    "bursty": {"size by the rule", "choose by option, not by percentile"},
    "steady": {"size by the rule"},
    "saturated": {"measure the demand first"},
    "regime-change": {"size on the recent window"},
}
ROUNDS = 2


# checking again is common, and making a series takes longer than looking at it
@lru_cache(maxsize=2)
def _fresh_series(seed: int) -> tuple[tuple[str, Any], ...]:
    """Fresh series of every kind, more than once."""
    work = Work({}, seed=seed)
    return tuple(
        (kind, cpu_series(kind, work.fresh(40 + 10 * round_ + salt)))
        for round_ in range(ROUNDS)
        for salt, kind in enumerate(KINDS)
    )


def _answers(work: Work) -> list[tuple[str, Any, Any]]:
    """Kind, series and the learner's answer for fresh series of every kind."""
    classify_one = work.function("classify")
    return [(kind, cpu, classify_one(cpu)) for kind, cpu in _fresh_series(work.seed)]


@exercise_check("classify", "graded-classes")
def classify(work: Work) -> None:
    """Fresh series of all six kinds, and a next step that each of them allows."""
    rows = _answers(work)
    for _kind, _cpu, answer in rows:
        expect.one_of(answer, "classify(cpu)", KINDS)
    for kind, cpu, answer in rows:
        if answer != kind:
            recent = cpu[-RECENT:]
            raise Mistake(
                "wrong_kind",
                "A fresh series was called {answer}. Over two weeks its median is {median:.1f} %, "
                "P95 {p95:.1f} %, P99.5 {top:.1f} %; over its last three days the median is "
                "{recent:.1f} %.",
                required="The definitions of the task, asked in an order that lets the recent "
                "window speak first.",
                answer=answer, median=float(np.median(cpu)), p95=float(np.percentile(cpu, 95)),
                top=float(np.percentile(cpu, 99.5)), recent=float(np.median(recent)),
            )  # fmt: skip
    _check_edges(work)
    _check_steps(work)


RECENT = 864
Edges = tuple[tuple[str, Any], ...]


def _level(before: float, recent: float) -> Any:
    return np.repeat([float(before), float(recent)], [SAMPLES - RECENT, RECENT])


def _bursts(idle: float, share: float, high: float) -> Any:
    """A flat load with this share of its samples at ``high``, spread over the two weeks."""
    cpu = np.full(SAMPLES, float(idle))
    cpu[np.linspace(0, SAMPLES - 1, round(share * SAMPLES)).astype(int)] = high
    return cpu


def _half_of(samples: int, low: float, high: float) -> Any:
    """Half at ``low``, then half at ``high``: their median lies between, and only there."""
    return np.repeat([float(low), float(high)], samples // 2)


# the same for everyone: a border is where it is, whatever the case
@cache
def _edges() -> Edges:
    """Series a hair from each border that the six definitions draw, or on it, with their kind."""
    before, recent = _half_of(SAMPLES - RECENT, 30, 71), _half_of(RECENT, 71, 30)
    return (
        ("regime-change", _level(60, 39.6)),
        ("steady", _level(40, 59.6)),
        ("steady", _level(40, 60)),
        # one sample more or less in either window, and its median is another
        ("regime-change", np.concatenate([np.full(SAMPLES - RECENT, 30.0), recent])),
        ("regime-change", np.concatenate([before, np.full(RECENT, 30.0)])),
        ("saturated", _level(80.4, 95)),
        ("saturated", _level(95, 80.4)),
        ("steady", _level(79.6, 95)),
        ("steady", _level(95, 79.6)),
        ("steady", _level(80, 80)),
        ("under-used", _bursts(1, 0.006, 4.6)),
        ("bursty", _bursts(1, 0.006, 5.4)),
        ("steady", _level(5, 5)),
        ("under-used", _bursts(1, 0.004, 60)),
        ("bursty", _bursts(1, 0.01, 60)),
        ("idle-with-bursts", _bursts(4.6, 0.1, 90)),
        ("bursty", _bursts(5.4, 0.1, 90)),
        ("bursty", _bursts(5, 0.1, 90)),
        ("idle-with-bursts", _bursts(2, 0.1, 50.4)),
        ("bursty", _bursts(2, 0.1, 49.6)),
        ("bursty", _bursts(2, 0.1, 50)),
        ("idle-with-bursts", _bursts(2, 0.055, 90)),
        ("bursty", _bursts(2, 0.045, 90)),
        ("bursty", _bursts(20, 0.02, 81)),
        ("steady", _bursts(20, 0.02, 79)),
        ("steady", _bursts(20, 0.02, 80)),
    )


def _check_edges(work: Work) -> None:
    function = work.function("classify")
    for kind, cpu in _edges():
        answer = function(cpu)
        expect.one_of(answer, "classify(cpu)", KINDS)
        if answer != kind:
            recent, before = np.median(cpu[-RECENT:]), np.median(cpu[:-RECENT])
            raise Mistake(
                "border_moved",
                "A made-up series was called {answer}. Its median is {before:.1f} % before the "
                "last three days and {recent:.1f} % in them; its P95 is {p95:.1f} %, its P99.5 "
                "{top:.1f} %.",
                required="The borders of the table, each as it is drawn there.",
                step="Read the table from the top with these figures; say which row is the first "
                "that holds.",
                answer=answer, before=float(before), recent=float(recent),
                p95=float(np.percentile(cpu, 95)), top=float(np.percentile(cpu, 99.5)),
            )  # fmt: skip


def _check_steps(work: Work) -> None:
    steps = expect.mapping(work.value("next_step"), "next_step", KINDS)
    for kind, step in steps.items():
        expect.one_of(step, f'next_step["{kind}"]', STEPS)
        if step == "retire":
            raise Mistake(
                "retire_on_cpu",
                "You retire what is {kind}, on two weeks of CPU.",
                required="CPU does not show who needs a machine, and two weeks can miss the "
                "month's end. The class is a question, never a verdict.",
                step="Who could tell you what happens when it is off?",
                kind=kind,
            )
    for kind, step in steps.items():
        if step in ALLOWED[kind]:
            continue
        raise _unfit(kind, step, "downsize_saturated" if kind == "saturated" else "unfit_step")


def _unfit(kind: str, chosen: str, label: str) -> Mistake:
    required = mark("A step that the kind of load allows: does two weeks' percentile describe it?")
    if label == "downsize_saturated":
        required = mark(
            "A machine at its limit shows its own size, not the demand: what it would use if it "
            "could is unknown."
        )
    return Mistake(
        label,
        "For a machine that is {kind} your next step is “{chosen}”.",
        required=required,
        step="Say aloud what could go wrong a month later, then choose again.",
        kind=kind,
        chosen=chosen,
    )


@classify.diagnose
def whole_window(work: Work) -> Mistake | None:
    """Two weeks were taken as one: a change of regime went unseen."""
    rows = _answers(work)
    missed = [(cpu, answer) for kind, cpu, answer in rows if kind == "regime-change"]
    others = [answer == kind for kind, _cpu, answer in rows if kind != "regime-change"]
    if any(answer == "regime-change" for _cpu, answer in missed) or np.mean(others) < 0.6:
        return None
    cpu, answer = missed[0]
    return Mistake(
        "whole_window",
        "A fresh machine is {answer} by your function: its two weeks have a median of "
        "{median:.0f} %. In its last three days the median is {recent:.0f} %.",
        required="The last three days compared with the days before.",
        step="864 samples are three days: look at them apart.",
        answer=answer,
        median=float(np.median(cpu)),
        recent=float(np.median(cpu[-RECENT:])),
    )


@classify.diagnose
def mean_for_load(work: Work) -> Mistake | None:
    """Bursts and steady work were told apart by the mean."""
    rows = _answers(work)
    merged = [a for k, _c, a in rows if k == "idle-with-bursts" and a in ("steady", "under-used")]
    if not merged:
        return None
    cpu = next(c for k, c, _a in rows if k == "idle-with-bursts")
    return Mistake(
        "mean_for_load",
        "A fresh machine is {answer} by your function. Half of its samples are below "
        "{median:.1f} %, one in twenty is above {p95:.0f} %.",
        required="A single middle figure cannot see bursts: compare a low and a high percentile.",
        answer=merged[0],
        median=float(np.median(cpu)),
        p95=float(np.percentile(cpu, 95)),
    )


@classify.diagnose
def maximum_for_load(work: Work) -> Mistake | None:
    """One maximum decided, so that a single spike makes a machine busy."""
    cpu = cpu_series("under-used", work.fresh(60))
    spiked = cpu.copy()
    spiked[100:103] = 60.0
    function = work.function("classify")
    if function(cpu) != "under-used" or function(spiked) == "under-used":
        return None
    return Mistake(
        "maximum_for_load",
        "Fifteen busy minutes in two weeks turn an under-used machine into “{answer}”.",
        required="A percentile such as P99.5 decides, not the one highest sample.",
        answer=function(spiked),
    )
