"""After the audit: what each claim of the draft was, and why, beside what the learner said."""

from __future__ import annotations

from collections.abc import Iterable

from kit.i18n import mark

from .draft import FAULTY, Claim

# per family one sentence on the faulty form and one on the sound form; surprises are all true
_WHY: dict[str, tuple[str, str]] = {
    "mean": (
        mark("A mean hides the bursts: in those hours the machine wants nearly all that it has."),
        mark("The share of samples above a size decides, and it was counted, not averaged."),
    ),
    "saturated": (
        mark("What is cut off at the top cannot be seen: a full machine may want far more."),
        mark("A saturated machine shows its limit, not its demand, so it is measured first."),
    ),
    "retire": (
        mark("Fourteen days can miss a month-end, and nobody asked the owner."),
        mark("Low use is a question to the owner, and that is all the claim makes of it."),
    ),
    "hourly": (
        mark("Hourly means smooth the five-minute peaks away that the rule is about."),
        mark("The percentile stands on the samples as they were measured."),
    ),
    "window": (
        mark("The load changed: the long window describes a machine that is no longer there."),
        mark("After a change of load only the recent days say what is needed."),
    ),
    "straight": (
        mark("Equal parts leave the interest out: the money is tied up for years."),
        mark("The payments are worth the purchase price today, interest included."),
    ),
    "sunk": (
        mark("Last year's payment is gone in both options, so it cannot tell them apart."),
        mark("What no decision brings back is rightly in neither option."),
    ),
    "u-star": (
        mark("u* is a share of hours that machines are on; the load of a CPU is no such share."),
        mark("u* is compared with hours on, as it should be."),
    ),
    "months": (
        mark("730 hours are a month, so a month's bill is called a year's."),
        mark("Won an hour, times 8,760, times the share of hours on, is the sum of a year."),
    ),
    "slip": (
        mark("The point slipped: the millions are ten times too many."),
        mark("Both figures are the same sum, in won and in millions."),
    ),
    "staff": (
        mark("Hours saved become cash only when the payroll changes; the same people stay."),
        mark("The same people are paid, so the freed hours move no account."),
    ),
    "bursts": (
        "",
        mark("It surprises and holds: the p95 of a machine with bursts lies inside the bursts."),
    ),
    "above-one": (
        "",
        mark("It surprises and holds: above 1 the cloud is cheaper for every share of hours."),
    ),
    "still-billed": (
        "",
        mark("It surprises and holds: storage and egress are billed while machines are off."),
    ),
    "stopping": (
        "",
        mark("It surprises and holds: moving is paid by then, and leaving has its price."),
    ),
}
_VERDICTS = {
    (True, True): mark("found"),
    (True, False): mark("missed"),
    (False, True): mark("flagged, but it holds"),
    (False, False): mark("rightly left"),
}
_CLAIM = {True: mark("faulty"), False: mark("holds")}
HEADINGS = (mark("claim"), mark("it is"), mark("you"), mark("why"))


def debrief(claims: Iterable[Claim], flagged: set[str]) -> list[tuple[str, str, str, str]]:
    """Id, what the claim is, what the learner made of it, and why: texts of the catalogue."""
    rows = []
    for claim in claims:
        faulty = claim.form == FAULTY
        why = _WHY[claim.family][0 if faulty else 1]
        rows.append((claim.id, _CLAIM[faulty], _VERDICTS[faulty, claim.id in flagged], why))
    return rows
