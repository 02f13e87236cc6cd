"""How far a level reaches."""

from __future__ import annotations

import pytest

from kit.runner.levels import Found, Level, weakest


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


def test_of_several_runs_the_weakest_level_holds_for_all() -> None:
    assert weakest(["fences", "none", "container"]) == "none"
    assert weakest(["bubblewrap", "fences", ""]) == "bubblewrap"
    assert weakest([]) == ""
