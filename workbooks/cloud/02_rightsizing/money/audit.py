"""Exercise ``audit``: which claims of the scripted draft are faulty."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.checking import Mistake, Remark, Work, exercise_check, forms
from kit.data.prices import PriceCard
from kit.i18n import mark, phrase

from ..sizing.case import sizing_of
from .draft import FAULTY, SURPRISING, Claim, claims

if TYPE_CHECKING:
    from ..case import Case


def claims_of(case: Case) -> list[Claim]:
    """The case's claims with their forms, drawn again from its seed."""
    return list(_claims(case.seed, case.part, tuple(case.money.items()), case.prices))


# each look at the findings or at a figure of the draft asks for them
@lru_cache(maxsize=4)
def _claims(
    seed: int, part: str, money: tuple[tuple[str, Any], ...], prices: PriceCard
) -> tuple[Claim, ...]:
    rng = np.random.default_rng([seed, 3])
    return tuple(claims(rng, sizing_of(seed, part), dict(money), prices))


def options_of(case: Case) -> list[tuple[str, str]]:
    """Each claim's id and text, as the form shows it."""
    return [(claim.id, claim.text) for claim in _asked(case)]


def _asked(case: Case) -> list[forms.Claim]:
    return [
        forms.Claim(
            id=claim.id,
            text=phrase(claim.template, **claim.values),
            faulty=claim.form == FAULTY,
            topic=claim.topic,
            surprising=claim.form == SURPRISING,
        )
        for claim in claims_of(case)
    ]


@exercise_check("audit")
def audit(work: Work) -> Remark | None:
    """F1 of the claims called faulty; ids are told only beside a pass."""
    return _left_over(*forms.audited(_asked(work.case), flagged_in(work)))


def flagged_in(work: Work) -> dict[str, str]:
    """The claims that the learner marked, each with its reason."""
    return forms.findings_of(_asked(work.case), work.answer("audit"), "audit")


def _left_over(missed: list[str], alarms: list[str]) -> Remark | None:
    """What a pass hides: claims that stay wrong in the paper, and claims that hold."""
    if missed and alarms:
        return Remark(
            mark("Enough to pass. You missed {missed}, and {alarms} would have held: see below."),
            missed=", ".join(missed),
            alarms=", ".join(alarms),
        )
    if missed:
        told = mark("Enough to pass. Still wrong in the paper you would sign: {missed}.")
        return Remark(told, missed=", ".join(missed))
    if alarms:
        told = mark("Enough to pass. A false alarm: {alarms} holds when recomputed.")
        return Remark(told, alarms=", ".join(alarms))
    return None


@audit.diagnose
def one_side(work: Work) -> Mistake | None:
    """Only the money was read, or only the sizing."""
    table = _asked(work.case)
    flagged = flagged_in(work)
    try:
        forms.audited(table, flagged)
    except Mistake as mistake:
        if mistake.label != "audit_short":
            # a reader of all or of nothing has another fault than of one half
            return None
    found, missed = (
        {t: sum(c.faulty and c.topic == t and (c.id in flagged) is held for c in table)
         for t in ("sizing", "money")}
        for held in (True, False)
    )  # fmt: skip
    if found["money"] and not found["sizing"]:
        return Mistake(
            "sizing_unread",
            mark("All that you found is about money. {left} faulty claims about machines stay."),
            required=mark("A wrong size makes every sum that follows wrong: read both halves."),
            left=missed["sizing"],
        )
    if found["sizing"] and not found["money"]:
        return Mistake(
            "money_unread",
            mark("All that you found is about machines. {left} faulty claims about money stay."),
            required=mark("The CFO reads the sums: recompute those as well."),
            left=missed["money"],
        )
    return None
