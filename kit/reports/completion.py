"""Completion: the programme's rule applied to evidence. Pure functions.

The rule has one home, ``unmet``: it compares numbers, and columns of a table alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.i18n import Translator, mark
from kit.model import CompletionRule
from kit.reports.evidence import GRADEBOOK, Claim, Evidence
from kit.reports.wording import whole_percent

# shares are sums of fractions; 3 of 4 must reach 0.75 however they were added up
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Completion:
    """A decision by rule.

    ``complete``: all evidence together, self-reported included, satisfies the rule.
    ``verified``: the verified evidence alone does; only this may carry a credential.
    ``missing``: what is still wanted, one sentence each, empty when complete.
    """

    complete: bool
    verified: bool
    missing: tuple[str, ...] = ()


def unmet(rule: CompletionRule, have: Mapping[Claim, Any]) -> dict[Claim, Any]:
    """What of the rule is not met yet, by claim.

    ``have`` holds the share of each claim, 0 where nothing is claimed: numbers give
    booleans, and pandas Series give boolean Series, one value for each learner.
    """
    # used once is used: no share of it is asked for
    applied = _ROUNDING if rule.applied else 0.0
    wanted = {
        Claim.PRACTISED: rule.practised_share,
        Claim.GRADED: rule.graded_share,
        Claim.APPLIED: applied,
    }
    return {claim: _short(have[claim], share) for claim, share in wanted.items()}


def _short(have: Any, want: float) -> Any:
    # nothing at all is short of the smallest want, whatever is rounded
    return (have + _ROUNDING < want) | ((have <= 0) & (want > 0))


def decide(
    rule: CompletionRule, evidence: Iterable[Evidence], translate: Translator | None = None
) -> Completion:
    """Apply a unit's rule to its evidence; sentences are in the translator's language."""
    rows = tuple(evidence)
    proved = [row for row in rows if row.verified]
    missing = tuple(_missing(rule, rows, translate or Translator("en")))
    return Completion(
        complete=not any(unmet(rule, _have(rows)).values()),
        verified=not any(unmet(rule, _have(proved)).values()),
        missing=missing,
    )


def share_of(claim: Claim, evidence: Iterable[Evidence]) -> float | None:
    """The best share claimed, None without evidence.

    A gradebook's rows outweigh the progress log: they were earned on other data.
    """
    rows = [row for row in evidence if row.claim is claim]
    graded = [row for row in rows if row.source == GRADEBOOK]
    return max((row.share for row in graded or rows), default=None)


def _have(rows: Iterable[Evidence]) -> dict[Claim, float]:
    kept = tuple(rows)
    return {claim: share_of(claim, kept) or 0.0 for claim in Claim}


def _missing(rule: CompletionRule, rows: tuple[Evidence, ...], say: Translator) -> list[str]:
    have = _have(rows)
    handed_in = share_of(Claim.GRADED, rows) is not None
    return [
        say(want_text(claim, handed_in), have=_shown(have[claim], want), want=want)
        for claim, lacking in unmet(rule, have).items()
        if lacking
        for want in [_wanted(rule, claim)]
    ]


def _shown(have: float, want: float) -> float:
    return whole_percent(have, want) / 100


def _wanted(rule: CompletionRule, claim: Claim) -> float:
    return rule.graded_share if claim is Claim.GRADED else rule.practised_share


def want_text(claim: Claim, handed_in: bool) -> str:
    """What to do about a claim that is short; ``have`` and ``want`` fill it in as shares."""
    if claim is Claim.PRACTISED:
        return mark("Practise more: {have:.0%} of the exercises pass, {want:.0%} are wanted.")
    if claim is Claim.APPLIED:
        return mark("Apply it to your own data in the live notebook.")
    if not handed_in:
        return mark("Hand in the graded assignment.")
    return mark("Earn more points: {have:.0%} of the graded ones so far, {want:.0%} wanted.")
