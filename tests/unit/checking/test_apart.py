"""A check in one process sees a notebook of another: its values, its functions, their errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from kit.blank import BLANK
from kit.checking import NotAttempted, Work, apart, expect
from kit.checking.apart import GONE, STUCK, FarNames, answer
from kit.checking.mistakes import LearnerError
from kit.checking.plain import encode
from kit.errors import CheckError


def far(**names: Any) -> Work:
    return Work(FarNames(lambda text: answer(names, text)))


def defined(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(code, "<cell rule>", "exec"), names)
    return names


def test_values_are_copies_and_missing_or_blank_ones_not_attempted() -> None:
    plan = {"q": 95, "sizes": [1, 2]}
    work = far(plan=plan, empty=[BLANK])
    assert work.value("plan") == plan
    assert (work.has("plan"), work.has("empty"), work.has("gone")) == (True, False, False)
    for name in ("empty", "gone"):
        with pytest.raises(NotAttempted):
            work.value(name)
    assert set(work.names) == {"plan", "empty"}
    assert len(work.names) == 2


def test_a_name_is_asked_for_once_in_a_check() -> None:
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return answer({"size": 4}, text)

    names = FarNames(ask)
    assert [names["size"], names["size"], "size" in names] == [4, 4, True]
    assert len(asked) == 1


def test_a_function_gets_plain_arguments_and_gives_a_plain_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = defined(
        "def double(values, *, times=2):\n    print('thinking')\n    return values * times\n"
        "def twice(f, x): return f(f(x))"
    )
    call = far(**names).function("double")
    np.testing.assert_array_equal(call(np.arange(3), times=3), [0, 3, 6])
    assert capsys.readouterr().out == ""
    # a learner's own function may be given to another one of theirs
    work = far(**names)
    assert work.function("twice")(work.value("double"), 3) == 12


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        ("1 / 0", LearnerError, "line 2: \nZeroDivisionError: division by zero"),
        ("exit()", LearnerError, "SystemExit"),
        ("raise KeyboardInterrupt", LearnerError, "KeyboardInterrupt"),
        ("return ____", NotAttempted, "f"),
        ("return ____ + 1", NotAttempted, "f"),
        ("bool(____)", NotAttempted, "f"),
    ],
)
def test_what_a_function_raises_is_told_as_if_it_were_here(
    body: str, kind: type[Exception], told: str
) -> None:
    names = {"____": BLANK, "exit": __import__("sys").exit}
    exec(compile(f"def f(x):\n    {body}", "<cell rule>", "exec"), names)
    errors = []
    for work in (Work(names), far(**names)):
        with pytest.raises(kind) as caught:
            work.function("f")(3)
        errors.append(str(caught.value))
    assert errors[0] == errors[1]
    assert errors[0].endswith(told.partition("\n")[2] or told)


def test_a_function_that_never_ends_is_stopped_where_it_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "CALL_SECONDS", 0.3)
    with pytest.raises(LearnerError) as caught:
        far(**defined("def f():\n    while True: pass")).function("f")()
    assert caught.value.slow


def test_what_is_no_function_is_said_to_be_none() -> None:
    with pytest.raises(Exception, match="not a function"):
        far(f=3).function("f")


@pytest.mark.parametrize("text", [GONE, STUCK, "nonsense", "5", encode(("ok",)), encode((5, 6))])
def test_a_kernel_that_answers_nothing_useful_has_no_names(text: str) -> None:
    assert not Work(FarNames(lambda _text: text)).has("plan")
    assert list(FarNames(lambda _text: text)) == []


@pytest.mark.parametrize(
    ("text", "slow"), [(GONE, 0.0), (STUCK, 5.0), ("nonsense", 0.0), (encode(("ok",)), 0.0)]
)
def test_a_call_that_nobody_answers_is_the_learners_error(text: str, slow: float) -> None:
    names: Mapping[str, Any] = {"f": len}
    answers = iter([answer(names, encode(("get", "f"))), text])
    with pytest.raises(LearnerError) as caught:
        Work(FarNames(lambda _text: next(answers))).function("f")([1])
    assert caught.value.slow == slow
    # checks show the last line of it
    assert caught.value.slow or caught.value.trace.splitlines()


def test_a_check_that_hands_over_a_function_of_its_own_is_our_fault() -> None:
    call = far(f=lambda g: g).value("f")
    with pytest.raises(CheckError):
        call(expect.short)


@pytest.mark.parametrize("text", ["", "[]", encode("get"), encode(("call", 999, (), {}))])
def test_a_question_that_is_none_is_answered_with_an_error(text: str) -> None:
    assert isinstance(answer({}, text), str)
