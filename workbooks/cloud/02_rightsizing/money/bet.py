"""Exercise ``bet``: which of four uncertain inputs moves the difference furthest."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kit.checking import Mistake, NotAttempted, Work, exercise_check
from kit.i18n import mark, phrase

from ..words import Won
from .case import true_inputs
from .ledger import OPTIONS, Inputs, moves
from .tornado import swings
from .work import Model, ledger_model, model_of

if TYPE_CHECKING:
    from ..case import Case

Range = tuple[float, float]
# what is known of each input: how far below and above the plan it may lie, and the step
_KNOWN: Mapping[str, tuple[Range, Range, float]] = {
    "capex": ((0.02, 0.08), (0.02, 0.08), 1e6),
    "migration_won": ((0.0, 0.1), (0.3, 0.8), 1e6),
    "on_share": ((0.02, 0.2), (0.0, 0.05), 0.01),
    "tariff": ((0.1, 0.4), (0.1, 0.6), 1.0),
}
_TEXTS = {
    "capex": mark("Price of the servers: {low:million} to {high:million}"),
    "migration_won": mark("Migration: {low:million} to {high:million}"),
    "on_share": mark("Hours on: {low:.0%} to {high:.0%} of the year"),
    "tariff": mark("Electricity: {low:.0f} to {high:.0f} won per kWh"),
}
# neighbours lie this far apart by the generator's truth; nearer ones may stand either way round
APART, EITHER, TRIES = 1.3, 0.9, 500


def options_of(case: Case) -> list[tuple[str, str]]:
    """The four inputs with their ranges, as the form shows them."""
    return [
        (key, phrase(_TEXTS[key], low=Won(low), high=Won(high)))
        for key, (low, high) in ranges_of(case).items()
    ]


def ranges_of(case: Case) -> dict[str, Range]:
    """Low and high of each of the four inputs, drawn from the learner's seed."""
    return dict(_ranges(case.seed, case.part, tuple(true_inputs(case).items())))


@lru_cache(maxsize=4)
def _ranges(
    seed: int, part: str, inputs: tuple[tuple[str, float], ...]
) -> tuple[tuple[str, Range], ...]:
    """Ranges whose effects differ, and in another order than their widths alone tell."""
    m = dict(inputs)
    model, rng = ledger_model(m), np.random.default_rng([seed, 5, len(part)])
    for _ in range(TRIES):
        drawn = {key: _drawn(rng, m[key], *known) for key, known in _KNOWN.items()}
        effects = widths(model, drawn)
        told = sorted(effects.values())
        apart = all(b > APART * a for a, b in itertools.pairwise(told))
        if apart and ordered(effects) not in map(ordered, (_relative(drawn, m), _once(drawn, m))):
            break
    return tuple(drawn.items())


def _drawn(rng: np.random.Generator, used: float, below: Range, above: Range, step: float) -> Range:
    low, high = used * (1 - rng.uniform(*below)), used * (1 + rng.uniform(*above))
    most = 1.0 if step < 1 else float("inf")
    return (
        round(min(used, round(low / step) * step), 2),
        round(max(used, min(most, round(high / step) * step)), 2),
    )


def widths(model: Model, ranges: Mapping[str, Range]) -> dict[str, float]:
    """How many won the difference moves over each range."""
    bars = swings(model, {key: (*ends, "") for key, ends in ranges.items()})
    return {bar.key: bar.width for bar in bars}


def ordered(sizes: Mapping[str, float]) -> list[str]:
    """Names, the largest first."""
    return sorted(sizes, key=lambda key: -sizes[key])


def _relative(ranges: Mapping[str, Range], m: Inputs) -> dict[str, float]:
    return {key: (high - low) / m[key] for key, (low, high) in ranges.items()}


def _once(ranges: Mapping[str, Range], m: Inputs) -> dict[str, float]:
    """Won that each range moves in the year in which it moves most."""
    return {
        key: (high - low) * max(max(map(abs, moves(key, o, "base", m))) for o in OPTIONS)
        for key, (low, high) in ranges.items()
    }


@exercise_check("bet")
def bet(work: Work) -> None:
    """Each input before those that move the learner's own model less; near ones as they like."""
    order = _given(work)
    effects = widths(model_of(work), ranges_of(work.case))
    pairs = list(itertools.combinations(order, 2))
    held = sum(effects[first] >= EITHER * effects[second] for first, second in pairs)
    if held < len(pairs):
        raise Mistake(
            "other_order",
            mark("Of the {all} pairs in your list {held} stand the right way round."),
            required=mark("The one that moves the difference by more won of today comes first."),
            step=mark(
                "For each: how wide is the range in won, how often is it paid, and in which years?"
            ),
            all=len(pairs),
            held=held,
        )


def _given(work: Work) -> list[str]:
    given = work.answer("bet")
    order = [str(key) for key in given] if isinstance(given, list) else []
    if sorted(order) != sorted(_KNOWN):
        # the form gives all four; nothing but an edited file can hold anything else
        raise NotAttempted("bet", form=True)
    return order


@bet.diagnose
def widest_first(work: Work) -> Mistake | None:
    """The widest in percent comes first."""
    ranges, m = ranges_of(work.case), model_of(work).m
    wide = _relative(ranges, m)
    if _given(work) != ordered(wide):
        return None
    first = ordered(wide)[0]
    return Mistake(
        "widest_in_percent",
        mark("You go by the width in percent: `{key}` comes first because it is {wide:.0%} wide."),
        required=mark("What counts is by how many won the decision swings, not the input."),
        step=mark("{wide:.0%} of which sum? And is it paid once or every year?"),
        key=first,
        wide=wide[first],
    )


@bet.diagnose
def largest_sum(work: Work) -> Mistake | None:
    """The figures of the table are ranked, whatever is known of them."""
    m = model_of(work).m
    if _given(work) != ordered({key: m[key] for key in _KNOWN}):
        return None
    return Mistake(
        "largest_sum",
        mark("Your list follows the size of the figures in the table, from `{first}` down."),
        required=mark("What counts is how far each may be off, and what that moves."),
        step=mark("Which of these figures stands in a written quote?"),
        first=_given(work)[0],
    )


@bet.diagnose
def paid_once(work: Work) -> Mistake | None:
    """A yearly bill is taken for a single payment."""
    model = model_of(work)
    if _given(work) != ordered(_once(ranges_of(work.case), model.m)):
        return None
    return Mistake(
        "year_for_all",
        mark("You rank what one year costs. The decision binds for {years} years."),
        required=mark("What all years together move, in won of today."),
        step=mark("Which of the four is paid once, and which one comes back every year?"),
        years=model.m["years"],
    )


@bet.diagnose
def least_first(work: Work) -> Mistake | None:
    """The list is the right one, upside down."""
    effects = widths(model_of(work), ranges_of(work.case))
    if _given(work) != ordered(effects)[::-1]:
        return None
    return Mistake(
        "least_first",
        mark("Your list begins with what moves the difference least."),
        required=mark("The input that moves it furthest comes first."),
    )
