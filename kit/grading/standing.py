"""What the submissions of an assignment are worth at this moment, added up by the database.

``kit.grading.read`` says the same of a whole course, as tables for reports. Who has just graded
a few submissions wants three numbers of each, and pandas takes longer than to grade some.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from kit.grading import store
from kit.grading.course import Course
from kit.i18n import phrase

_OF = (
    " from submitted_assignment s join assignment a on a.id = s.assignment_id"
    " join submitted_notebook n on n.assignment_id = s.id"
)
_BEST = text(
    "select coalesce(sum(coalesce(g.max_score, t.max_score)), 0.0) from base_cell c"
    " join notebook n on n.id = c.notebook_id join assignment a on a.id = n.assignment_id"
    " left join grade_cells g on g.id = c.id left join task_cells t on t.id = c.id"
    " where a.name = :name"
)
_PENALTIES = text(
    f"select s.student_id, sum(coalesce(n.late_submission_penalty, 0.0)){_OF}"
    " where a.name = :name group by s.student_id"
)
# nbgrader: the person's score, else the automatic one; extra credit only on top. It keeps a
# person's score beside work that has changed since: no proof of it
_SCORES = text(
    "select s.student_id, sum(case when r.needs_manual_grade then 0.0 else"
    " coalesce(r.manual_score, r.auto_score) + coalesce(r.extra_credit, 0.0) end),"
    f" sum(case when r.needs_manual_grade then 1 else 0 end){_OF}"
    " join grade r on r.notebook_id = n.id join base_cell c on c.id = r.cell_id"
    " where a.name = :name group by s.student_id"
)
_UNCHECKABLE = text(
    f"select s.student_id, sum(coalesce(g.max_score, 0.0)){_OF}"
    " join upskill_outcome o on o.assignment = a.name and o.learner = s.student_id"
    " join base_cell c on c.notebook_id = n.notebook_id and c.name = o.exercise"
    " join grade_cells g on g.id = c.id"
    " join grade r on r.cell_id = c.id and r.notebook_id = n.id"
    " where a.name = :name and o.kind = 'uncheckable'"
    " and r.auto_score is null and (r.manual_score is null or r.needs_manual_grade)"
    " group by s.student_id"
)


@dataclass(frozen=True)
class Standing:
    """``score`` of cells that wait for nobody, the late penalty taken off; points.

    ``max_score`` leaves cells out that nobody could check; ``to_grade`` cells wait for a person.
    """

    score: float
    max_score: float
    to_grade: int


def standings(course: Course, assignment: str) -> dict[str, Standing]:
    """By learner; work that could not be graded has no points. GradingError."""
    with (
        course.at_work(phrase("Reading the gradebook")),
        store.connected(course) as connection,
    ):
        told = {"name": assignment}
        best = float(connection.execute(_BEST, told).scalar_one())
        scores = {one: rest for one, *rest in connection.execute(_SCORES, told)}
        penalties = dict(connection.execute(_PENALTIES, told).tuples().all())
        lost = dict(connection.execute(_UNCHECKABLE, told).tuples().all())
        states = store.handins(connection, assignment)
    found = {}
    for learner, penalty in penalties.items():
        score, waiting = scores.get(learner, (0.0, 0))
        handin = states.get(learner)
        if handin is not None and handin.state == store.FAILED:
            score, waiting, penalty = 0.0, 0, 0.0
        worth = max(float(score or 0.0) - float(penalty), 0.0)
        most = best - float(lost.get(learner, 0.0))
        found[learner] = Standing(worth, most, int(waiting))
    return found
