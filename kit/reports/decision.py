"""What a unit's result says about its completion: the rule on a home's log and grades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kit.content import load_programme
from kit.home import LearnerHome
from kit.i18n import mark
from kit.model import CompletionRule, Part, Unit
from kit.progress import Progress, ProgressLog, reduce_progress
from kit.reports.completion import decide, share_of, want_text
from kit.reports.evidence import SELF, Claim, evidence_from

WITH_TRAINER = mark("Your trainer grades what you handed in.")
HAND_IN_AGAIN = mark("Hand in the graded assignment again: it could not be graded.")


def decision(
    home: LearnerHome,
    unit: Unit,
    assignments: Iterable[Mapping[str, Any]],
    *,
    verifier: str = SELF,
    lies: str = "",
) -> dict[str, Any]:
    """The unit's rule on the progress in ``home`` and on graded ``assignments``.

    ``verifier`` names who keeps their gradebook; ``lies`` says where the graded work lies that
    has no grade yet: ``WITH_TRAINER``, ``HAND_IN_AGAIN``, or "" while it is to be handed in.
    Returns ``practised_share``, ``graded_share`` (None before the first graded submission),
    ``complete``, ``missing`` (sentences in the home's language) and ``verified``.
    """
    evidence = evidence_from(unit, _progress(home, unit), assignments, verifier=verifier)
    rule = load_programme().rules.get(unit.id, CompletionRule(1.0, 1.0))
    say = home.translator(unit)
    completion = decide(rule, evidence, say)
    ask = say(want_text(Claim.GRADED, False))
    return {
        "practised_share": share_of(Claim.PRACTISED, evidence) or 0.0,
        "graded_share": share_of(Claim.GRADED, evidence),
        "complete": completion.complete,
        "missing": [say(lies) if lies and text == ask else text for text in completion.missing],
        "verified": completion.verified,
    }


def left_to_trainer(
    home: LearnerHome, unit: Unit, assignments: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """The same fields while a trainer has yet to grade: nothing is complete."""
    say = home.translator(unit)
    handed_in = any(row["part"] == Part.GRADED for row in assignments)
    return {
        "practised_share": _progress(home, unit).practised_share(unit),
        "graded_share": None,
        "complete": False,
        "missing": [say(WITH_TRAINER if handed_in else want_text(Claim.GRADED, False))],
        "verified": False,
    }


def _progress(home: LearnerHome, unit: Unit) -> Progress:
    return reduce_progress(ProgressLog(home.progress_file).read(), unit.id)
