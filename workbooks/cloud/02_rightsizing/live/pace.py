"""How far a long run has come: a line that counts, once two seconds have passed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
PATIENCE = 2.0
# often enough to be seen moving, rarely enough to cost nothing
EVERY = 0.5


def counted(
    items: Sequence[Item], line: Callable[[int, int], str], patience: float = PATIENCE
) -> Iterator[Item]:
    """The items, with ``line(done, count)`` printed over itself while it takes its time."""
    begun = last = time.monotonic()
    told = False
    for done, item in enumerate(items):
        now = time.monotonic()
        if now - begun >= patience and (not told or now - last >= EVERY):
            print(f"\r{line(done, len(items))}", end="", flush=True)
            told, last = True, now
        yield item
    if told:
        print(f"\r{line(len(items), len(items))}")
