"""One exercise from its beginning again, beside an open page: what is kept, what goes where."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import HomeError
from kit.home import LearnerHome, starter
from kit.model import Exercise, Unit
from kit.notebooks import Notebook, read_notebook, source
from kit.update.resets import (
    Target,
    as_shown,
    back_up,
    forget,
    keep_since,
    last_backup,
    read_record,
    recall,
)
from kit.update.starters import starter_texts, texts_before

if TYPE_CHECKING:
    from kit.widgets.panel import Cells

# text for a cell, by the cell's id; "" for a cell that is gone
Texts = tuple[tuple[str, str], ...]
_TRIES, _PAUSE = 5, 0.2


@dataclass(frozen=True)
class Back:
    """What an undo brought: ``time`` of the reset, and where lies what was written ``since``.

    ``since`` is None where nothing was.
    """

    time: str
    since: Path | None
    texts: Texts


@dataclass(frozen=True)
class Anew:
    """The new start of one exercise and the way back, as ``upskill reset`` keeps them.

    The notebook on disk stays as it is: the page has the newest text and saves it.
    """

    home: LearnerHome
    unit: Unit
    exercise: Exercise

    @property
    def _target(self) -> Target:
        return Target(self.unit, self.exercise)

    def backup(self) -> Path | None:
        """The last new start that is not undone."""
        return last_backup(self.home, self._target)

    def begin(self, cells: Cells) -> tuple[Path, Texts]:
        """Keep what is there, forget it, and return where it lies and the starter texts."""
        shown = self._shown(cells)
        texts = self._starter(shown)
        # on disk before anything changes
        kept = back_up(self.home, self._target, shown)
        forget(self.home, self._target, kept)
        return kept, _by_id(shown, texts)

    def undo(self, cells: Cells) -> Back | None:
        """Bring back what the last new start took; None where there is none."""
        backup = self.backup()
        if backup is None:
            return None
        shown, record = self._shown(cells), read_record(backup)
        before = read_notebook(backup / self._target.path(self.home).name)
        texts, gone = texts_before(shown, before, record["places"])
        keep_since(backup, shown)
        fresh = self._starter(shown)
        written = any(source(shown["cells"][place]) != fresh.get(place) for place in texts)
        kept = recall(self.home, self.unit, backup)
        left = tuple(("", source(cell)) for cell in gone)
        return Back(record["time"], kept if written else None, (*_by_id(shown, texts), *left))

    def _shown(self, cells: Cells) -> Notebook:
        return as_shown(_read_whole(self._target.path(self.home)), [dict(c) for c in cells])

    def _starter(self, shown: Notebook) -> dict[int, str]:
        fresh = starter(self.home, self.unit, self.exercise.part)
        return starter_texts(shown, fresh, self.exercise.id)


def _read_whole(path: Path) -> Notebook:
    # Jupyter writes in place: who reads while the page saves sees half a notebook
    for _ in range(_TRIES):
        try:
            return read_notebook(path)
        except HomeError:
            time.sleep(_PAUSE)
    return read_notebook(path)


def _by_id(notebook: Notebook, texts: Mapping[int, str]) -> Texts:
    return tuple((notebook["cells"][place].get("id", ""), text) for place, text in texts.items())
