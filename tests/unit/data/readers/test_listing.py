"""Notes of a file in pieces: the first are held, all are listed, and the account balances."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kit.data.readers import RowNote
from kit.data.readers.listing import listing_at


def note(row: int) -> RowNote:
    return RowNote("a.csv", row, "cpu", "x", "a number", "Correct it.")


def test_first_notes_are_held_and_all_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.data.readers.listing.FIRST_NOTES", 3)
    path = tmp_path / "ledger.csv"
    with listing_at(path) as listing:
        listing.add([note(2)], [note(3), note(4)])
        listing.add([], [note(5), note(6)])
    ledger = listing.ledger(10, ["once", "once"], path)
    assert (ledger.read, ledger.kept, ledger.repaired, ledger.rejected) == (14, 9, 1, 4)
    assert [one.row for one in ledger.rejects] == [3, 4, 5] and ledger.notes == ("once",)
    assert ledger.listings == (path,)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [(line["outcome"], line["row"]) for line in csv.DictReader(stream)]
    assert rows == [("repaired", "2"), *(("rejected", str(row)) for row in (3, 4, 5, 6))]


def test_listing_is_not_named_where_every_note_is_held(tmp_path: Path) -> None:
    with listing_at(tmp_path / "ledger.csv") as listing:
        listing.add([note(2)], [])
    assert listing.ledger(1, [], tmp_path / "ledger.csv").listings == ()
