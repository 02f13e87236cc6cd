from __future__ import annotations

import subprocess
import sys

import pytest

from kit.data.readers.record import Ledger, RowNote, add_ledgers
from kit.errors import CheckError

NOTE = RowNote("a.csv", 3, "value", "abc", "a number", "Correct it.")


@pytest.mark.parametrize(
    "counts",
    [(3, 1, 0, 1), (1, 2, 0, -1), (2, 1, 1, 0), (1, 0, 0, 1)],
    ids=["lost one", "negative", "repair not listed", "reject not listed"],
)
def test_an_account_that_does_not_balance_is_our_error(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(CheckError, match="does not balance"):
        Ledger(*counts)


def test_frame_lists_repairs_and_rejections_in_row_order() -> None:
    repair = NOTE._replace(row=5, action="decimal comma read as a point")
    ledger = Ledger(3, 1, 1, 1, repairs=(repair,), rejects=(NOTE,))
    frame = ledger.as_frame()
    assert list(frame["outcome"]) == ["rejected", "repaired"]
    assert list(frame["row"]) == [3, 5]
    assert list(frame.columns) == ["outcome", *RowNote._fields]


def test_reasons_count_what_was_expected() -> None:
    ledger = Ledger(3, 0, 0, 3, rejects=(NOTE, NOTE, NOTE._replace(expected="a time")))
    assert ledger.reasons() == {"a number": 2, "a time": 1}


def test_adding_accounts_adds_counts_and_says_each_note_once() -> None:
    one = Ledger(2, 1, 0, 1, rejects=(NOTE,), notes=("Encoding: UTF-8.",))
    two = Ledger(5, 5, 0, 0, notes=("Encoding: UTF-8.", "Delimiter: comma."))
    both = add_ledgers([one, two])
    assert (both.read, both.kept, both.repaired, both.rejected) == (7, 6, 0, 1)
    assert both.notes == ("Encoding: UTF-8.", "Delimiter: comma.")


def test_importing_the_readers_loads_no_pandas() -> None:
    code = "import sys, kit.data.readers as r; r.TOOLS; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
