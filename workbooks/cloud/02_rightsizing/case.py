"""The learner's case: a fictional firm, its servers, its quote, its draft.

``build_case(seed, part)`` gives the same case for the same seed everywhere.
``CARRY`` says, for each exercise that a later one builds on, how to get its
result from the learner's own answer, and the truth for who takes it instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.checking import Work
from kit.data.prices import PriceCard, read_prices

from .money import audit, bet
from .money import case as money_case
from .sizing import case as sizing_case

FIRM = "Narae Fittings"


@dataclass(frozen=True)
class Case:
    """What the learner gets. Percent are 0 to 100, money is won, times are local text."""

    seed: int
    part: str
    firm: str
    servers: Any
    """Data frame: machine, duty, vcpu, ram_gib, stateful."""
    export: Any
    """Data frame as the monitoring tool wrote it: machine, time, value, unit."""
    memory: Any
    """Data frame of the guest agents: machine, time, used_percent; some machines are missing."""
    puzzle: str
    """Name of the machine that no percentile serves."""
    prices: PriceCard
    money: dict[str, Any]
    """Inputs of the business case; see money_case.FIELDS for units."""
    draft: Any
    """Data frame: claim, text. An AI-drafted sizing and memo (scripted, SIMULATED)."""


def build_case(seed: int, part: str) -> Case:
    """The case of one learner and part (``"practice"`` or ``"graded"``)."""
    from pathlib import Path

    prices = read_prices(Path(__file__).parent / "prices.toml")
    sizing = sizing_case.sizing_of(seed, part)
    money = money_case.build(np.random.default_rng([seed, 2]), part)
    draft = money_case.draft(np.random.default_rng([seed, 3]), sizing, money, prices)
    return Case(
        seed=seed,
        part=part,
        firm=FIRM,
        # the generator's own stay as they are, whatever becomes of these
        servers=sizing.servers.copy(),
        export=sizing.export.copy(),
        memory=sizing.memory.copy(),
        puzzle=sizing.puzzle,
        prices=prices,
        money=money,
        draft=draft,
    )


Carry = tuple[Callable[[Work], Any], Callable[[Case], Any]]
CARRY: dict[str, Carry] = {**sizing_case.CARRY, **money_case.CARRY}
# what a form shows that differs from learner to learner: (key, text)
OPTIONS: dict[str, Callable[[Case], list[tuple[str, str]]]] = {
    "bet": bet.options_of,
    "audit": audit.options_of,
}
# The worth of stopping and growing is the graded question itself, so nobody is handed it.
TAKEABLE = CARRY.keys() - {"graded-options"}
