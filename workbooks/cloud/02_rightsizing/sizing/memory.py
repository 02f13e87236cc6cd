"""Checks of ``memory``: a need where it was measured, a word where nobody did."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from kit.checking import Mistake, Work, exercise_check, expect
from kit.checking.mistakes import LearnerError

from .case import MEMORY_SAMPLES, SAMPLES


def _memory_series(work: Work, salt: int, length: int = SAMPLES) -> pd.Series[float]:
    rng = work.fresh(70 + salt)
    level = rng.uniform(20, 60)
    return pd.Series(np.clip(level + rng.normal(0, 6, length), 1, 99))


def _is_number(value: object) -> bool:
    # NaN compares with nothing, so a diagnosis of sizes must never see it
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return False
    return not np.isnan(float(value))


# the fewest of the samples that are 90 % of them
LEAST_KNOWN = math.ceil(MEMORY_SAMPLES * SAMPLES)


@exercise_check("memory")
def memory(work: Work) -> None:
    """A need where it was measured, and the word "unknown" where it was not."""
    need = work.function("memory_need")
    # ordinary machines first: who is asked about nothing at all learns little from a failure
    for salt, (installed, headroom) in enumerate(((64, 0.2), (32, 0.0))):
        _measured(work, need, salt, installed, headroom, 1.0)
    _measured(work, need, 2, 128, 0.3, 0.95)
    _unknown_stays_unknown(work, need)
    _measured(work, need, 3, 64, 0.1, LEAST_KNOWN / SAMPLES)


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
            "Of a fresh machine's 4,032 samples {there:,} are there, and you answer `unknown`.",
            required="The word is for less than 90 % of the 4,032 samples; here you know.",
            there=len(here),
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
    # one sample short of enough, so that the 90 % of the task decide and no rounder share
    short = LEAST_KNOWN - 1
    for answer, there in (
        (gaps, SAMPLES // 2),
        (need(_thinned(work, 7, short / SAMPLES), 64, 0.2), short),
    ):
        if _is_number(answer):
            raise Mistake(
                "half_measured",
                "Of a fresh machine's 4,032 samples {there:,} are there, and you answer "
                "{answer:.4g} GiB.",
                required="The word `unknown` when less than 90 % of the samples are there.",
                step="Count the samples that are there against the 4,032 that should be.",
                answer=float(answer), there=there,
            )  # fmt: skip
    half_long = need(_memory_series(work, 6, SAMPLES // 2), 64, 0.2)
    _of_all_samples(half_long, SAMPLES // 2)
    empty = _on_nothing(need)
    _of_all_samples(empty, 0)
    for answer in (empty, blank, half_long, gaps):
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
    small, large = need(low, 64, 0.2), need(high, 64, 0.2)
    if not (_is_number(small) and _is_number(large) and small == large):
        return None
    return Mistake(
        "installed_as_need",
        "A machine that uses 10 % and one that uses 80 % of 64 GiB both need {gib:.0f} GiB "
        "by your function.",
        required="What was in use decides, not what was bought.",
        gib=float(small),
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
