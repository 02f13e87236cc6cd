"""What docs/ai-proof.md says of scripted answers, played: they pass what code can, and stop there.

The script is what a strong chatbot writes from the assignment's text: code that reads the
case through ``wb.tools`` and never looks at what it reads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.checking import unit_module
from kit.content import find_exercise, find_unit
from kit.grading.rows import allowed_level
from kit.identity import Identity
from kit.model import OutcomeKind, Part
from kit.workbook import Workbook

pytestmark = pytest.mark.content

UNIT = find_unit("rightsizing")
ANSWERS: dict[str, str] = unit_module(UNIT, "solution").ANSWERS
CODED = (
    "graded-clean",
    "graded-size",
    "graded-bursts",
    "graded-classes",
    "graded-npv",
    "graded-options",
    "graded-breakeven",
)
LEARNERS = ("kim", "lee", "park", "choi")

TEMPLATES = """
why = "I assumed {} could differ by a quarter from the quote in the table"
keys = ("on_share", "capex", "cloud_won_per_hour_total", "migration_won")
ranges = {k: (m[k] * 0.75, min(m[k] * 1.2, 1.0) if k == "on_share" else m[k] * 1.2, why.format(k))
          for k in keys}
"""
WRITTEN = """
ranges = {
    "on_share": (m["on_share"] * 0.75, min(1.0, m["on_share"] * 1.1),
                 f"the table says {m['on_share']:.0%}; nights are not in any log"),
    "capex": (m["capex"] * 0.97, m["capex"] * 1.03, "vendor's quote, firm until signing"),
    "cloud_won_per_hour_total": (m["cloud_won_per_hour_total"] * 0.9,
                                 m["cloud_won_per_hour_total"] * 1.25,
                                 "list price of the card, before any discount is negotiated"),
    "migration_won": (m["migration_won"] * 0.8, m["migration_won"] * 1.6,
                      f"{case.puzzle} and its owner were never moved before"),
}
"""
SORTED = """
def lead_of(told):
    return npv(renew_flows(told), told["rate"]) - npv(cloud_flows(told), told["rate"])


def wide(k):
    return abs(lead_of(m | {k: ranges[k][0]}) - lead_of(m | {k: ranges[k][1]}))


flips = sorted(ranges, key=wide)[-2:]
"""
MEMO = """
figures = wb.tools.key_figures()
recommend = "cloud" if figures["lead"] > 0 else "renew"
choice = "moving to the cloud" if recommend == "cloud" else "renewing the servers"
low, high = sorted(lead_of(m | {flips[-1]: end}) / 1e6 for end in ranges[flips[-1]][:2])
memo = f'''We recommend {choice}. In today's money the difference between both options, renewal
minus cloud, is {figures["lead"] / 1e6:,.1f} million won over {m["years"]} years. Over our range
of {flips[-1]} it lies between {low:,.1f} million won and {high:,.1f} million won. The decision
turns at an on-time share of {100 * figures["u_star"]:.1f} %. We are least sure of the size of
{case.puzzle}, because it sleeps most of the time and then wants everything at once.'''
"""
# five things that every such case has; the questions are not in the text
DEFENCE = """
defence = {
    "q1": figures["lead"],
    "q2": figures["hours_month"],
    "q3": flips[-1],
    "q4": figures["lead_stop"],
    "q5": m["capex"],
}
answered = "alone"
"""


def opened(learner: str) -> tuple[Workbook, dict[str, Any]]:
    """The graded part with all that code can earn, for one learner."""
    names: dict[str, Any] = {"np": np, "pd": pd}
    workbook = Workbook(UNIT, Part.GRADED, names, Identity("test", learner, "en", None, None))
    names |= {"wb": workbook, "case": workbook.case()}
    for exercise in CODED:
        if exercise == "graded-npv":
            sizes = workbook.carry("graded-bursts")
            names["m"] = workbook.tools.inputs(names["case"], sizes)
        run(ANSWERS[exercise], names)
    return workbook, names


def run(code: str, names: dict[str, Any]) -> None:
    exec(compile(code, "<cell>", "exec"), names)


def kinds_of(workbook: Workbook) -> dict[str, str]:
    told = ("graded-assumptions", "graded-memo", "graded-defence")
    return {exercise: workbook.outcome(exercise).kind for exercise in told}


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_scripted_memo_and_its_ranges_count_as_stated_at_most(learner: str) -> None:
    workbook, names = opened(learner)
    run(WRITTEN + SORTED + MEMO + DEFENCE, names)
    kinds = kinds_of(workbook)
    assert kinds["graded-assumptions"] == OutcomeKind.PASSED, "code passes what code can"
    assert kinds["graded-memo"] == OutcomeKind.PASSED, workbook.outcome("graded-memo")
    assert kinds["graded-defence"] == OutcomeKind.INCORRECT
    for exercise in ("graded-assumptions", "graded-memo"):
        allowed = allowed_level(find_exercise(UNIT, exercise), 3, kinds)
        assert allowed == (1, "graded-defence")


@pytest.mark.parametrize("learner", LEARNERS)
def test_one_sentence_for_all_reasons_is_refused(learner: str) -> None:
    workbook, names = opened(learner)
    run(TEMPLATES + SORTED, names)
    feedback = workbook.outcome("graded-assumptions").feedback
    assert feedback is not None
    assert feedback.label in ("same_percent_ranges", "same_reason")
    run(WRITTEN + SORTED, names)
    sentence = "the quote in the table says {key}, give or take {i} percent"
    for i, (key, (low, high, _)) in enumerate(names["ranges"].items()):
        names["ranges"][key] = (low, high, sentence.format(key=key, i=i))
    feedback = workbook.outcome("graded-assumptions").feedback
    assert feedback is not None and feedback.label == "same_reason"


def test_text_alone_gets_no_further_than_a_figure_that_is_not_there() -> None:
    workbook, names = opened("kim")
    run(WRITTEN + SORTED, names)
    names["recommend"] = "cloud"
    names["memo"] = (
        "We recommend moving to the cloud. It is typically 27 % cheaper than new servers and "
        "saves about 43.7 million won over the years. Depending on use the saving lies between "
        "31.3 million won and 58.9 million won. Below an on-time share of 64.3 % the cloud wins. "
        "We are least sure of the busiest database server."
    )
    assert workbook.outcome("graded-memo").kind is OutcomeKind.INCORRECT


def test_reasons_that_fit_any_firm_are_refused() -> None:
    workbook, names = opened("kim")
    run(WRITTEN + SORTED, names)
    for key, why in zip(
        names["ranges"],
        ("industry benchmarks", "typical market practice", "expert judgement", "best guess"),
        strict=True,
    ):
        low, high, _ = names["ranges"][key]
        names["ranges"][key] = (low, high, why)
    feedback = workbook.outcome("graded-assumptions").feedback
    assert feedback is not None and feedback.label == "reason_without_source"


def test_a_reason_left_empty_is_named_and_not_called_untouched() -> None:
    workbook, names = opened("kim")
    run(WRITTEN + SORTED, names)
    low, high, _ = names["ranges"]["capex"]
    names["ranges"]["capex"] = (low, high, "")
    outcome = workbook.outcome("graded-assumptions")
    assert outcome.kind is OutcomeKind.INCORRECT and outcome.feedback is not None
    assert outcome.feedback.label == "range_reason_missing"


@pytest.mark.parametrize("low", [-0.1, 1.02])
def test_a_share_beyond_its_ends_is_told_both_of_them(low: float) -> None:
    workbook, names = opened("kim")
    run(WRITTEN + SORTED, names)
    names["ranges"]["on_share"] = (low, 1.02, "no log of nights")
    outcome = workbook.outcome("graded-assumptions")
    assert outcome.feedback is not None
    assert "Between 0 and 1" in outcome.feedback.required
    assert "inf" not in outcome.feedback.required


@pytest.mark.parametrize("exercise", ["graded-assumptions", "graded-memo"])
def test_both_judged_exercises_need_the_defence_and_no_rubric_text_claims_it(exercise: str) -> None:
    assert set(find_exercise(UNIT, exercise).needs) == {exercise, "graded-defence"}
    assert not any("defence" in level.text for level in UNIT.rubric)


# --- the defence itself ----------------------------------------------------------------


def asked(workbook: Workbook) -> list[tuple[str, dict[str, Any]]]:
    found = unit_module(UNIT, "money.defence").asked_of(workbook.work())
    return [(question.kind, question.values) for question in found.values()]


def test_nothing_is_asked_before_the_memo_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    workbook, names = opened("kim")
    run(WRITTEN + SORTED, names)
    workbook.tools.defence()
    assert "q1" not in capsys.readouterr().out
    run(DEFENCE.replace("figures", "wb.tools.key_figures()"), names)
    assert workbook.outcome("graded-defence").kind is OutcomeKind.NOT_ATTEMPTED
    run(MEMO, names)
    workbook.tools.defence()
    assert capsys.readouterr().out.count("\nq") == 4


def test_another_memo_or_range_is_asked_other_questions() -> None:
    workbook, names = opened("kim")
    run(WRITTEN + SORTED + MEMO, names)
    first = asked(workbook)
    assert asked(workbook) == first
    rounded = names["memo"].replace("1", "2")
    names["memo"] = rounded
    assert asked(workbook) == first, "a figure that rounds otherwise asks nothing anew"
    told = []
    for word in ("soon", "later", "together", "in March"):
        names["memo"] = f"{rounded} We read it again {word}."
        told.append(asked(workbook))
    assert any(one != first for one in told)
    low, high, why = names["ranges"]["capex"]
    names["ranges"]["capex"] = (low * 0.99, high, why)
    assert asked(workbook) != told[-1]


@pytest.mark.parametrize("learner", LEARNERS)
def test_two_questions_are_about_the_memo_and_two_about_the_ranges(learner: str) -> None:
    workbook, names = opened(learner)
    run(WRITTEN + SORTED + MEMO, names)
    kinds = [kind for kind, _ in asked(workbook)]
    assert {"smaller", "against"} <= set(kinds)
    assert len({"end", "least", "width", "narrow"} & set(kinds)) == 2
    doubted = dict(asked(workbook))["smaller"]["machine"]
    assert doubted == names["case"].puzzle


def test_the_defence_does_not_say_which_answer_is_off() -> None:
    workbook, names = opened("kim")
    run(WRITTEN + SORTED + MEMO + ANSWERS["graded-defence"], names)
    assert workbook.outcome("graded-defence").kind is OutcomeKind.PASSED
    keys = list(names["defence"])
    names["defence"][keys[0]] = "nobody knows"
    assert workbook.outcome("graded-defence").kind is OutcomeKind.PASSED, "four of five"
    names["defence"][keys[1]] = "2026-13-45"
    feedback = workbook.outcome("graded-defence").feedback
    assert feedback is not None and feedback.label == "defence_differs"
    assert "3 of 5" in feedback.seen
    assert not any(key in feedback.seen for key in keys)
