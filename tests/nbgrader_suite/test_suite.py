"""nbgrader's own cases that run a notebook pass with our runner in Execute's place.

All of its cases run with ``make nbgrader-tests``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nbgrader_suite.cases import excluded, executing, folder_of_tests, is_told, run

pytestmark = [pytest.mark.grading]
# so that several workers share them; each part starts nbgrader once
PARTS = 8
# grows with nbgrader; fewer would mean that our runner is asked for less than it was
AT_LEAST = 125


@pytest.mark.parametrize("part", range(PARTS))
def test_nbgraders_cases_that_run_a_notebook_pass_with_our_runner(
    part: int, tmp_path: Path
) -> None:
    names = executing()[part::PARTS]
    cases = run(names, tmp_path / "told.jsonl")
    assert {case.name for case in cases} == set(names)
    assert [case for case in cases if case.outcome != "passed"] == []
    assert [case.name for case in cases if not case.runs] == []


def test_how_many_run_a_notebook_is_what_the_documentation_says() -> None:
    assert is_told(f"{len(executing())} of them run a notebook")


def test_no_fewer_cases_run_a_notebook_than_before() -> None:
    assert len(set(executing())) >= AT_LEAST
    assert not set(executing()) & excluded().keys()


def test_what_is_left_out_is_not_reached(tmp_path: Path) -> None:
    cases = [name for name in excluded() if "::" in name]
    assert cases
    assert run(cases, tmp_path / "told.jsonl") == []


def test_what_is_left_out_is_there_and_has_its_reason() -> None:
    for name, reason in excluded().items():
        file, _, case = name.partition("::")
        text = (folder_of_tests() / file).read_text(encoding="utf-8")
        assert case.rpartition("::")[2] in text
        assert reason.endswith(".")
