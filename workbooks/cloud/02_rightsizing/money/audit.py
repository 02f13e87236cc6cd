"""Exercise ``audit``: which claims of the scripted draft are faulty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from kit.checking import Mistake, NotAttempted, Remark, Work, exercise_check, expect
from kit.i18n import mark

from ..sizing.case import sizing_of
from .draft import FAULTY, SURPRISING, Claim, claims

if TYPE_CHECKING:
    from ..case import Case

PASS_AT = 0.8
NEARLY_ALL = 10
LEAST_WORDS = 3
# a Korean reason says in two 어절 what English says in three words or more
LEAST_KOREAN, LEAST_LETTERS = 2, 8
_HANGUL = re.compile(r"[가-힣]")


def claims_of(case: Case) -> list[Claim]:
    """The case's claims with their forms, drawn again from its seed."""
    rng = np.random.default_rng([case.seed, 3])
    return claims(rng, sizing_of(case.seed, case.part), case.money, case.prices)


def read_findings(work: Work) -> set[str]:
    """Ids that the learner calls faulty; each needs a reason of its own."""
    findings = work.value("findings")
    if not isinstance(findings, Mapping):
        raise Mistake(
            "not_a_dict",
            mark("`findings` is {kind}."),
            required=mark('Claims and reasons: {{"D2": "what is wrong with it"}}'),
            kind=type(findings).__name__,
        )
    known = [claim.id for claim in claims_of(work.case)]
    for key, reason in findings.items():
        expect.one_of(key, "findings", known)
        if not isinstance(reason, str) or not reason.strip(" ."):
            raise NotAttempted(f"findings[{key!r}]")
        _check_reason(key, reason.strip())
    if len(findings) < NEARLY_ALL:
        # who flags them all is told that first
        _each_its_own(findings)
    return set(findings)


def _each_its_own(findings: Mapping[str, str]) -> None:
    """No two claims are wrong for the same reason: each is about something else."""
    seen: dict[str, str] = {}
    for key, reason in findings.items():
        plain = " ".join(reason.lower().split())
        first = seen.setdefault(plain, key)
        if first != key:
            raise Mistake(
                "reason_repeated",
                mark("{first} and {key} have the same reason: “{reason}”."),
                required=mark("For each claim what is wrong with that claim."),
                first=first,
                key=key,
                reason=expect.short(reason.strip()),
            )


def _check_reason(key: str, reason: str) -> None:
    # repeated words say nothing more: “bla bla bla” is one
    words = {word.strip(".,;:!?") for word in reason.lower().split()} - {""}
    korean = bool(_HANGUL.search(reason)) and len(reason) >= LEAST_LETTERS
    if len(words) >= (LEAST_KOREAN if korean else LEAST_WORDS):
        return
    raise Mistake(
        "reason_missing",
        mark("Your reason for {key} is “{reason}”. Its author could not answer that."),
        required=mark(
            "Three different words or more (Korean: two 어절) on what is wrong with the claim, "
            "for each one you flag."
        ),
        key=key,
        reason=reason,
    )


@exercise_check("audit")
def audit(work: Work) -> Remark | None:
    """F1 of the claims called faulty; ids are told only beside a pass."""
    flagged = read_findings(work)
    wrong = {claim.id for claim in claims_of(work.case) if claim.form == FAULTY}
    hits = len(flagged & wrong)
    score = 2 * hits / (len(flagged) + len(wrong))
    if score < PASS_AT:
        raise Mistake(
            "audit_short",
            mark(
                "You flag {flagged} claims: {hits} of them are faulty, {alarms} hold. "
                "{left} faulty ones stay in the paper (F1 {score:.2f})."
            ),
            required=mark("F1 of at least {least}: few misses and few false alarms."),
            step=mark("Recompute the claim that you are least sure of from `case` and `m`."),
            flagged=len(flagged),
            hits=hits,
            alarms=len(flagged) - hits,
            left=len(wrong) - hits,
            score=score,
            least=PASS_AT,
        )
    return _left_over(sorted(wrong - flagged), sorted(flagged - wrong))


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
def trusted(work: Work) -> Mistake | None:
    """Nothing was found."""
    if read_findings(work):
        return None
    return Mistake(
        "draft_trusted",
        mark("You sign all 12 claims as they are. They sound right; that is what drafts do."),
        required=mark("Each claim that decides something is recomputed before you sign."),
    )


@audit.diagnose
def everything(work: Work) -> Mistake | None:
    """Nearly all claims are flagged."""
    flagged = read_findings(work)
    if len(flagged) < NEARLY_ALL:
        return None
    return Mistake(
        "everything_flagged",
        mark(
            "You flag {flagged} of 12 claims. The author of the draft will answer the first "
            "false alarm and skip the rest."
        ),
        required=mark("A finding that holds when somebody recomputes it, for each claim flagged."),
        flagged=len(flagged),
    )


@audit.diagnose
def surprise(work: Work) -> Mistake | None:
    """Claims are flagged because they surprise."""
    flagged, table = read_findings(work), claims_of(work.case)
    odd = [claim for claim in table if claim.form == SURPRISING and claim.id in flagged]
    if len(odd) < 3:
        return None
    return Mistake(
        "surprise_is_not_error",
        mark("{odd} of the claims you flag are surprising and hold when recomputed."),
        required=mark("What you flag is wrong in its reasoning or its figure, not in its sound."),
        step=mark("For each: which line of the case would have to differ for it to be wrong?"),
        odd=len(odd),
    )


@audit.diagnose
def one_side(work: Work) -> Mistake | None:
    """Only the money was read, or only the sizing."""
    flagged, table = read_findings(work), claims_of(work.case)
    wrong = [claim for claim in table if claim.form == FAULTY]
    missed = {
        topic: [c for c in wrong if c.topic == topic and c.id not in flagged]
        for topic in ("sizing", "money")
    }
    found = {
        topic: [c for c in wrong if c.topic == topic and c.id in flagged]
        for topic in ("sizing", "money")
    }
    if found["money"] and not found["sizing"]:
        return Mistake(
            "sizing_unread",
            mark("All that you found is about money. {left} faulty claims about machines stay."),
            required=mark("A wrong size makes every sum that follows wrong: read both halves."),
            left=len(missed["sizing"]),
        )
    if found["sizing"] and not found["money"]:
        return Mistake(
            "money_unread",
            mark("All that you found is about machines. {left} faulty claims about money stay."),
            required=mark("The CFO reads the sums: recompute those as well."),
            left=len(missed["money"]),
        )
    return None
