"""Two files of answers become one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit.answers import AnswerFile

Group = dict[str, Any]


def merged_answers(path: Path, theirs: bytes) -> tuple[str, bytes | None]:
    """What becomes of the answers in ``path``: ``("mine", None)`` or ``("both", bytes)``.

    Each answer of either side is there; of two to the same question the one that was given
    more often, else mine. HomeError when mine are damaged; damaged ones of theirs are left.
    """
    ours = AnswerFile(path).read()
    merged = _merged(ours, _parsed(theirs))
    if merged == ours:
        return "mine", None
    return "both", (json.dumps(merged, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _parsed(data: bytes) -> Group:
    try:
        value = json.loads(data.decode("utf-8"))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _merged(mine: Group, theirs: Group) -> Group:
    result = dict(mine)
    for kind, group in theirs.items():
        own = result.get(kind)
        if own is None:
            result[kind] = group
        elif isinstance(own, dict) and isinstance(group, dict) and kind != "declared":
            # a declaration is one statement, not answers by question
            result[kind] = {**own, **{k: v for k, v in group.items() if _wins(v, own.get(k))}}
    return result


def _wins(theirs: object, mine: object) -> bool:
    return mine is None or _attempts(theirs) > _attempts(mine)


def _attempts(answer: object) -> int:
    value = answer.get("attempts") if isinstance(answer, dict) else None
    return value if isinstance(value, int) else 0
