"""An audit: which claims of a given draft are faulty, scored by F1."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kit.checking.expect.values import one_of
from kit.checking.expect.words import short
from kit.checking.mistakes import Mistake, NotAttempted
from kit.i18n import mark

PASS_AT = 0.8
# flagging this share of all claims is no reading
NEARLY_ALL = 0.8
SURPRISED = 3
LEAST_WORDS = 3
# a Korean reason says in two 어절 what English says in three words or more
LEAST_KOREAN, LEAST_LETTERS = 2, 8
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True)
class Claim:
    """One claim of a draft. ``surprising``: it sounds wrong and holds when recomputed."""

    id: str
    text: str
    faulty: bool
    topic: str = ""
    surprising: bool = False


@dataclass(frozen=True)
class Score:
    """Faulty claims found and missed, false alarms, and their F1 from 0 to 1."""

    hits: int
    missed: int
    alarms: int
    f1: float


def audit_score(claims: Sequence[Claim], flagged: Collection[str]) -> Score:
    """F1 = 2 hits / (2 hits + missed + alarms) of the ids called faulty (van Rijsbergen 1979).

    1 where nothing is faulty and nothing was flagged.
    """
    wrong = {claim.id for claim in claims if claim.faulty}
    hits = len(wrong & set(flagged))
    missed, alarms = len(wrong) - hits, len(set(flagged) - wrong)
    counted = 2 * hits + missed + alarms
    return Score(hits, missed, alarms, 2 * hits / counted if counted else 1.0)


def findings_of(claims: Sequence[Claim], given: object, name: str = "findings") -> dict[str, str]:
    """Id to reason of each claim flagged; every one needs a reason of its own.

    NotAttempted while a reason is empty. Mistake ``not_a_dict``, ``unknown_value``,
    ``reason_missing`` or ``reason_repeated``.
    """
    if not isinstance(given, Mapping):
        raise Mistake(
            "not_a_dict",
            mark("`{name}` is {kind}."),
            required=mark('Claims and reasons: {{"D2": "what is wrong with it"}}'),
            name=name,
            kind=type(given).__name__,
        )
    found: dict[str, str] = {}
    for key, reason in given.items():
        one_of(key, name, [claim.id for claim in claims])
        if not isinstance(reason, str) or not reason.strip(" ."):
            raise NotAttempted(f"{name}[{key!r}]")
        found[str(key)] = _sound(str(key), reason.strip())
    if len(found) < NEARLY_ALL * len(claims):
        # who flags them all is told that first
        _each_its_own(found)
    return found


def _sound(key: str, reason: str) -> str:
    # repeated words say nothing more: “bla bla bla” is one
    words = {word.strip(".,;:!?") for word in reason.lower().split()} - {""}
    korean = bool(_HANGUL.search(reason)) and len(reason) >= LEAST_LETTERS
    if len(words) >= (LEAST_KOREAN if korean else LEAST_WORDS):
        return reason
    raise Mistake(
        "reason_missing",
        mark("Your reason for {key} is “{reason}”. Its author could not answer that."),
        required=mark(
            "Three different words or more (Korean: two 어절) on what is wrong with the claim, "
            "for each one you flag."
        ),
        key=key,
        reason=short(reason),
    )


def _each_its_own(found: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for key, reason in found.items():
        first = seen.setdefault(" ".join(reason.lower().split()), key)
        if first != key:
            raise Mistake(
                "reason_repeated",
                mark("{first} and {key} have the same reason: “{reason}”."),
                required=mark("For each claim what is wrong with that claim."),
                first=first,
                key=key,
                reason=short(reason),
            )


def audited(
    claims: Sequence[Claim], flagged: Collection[str], least: float = PASS_AT
) -> tuple[list[str], list[str]]:
    """Ids missed and false alarms beside a pass; a Mistake when F1 is below ``least``.

    Labels: ``draft_trusted``, ``everything_flagged``, ``surprise_is_not_error`` or
    ``audit_short``. No message names a claim.
    """
    score = audit_score(claims, flagged)
    if score.f1 < least:
        raise _why(claims, flagged, score, least)
    wrong = {claim.id for claim in claims if claim.faulty}
    return sorted(wrong - set(flagged)), sorted(set(flagged) - wrong)


def _why(claims: Sequence[Claim], flagged: Collection[str], score: Score, least: float) -> Mistake:
    odd = sum(claim.surprising and not claim.faulty and claim.id in flagged for claim in claims)
    if not flagged:
        return Mistake(
            "draft_trusted",
            mark(
                "You sign all {all} claims as they are. They sound right; that is what drafts do."
            ),
            required=mark("Each claim that decides something is recomputed before you sign."),
            all=len(claims),
        )
    if len(flagged) >= NEARLY_ALL * len(claims):
        return Mistake(
            "everything_flagged",
            mark(
                "You flag {flagged} of {all} claims. The author of the draft will answer the "
                "first false alarm and skip the rest."
            ),
            required=mark("A finding that holds when recomputed, for each claim flagged."),
            flagged=len(flagged),
            all=len(claims),
        )
    if odd >= SURPRISED:
        return Mistake(
            "surprise_is_not_error",
            mark("{odd} of the claims you flag are surprising and hold when recomputed."),
            required=mark("What is wrong in its reasoning or its figure, not in its sound."),
            step=mark("For each: what would have to differ in the case for it to be wrong?"),
            odd=odd,
        )
    return Mistake(
        "audit_short",
        mark(
            "You flag {flagged} claims: {hits} of them are faulty, {alarms} hold. {left} faulty "
            "ones stay in the draft (F1 {score:.2f})."
        ),
        required=mark("F1 of at least {least}: few misses and few false alarms."),
        step=mark("Recompute the claim that you are least sure of."),
        flagged=len(flagged),
        hits=score.hits,
        alarms=score.alarms,
        left=score.missed,
        score=score.f1,
        least=least,
    )
