"""A check ends in one of five outcomes, whatever the learner or the author wrote."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from kit.blank import BLANK
from kit.checking import Mistake, Remark, Work, exercise_check, expect, run_check
from kit.i18n import Translator, mark
from kit.model import Exercise, ExerciseKind, OutcomeKind, Part, Reality


@exercise_check("rule")
def doubled(work: Work) -> None:
    double = work.function("double")
    for value in (1, 2, 5):
        if expect.number(double(value), "double(...)") != 2 * value:
            raise Mistake(
                "not_double",
                "double({value}) is off.",
                required="Twice of {value}.",
                step="Try {value} by hand.",
                share=0.4,
                value=value,
            )


def outcome_of(run: Any, double: Any) -> Any:
    return run(doubled, {"double": double})


def test_a_right_answer_passes_and_says_what_it_means_at_work(run: Any) -> None:
    outcome = outcome_of(run, lambda x: x + x)
    assert (outcome.kind, outcome.score) == (OutcomeKind.PASSED, 1.0)
    assert outcome.at_work == "It is what a colleague would ask first."
    assert outcome.feedback is None


@exercise_check("rule")
def remarked(_work: Work) -> Remark | None:
    return Remark("One of {count} is still off.", count=6)


def test_a_remark_stands_beside_a_pass_and_costs_nothing(run: Any) -> None:
    outcome = run(remarked, {})
    assert (outcome.kind, outcome.score) == (OutcomeKind.PASSED, 1.0)
    assert (outcome.feedback.label, outcome.feedback.seen) == ("", "One of 6 is still off.")
    assert outcome.at_work == "It is what a colleague would ask first."


def test_a_mistake_fills_all_three_texts(run: Any) -> None:
    outcome = outcome_of(run, lambda x: x)
    assert (outcome.kind, outcome.score) == (OutcomeKind.INCORRECT, 0.0)
    feedback = outcome.feedback
    assert (feedback.label, feedback.seen) == ("not_double", "double(1) is off.")
    assert (feedback.required, feedback.step) == ("Twice of 1.", "Try 1 by hand.")
    assert outcome.at_work == ""


@pytest.mark.parametrize("names", [{}, {"double": BLANK}, {"double": lambda x: BLANK}])
def test_missing_or_blank_is_not_attempted(run: Any, names: dict[str, Any]) -> None:
    outcome = run(doubled, names)
    assert (outcome.kind, outcome.score) == (OutcomeKind.NOT_ATTEMPTED, 0.0)
    assert "`double`" in outcome.feedback.seen


def test_a_blank_used_as_a_number_inside_the_function_is_not_attempted(run: Any) -> None:
    outcome = outcome_of(run, lambda x: [1, 2][BLANK])
    assert outcome.kind is OutcomeKind.NOT_ATTEMPTED


def test_the_learners_exception_is_theirs_and_names_their_line(run: Any) -> None:
    scope: dict[str, Any] = {}
    code = "def double(x):\n    return x / 0\n"
    exec(compile(code, "<cell rule>", "exec"), scope)
    outcome = outcome_of(run, scope["double"])
    assert (outcome.kind, outcome.score) == (OutcomeKind.ERROR, 0.0)
    assert "line 2" in outcome.feedback.seen
    assert "ZeroDivisionError: division by zero" in outcome.feedback.seen
    assert "work.py" not in outcome.feedback.seen
    assert outcome.feedback.label == "exception"


def test_a_loop_without_end_is_stopped_and_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.checking.work.CALL_SECONDS", 0.2)

    def endless(x: int) -> int:
        while True:
            x += 1

    outcome = outcome_of(run, endless)
    assert outcome.kind is OutcomeKind.ERROR
    assert outcome.feedback.label == "too_slow"


def test_a_loop_that_swallows_every_exception_is_stopped_too(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.checking.work.CALL_SECONDS", 0.2)

    def stubborn(x: int) -> int:
        while True:
            try:
                x += 1
            except Exception:
                continue

    assert outcome_of(run, stubborn).feedback.label == "too_slow"


def test_a_process_that_ignores_interrupts_is_stopped_too_and_ignores_them_again(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.checking.work.CALL_SECONDS", 0.2)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)

    def bounded(x: int) -> int:
        # without a limit it would end by itself, so that this test fails instead of hanging
        end = time.monotonic() + 5
        while time.monotonic() < end:
            x += 1
        return 2 * x

    try:
        assert outcome_of(run, bounded).feedback.label == "too_slow"
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_author_bug_costs_nothing_and_leaves_a_report(run: Any) -> None:
    @exercise_check("rule")
    def broken(work: Work) -> None:
        raise KeyError("the author's own")

    outcome = run(broken)
    assert (outcome.kind, outcome.score) == (OutcomeKind.UNCHECKABLE, None)
    assert "KeyError" in outcome.report
    assert "the author's own" in outcome.report


def test_a_message_whose_template_is_wrong_does_not_escape(run: Any) -> None:
    @exercise_check("rule")
    def broken(work: Work) -> None:
        raise Mistake("x", "{nobody} filled this in.", value=1)

    outcome = run(broken)
    assert (outcome.kind, outcome.score) == (OutcomeKind.UNCHECKABLE, None)


class Own(BaseException):
    """What a learner may derive, and no ``except Exception`` catches."""


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, Own])
def test_a_function_that_quits_python_is_the_learners_error(
    run: Any, kind: type[BaseException]
) -> None:
    def quits(x: int) -> int:
        raise kind(3)

    outcome = outcome_of(run, quits)
    assert outcome.kind is OutcomeKind.ERROR
    assert outcome.feedback.seen.endswith(f"{kind.__name__}: 3")


def test_a_persons_ctrl_c_ends_the_cell_and_not_the_answer(run: Any) -> None:
    def interrupted(x: int) -> int:
        signal.raise_signal(signal.SIGINT)
        return 2 * x

    with pytest.raises(KeyboardInterrupt):
        outcome_of(run, interrupted)


@pytest.mark.parametrize("special", ["__deepcopy__", "__reduce_ex__", "__float__", "__repr__"])
def test_a_value_that_quits_python_when_it_is_looked_at_is_the_learners(
    run: Any, special: str
) -> None:
    def quits(*_args: Any) -> Any:
        raise KeyboardInterrupt

    @exercise_check("rule")
    def looks(work: Work) -> None:
        expect.number(work.value("x"), "x", unit="vCPU")

    outcome = run(looks, {"x": type("Odd", (float,), {special: quits})(3.0)})
    assert outcome.kind in (OutcomeKind.PASSED, OutcomeKind.INCORRECT)


def busy(seconds: float = 5.0) -> None:
    # without a limit it would end by itself, so that a test fails instead of hanging
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_a_check_of_ours_that_never_ends_costs_nobody_a_point(run: Any) -> None:
    @exercise_check("rule")
    def endless(work: Work) -> None:
        busy()

    outcome = run(endless, seconds=0.2)
    assert (outcome.kind, outcome.score) == (OutcomeKind.UNCHECKABLE, None)
    assert "TimeLimitPassed" in outcome.report


def test_a_learners_function_that_never_ends_is_theirs_within_a_longer_check(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.checking.work.CALL_SECONDS", 0.2)
    outcome = run(doubled, {"double": lambda x: busy()}, seconds=20)
    assert outcome.kind is OutcomeKind.ERROR
    assert outcome.feedback.label == "too_slow"


def test_calls_that_are_quick_enough_but_too_many_are_ours(run: Any) -> None:
    @exercise_check("rule")
    def greedy(work: Work) -> None:
        pick = work.function("pick")
        for _ in range(100):
            pick()

    outcome = run(greedy, {"pick": lambda: busy(0.1)}, seconds=0.3)
    assert outcome.kind is OutcomeKind.UNCHECKABLE


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, Own])
def test_an_exit_in_our_code_does_not_end_the_cell(run: Any, kind: type[BaseException]) -> None:
    @exercise_check("rule")
    def leaves(work: Work) -> None:
        raise kind(1)

    assert run(leaves).kind is OutcomeKind.UNCHECKABLE


def test_a_form_without_an_answer_is_not_attempted_in_its_own_words(run: Any) -> None:
    @exercise_check("rule")
    def asks(work: Work) -> None:
        work.answer("which")

    outcome = run(asks)
    assert outcome.kind is OutcomeKind.NOT_ATTEMPTED
    assert "____" not in outcome.feedback.step


def diagnosed(*diagnoses: Any) -> Any:
    @exercise_check("rule")
    def always_wrong(work: Work) -> None:
        raise Mistake("plain", "Plain.")

    for diagnosis in diagnoses:
        always_wrong.diagnose(diagnosis)
    return always_wrong


def raises(work: Work) -> Mistake | None:
    raise RuntimeError("a diagnosis is only a help")


def silent(work: Work) -> Mistake | None:
    return None


def named(work: Work) -> Mistake | None:
    return Mistake("named", "This is the usual reason.")


def later(work: Work) -> Mistake | None:
    return Mistake("later", "Too late.")


def test_the_first_diagnosis_that_finds_something_is_shown(run: Any) -> None:
    assert run(diagnosed(silent, raises, named, later)).feedback.label == "named"


def test_without_a_diagnosis_the_plain_mistake_is_shown(run: Any) -> None:
    assert run(diagnosed(silent, raises)).feedback.label == "plain"


def test_a_broken_diagnosis_is_told_with_its_name(run: Any) -> None:
    told: list[tuple[str, str]] = []
    outcome = run(
        diagnosed(silent, raises), on_broken=lambda name, error: told.append((name, repr(error)))
    )
    assert outcome.feedback.label == "plain"
    assert told == [("raises", "RuntimeError('a diagnosis is only a help')")]


def test_a_diagnosis_whose_message_does_not_fit_costs_its_own_message_only(run: Any) -> None:
    def empty(work: Work) -> Mistake | None:
        return Mistake("empty", "{nobody} filled this in.", value=1)

    told: list[str] = []
    outcome = run(diagnosed(empty, named), on_broken=lambda name, _error: told.append(name))
    assert (outcome.feedback.label, told) == ("named", ["empty"])


@pytest.mark.parametrize("returned", [Mistake("plain", "Plain."), True, "correct"])
def test_only_a_remark_can_be_returned(run: Any, returned: Any) -> None:
    @exercise_check("rule")
    def returns(work: Work) -> Any:
        return returned

    # a Mistake that an author forgot to raise must not pass
    assert run(returns).kind is OutcomeKind.UNCHECKABLE


def test_a_diagnosis_that_never_ends_costs_its_own_message_only(run: Any) -> None:
    def endless(work: Work) -> Mistake | None:
        busy()
        return None

    told: list[str] = []
    outcome = run(
        diagnosed(endless, named), seconds=0.2, on_broken=lambda name, _error: told.append(name)
    )
    assert (outcome.feedback.label, told) == ("named", ["endless"])


def test_what_a_diagnosis_cannot_look_at_is_no_fault_of_it(run: Any) -> None:
    def wants_more(work: Work) -> Mistake | None:
        expect.number(work.value("text"), "text")
        return None

    def wants_another(work: Work) -> Mistake | None:
        work.value("missing")
        return None

    told: list[str] = []
    check = diagnosed(wants_more, wants_another)
    outcome = run(check, {"text": "x"}, on_broken=lambda name, _error: told.append(name))
    assert (outcome.feedback.label, told) == ("plain", [])


def test_no_diagnosis_is_asked_when_the_answer_is_right(run: Any) -> None:
    @exercise_check("rule")
    def right(work: Work) -> None:
        return None

    right.diagnose(named)
    assert run(right).kind is OutcomeKind.PASSED


def test_a_learners_own_word_is_shown_as_they_wrote_it() -> None:
    said = {"steady": "STABLE", "kind of load": "KIND"}

    class Loud(Translator):
        def __call__(self, template: str, **values: object) -> str:
            return super().__call__(said.get(template, template), **values)

    @exercise_check("x")
    def check(work: Work) -> None:
        raise Mistake("x", "{answer} {field}", answer="steady", field=mark("kind of load"))

    exercise = Exercise("x", "X", Part.PRACTICE, ExerciseKind.PROCEDURE, Reality.SIMULATED, 5, 1)
    outcome = run_check(check, exercise, Work({}), Loud("en"))
    assert outcome.feedback is not None
    assert outcome.feedback.seen == "steady KIND"
