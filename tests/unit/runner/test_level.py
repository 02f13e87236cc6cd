"""The best sandbox of a system: found in the order of the levels, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kit.runner import level
from kit.runner.level import found
from kit.runner.levels import Found, Level


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    found.cache_clear()
    yield
    found.cache_clear()


@pytest.mark.parametrize(
    ("fences", "wraps", "inside", "best", "for_others"),
    [
        ("", "", True, Found(Level.FENCES), Found(Level.BUBBLEWRAP)),
        ("no", "", True, Found(Level.BUBBLEWRAP, "no"), Found(Level.BUBBLEWRAP)),
        ("no", "nor", True, Found(Level.CONTAINER, "no; nor"), Found(Level.CONTAINER, "nor")),
        ("no", "nor", False, Found(Level.NONE, "no; nor"), Found(Level.NONE, "nor")),
        ("", "nor", False, Found(Level.FENCES), Found(Level.NONE, "nor")),
    ],
)
def test_the_best_level_is_found_with_why_not_a_better_one(
    monkeypatch: pytest.MonkeyPatch,
    fences: str,
    wraps: str,
    inside: bool,
    best: Found,
    for_others: Found,
) -> None:
    monkeypatch.setattr(level, "unfenced", lambda: fences)
    monkeypatch.setattr(level, "unwrapped", lambda: wraps)
    monkeypatch.setattr(level, "contained", lambda: inside)
    assert found() == best
    assert found(forks=False) == for_others


def test_a_pod_is_known_by_what_its_system_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "192.0.2.1")
    assert level.contained()
