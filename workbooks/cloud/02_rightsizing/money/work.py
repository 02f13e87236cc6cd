"""The learner's own model as later checks use it: their functions on their inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from kit.checking import Mistake, NotAttempted, Work
from kit.checking.mistakes import LearnerError
from kit.i18n import mark

from .case import base_inputs
from .ledger import FIELDS, FUTURES, OPTIONS, Inputs, amounts
from .npv import npv

Worth = Callable[[str, str, Inputs], float]


@dataclass(frozen=True)
class Model:
    """Today's won of an option in a future. ``own`` tells whose functions stand behind it.

    A learner who took the intermediate result of an exercise has no functions for
    it; the ledger's figures then stand in, the same that they were handed.
    """

    m: dict[str, Any]
    worth: Worth
    flows: Callable[[str, Inputs], list[float]]
    own: bool

    def lead(self, m: Inputs | None = None, future: str = "base") -> float:
        """How many won the renewal costs more than the cloud; negative: less."""
        told = self.m if m is None else m
        return self.worth("renew", future, told) - self.worth("cloud", future, told)

    @cached_property
    def u_star(self) -> float:
        """On-time share at which both options are worth the same: the lead is linear in it."""
        idle, busy = (self.lead({**self.m, "on_share": share}) for share in (0.0, 1.0))
        return idle / (idle - busy)

    def tipping(self, key: str) -> float:
        """The value of one input at which the lead is below one won, by secants; NaN if none."""
        low, high = float(self.m[key]), float(self.m[key]) * 1.1 + 1e-9
        a = self.lead({**self.m, key: low})
        for _ in range(30):
            b = self.lead({**self.m, key: high})
            if abs(b) < 1.0:
                return high
            if abs(b - a) < 1e-6 or not abs(high) < 1e18:
                break
            low, high, a = high, high - b * (high - low) / (b - a), b
        return float("nan")


def passes(check: Callable[[Work], None], work: Work) -> bool:
    """Whether a check holds, whatever way it fails."""
    try:
        check(work)
    except (Mistake, NotAttempted, LearnerError):
        return False
    return True


# the last one that was asked for: a check and its diagnoses ask for the same
_latest: list[tuple[Work, Model]] = []


def model_of(work: Work) -> Model:
    """The learner's model if their flows hold, else the ledger's on the same inputs."""
    # by identity: a work is made anew for every check, and two of them are never compared
    for known, model in _latest:
        if known is work:
            return model
    _latest[:] = [(work, _model_of(work))]
    return _latest[0][1]


def _model_of(work: Work) -> Model:
    m = inputs_of(work)
    if not passes(npv.function, work):
        return ledger_model(m)
    worth = work.function("npv")

    def flows(option: str, told: Inputs) -> list[float]:
        return list(work.function(f"{option}_flows")(dict(told)))

    def own(option: str, future: str, told: Inputs) -> float:
        if future == "base":
            return float(worth(flows(option, told), told["rate"]))
        # the check of the futures holds exactly when theirs are these figures; who took
        # the intermediate result was handed them
        return _ledger_worth(option, future, told)

    return Model(m, own, flows, True)


def ledger_model(m: dict[str, Any]) -> Model:
    """The ledger's figures on these inputs, nobody's functions."""
    return Model(m, _ledger_worth, lambda option, told: amounts(option, "base", told), False)


def _ledger_worth(option: str, future: str, m: Inputs) -> float:
    row = amounts(option, future, m)
    return float(np.dot(row, (1 + m["rate"]) ** -np.arange(float(len(row)))))


def inputs_of(work: Work) -> dict[str, Any]:
    """The learner's ``m``, complete, with the case's facts unchanged; else a Mistake."""
    m = base_inputs(work)
    missing = [key for key in FIELDS if key not in m]
    changed = [key for key, told in work.case.money.items() if key in m and m[key] != told]
    if missing or changed:
        raise Mistake(
            "inputs_changed",
            mark("Your `m` is not the case's any more: {keys}."),
            required=mark("A reader who opens the case finds the figures that you used."),
            step=mark("Run the cell that makes `m` again; try other values on a copy of it."),
            keys=", ".join(missing + changed),
        )
    return m


def every_future() -> list[tuple[str, str]]:
    """All pairs of a future and an option."""
    return [(future, option) for future in FUTURES for option in OPTIONS]
