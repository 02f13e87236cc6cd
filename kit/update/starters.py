"""Starter text back into answers, and the answers back again: the same cells as an update finds."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from kit.notebooks import ANSWERED, Archived, Cell, Notebook, archive, source, told
from kit.update.cells import valid_cells
from kit.update.match import match, name_of, role_of


def answer_places(learner: Notebook, content: Notebook, exercise: str | None) -> dict[int, int]:
    """Place of each answer of one exercise (None: of all) in ``learner``: its place in ``content``.

    Of several copies it is the one that counts; the others are the learner's own cells.
    """
    given = valid_cells(content)
    pairs = match(given, valid_cells(learner))
    return {
        mine: place
        for place, mine in pairs.items()
        if role_of(given[place]) in ANSWERED and exercise in (None, name_of(given[place])[0])
    }


def reset_answers(learner: Notebook, content: Notebook, exercise: str | None) -> Notebook:
    """The learner's notebook with the starter text in the answer cells of one or all exercises.

    Every other cell stays as it is.
    """
    result = copy.deepcopy(learner)
    for mine, place in answer_places(learner, content, exercise).items():
        _rewrite(result["cells"][mine], source(content["cells"][place]))
    return result


def bring_back(learner: Notebook, before: Notebook, places: Sequence[int]) -> Notebook:
    """The learner's notebook with the texts that stood at these places in ``before``.

    Whatever has become of their metadata. A text whose cell is gone goes to the archive.
    """
    cells = valid_cells(before)
    pairs = match([cells[place] for place in places], valid_cells(learner))
    result, left = copy.deepcopy(learner), []
    for at, place in enumerate(places):
        text = source(before["cells"][place])
        if at in pairs:
            _rewrite(result["cells"][pairs[at]], text)
        else:
            cell, version = cells[place], told(before, "version")
            exercise = name_of(cell)[0] or cell["id"]
            left.append(Archived(exercise, version, cell["cell_type"], text))
    return archive(result, left) if left else result


def _rewrite(cell: Cell, text: str) -> None:
    cell["source"] = text
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None
