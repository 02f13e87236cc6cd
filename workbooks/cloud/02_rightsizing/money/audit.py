"""Exercise ``audit``: which claims of the scripted draft are faulty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from kit.checking import Mistake, NotAttempted, Work, exercise_check, expect
from kit.i18n import mark

from ..sizing.case import sizing_of
from .draft import FAULTY, SURPRISING, Claim, claims

if TYPE_CHECKING:
    from ..case import Case

PASS_AT = 0.8
LEAST_WORDS, LEAST_LETTERS = 3, 8


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
    return set(findings)


def _check_reason(key: str, reason: str) -> None:
    # eight characters are a Korean reason of two words; “bad” is none in any language
    if len(reason.split()) >= LEAST_WORDS or len(reason) >= LEAST_LETTERS:
        return
    raise Mistake(
        "reason_missing",
        mark("Your reason for {key} is “{reason}”. Its author could not answer that."),
        required=mark("A few words on what is wrong with the claim, for each one you flag."),
        key=key,
        reason=reason,
    )


@exercise_check("audit")
def audit(work: Work) -> None:
    """F1 of the claims called faulty; counts are told, ids are not."""
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
    if len(flagged) < 10:
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
