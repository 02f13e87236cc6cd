"""Completion: the programme's rule applied to evidence. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.i18n import Translator, mark
from kit.model import CompletionRule
from kit.reports.evidence import GRADEBOOK, Claim, Evidence

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


def decide(
    rule: CompletionRule, evidence: Iterable[Evidence], translate: Translator | None = None
) -> Completion:
    """Apply a unit's rule to its evidence; sentences are in the translator's language."""
    rows = tuple(evidence)
    missing = tuple(_missing(rule, rows, translate or Translator("en")))
    proved = [row for row in rows if row.verified]
    verified = not list(_missing(rule, proved, Translator("en")))
    return Completion(complete=not missing, verified=verified, missing=missing)


def share_of(claim: Claim, evidence: Iterable[Evidence]) -> float | None:
    """The best share claimed, None without evidence.

    A gradebook's rows outweigh the progress log: they were earned on other data.
    """
    rows = [row for row in evidence if row.claim is claim]
    graded = [row for row in rows if row.source == GRADEBOOK]
    return max((row.share for row in graded or rows), default=None)


def _missing(rule: CompletionRule, evidence: Iterable[Evidence], say: Translator) -> list[str]:
    rows = tuple(evidence)
    found = []
    practised = share_of(Claim.PRACTISED, rows) or 0.0
    if practised + _ROUNDING < rule.practised_share:
        found.append(
            say(
                mark("Practise more: {have:.0%} of the exercises pass, {want:.0%} are wanted."),
                have=practised,
                want=rule.practised_share,
            )
        )
    graded = share_of(Claim.GRADED, rows)
    if graded is None and rule.graded_share > 0:
        found.append(say(mark("Hand in the graded assignment.")))
    elif graded is not None and graded + _ROUNDING < rule.graded_share:
        found.append(
            say(
                mark("Earn more points: {have:.0%} of the graded ones so far, {want:.0%} wanted."),
                have=graded,
                want=rule.graded_share,
            )
        )
    if rule.applied and not share_of(Claim.APPLIED, rows):
        found.append(say(mark("Apply it to your own data in the live notebook.")))
    return found
