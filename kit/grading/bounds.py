"""How much may be handed in and shown, and how long a notebook may run: nobody reads a gigabyte."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from kit.cohort import TOO_BIG, TOO_HEAVY
from kit.i18n import phrase

# of one submission; its bytes are nbgrader's setting, CourseDirectory.max_dir_size
MOST_FILES = 5_000
# of one notebook, bytes and ``weight``: nbformat makes a kilobyte of "{}", and copies it
NOTEBOOK_SIZE, NOTEBOOK_WEIGHT = 32 * 2**20, 2_000_000
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.?[^"\\]*+)*+(?:"|\Z)', re.DOTALL)
# characters of what one cell prints, by stream; a loop can print a gigabyte
STREAM_LIMIT = 500_000
# bytes of what one cell shows otherwise, and of what all of a notebook's cells do
CELL_LIMIT, NOTEBOOK_LIMIT = 8 * 2**20, 64 * 2**20
# with what was cleared again: a widget may keep for itself what it says is cleared
EVER_LIMIT = 2 * NOTEBOOK_LIMIT
_SHOWN = ("display_data", "execute_result", "update_display_data", "error")


def too_much(notebook: Path) -> str:
    """Why a notebook is not read at all, a phrase; "" when it may be."""
    length = notebook.stat().st_size
    if length > NOTEBOOK_SIZE:
        return phrase(TOO_BIG, name=notebook.name, size=length // 2**20)
    if weight(notebook.read_bytes()) > NOTEBOOK_WEIGHT:
        return phrase(TOO_HEAVY, name=notebook.name)
    return ""


def weight(data: bytes) -> int:
    """How many values JSON holds, an object counted as five: what it takes beside its texts."""
    bare = _TEXT.sub(b"", data)
    return bare.count(b",") + bare.count(b"[") + 5 * bare.count(b"{")


class OutOfTime(Exception):
    """A notebook has run for as long as it may."""


class Shown:
    """What the cells of one notebook have shown so far; ``cut`` are those that lost some of it."""

    def __init__(self) -> None:
        self.cut: set[int] = set()
        self._printed: Counter[tuple[int, bool]] = Counter()
        self._sizes: Counter[int] = Counter()
        self._ever = 0

    def takes(self, message: Any, index: int, check: bool) -> bool:
        """Whether a message of the cell ``index`` is still shown.

        A ``check`` cell has its own limit only: what other cells show must not silence it.
        """
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            # each by itself: nbgrader gives no points where anything is on stderr
            stream = index, content.get("name") == "stderr"
            self._printed[stream] += len(content["text"])
            fits = self._printed[stream] <= STREAM_LIMIT
        elif kind in _SHOWN or kind.startswith("comm"):
            length = size(content) + size(message.get("buffers", []))
            self._sizes[index] += length
            self._ever += length
            fits = self._sizes[index] <= CELL_LIMIT and (check or self._ever <= EVER_LIMIT)
            fits = fits and (check or self._sizes.total() <= NOTEBOOK_LIMIT)
        else:
            if kind == "clear_output":
                # what is cleared takes no room: an animation may be long
                del self._sizes[index]
            return True
        if not fits:
            self.cut.add(index)
        return fits


def size(value: Any) -> int:
    """Roughly the bytes of a message's part: its texts, and a few for everything else."""
    total, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        total += len(one) if isinstance(one, str | bytes) else 8
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
    return total


class Clock:
    """Seconds that a notebook still has; 0 for ``seconds`` means as many as it wants."""

    def __init__(self, seconds: int) -> None:
        self._end = time.monotonic() + seconds if seconds else float("inf")

    def for_cell(self, seconds: float | None) -> float | None:
        """The limit of the next cell, whose own is ``seconds``. OutOfTime when none is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutOfTime
        limits = [limit for limit in (seconds, left) if limit is not None and limit != float("inf")]
        return min(limits, default=None)

    def over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._end
