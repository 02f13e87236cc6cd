"""The score of a check: what it notices, and the reasons that are given for the rest."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kit.content import load_unit
from kit.errors import ContentError
from kit.gate.build import build_unit
from kit.gate.cache import Reads
from kit.gate.findings import Finding, MutantScore, Report
from kit.gate.mutants import mutants
from kit.gate.rules import Scope, mutation
from kit.gate.scaffold import write_scaffold
from kit.gate.survivors import ModelOutputs, reasons_of, same
from kit.model import Part, Unit
from tests.good_unit import build, edit

FIXTURES = Path(__file__).parents[3] / "fixtures" / "units"

# --- the score of a check -------------------------------------------------------------

ANSWER = """
def largest(sizes):
    found = 0
    for size in sizes:
        if size > found:
            found = size
    return found
"""
STRONG = """
    function = work.function("largest")
    for sizes, due in (([3, 9, 4], 9), ([1], 1), ([7, 7], 7), ([], 0)):
        got = expect.number(function(sizes), "largest(sizes)")
        if got != due:
            raise Mistake("not_largest", "It gives {got}.", got=got)
"""
WEAK = '    work.function("largest")\n'
MUTANT = "{kind}\nexercise = \"case\"\nwas = '''{was}'''\nnow = '{now}'\nbecause = \"so it is\"\n"


def unit_with(folder: Path, check: str, more: str = "", inputs: str = "") -> Unit:
    """The fixture unit whose graded exercise asks for ``largest``."""
    shutil.copytree(FIXTURES, folder / "content")
    unit = folder / "content" / "workbooks" / "demo" / "01_tiny"
    checks = unit / "checks.py"
    text = checks.read_text(encoding="utf-8").replace('"case"', '"was-case"')
    head = "from kit.checking import Mistake, exercise_check, expect\n\n\n"
    text += f'\n\n{head}@exercise_check("case")\ndef largest_check(work):\n{check}\n'
    checks.write_text(text, encoding="utf-8")
    answers = {
        "count": "count = 3\n",
        "total": "total = 3\n",
        "case": ANSWER,
        "memo": "memo = 'x'\n",
    }
    code = f"import random\n\nANSWERS = {json.dumps(answers)}\n{inputs}\n"
    (unit / "solution.py").write_text(code, encoding="utf-8")
    (unit / "mutants.toml").write_text(more, encoding="utf-8")
    found = load_unit(unit)
    build_unit(found)
    return found


def proved(unit: Unit) -> Report:
    return mutation.prove_mutants(unit, ("case",), part=Part.GRADED)["case"]


def told(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == "mutants"]


def score(report: Report) -> MutantScore:
    assert report.mutants is not None
    return report.mutants


def test_a_check_of_existence_notices_less_than_a_fifth(tmp_path: Path) -> None:
    report = proved(unit_with(tmp_path, WEAK))
    assert score(report).raw < 0.2
    (finding,) = told(report)
    assert finding.file.name == "solution.py" and finding.line
    assert "if size >= found" in finding.what


EQUIVALENT = MUTANT.format(kind="[[equivalent]]", was="if size > found:", now="if size >= found:")
NUMBERS = 'INPUTS = {"largest": lambda rng: (list(rng.integers(0, 9, 4)),)}'


def test_a_check_by_properties_notices_all_but_what_is_equal(tmp_path: Path) -> None:
    report = proved(unit_with(tmp_path, STRONG, EQUIVALENT, NUMBERS))
    assert told(report) == []
    assert score(report).score == 1.0
    assert score(report).equivalent == 1
    assert any("[equivalent] so it is" in str(line) for line in report.survivors)


def test_the_scaffolds_check_notices_nearly_everything(tmp_path: Path) -> None:
    root = shutil.copytree(FIXTURES, tmp_path / "content")
    unit = load_unit(write_scaffold("demo/disks", root)[0])
    build_unit(unit)
    parts = tuple(e.id for e in mutation.tried(unit) if e.part is Part.PRACTICE and e.names)
    for exercise, report in mutation.prove_mutants(unit, parts, part=Part.PRACTICE).items():
        assert score(report).score > 0.95, (exercise, report.survivors)


def test_what_passes_behind_a_form_is_told(good: Path) -> None:
    markdown = good / "workbook.md"
    opening = r'(?m)^(?=\+\+\+ .*"(?:used|who)\.prose")'
    head, used, form = re.split(opening, markdown.read_text(encoding="utf-8"))
    form = form.replace('wb.carry("used")', "0")
    markdown.write_text(f"{head}{form}\n{used}", encoding="utf-8")
    edit(good / "checks.py", 'fell != gone["gb"] * gone["on"]', "fell > before")
    found = mutation.prove_mutants(build(good), ("used",), part=Part.PRACTICE)["used"]
    assert told(found) and score(found).alive


def test_a_survivor_without_a_reason_is_listed(tmp_path: Path) -> None:
    report = proved(unit_with(tmp_path, STRONG))
    assert any(str(line).endswith("[alive]") for line in report.survivors)
    assert score(report).alive == 1


DIFFERENT = MUTANT.format(kind="[[equivalent]]", was="found = 0", now="found = 1")


def test_one_input_of_a_thousand_that_differs_is_enough_to_refuse(tmp_path: Path) -> None:
    # all sizes are 0 on one input in a thousand: there alone the two are told apart
    rare = (
        "CALLS = iter(range(10_000))\n"
        'INPUTS = {"largest": lambda rng: ([0] if next(CALLS) == 999 else [5, 6],)}'
    )
    report = proved(unit_with(tmp_path, WEAK, DIFFERENT, rare))
    assert score(report).equivalent == 0
    assert any("On input 999 of 1,000" in str(line) for line in report.survivors)


def test_equivalence_needs_inputs(tmp_path: Path) -> None:
    report = proved(unit_with(tmp_path, STRONG, EQUIVALENT))
    assert score(report).equivalent == 0
    assert any(
        "`INPUTS` of solution.py makes no arguments" in str(line) for line in report.survivors
    )


def test_a_reason_that_explains_no_survivor_is_a_finding(tmp_path: Path) -> None:
    report = proved(unit_with(tmp_path, STRONG, EQUIVALENT + "\n" + DIFFERENT, NUMBERS))
    (finding,) = told(report)
    assert finding.file.name == "mutants.toml"
    assert finding.file.read_text("utf-8").splitlines()[finding.line - 1].startswith("was = ")
    assert "found = 0 → found = 1" in finding.what


OTHER = MUTANT.format(kind="[[other_answer]]", was="if size > found:", now="if size >= found:")


def test_another_right_answer_says_by_which_property(tmp_path: Path) -> None:
    bare = proved(unit_with(tmp_path / "bare", STRONG, OTHER))
    assert score(bare).other_answers == 0
    held = proved(unit_with(tmp_path / "held", STRONG, OTHER + 'property = "ties"\n'))
    assert score(held).other_answers == 1


def test_a_reason_for_an_exercise_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    unit = unit_with(tmp_path, WEAK, EQUIVALENT.replace('"case"', '["case", "cse"]'))
    report = Report(unit.id)
    mutation.prove_reasons(unit, report)
    assert [f.what for f in report.findings] == ["There is no exercise 'cse'."]


@pytest.mark.parametrize("more", ["was = 3 3", EQUIVALENT + 'becuase = "x"\n', "[[equivalent]]\n"])
def test_a_reason_with_a_wrong_key_is_the_authors_error(tmp_path: Path, more: str) -> None:
    unit = unit_with(tmp_path, WEAK, more)
    with pytest.raises(ContentError) as error:
        reasons_of(unit)
    assert "mutants.toml" in error.value.where


ENDLESS = """
def largest(sizes):
    found = 0
    while found < max([*sizes, 0]):
        found += 1
    return found
"""


def test_a_mutant_that_never_ends_counts_as_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.checking.work.CALL_SECONDS", 0.3)
    unit = unit_with(tmp_path, STRONG)
    solution = unit.folder / "solution.py"
    text = solution.read_text("utf-8").replace(json.dumps(ANSWER), json.dumps(ENDLESS))
    solution.write_text(text, encoding="utf-8")
    assert any("found += 0" in m.code for m in mutants(ENDLESS, ("largest",)))
    assert score(proved(unit)).raw > 0.8


def read_by(unit: Unit) -> str:
    (job,) = [j for j in mutation.jobs(unit, Scope(Reads(unit))) if "case" in j.reads]
    return job.reads["case"]


def test_a_score_is_proved_again_when_what_explains_it_changes(tmp_path: Path) -> None:
    unit = unit_with(tmp_path, STRONG, EQUIVALENT, NUMBERS)
    first, reasons = read_by(unit), unit.folder / "mutants.toml"
    reasons.write_text("# moved\n" + EQUIVALENT, encoding="utf-8")
    assert read_by(unit) == first
    reasons.write_text(EQUIVALENT.replace("so it is", "so it was"), encoding="utf-8")
    assert read_by(unit) != first
    reasons.write_text(EQUIVALENT, encoding="utf-8")
    solution = unit.folder / "solution.py"
    solution.write_text(solution.read_text("utf-8").replace("0, 9, 4", "0, 8, 4"), "utf-8")
    assert read_by(unit) != first


# --- what nobody hands in -------------------------------------------------------------


def test_values_that_the_learner_decides_may_be_others(tmp_path: Path) -> None:
    check = '    expect.number(work.value("largest"), "largest")\n'
    unit = unit_with(tmp_path, check)
    solution = unit.folder / "solution.py"
    text = solution.read_text("utf-8").replace(json.dumps(ANSWER), json.dumps("largest = 7\n"))
    solution.write_text(text, encoding="utf-8")
    strict = proved(unit)
    assert (score(strict).other_answers, score(strict).alive) == (0, 3)
    decides = [replace(e, decides=("largest",)) if e.id == "case" else e for e in unit.exercises]
    free = proved(replace(unit, exercises=tuple(decides)))
    assert (score(free).other_answers, score(free).alive) == (3, 0)


def test_the_same_values_by_another_way_are_no_other_answer(tmp_path: Path) -> None:
    unit = unit_with(tmp_path, '    expect.number(work.value("largest"), "largest")\n')
    solution = unit.folder / "solution.py"
    text = solution.read_text("utf-8").replace(
        json.dumps(ANSWER), json.dumps("largest = abs(a := 7)\n")
    )
    solution.write_text(text, encoding="utf-8")
    kept = [one for one in proved(unit).survivors if one.fate == "equivalent"]
    assert len(kept) == 1 and "stays the same" in kept[0].because


def test_an_answer_that_is_asked_for_twice_is_tried_once(tmp_path: Path) -> None:
    unit = unit_with(tmp_path, STRONG)
    assert [e.id for e in mutation.tried(unit)].count("case") == 1
    twice = replace(unit, exercises=(*unit.exercises, *unit.exercises))
    assert [e.id for e in mutation.tried(twice)] == [e.id for e in mutation.tried(unit)]


@pytest.mark.parametrize(
    ("one", "two", "equal"),
    [
        (1, 1.0, False),
        (float("nan"), float("nan"), True),
        (0.1 + 0.2, 0.3, True),
        ([1, {"a": 2}], [1, {"a": 2}], True),
        ([1, {"a": 2}], [1, {"a": 3}], False),
        ((1,), [1], False),
    ],
)
def test_sameness_is_of_type_and_value(one: object, two: object, equal: bool) -> None:
    assert same(one, two) is equal


def test_frames_differ_by_their_rows_order_and_index() -> None:
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2]})
    assert same(frame, frame.copy())
    assert not same(frame, frame[::-1])
    assert not same(frame, frame.set_axis([1, 2]))


def test_errors_of_the_same_kind_are_the_same_result(tmp_path: Path) -> None:
    unit = unit_with(tmp_path, WEAK, inputs='INPUTS = {"largest": lambda rng: ("x",)}')
    names = {"largest": lambda _sizes: 1 // 0}
    outputs = ModelOutputs(unit, names)
    assert outputs.difference("largest", dict(names)) == ""
    assert "On input 0" in outputs.difference("largest", {"largest": lambda _sizes: 1})
