"""An answer cell that Python could not read: nothing of it ran, so the names tell nothing of it.

The kernel keeps the text of every cell that was run, of those too that do not compile.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Unread:
    """Where Python stops reading: ``line`` counts in the cell, ``text`` is that line."""

    error: str
    line: int
    text: str


def unread(names: Iterable[str], here: Mapping[str, Any]) -> Unread | None:
    """Why the newest cell that begins to define one of ``names`` did not run.

    None when it did, when there is none, and where ``here`` are not a running notebook's names.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or shell.user_ns is not here:
        return None
    history, wanted = shell.history_manager, _defining(names)
    cells = zip(history.input_hist_raw, history.input_hist_parsed, strict=False)
    newest = next((one for one in reversed(list(cells)) if wanted.search(one[0])), None)
    return _stopped(*newest) if newest else None


def _defining(names: Iterable[str]) -> re.Pattern[str]:
    # by their text: what does not compile has no names yet
    one = "|".join(map(re.escape, names)) or r"(?!)"
    block = rf"(?:(?:async +)?def|class) +(?:{one})\b"
    # alone or among others, with or without a type
    value = rf"(?:[\w, (]*[ ,(])?(?:{one})\b[\w, )]*(?::[^=\n]*)?=(?!=)"
    return re.compile(f"^(?:{block}|{value})", re.M)


def _stopped(raw: str, plain: str) -> Unread | None:
    """``raw`` as typed; ``plain`` is Python alone, without the notebook's own commands."""
    try:
        # a cell may await, where a file may not
        compile(plain, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        lines = raw.splitlines()
        # the lines that are empty at the head are not in the plain text
        head = next((at for at, line in enumerate(lines) if line.strip()), 0)
        line = head + (error.lineno or 1)
        text = lines[line - 1].strip() if line <= len(lines) else ""
        return Unread(f"{type(error).__name__}: {error.msg}", line, text)
    return None
