"""Two logs of one learner become one: a pure function."""

from __future__ import annotations

from collections.abc import Sequence

from kit.model import Attempt


def merge_logs(mine: Sequence[Attempt], theirs: Sequence[Attempt]) -> list[Attempt]:
    """The attempts of both, each id once, by time and then id.

    Merging again, in another order, or in other groups gives the same. An empty log leaves
    the other in its own order, whatever the clock did.
    """
    if not mine or not theirs:
        return list(mine or theirs)
    # ids of one process sort as they were made: what the clock calls one moment keeps its order
    found = {attempt.id: attempt for attempt in (*mine, *theirs)}
    return sorted(found.values(), key=lambda attempt: (attempt.time, attempt.id))
