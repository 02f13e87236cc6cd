"""How far a level reaches."""

from __future__ import annotations

import pytest

from kit.runner.levels import Found, Level


@pytest.mark.parametrize(
    ("level", "least", "enough"),
    [
        (Level.FENCES, Level.FENCES, True),
        (Level.FENCES, Level.CONTAINER, True),
        (Level.BUBBLEWRAP, Level.FENCES, False),
        (Level.NONE, Level.CONTAINER, False),
        (Level.NONE, Level.NONE, True),
    ],
)
def test_a_level_is_as_good_as_those_behind_it(level: Level, least: Level, enough: bool) -> None:
    assert Found(level).reaches(least) is enough
