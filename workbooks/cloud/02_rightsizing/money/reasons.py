"""Why a range is as wide as it is: a reason of its own for each, from something in the case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from kit.checking import Mistake, expect
from kit.i18n import mark

from .ledger import FIELDS

if TYPE_CHECKING:
    from ..case import Case

ALIKE = 0.8
# who said it, or which paper of the case it stands in; English and Korean
_SOURCES = re.compile(
    r"quote|offer|contract|invoice|bill|price card|\bcard\b|list price|\blog|export|series|sample"
    r"|\btable|owner|vendor|supplier|provider|agent|finance|controller|team|meter|measur|draft"
    r"|견적|계약|청구|송장|가격표|단가|정가|로그|기록|표에|표의|데이터|담당|업체|공급|재무|경리|팀|계량|측정|초안",
    re.IGNORECASE,
)


def check_own_reasons(ranges: Mapping[str, Any]) -> None:
    """No two reasons that are one sentence with another name or figure put in."""
    seen: dict[str, str] = {}
    for key, (_, _, reason) in ranges.items():
        plain = _bare(key, reason)
        for other, told in seen.items():
            if SequenceMatcher(None, plain, told).ratio() >= ALIKE:
                raise Mistake(
                    "same_reason",
                    mark(
                        "The reasons of `{other}` and `{key}` are the same sentence, but for a "
                        "name or a figure: “{reason}”."
                    ),
                    required=mark(
                        "For each range what you know about that input: a quote is known in "
                        "another way than the hours of a night."
                    ),
                    step=mark("Ask of each: who told me, and how could I find out?"),
                    other=other,
                    key=key,
                    reason=expect.short(reason, 100),
                )
        seen[key] = plain


def check_sources(ranges: Mapping[str, Any], case: Case) -> None:
    """Each reason names something of this case: a machine, a paper, a person."""
    machines = tuple(case.servers["machine"])
    for key, (_, _, reason) in ranges.items():
        if _SOURCES.search(reason) or any(name in reason for name in machines):
            continue
        raise Mistake(
            "reason_without_source",
            mark("Your reason for `{key}` would fit any firm: “{reason}”."),
            required=mark(
                "What in this case it comes from: a machine, a paper (quote, price card, table, "
                "log), or who said it."
            ),
            key=key,
            reason=expect.short(reason, 100),
        )


def _bare(key: str, reason: str) -> str:
    """The sentence without figures, without the input's name and without its description."""
    text = reason.replace(key, " ")
    for part in (*key.split("_"), *re.findall(r"\w+", FIELDS[key][1])):
        text = re.sub(rf"\b{re.escape(part)}\b", " ", text, flags=re.IGNORECASE)
    return " ".join(re.sub(r"[\d\W_]+", " ", text).lower().split())
