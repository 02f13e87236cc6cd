"""Work that a person judged stays judged while it is what they judged.

nbgrader wants a person again for every cell with a score of theirs whenever its
submission is autograded, whatever was handed in.
"""

from __future__ import annotations

import hashlib
from typing import Any

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades

from kit.content import load_units
from kit.grading import store
from kit.grading.identity import unit_of
from kit.grading.outcomes import is_said, read_outcome
from kit.grading.preprocessors import Resources, grade_id
from kit.grading.rows import allowed_level


class SaveKeepingJudged(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's SaveAutoGrades, which asks again only for judged work that has changed.

    The score of changed work stays beside it, as nbgrader keeps it.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader with the executed notebook."""
        names = resources["nbgrader"]
        place = (names["assignment"], names["student"], names["notebook"])
        now = judged_texts(nb.cells, names["assignment"])
        judged = _settled(names)
        nb, resources = super().preprocess(nb, resources)
        before = store.texts(names["db_url"], *place)
        same = {name for name in judged & now.keys() if before.get(name) == now[name]}
        with Gradebook(names["db_url"]) as gradebook:
            for grade in _grades(gradebook, names):
                # a score of nbgrader's own means that the work was taken back
                if grade.name in same and grade.auto_score is None:
                    grade.needs_manual_grade = False
            gradebook.db.commit()
        # last: a run that breaks off asks once too often, never once too little
        store.save_texts(names["db_url"], *place, now)
        return nb, resources


def judged_texts(cells: list[Any], assignment: str) -> dict[str, str]:
    """What a person judges in each cell, as a sha256, by nbgrader's id.

    It is the text, and the level up to which checks let it count: work that was held
    down is looked at again when they pass.
    """
    unit = load_units().get(unit_of(assignment))
    manual = {e.id: e for e in unit.exercises if e.manual} if unit else {}
    said = [read_outcome(cell) for cell in cells if is_said(cell) and grade_id(cell)]
    kinds = {outcome.exercise: outcome.kind for outcome in said}
    found = {}
    for cell in cells:
        by_hand = utils.is_task(cell) or (utils.is_grade(cell) and utils.is_solution(cell))
        if name := grade_id(cell) if by_hand else "":
            exercise = manual.get(name)
            most = (
                allowed_level(exercise, len(unit.rubric) - 1, kinds)[0] if exercise and unit else 0
            )
            told = f"{most}\n{str(cell.source).strip()}"
            found[name] = hashlib.sha256(told.encode()).hexdigest()
    return found


def _settled(names: dict[str, str]) -> set[str]:
    """Cells with a person's score that wait for nobody."""
    with Gradebook(names["db_url"]) as gradebook:
        return {
            grade.name
            for grade in _grades(gradebook, names)
            if grade.manual_score is not None and not grade.needs_manual_grade
        }


def _grades(gradebook: Any, names: dict[str, str]) -> list[Any]:
    place = (names["notebook"], names["assignment"], names["student"])
    return list(gradebook.find_submission_notebook(*place).grades)
