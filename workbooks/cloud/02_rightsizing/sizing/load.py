"""Checks of ``classify`` and ``memory``: what a load is, and what nobody measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit.checking import Mistake, Work, exercise_check, expect
from kit.checking.mistakes import LearnerError
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


def _answers(work: Work) -> list[tuple[str, Any, Any]]:
    """Kind, series and the learner's answer for fresh series of every kind."""
    classify_one = work.function("classify")
    rows = []
    for round_ in range(ROUNDS):
        for salt, kind in enumerate(KINDS):
            cpu = cpu_series(kind, work.fresh(40 + 10 * round_ + salt))
            rows.append((kind, cpu, classify_one(cpu)))
    return rows


@exercise_check("classify", "graded-classes")
def classify(work: Work) -> None:
    """Fresh series of all six kinds, and a next step that each of them allows."""
    rows = _answers(work)
    for _kind, _cpu, answer in rows:
        expect.one_of(answer, "classify(cpu)", KINDS)
    for kind, cpu, answer in rows:
        if answer != kind:
            recent = cpu[-864:]
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


def _edges(work: Work) -> list[tuple[str, Any]]:
    """Series near the borders that the six definitions draw, each with its kind."""
    rng, days = work.fresh(65), SAMPLES - 864

    def level(before: float, recent: float) -> Any:
        middle = np.concatenate([np.full(days, before), np.full(864, recent)])
        return middle + rng.uniform(-1, 1, SAMPLES)

    def bursts(idle: float, share: float, high: float) -> Any:
        cpu = np.full(SAMPLES, idle) + rng.uniform(-0.5, 0.5, SAMPLES)
        cpu[:: round(1 / share)] = high
        return cpu

    return [
        ("regime-change", level(75, 45)),
        ("regime-change", level(30, 55)),
        ("steady", level(40, 55)),
        ("steady", level(70, 85)),
        ("steady", level(88, 75)),
        ("saturated", level(84, 95)),
        ("bursty", bursts(2, 1 / 30, 90)),
        ("bursty", bursts(2, 1 / 10, 40)),
        ("bursty", bursts(8, 1 / 10, 90)),
        ("steady", bursts(30, 1 / 50, 100)),
        ("under-used", bursts(1, 1 / 400, 60)),
        ("bursty", bursts(1, 1 / 100, 60)),
    ]


def _check_edges(work: Work) -> None:
    function = work.function("classify")
    for kind, cpu in _edges(work):
        answer = function(cpu)
        expect.one_of(answer, "classify(cpu)", KINDS)
        if answer != kind:
            recent, before = np.median(cpu[-864:]), np.median(cpu[:-864])
            raise Mistake(
                "border_moved",
                "A made-up series was called {answer}. Its median is {before:.0f} % before the "
                "last three days and {recent:.0f} % in them; its P95 is {p95:.0f} %, its P99.5 "
                "{top:.0f} %.",
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
        recent=float(np.median(cpu[-864:])),
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


# --- memory ---------------------------------------------------------------------------


def _memory_series(work: Work, salt: int, length: int = SAMPLES) -> pd.Series[float]:
    rng = work.fresh(70 + salt)
    level = rng.uniform(20, 60)
    return pd.Series(np.clip(level + rng.normal(0, 6, length), 1, 99))


def _is_number(value: object) -> bool:
    # NaN compares with nothing, so a diagnosis of sizes must never see it
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return False
    return not np.isnan(float(value))


@exercise_check("memory")
def memory(work: Work) -> None:
    """A need where it was measured, and the word "unknown" where it was not."""
    need = work.function("memory_need")
    # ordinary machines first: who is asked about nothing at all learns little from a failure
    for salt, (installed, headroom) in enumerate(((64, 0.2), (32, 0.0))):
        _measured(work, need, salt, installed, headroom, 1.0)
    _measured(work, need, 2, 128, 0.3, 0.95)
    _unknown_stays_unknown(work, need)
    _measured(work, need, 3, 64, 0.1, 0.92)


def _measured(
    work: Work, need: Any, salt: int, installed: int, headroom: float, share: float
) -> None:
    """GiB for a fresh machine of which this share of the samples is there, enough to know."""
    used = _thinned(work, salt, share)
    here = used.dropna()
    answer = need(used, installed, headroom)
    _no_nan(answer, int(used.isna().sum()))
    if isinstance(answer, str) and answer == "unknown":
        raise Mistake(
            "measured_called_unknown",
            "{share:.0%} of a fresh machine's samples are there, and you answer `unknown`.",
            required="The word is for less than 90 % of the 4,032 samples; here you know.",
            share=len(here) / SAMPLES,
        )
    gib = expect.number(answer, "memory_need(...)", unit="GiB", low=0)
    served = float((here * installed / 100 <= gib * (1 - headroom) + 1e-9).mean())
    if abs(served - 0.95) > 0.004:
        raise Mistake(
            "wrong_need",
            "A fresh machine has {installed} GiB and a median use of {median:.0f} %. You ask "
            "for {gib:.1f} GiB; with {headroom:.0%} kept free that serves {served:.1%} of the "
            "samples.",
            required="The P95 of the memory in use must fit into what is not kept free.",
            installed=installed, median=float(here.median()), gib=gib, headroom=headroom,
            served=served,
        )  # fmt: skip


def _no_nan(answer: Any, missing: int) -> None:
    if not (isinstance(answer, float | np.floating) and np.isnan(answer)):
        return
    raise Mistake(
        "not_a_number_back",
        "Your function gives NaN for a fresh series of 4,032 samples, {missing} of them NaN.",
        required="GiB, or the word `unknown`; NaN is neither.",
        step="`np.percentile` of a series with NaN in it is NaN: leave those out first.",
        missing=missing,
    )


def _thinned(work: Work, salt: int, share: float) -> pd.Series[float]:
    """A fresh series of which this share was measured; the rest is NaN."""
    used = _memory_series(work, salt)
    lost = work.fresh(90 + salt).permutation(SAMPLES)[: round(SAMPLES * (1 - share))]
    used.iloc[lost] = np.nan
    return used


def _unknown_stays_unknown(work: Work, need: Any) -> None:
    half = _memory_series(work, 5)
    half.iloc[: SAMPLES // 2] = np.nan
    gaps = need(half, 64, 0.2)
    blank = need(pd.Series([np.nan] * SAMPLES), 64, 0.2)
    if _is_number(blank):
        raise Mistake(
            "no_samples",
            "All 4,032 samples of a fresh machine are NaN: nobody measured its memory. You "
            "answer {answer:.4g} GiB.",
            required="The word `unknown`: a number would be bought, and believed.",
            answer=float(blank),
        )
    # just short of enough, so that the 90 % of the task decide and no rounder share
    for answer, share in ((gaps, 0.5), (need(_thinned(work, 7, 0.88), 64, 0.2), 0.88)):
        if _is_number(answer):
            raise Mistake(
                "half_measured",
                "{missing:.0%} of a fresh machine's samples are missing, and you answer "
                "{answer:.4g} GiB.",
                required="The word `unknown` when less than 90 % of the samples are there.",
                step="Count the samples that are there against the 4,032 that should be.",
                answer=float(answer), missing=1 - share,
            )  # fmt: skip
    short = need(_memory_series(work, 6, SAMPLES // 2), 64, 0.2)
    _of_all_samples(short, SAMPLES // 2)
    empty = _on_nothing(need)
    _of_all_samples(empty, 0)
    for answer in (empty, blank, short, gaps):
        if answer != "unknown":
            raise Mistake(
                "other_word",
                "For a machine that was not measured you answer {answer}.",
                required="The word `unknown`, the same for everyone who reads the sheet.",
                answer=expect.short(answer),
            )


def _of_all_samples(answer: Any, count: int) -> None:
    if _is_number(answer):
        raise Mistake(
            "share_of_what_is_there",
            "A fresh series has only {count:,} rows, none of them NaN, and you answer "
            "{answer:.4g} GiB.",
            required="The word `unknown`: 90 % of the 4,032 samples that should be there, "
            "not of the rows that came.",
            step="Count what is there and divide by 4,032.",
            answer=float(answer),
            count=count,
        )


def _on_nothing(need: Any) -> Any:
    """The answer for a series without any row; an error there is told as what it is."""
    try:
        return need(pd.Series([], dtype=float), 64, 0.2)
    except LearnerError as error:
        if error.slow:
            raise
        raise Mistake(
            "empty_series",
            "Ordinary machines are right. Given an empty series, without any row, your function "
            "stops: {error}",
            required="The word `unknown` there too: some tools export nothing for such a machine.",
            error=error.trace.splitlines()[-1],
        ) from None


@memory.diagnose
def installed_as_need(work: Work) -> Mistake | None:
    """What is installed was taken for what is used."""
    need = work.function("memory_need")
    low, high = pd.Series([10.0] * SAMPLES), pd.Series([80.0] * SAMPLES)
    if need(low, 64, 0.2) != need(high, 64, 0.2) or not _is_number(need(low, 64, 0.2)):
        return None
    return Mistake(
        "installed_as_need",
        "A machine that uses 10 % and one that uses 80 % of 64 GiB both need {gib:.0f} GiB "
        "by your function.",
        required="What was in use decides, not what was bought.",
        gib=float(need(low, 64, 0.2)),
    )


@memory.diagnose
def memory_mean(work: Work) -> Mistake | None:
    """The mean of the memory was sized."""
    need = work.function("memory_need")
    used = pd.Series(np.where(np.arange(SAMPLES) % 8 == 0, 90.0, 10.0))
    gib = need(used, 100, 0.0)
    if not _is_number(gib) or abs(gib - 20) > 1:
        return None
    return Mistake(
        "memory_mean",
        "A machine of 100 GiB is 90 % full in every eighth sample; you ask for {gib:.0f} GiB.",
        required="Memory that does not fit ends the program: a high percentile, not the middle.",
        gib=float(gib),
    )


@memory.diagnose
def memory_headroom(work: Work) -> Mistake | None:
    """Headroom was multiplied on, or left out."""
    need = work.function("memory_need")
    gib = need(pd.Series([50.0] * SAMPLES), 64, 0.3)
    if not _is_number(gib) or not (abs(gib - 32 * 1.3) < 0.1 or abs(gib - 32) < 0.1):
        return None
    return Mistake(
        "memory_headroom",
        "A machine that always uses 32 GiB gets {gib:.1f} GiB at 30 % headroom: {free:.0%} of it "
        "stay free.",
        required="Headroom is the share of the new memory that stays free.",
        gib=float(gib),
        free=1 - 32 / float(gib),
    )
