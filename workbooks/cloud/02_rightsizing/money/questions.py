"""The questions of the defence: drawn from the learner's memo, ranges and sizes.

Five are asked. Which ones, in which order and about which input or machine follows from
what was handed in (``drawn``), so that nothing can be prepared for them before it exists,
and a changed memo or range asks anew. They name figures in words, as a controller does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.checking import Work
from kit.data.prices import HOURS_PER_MONTH
from kit.i18n import mark

from ..sizing.case import CARRY, Place, series_of
from .ledger import FIELDS
from .npv import TITLES
from .tornado import Swing, swings
from .work import Model, model_of

if TYPE_CHECKING:
    from ..case import Case

ASKED = 5


@dataclass(frozen=True)
class Question:
    """One question. ``answer`` is a sum, a share in percent, a time, or an input's name."""

    kind: str
    template: str
    values: dict[str, Any]
    answer: Any


@dataclass
class Artefact:
    """What the learner handed in, as the questions see it."""

    case: Case
    model: Model
    places: Mapping[str, Place]
    ranges: Mapping[str, Any]
    recommend: str
    memo: str
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(drawn(self.case.seed, self))

    @cached_property
    def bars(self) -> list[Swing]:
        """The learner's own tornado, widest first."""
        return swings(self.model, self.ranges)

    @property
    def named(self) -> list[str]:
        """Machines that the memo names, in the order in which it does."""
        found = {name: self.memo.find(name) for name in self.places if name in self.memo}
        return sorted(found, key=lambda name: found[name])

    def worse(self, bar: Swing) -> float:
        """The end of a range that speaks against what the learner recommends."""
        for_cloud = self.recommend == "cloud"
        return bar.low if (bar.lead_low < bar.lead_high) == for_cloud else bar.high

    def any_of(self, things: list[Any]) -> Any:
        """One of these, by the artefact's own draw."""
        return things[int(self.rng.integers(len(things)))]


def artefact_of(work: Work) -> Artefact:
    """From the learner's names; NotAttempted while the ranges or the memo are not there."""
    ranges, recommend, memo = (work.value(name) for name in ("ranges", "recommend", "memo"))
    model = model_of(work)
    own, truth = CARRY["graded-bursts"]
    try:
        places = own(work)
    except Exception:
        # who has no plan that holds was handed the case's own sizes
        places = truth(work.case)
    return Artefact(work.case, model, places, ranges, recommend, str(memo))


def drawn(seed: int, told: Artefact) -> list[int]:
    """Seeds of the draw: the case, the words of the memo, and the ranges to six digits."""
    # figures are left out of the memo's words: rounding elsewhere must not ask anew
    words = re.sub(r"[\d\W_]+", " ", told.memo)
    ends = [
        f"{key} {float(low):.6g} {float(high):.6g}" for key, (low, high, _) in told.ranges.items()
    ]
    digest = hashlib.sha256("\n".join([words, told.recommend, *ends]).encode()).digest()
    return [seed, int.from_bytes(digest[:8], "big")]


def questions(told: Artefact) -> list[Question]:
    """Five questions in the artefact's own order: two on the memo, two on ranges, one more."""
    on_memo = [_memo_machine(told), _both_against(told)]
    pool: list[Callable[[Artefact], Question]] = [_end, _least, _width, _end_of_narrow]
    chosen = told.rng.permutation(len(pool))[:2]
    on_ranges = [pool[int(place)](told) for place in chosen]
    others = [_first_time, _hours, _double_run, _rate]
    if told.model.tipping("capex") > 0:
        # at no price both options are worth the same: then nobody is asked for it
        others.append(_price)
    asked = [*on_memo, *on_ranges, told.any_of(others)(told)]
    return [asked[int(place)] for place in told.rng.permutation(ASKED)]


# --- about the memo -------------------------------------------------------------------


def _memo_machine(told: Artefact) -> Question:
    """How often the machine that the memo doubts would want more, one size down."""
    machine = told.named[0] if told.named else told.any_of(sorted(told.places))
    sizes = told.case.prices.vcpus
    smaller = [size for size in sizes if size < told.places[machine].vcpu]
    size = smaller[-1] if smaller else sizes[0]
    today = dict(zip(told.case.servers["machine"], told.case.servers["vcpu"], strict=True))
    demand = today[machine] * series_of(told.case)[machine]["value"].to_numpy() / 100
    first = mark(
        "Your memo doubts {machine}. Had you given it the next smaller size on the card, around "
        "the clock: in how many of 100 samples would it have wanted more?"
    )
    other = mark(
        "Your memo names no machine, so take {machine}. On the next smaller size on the card, "
        "around the clock: in how many of 100 samples would it have wanted more?"
    )
    return Question(
        "smaller",
        first if told.named else other,
        {"machine": machine, "size": size},
        100 * float(np.mean(demand > size)),
    )


def _both_against(told: Artefact) -> Question:
    """Two inputs at once, each at the end that speaks against the recommendation."""
    one, two = (told.bars[int(place)] for place in told.rng.permutation(len(told.bars))[:2])
    m = {**told.model.m, one.key: told.worse(one), two.key: told.worse(two)}
    return Question(
        "against",
        mark(
            "You recommend the {option}. Let two things go against you at once, each as far as "
            "your own range allows: “{first}” and “{second}”. Renewal minus cloud in won of "
            "today, with its sign?"
        ),
        {
            "option": TITLES[told.recommend],
            "first": FIELDS[one.key][1],
            "second": FIELDS[two.key][1],
            "keys": (one.key, two.key),
        },
        told.model.lead(m),
    )


# --- about the ranges -----------------------------------------------------------------


def _end(told: Artefact) -> Question:
    bar = told.any_of(told.bars)
    return Question(
        "end",
        mark(
            "At the end of your range that hurts your recommendation most, “{meaning}”: how many "
            "won worse off is it there than as planned?"
        ),
        {"meaning": FIELDS[bar.key][1], "key": bar.key},
        abs(told.model.lead({**told.model.m, bar.key: told.worse(bar)}) - told.model.lead()),
    )


def _least(told: Artefact) -> Question:
    return Question(
        "least",
        mark(
            "Which one of your ranges would you stop measuring first, since it can move the "
            "decision least? Give the name of the input."
        ),
        {},
        told.bars[-1].key,
    )


def _width(told: Artefact) -> Question:
    bar = told.bars[int(told.rng.integers(2))]
    return Question(
        "width",
        mark(
            "Somebody halves what you do not know about “{meaning}”: your value in use stays, "
            "both ends move half-way towards it. By how many won does renewal minus cloud still "
            "swing?"
        ),
        {"meaning": FIELDS[bar.key][1], "key": bar.key},
        _halved(told, bar),
    )


def _halved(told: Artefact, bar: Swing) -> float:
    used = told.model.m[bar.key]
    ends = [
        told.model.lead({**told.model.m, bar.key: (used + end) / 2}) for end in (bar.low, bar.high)
    ]
    return abs(ends[1] - ends[0])


def _end_of_narrow(told: Artefact) -> Question:
    bar = min(told.bars, key=lambda b: (b.high - b.low) / (abs(told.model.m[b.key]) or 1.0))
    return Question(
        "narrow",
        mark(
            "Take the input that you are surest of, by the width of your range in percent of the "
            "value in use. Over that range, from which sum to which does renewal minus cloud go? "
            "Answer with the larger one, in won, with its sign."
        ),
        {"key": bar.key},
        max(bar.lead_low, bar.lead_high),
    )


# --- about the case -------------------------------------------------------------------


def _hours(told: Artefact) -> Question:
    return Question(
        "hours",
        mark("In a month of 730 hours, up to how many hours on is your cloud the cheaper one?"),
        {},
        min(told.model.u_star * HOURS_PER_MONTH, HOURS_PER_MONTH),
    )


def _double_run(told: Artefact) -> Question:
    months, m = int(told.rng.integers(2, 5)), told.model.m
    later = {**m, "double_run_months": m["double_run_months"] + months}
    return Question(
        "double-run",
        mark("The double run takes {months} months longer. How many won more is that, today?"),
        {"months": months},
        told.model.worth("cloud", "base", later) - told.model.worth("cloud", "base", m),
    )


def _rate(told: Artefact) -> Question:
    m = told.model.m
    rate = round(m["rate"] + float(told.any_of([-0.03, 0.03, 0.04])), 4)
    return Question(
        "rate",
        mark("At a rate of {rate:.1%}: renewal minus cloud in today's won, with its sign?"),
        {"rate": rate},
        told.model.lead({**m, "rate": rate}),
    )


def _price(told: Artefact) -> Question:
    return Question(
        "price",
        mark("At which price of the new servers would both options be worth the same?"),
        {},
        told.model.tipping("capex"),
    )


def _first_time(told: Artefact) -> Question:
    """When a machine would first have wanted more than p90 without headroom gives it."""
    case = told.case
    today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
    found = []
    for name, frame in series_of(case).items():
        demand = today[name] * frame["value"].to_numpy() / 100
        need = np.percentile(demand, 90)
        size = next((s for s in case.prices.vcpus if s >= need), case.prices.vcpus[-1])
        above = np.flatnonzero(demand > size)
        if len(above):
            found.append((name, size, pd.Timestamp(frame["time"].iloc[above[0]])))
    name, size, time = told.any_of(found)
    return Question(
        "first-time",
        mark(
            "{machine} on {size} vCPU, which is p90 without headroom: when would its demand first "
            "have been above that? (2026-03-02 14:05)"
        ),
        {"machine": name, "size": size},
        time,
    )
