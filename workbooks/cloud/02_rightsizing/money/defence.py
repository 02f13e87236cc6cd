"""Exercise ``graded-defence``: five questions about the learner's own artefact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.checking import Mistake, Work, exercise_check, expect
from kit.data.prices import HOURS_PER_MONTH
from kit.i18n import mark

from ..sizing.case import series_of
from .work import Model, model_of

if TYPE_CHECKING:
    from ..case import Case

WITHIN = 0.01
LEAST = 4


@dataclass(frozen=True)
class Question:
    """One question; ``answer`` is a sum, a number or a time, computed from the learner's model."""

    id: str
    template: str
    values: dict[str, Any]
    answer: Any


def questions(case: Case, model: Model) -> list[Question]:
    """Five questions; which machine, which months and which rate depends on the seed."""
    rng = np.random.default_rng([case.seed, 4])
    m = model.m
    months = int(rng.integers(2, 5))
    rate = round(m["rate"] + float(rng.choice([-0.03, 0.03, 0.04])), 4)
    later = {**m, "double_run_months": m["double_run_months"] + months}
    return [
        _first_time(case, rng),
        Question(
            "q2",
            mark("In a month of 730 hours, up to how many hours on is your cloud the cheaper one?"),
            {},
            min(model.u_star * HOURS_PER_MONTH, HOURS_PER_MONTH),
        ),
        Question(
            "q3",
            mark("The double run takes {months} months longer. How many won more is that, today?"),
            {"months": months},
            model.worth("cloud", "base", later) - model.worth("cloud", "base", m),
        ),
        Question(
            "q4",
            mark("At a rate of {rate:.1%}: renewal minus cloud in today's won, with its sign?"),
            {"rate": rate},
            model.lead({**m, "rate": rate}),
        ),
        Question(
            "q5",
            mark("At which price of the new servers would both options be worth the same?"),
            {},
            model.tipping("capex"),
        ),
    ]


def _first_time(case: Case, rng: np.random.Generator) -> Question:
    """When a machine would first have wanted more than p90 without headroom gives it."""
    today = dict(zip(case.servers["machine"], case.servers["vcpu"], strict=True))
    found = []
    for name, frame in series_of(case).items():
        demand = today[name] * frame["value"].to_numpy() / 100
        need = np.percentile(demand, 90)
        size = next((s for s in case.prices.vcpus if s >= need), case.prices.vcpus[-1])
        above = np.flatnonzero(demand > size)
        if len(above):
            found.append((name, size, pd.Timestamp(frame["time"].iloc[above[0]])))
    name, size, time = found[int(rng.integers(len(found)))]
    return Question(
        "q1",
        mark(
            "{machine} on {size} vCPU, which is p90 without headroom: when would its demand first "
            "have been above that? (2026-03-02 14:05)"
        ),
        {"machine": name, "size": size},
        time,
    )


@exercise_check("graded-defence")
def defence(work: Work) -> None:
    """Each answer by recomputation; counts for the judgement of the assumptions, not for points."""
    asked = questions(work.case, model_of(work))
    given = expect.mapping(work.value("defence"), "defence", [q.id for q in asked])
    work.value("answered")
    off = [q for q in asked if not _holds(q, given[q.id])]
    if len(asked) - len(off) < LEAST:
        raise Mistake(
            "defence_differs",
            mark("{held} of 5 answers hold. Not recomputed from your model: {answers}"),
            required=mark(
                "At least {least} that your own functions, inputs and series give, within 1 %."
            ),
            least=LEAST,
            held=len(asked) - len(off),
            answers="; ".join(f"{q.id}: {expect.short(given[q.id])}" for q in off),
        )


def _holds(question: Question, given: Any) -> bool:
    if isinstance(question.answer, pd.Timestamp):
        time = pd.to_datetime(str(given), errors="coerce")
        return bool(abs(time - question.answer) <= pd.Timedelta("1h"))
    number = expect.number(given, f"defence[{question.id!r}]")
    return abs(number - question.answer) <= WITHIN * abs(question.answer) + 1.0
