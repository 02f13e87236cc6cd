"""What is handed over names our fault and holds nothing of the learner's."""

from __future__ import annotations

from typing import Any

import pytest

from kit.checking import Work, exercise_check, unit_module
from kit.checking.report import trace, without_values, write_report
from kit.home import LearnerHome
from kit.model import Outcome, OutcomeKind, Unit

CANARY = "kanarienvogel"
LEARNERS = f"""
class {CANARY}Error(Exception):
    pass

def clean(rows):
    {CANARY} = rows[0]
    return Loud()

class Loud:
    def __eq__(self, other):
        {CANARY} = "{CANARY}"
        raise {CANARY}Error({CANARY})
"""


def uncheckable(run: Any, unit: Unit, check: str) -> Outcome:
    """The outcome of a unit's own check on a learner's function that returns a trap."""
    (unit.folder / "parts.py").write_text(check, encoding="utf-8")
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(LEARNERS, "<cell rule>", "exec"), scope)
    outcome: Outcome = run(unit_module(unit, "parts").check, scope)
    assert outcome.kind is OutcomeKind.UNCHECKABLE
    return outcome


AROUND = """
from kit.checking import exercise_check

@exercise_check("rule")
def check(work):
    {body}
"""
CHECKS = {
    "their code raises in ours": "work.function('clean')(['kanari' + 'envogel']) == 3",
    "our code quotes their value": "{}['kanari' + 'envogel']",
    "one error after another": (
        "\n    try:\n        {}['kanari' + 'envogel']\n"
        "    except KeyError as error:\n        raise ValueError(str(error)) from error"
    ),
}


@pytest.mark.parametrize("body", CHECKS.values(), ids=CHECKS)
def test_a_report_names_our_line_and_no_value_of_the_learner(
    run: Any, tiny: Unit, tiny_home: LearnerHome, body: str
) -> None:
    outcome = uncheckable(run, tiny, AROUND.format(body=body))
    text = write_report(tiny_home, tiny, outcome, 4711).read_text(encoding="utf-8")
    assert "parts, line" in text and "in check" in text
    assert CANARY not in text
    # the author's own gate sees the words
    assert CANARY in outcome.report


def test_a_report_says_on_what_it_happened(run: Any, tiny: Unit, tiny_home: LearnerHome) -> None:
    outcome = Outcome("rule", OutcomeKind.UNCHECKABLE, None, report="here")
    path = write_report(tiny_home, tiny, outcome, 4711)
    text = path.read_text(encoding="utf-8")
    for fact in (f"{tiny.id} {tiny.version}", "rule", "4711", "python", "upskill-kit", "pandas"):
        assert fact in text
    assert path.parent == tiny_home.state / "reports"


def test_the_same_fault_is_one_file_and_another_fault_another(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    def written(report: str) -> str:
        outcome = Outcome("rule", OutcomeKind.UNCHECKABLE, None, report=report)
        return write_report(tiny_home, tiny, outcome, 1).name

    assert [written(x) for x in ("a", "b", "a")] == [
        "tiny-rule-1.txt",
        "tiny-rule-2.txt",
        "tiny-rule-1.txt",
    ]


def test_an_endless_recursion_is_told_in_short(run: Any) -> None:
    @exercise_check("rule")
    def deep(work: Work) -> None:
        deep.function(work)

    assert len(run(deep).report.splitlines()) < 150


def test_words_of_several_lines_leave_nothing_behind() -> None:
    error = ValueError(f"one\n{CANARY}\n  {CANARY}")
    assert CANARY in trace(error)
    assert CANARY not in without_values(trace(error))
