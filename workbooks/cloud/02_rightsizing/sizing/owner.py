"""Exercise ``bursts``: the owner of the bursty machine sets a condition, an option follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit.checking import Mistake, Work, exercise_check, expect
from kit.i18n import mark, phrase

from ..words import OPTIONS as WORDS
from .case import cpu_of, puzzle_options
from .options import OPTIONS
from .rule import WORKS

if TYPE_CHECKING:
    from ..case import Case

STEP = 0.005
SPLITS = mark(
    "The owner of {machine}: “At most {percent:g} % of the samples may go short. The work can be "
    "split over several machines.”"
)
WHOLE = mark(
    "The owner of {machine}: “At most {percent:g} % of the samples may go short. The work is one "
    "process and cannot be split over several machines.”"
)


@dataclass(frozen=True)
class Owner:
    """``limit`` is the share of samples that may go short; ``splits``: over several machines."""

    limit: float
    splits: bool

    def allows(self, option: str, loss: float) -> bool:
        """Whether an option may be taken."""
        return loss <= self.limit and (self.splits or option != "autoscale")


def owner_of(case: Case) -> Owner:
    """What this learner's owner says. Which option follows differs from owner to owner."""
    rng = np.random.default_rng([case.seed, 4])
    today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
    by_hours = next(
        o.loss
        for o in puzzle_options(case)
        if (o.option, o.vcpu) == ("schedule", int(today[case.puzzle]))
    )
    owners = (
        Owner(0.02, bool(rng.integers(2))),
        Owner(0.06, True),
        Owner(float(np.ceil(by_hours / STEP)) * STEP, False),
    )
    return owners[int(rng.integers(len(owners)))]


@exercise_check("bursts")
def bursts(work: Work) -> None:
    """The option that is cheapest among those that the owner allows, at whatever size."""
    chosen = work.answer("bursts")
    expect.one_of(chosen, "bursts", OPTIONS)
    owner, table = owner_of(work.case), puzzle_options(work.case)
    name = phrase(WORDS[chosen])
    if chosen == "autoscale" and not owner.splits:
        raise Mistake(
            "cannot_be_split",
            mark(
                "You choose {option}. It adds and removes small instances, and the owner's work "
                "is one process."
            ),
            required=mark("An option under which one process has the cores when it wants them."),
            option=name,
        )
    mine = [o for o in table if o.option == chosen]
    fitting = [o for o in mine if owner.allows(o.option, o.loss)]
    if not fitting:
        raise Mistake(
            "above_owners_limit",
            mark(
                "However large you make it, {option} leaves {loss:.1%} of the samples short. The "
                "owner accepts {limit:.1%}."
            ),
            required=mark("An option with a size that stays within the owner's limit."),
            option=name,
            loss=min(o.loss for o in mine),
            limit=owner.limit,
        )
    won = min(o.won_month for o in fitting)
    if not any(owner.allows(o.option, o.loss) and o.won_month < won for o in table):
        return
    if chosen == "fixed":
        raise Mistake(
            "fixed_for_bursts",
            mark(
                "A fixed size within the limit costs {won:,.0f} won a month or more, around the "
                "clock. {machine} is below {works:g} % CPU in {idle:.0%} of its samples."
            ),
            required=mark("An option that is paid for less while the machine sleeps."),
            won=won,
            machine=work.case.puzzle,
            works=WORKS,
            idle=float(np.mean(cpu_of(work.case)[work.case.puzzle] <= WORKS)),
        )
    raise Mistake(
        "dearer_option",
        mark(
            "Within the owner's limit {option} costs {won:,.0f} won a month or more. Another "
            "option stays within it, too, and costs less."
        ),
        required=mark("The least cost of all that the owner allows."),
        step=mark("Go through the table from its cheapest row, and stop at the first one allowed."),
        option=name,
        won=won,
    )
