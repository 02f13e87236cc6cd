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


def starter_texts(learner: Notebook, content: Notebook, exercise: str | None) -> dict[int, str]:
    """The starter text for each answer of one exercise (None: of all), by place in ``learner``."""
    places = answer_places(learner, content, exercise)
    return {mine: source(content["cells"][place]) for mine, place in places.items()}


def reset_answers(learner: Notebook, content: Notebook, exercise: str | None) -> Notebook:
    """The learner's notebook with the starter text in the answer cells of one or all exercises.

    Every other cell stays as it is.
    """
    result = copy.deepcopy(learner)
    for mine, text in starter_texts(learner, content, exercise).items():
        _rewrite(result["cells"][mine], text)
    return result


def texts_before(
    learner: Notebook, before: Notebook, places: Sequence[int]
) -> tuple[dict[int, str], list[Cell]]:
    """The texts that stood at these places in ``before``, by place in ``learner``.

    Found whatever has become of their metadata. Beside them the cells that are gone.
    """
    cells = [valid_cells(before)[place] for place in places]
    pairs = match(cells, valid_cells(learner))
    texts = {mine: source(cells[at]) for at, mine in pairs.items()}
    return texts, [cell for at, cell in enumerate(cells) if at not in pairs]


def bring_back(learner: Notebook, before: Notebook, places: Sequence[int]) -> Notebook:
    """The learner's notebook with the texts that stood at these places in ``before``.

    A text whose cell is gone goes to the archive.
    """
    texts, gone = texts_before(learner, before, places)
    result, version = copy.deepcopy(learner), told(before, "version")
    for mine, text in texts.items():
        _rewrite(result["cells"][mine], text)
    left = [
        Archived(name_of(cell)[0] or cell["id"], version, cell["cell_type"], source(cell))
        for cell in gone
    ]
    return archive(result, left) if left else result


def _rewrite(cell: Cell, text: str) -> None:
    cell["source"] = text
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None
