"""Three notebooks to one, cell by cell: pure, and total on any JSON.

=============================  ====================================================
prose and locked cells         the new text; what a learner wrote there is archived
answers, manual cells          the learner's text to the byte, unless it was the old
                               starter: then the new one
a task that changed            a notice above the answer that stayed
doubled answers                the last counts; earlier copies become plain cells
deleted cells                  come back
the learner's own cells        stay behind the same neighbour
answers of a gone exercise     the archive, the last section
=============================  ====================================================

Lines are never merged: half of an old answer under a new signature is nobody's work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.i18n import Translator
from kit.notebooks import ANSWERED, ARCHIVE, Archived, Cell, Notebook, archive
from kit.update.cells import text_of, valid_cells, valid_metadata
from kit.update.match import LOCKED, NOTICE, match, name_of, role_of
from kit.update.tasks import Change, changes_of, notice, notice_text

Say = Callable[..., str]


@dataclass(frozen=True)
class Merged:
    """The new notebook, and what became of the exercises (ids, in the new order).

    ``kept`` answers are the learner's own words; ``changed`` are those of ``kept`` whose
    task changed, ``changes`` says how. ``new`` exercises were not there. ``archived`` are
    those of which a text went to the archive, and ``own`` counts the learner's own cells.
    """

    notebook: Notebook
    kept: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    own: int = 0
    changes: dict[str, Change] = field(default_factory=dict)


def merge(
    base: Notebook | None, mine: Notebook, theirs: Notebook, say: Say | None = None
) -> Merged:
    """``theirs`` with what the learner wrote in ``mine``; ``base`` is what they were given.

    Without ``base`` every text that differs from ``theirs`` counts as the learner's. ``say``
    translates what the notebook itself says of the update; English without.
    """
    return _Merge(base, mine, theirs, say or Translator("en")).run()


class _Merge:
    """The cells of the three, and what is found on the way through them."""

    def __init__(self, base: Notebook | None, mine: Notebook, theirs: Notebook, say: Say) -> None:
        self.say = say
        self.based = base is not None
        self.base, self.mine, self.theirs = (valid_cells(n) for n in (base, mine, theirs))
        self.metadata = [valid_metadata(_part(n, "metadata")) for n in (base, mine, theirs)]
        self.pairs = match(self.theirs, self.mine)
        self.before = {j: i for i, j in match(self.base, self.mine).items()}
        # a text that we shipped is nobody's own
        self.shipped = {text_of(cell) for cell in (*self.base, *self.theirs)}
        self.changes = changes_of(
            self.base, self.theirs, same_language=self._told(0, "language") == self._language
        )
        self.own: list[int] = []
        self.notices: dict[str, list[Cell]] = {}
        self.archived: list[Cell] = []
        self.lost: list[int] = []
        self.kept: list[str] = []

    @property
    def _language(self) -> str:
        return self._told(2, "language")

    def _told(self, which: int, key: str) -> str:
        """What a notebook's metadata say of themselves: 0 base, 1 mine, 2 theirs."""
        data = self.metadata[which].get("kit")
        return str(data.get(key, "")) if isinstance(data, dict) else ""

    def run(self) -> Merged:
        placed = set(self.pairs.values())
        for j in range(len(self.mine)):
            if j not in placed:
                self._leftover(j)
        cells = self._in_order()
        # what stood above answers that are gone goes where they go
        texts = [self._archived(self.mine[j]) for j in sorted(self.lost)]
        texts += [self._archived(cell) for left in self.notices.values() for cell in left]
        notebook = {
            "cells": _with_ids([*cells, *((1, cell) for cell in self.archived)], self._reserved()),
            "metadata": self._metadata(),
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return self._report(archive(notebook, texts) if texts else notebook, texts)

    def _leftover(self, j: int) -> None:
        """A cell of mine that the new version does not have."""
        cell = self.mine[j]
        (exercise, role), text = name_of(cell), text_of(cell)
        if j in self.before and text == text_of(self.base[self.before[j]]):
            return
        if role == ARCHIVE:
            self.archived.append(cell)
        elif role == NOTICE:
            self.notices.setdefault(exercise, []).append(cell)
        elif self._is_gone(j):
            if text and (role not in LOCKED or text not in self.shipped):
                self.lost.append(j)
        else:
            self.own.append(j)

    def _is_gone(self, j: int) -> bool:
        if j in self.before:
            return True
        cell = self.mine[j]
        if self.based or not role_of(cell):
            return False
        # of an older version, for all we can tell; a copy says what is said elsewhere too
        if role_of(cell) in LOCKED:
            return text_of(cell) not in self.shipped
        return name_of(cell) not in {name_of(c) for c in self.theirs}

    def _in_order(self) -> list[tuple[int, Cell]]:
        """All but the archive, each with its right to its id: 0 the new version's, 1 others."""
        behind: dict[int, list[tuple[int, Cell]]] = {}
        places = {j: i for i, j in self.pairs.items()}
        at = -1
        for j, cell in enumerate(self.mine):
            at = places.get(j, at)
            if j in self.own:
                behind.setdefault(self._past_returned(at), []).append((1, _plain(cell)))
        cells = behind.get(-1, [])
        for place in range(len(self.theirs)):
            cells += [(0, cell) for cell in self._slot(place)]
            cells += behind.get(place, ())
        return cells

    def _past_returned(self, place: int) -> int:
        """Behind an answer that comes back: an own cell there may hold what was answered."""
        if place < 0:
            return place
        exercise, last = name_of(self.theirs[place])[0], place
        for at in range(place + 1, len(self.theirs)):
            name = name_of(self.theirs[at])
            if at in self.pairs or name[0] != exercise or name[1] == "check":
                break
            if name[1] not in LOCKED and (not self.based or name in map(name_of, self.base)):
                last = at
        return last

    def _slot(self, place: int) -> list[Cell]:
        """One cell of the new version, with the notice above it."""
        new, j = self.theirs[place], self.pairs.get(place)
        exercise, role = name_of(new)
        above = self.notices.pop(exercise, []) if role in ANSWERED else []
        if j is None:
            return [*above, new]
        mine, text = self.mine[j], text_of(self.mine[j])
        same = text == text_of(new)
        if role in LOCKED:
            if text not in self.shipped:
                self.lost.append(j)
        elif not same and not self._untouched(j):
            # the learner's words in our cell: its place, type and points are the new version's
            new = {**new, "source": mine["source"]}
            same = True
            if "attachments" in mine and new["cell_type"] != "code":
                new["attachments"] = mine["attachments"]
            if role:
                above = self._noticed(exercise, above)
        return [*above, self._with_outputs(new, mine) if same else new]

    def _untouched(self, j: int) -> bool:
        mine, text = self.mine[j], text_of(self.mine[j])
        if j in self.before:
            return text == text_of(self.base[self.before[j]])
        # a copy of what was given, while another one counts as the answer
        return any(name_of(c) == name_of(mine) and text_of(c) == text for c in self.base)

    def _noticed(self, exercise: str, above: list[Cell]) -> list[Cell]:
        first = exercise not in self.kept
        self.kept.append(exercise)
        if exercise not in self.changes or not first:
            return above
        text = notice_text(self.changes[exercise], self._told(2, "version"), self.say)
        old = above or [notice(exercise, "")]
        said = text_of(old[-1])
        # what earlier notices say stays: the answer may be older than this change
        if text not in said:
            said = f"{said}\n\n{text}" if said else text
        return [*old[:-1], {**old[-1], "source": said}]

    def _with_outputs(self, new: Cell, mine: Cell) -> Cell:
        # results of other code around it would be no results of this answer
        change = self.changes.get(name_of(new)[0], Change())
        if mine["cell_type"] != "code" or new["cell_type"] != "code" or change.code:
            return new
        return {**new, "outputs": mine["outputs"], "execution_count": mine["execution_count"]}

    def _reserved(self) -> set[str]:
        # a cell of the learner's own must not be taken for one of the old version later
        return {cell["id"] for cell in self.base if role_of(cell)}

    def _metadata(self) -> dict[str, Any]:
        base, mine, theirs = self.metadata
        # saved widgets are the learner's; kernel and version are ours
        added = {k: v for k, v in mine.items() if k not in theirs and base.get(k) != v}
        return {**theirs, **added}

    def _archived(self, cell: Cell) -> Archived:
        exercise = name_of(cell)[0] or "unit"
        # a damaged file may not say any more what it was
        version = self._told(1, "version") or self._told(0, "version")
        return Archived(exercise, version, cell["cell_type"], text_of(cell))

    def _report(self, notebook: Notebook, texts: Sequence[Archived]) -> Merged:
        known = {name_of(c)[0] for c in (self.base if self.based else self.mine)}
        new = [name_of(c)[0] for c in self.theirs if name_of(c)[0] not in {*known, ""}]
        kept = _once(self.kept)
        return Merged(
            notebook=notebook,
            kept=kept,
            new=_once(new),
            changed=tuple(e for e in kept if e in self.changes),
            archived=_once([text.exercise for text in texts]),
            own=len(self.own),
            changes=self.changes,
        )


def _part(notebook: Any, key: str) -> Any:
    return notebook.get(key) if isinstance(notebook, dict) else None


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _plain(cell: Cell) -> Cell:
    """A cell of the learner's own: nothing in it is ours, and it can be edited and deleted."""
    ours = ("kit", "nbgrader")
    if not any(key in cell["metadata"] for key in ours):
        return cell
    drop = (*ours, "deletable", "editable")
    return {**cell, "metadata": {k: v for k, v in cell["metadata"].items() if k not in drop}}


def _with_ids(cells: Sequence[tuple[int, Cell]], reserved: Collection[str]) -> list[Cell]:
    """The cells, each with an id of its own; of two alike the one of lower rank keeps it."""
    holder: dict[str, int] = {}
    for at, (rank, cell) in sorted(enumerate(cells), key=lambda pair: pair[1][0]):
        if rank == 0 or cell["id"] not in reserved:
            holder.setdefault(cell["id"], at)
    holder.pop("", None)
    result = []
    for at, (_rank, cell) in enumerate(cells):
        if holder.get(cell["id"]) != at:
            cell = {**cell, "id": _fresh_id(cell, {*holder, *reserved})}
            holder[cell["id"]] = at
        result.append(cell)
    return result


def _fresh_id(cell: Cell, taken: Collection[str]) -> str:
    # of the text, so that the same merge gives the same notebook again
    digest = hashlib.sha256(text_of(cell).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    name, n = f"own-{digest}", 1
    while name in taken:
        n += 1
        name = f"own-{digest}-{n}"
    return name
