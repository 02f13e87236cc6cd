"""People are known by a column's name and by what stands in its cells."""

from __future__ import annotations

import pytest

from kit.data.own.people import personal_cells, personal_header, personal_text


@pytest.mark.parametrize(
    "name",
    ["Owner", "user name", "E-Mail", "담당자", "연락처", "성명", "사번", "Ansprechpartner",
     "Full Name", "Telefon", "주민등록번호"],
)  # fmt: skip
def test_header_of_people_is_seen(name: str) -> None:
    assert personal_header(name)


@pytest.mark.parametrize("name", ["server", "시각", "CPU 사용률(%)", "Rechner", "hostname", "row"])
def test_header_of_things_is_none(name: str) -> None:
    assert not personal_header(name)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("hana.kim@example.com", "mail"),
        ("010-1234-5678", "phone"),
        ("+82 10 1234 5678", "phone"),
        ("02-123-4567", "phone"),
        ("900101-1234567", "id"),
        ("web-07", ""),
        ("10.0.12.34", ""),
        ("2026-03-02 00:05:00", ""),
        ("1772409600000", ""),
        ("12.5", ""),
        ("i-0abc1234def567890", ""),
    ],
)
def test_cell_is_known_by_its_form(cell: str, kind: str) -> None:
    assert personal_text(cell) == kind


def test_few_odd_cells_are_chance_and_a_fifth_is_a_column_of_people() -> None:
    assert personal_cells(["a@b.kr", *["web-1"] * 9]) == ""
    assert personal_cells(["a@b.kr", "c@d.kr", *["web-1"] * 8]) == "mail"
    assert personal_cells([]) == ""
