"""What a whole column says of its cells, gathered piece by piece."""

from __future__ import annotations

import pytest

from kit.data.own.cells import Whole, parse_cells
from kit.data.own.contract import ColumnRule

DAY = ColumnRule(id="since", type="time")
SIZE = ColumnRule(id="size", type="number", unit="GB")
COST = ColumnRule(id="cost", type="money", currency="KRW")
PIECES = [
    {"since": ["03/04/2024 10:00"] * 2, "size": ["1,234", "7"], "cost": ["5", "6"]},
    {"since": ["25/04/2024 10:00", "?"], "size": ["12,5", "n/a"], "cost": ["1억", "a lot"]},
]


@pytest.mark.parametrize("need", [DAY, SIZE, COST])
def test_pieces_read_by_the_habits_of_the_whole_are_the_whole(need: ColumnRule) -> None:
    whole = Whole()
    for piece in PIECES:
        whole.add(piece, [DAY, SIZE, COST])
    habit = whole.habits().get(need.id)
    parts = [parse_cells(piece[need.id], need.id, need, None, habit) for piece in PIECES]
    once = parse_cells([c for piece in PIECES for c in piece[need.id]], need.id, need, None)
    for name in ("values", "repair", "fault"):
        cells = [cell for part in parts for cell in getattr(part, name).astype(str)]
        assert cells == list(getattr(once, name).astype(str))
    if need is DAY:
        assert whole.notes() == list(once.notes) != []


def test_habits_change_only_with_what_says_so() -> None:
    whole = Whole()
    whole.add(PIECES[0], [DAY, SIZE, COST])
    first = whole.habits()
    whole.add(PIECES[0], [DAY, SIZE, COST])
    assert whole.habits() == first
    whole.add(PIECES[1], [SIZE])
    assert whole.habits() != first and whole.habits()["since"] == first["since"]
