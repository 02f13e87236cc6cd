"""Questions before and after as part of an exercise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.answers import item_is_right
from kit.checking.mistakes import NotAttempted
from kit.model import Item


def score_items(items: Sequence[Item], given: Mapping[str, object]) -> float:
    """The share of ``items`` answered right, 0 to 1; NotAttempted while one is unanswered.

    ``given`` maps an item's id to its option, or to what ``answers.json`` holds of it:
    ``work.answers.get("items", {})``.
    """
    right = 0
    for item in items:
        told = given.get(item.id)
        option = told.get("option") if isinstance(told, Mapping) else told
        if option is None:
            raise NotAttempted(item.id)
        right += isinstance(option, str) and item_is_right(item, option)
    return right / len(items)
