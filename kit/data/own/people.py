"""Columns and cells that speak of a person, in English, Korean and German."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kit.data.readers.metrics import fold

_HEADER = re.compile(
    r"owner|\busers?\b|username|mail|phone|mobile|name of|contact|person|employee|manager|"
    r"(first|last|full|family|given) ?name|requester|assignee|"
    r"담당|사용자|성명|이름|전화|휴대|연락|사번|직원|부서|이메일|주민|신청자|"
    r"ansprechpartner|besitzer|benutzer|verantwortlich|vorname|nachname|mitarbeiter|telefon|kontakt"
)
_CELLS = {
    "mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # a resident registration number: six digits of a birthday, then seven
    "id": re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-?[1-8]\d{6}(?!\d)"),
    "phone": re.compile(
        r"(?<![\d.-])(?:\+\d{1,3}[ -]?\d{1,4}[ -]?\d{3,4}[ -]?\d{3,4}|"
        r"01[016789][ -]?\d{3,4}[ -]?\d{4}|0\d{1,2}-\d{3,4}-\d{4})(?![\d.-])"
    ),
}
# of the first cells looked at: fewer are chance, such as a serial number
_SHARE = 0.2


def personal_header(name: str) -> bool:
    """Whether a column's name says that it holds people."""
    return bool(_HEADER.search(fold(name)))


def personal_text(cell: str) -> str:
    """What a cell holds of a person: "mail", "phone", "id", or "" for nothing known."""
    return next((kind for kind, pattern in _CELLS.items() if pattern.search(cell)), "")


def personal_cells(cells: Iterable[str]) -> str:
    """What at least a fifth of the cells hold of a person; "" for nothing known."""
    found = [personal_text(cell) for cell in cells]
    kinds = [kind for kind in found if kind]
    return max(kinds, key=kinds.count) if kinds and len(kinds) >= _SHARE * len(found) else ""
