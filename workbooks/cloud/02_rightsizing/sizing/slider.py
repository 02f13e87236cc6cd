"""The rule of exercise 2 under the learner's hand: what it promises a machine, and at what price.

Drawn is the load-duration curve: samples by demand, busiest first. There a percentile is a
place on the axis, and what a size does not serve is an area.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.data.prices import PriceCard, Size
from kit.i18n import mark
from kit.widgets.percentile import PercentileSlider
from kit.widgets.working import (
    Axis,
    Control,
    Dot,
    Keep,
    Level,
    Line,
    Plot,
    State,
    View,
    nice_ticks,
    thinned,
)

Say = Callable[..., str]
PERCENTILES = tuple(90 + step / 2 for step in range(21))
HEADROOMS = tuple(step / 20 for step in range(11))
# percent of the time that are drawn: no percentile on offer lies further right
BUSIEST = 20
ROOM = 1.12


@dataclass(frozen=True)
class Promise:
    """What a rule gives a machine. ``above`` is the share of samples that want more than it."""

    size: Size
    wanted: float
    above: float
    kept: bool


def promised(demand: Any, state: Mapping[str, Any], card: PriceCard) -> Promise:
    """The smallest size that keeps the promise of ``state``; the largest where none does.

    ``demand`` is vCPU by sample.
    """
    wanted = float(np.quantile(demand, state["q"] / 100))
    keeping = [one for one in card.sizes if one.vcpu * (1 - state["headroom"]) >= wanted]
    size = keeping[0] if keeping else card.sizes[-1]
    above = np.count_nonzero(np.greater(demand, size.vcpu)) / len(demand)
    return Promise(size, wanted, float(above), bool(keeping))


def rule_slider(
    demands: Mapping[str, Any],
    labels: Mapping[str, str],
    card: PriceCard,
    say: Say,
    *,
    machine: str,
    kept: Any,
    keep: Keep,
) -> PercentileSlider:
    """The widget for machines with their ``demands`` (vCPU by sample) and ``labels``.

    It begins with ``machine`` or with ``kept``, what ``keep`` was last given.
    """
    names = list(demands)
    free = [say(mark("{free:.0%} kept free"), free=one) for one in HEADROOMS]
    controls = [
        Control(
            "machine",
            say(mark("Machine")),
            names,
            [labels[n] for n in names],
            choice=True,
            begin=machine,
        ),
        Control(
            "q",
            say(mark("Percentile")),
            PERCENTILES,
            [f"P{q:g}" for q in PERCENTILES],
            places=[100 - q for q in PERCENTILES],
        ),
        Control("headroom", say(mark("Headroom")), HEADROOMS, free),
    ]

    def rule(now: State) -> View:
        return _view(demands[now["machine"]], now, card, say)

    title = say(mark("What a rule promises, and what it costs"))
    return PercentileSlider(rule, controls, say, name=title, state=kept, keep=keep)


def _view(demand: Any, state: State, card: PriceCard, say: Say) -> View:
    found = promised(demand, state, card)
    return View(
        sentence=_sentence(found, state, say),
        plot=_plot(demand, found, state, card, say),
        facts=_facts(demand, found, state, say),
        code=f'"q": {state["q"]:g}, "headroom": {state["headroom"]:g}',
    )


def _sentence(found: Promise, state: State, say: Say) -> str:
    q, headroom, size = state["q"], state["headroom"], found.size
    if found.kept:
        head = say(
            mark(
                "{machine}, P{q:g}, {headroom:.0%} kept free: {size} vCPU, {won:,.0f} won an hour."
            ),
            machine=state["machine"], q=q, headroom=headroom, size=size.vcpu,
            won=size.won_per_hour,
        )  # fmt: skip
        told = (
            mark("Promised: in {q:g} of 100 samples {headroom:.0%} of it stay free.")
            if headroom
            else mark("Promised: {q:g} of 100 samples are served.")
        )
        head = f"{head} {say(told, q=q, headroom=headroom)}"
    else:
        head = say(
            mark("{machine}, P{q:g}, {headroom:.0%} kept free: no size on offer keeps that."),
            machine=state["machine"], q=q, headroom=headroom,
        )  # fmt: skip
    given = (
        mark("Given up: {above:.1%} of the samples want more than {size} vCPU.")
        if found.above
        else mark("Given up: nothing; no sample wants more than {size} vCPU.")
    )
    return f"{head} {say(given, above=found.above, size=size.vcpu)}"


def _facts(demand: Any, found: Promise, state: State, say: Say) -> list[tuple[str, str]]:
    return [
        (say(mark("Demand at P{q:g}"), q=state["q"]), f"{found.wanted:.1f} vCPU"),
        # what a percentile as high as these says nothing about
        (say(mark("Half of the samples want at most")), f"{np.median(demand):.2f} vCPU"),
        (say(mark("Size that follows")), f"{found.size.vcpu} vCPU"),
        (say(mark("Samples above that size")), f"{found.above:.1%}"),
        (
            say(mark("Price of that size")),
            say(mark("{won:,.0f} won an hour"), won=found.size.won_per_hour),
        ),
    ]


def _plot(demand: Any, found: Promise, state: State, card: PriceCard, say: Say) -> Plot:
    ordered = np.sort(demand)[::-1]
    shares = 100 * np.arange(len(ordered)) / len(ordered)
    drawn = shares <= BUSIEST
    points = list(zip(shares[drawn].tolist(), ordered[drawn].tolist(), strict=True))
    # the same height whatever is moved, so that a line that moves means something
    largest = promised(demand, {"q": PERCENTILES[-1], "headroom": HEADROOMS[-1]}, card).size.vcpu
    high = ROOM * max(largest, float(ordered[0]))
    size, headroom = found.size.vcpu, state["headroom"]
    levels = [Level(size, f"{size} vCPU")]
    if headroom:
        usable = say(mark("to be used at most: {vcpu:.1f}"), vcpu=size * (1 - headroom))
        levels.append(Level(size * (1 - headroom), usable, dashed=True))
    time = say(mark("share of the fortnight, busiest samples first"))
    return Plot(
        Axis(0, BUSIEST, [(x, f"{x:g}%") for x in nice_ticks(0, BUSIEST)], time),
        Axis(0, high, [(y, f"{y:g}") for y in nice_ticks(0, high)], say(mark("demand, vCPU"))),
        [Line("", thinned(points))],
        levels,
        [Dot((100 - state["q"], found.wanted), "")],
        over=size,
    )
