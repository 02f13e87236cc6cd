"""A proof is taken from an earlier run only while everything that it read is the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.gate.findings import Report
from tests.good_unit import build, edit, lint, of_the_unit

# rules whose proofs take little: what is kept of a proof is the same for all
QUICK = ("solution", "starter", "uncheckable", "korean")


@pytest.fixture
def proved(good: Path) -> Report:
    """The first run, which has to prove everything."""
    report = first(good)
    assert (report.cached, report.proved > 0) == (0, True)
    return report


def first(folder: Path) -> Report:
    return lint(folder, only=QUICK)


def again(folder: Path, only: tuple[str, ...] = QUICK) -> Report:
    return lint(folder, fresh=False, only=only)


def test_an_unchanged_unit_is_not_run_again_and_counts_the_same(good: Path, proved: Report) -> None:
    second = again(good)
    assert (second.proved, second.cached) == (0, proved.proved)
    assert second.counts == proved.counts
    assert second.mutants == proved.mutants


def test_fresh_takes_nothing(good: Path, proved: Report) -> None:
    assert first(good).proved == proved.proved


def test_a_changed_hint_runs_no_exercise(good: Path, proved: Report) -> None:
    edit(good / "workbook.toml", "Think of whoever answers", "Think of who answers")
    report = again(good)
    assert report.proved == 0
    assert {f.rule for f in of_the_unit(report, good)} == {"korean"}


def test_a_changed_answer_runs_its_exercise_and_those_behind_it(good: Path, proved: Report) -> None:
    edit(good / "solution.py", "total = 0\n", "total = 0  # nothing yet\n")
    everything = keys(good)
    again(good)
    assert changed(everything, keys(good)) == {"used", "who"}
    edit(good / "solution.py", "sizes = [0]\n", "sizes = [0]  # nothing yet\n")
    everything = keys(good)
    again(good)
    assert changed(everything, keys(good)) == {"largest"}


@pytest.mark.parametrize("file", ["checks.py", "case.py"])
def test_changed_code_proves_everything_again(good: Path, proved: Report, file: str) -> None:
    with (good / file).open("a", encoding="utf-8") as code:
        code.write("\n# another line\n")
    assert again(good).cached == 0


def test_a_changed_cell_runs_its_exercise_and_those_behind_it(good: Path, proved: Report) -> None:
    everything = keys(good)
    edit(good / "assignment.md", "import kit\n", "import math\n\nimport kit\n")
    build(good)
    again(good)
    assert changed(everything, keys(good)) == {"largest"}


def test_what_found_something_is_proved_again(good: Path) -> None:
    edit(good / "solution.py", "return max(sizes)", "return min(sizes)")
    before = lint(good, only=("solution",))
    second = again(good, only=("solution",))
    assert [f.rule for f in second.findings] == ["solution"]
    # two seeds of one exercise
    assert (second.proved, second.cached) == (2, before.proved - 2)


def test_a_smaller_run_keeps_what_it_did_not_ask_for(good: Path, proved: Report) -> None:
    again(good, only=("starter",))
    assert again(good).proved == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99, "proved": {}}'])
def test_a_cache_that_cannot_be_read_costs_time_only(good: Path, proved: Report, text: str) -> None:
    _path(good).write_text(text, encoding="utf-8")
    report = again(good)
    assert (report.cached, report.proved) == (0, proved.proved)


def keys(folder: Path) -> dict[str, str]:
    """Digest of each proof that is kept."""
    told = json.loads(_path(folder).read_text(encoding="utf-8"))
    return {name: entry["reads"] for name, entry in told["proved"].items()}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Exercises whose proofs are others than before."""
    assert before.keys() == after.keys()
    return {name.rpartition("/")[2] for name in before if before[name] != after[name]}


def _path(folder: Path) -> Path:
    return folder.parents[2] / ".lint" / "disks.json"
