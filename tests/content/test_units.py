"""Every unit passes the quality gate; a deliberately bad one does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.content import load_unit, load_units
from kit.gate.findings import Report
from kit.gate.lint import STATIC
from kit.gate.proofs import prove_mistakes, prove_paste, prove_seed
from kit.model import Unit

pytestmark = pytest.mark.content

UNITS = sorted(load_units())
SEEDS = 50
CHUNK = 5
Prove = Callable[[Unit, Report], None]


def findings(report: Report) -> list[str]:
    return [str(finding) for finding in report.findings]


@pytest.mark.parametrize("unit_id", UNITS)
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_starters_are_not_attempted_and_answers_pass_on_every_seed(
    unit_id: str, first: int
) -> None:
    for seed in range(first, first + CHUNK):
        report = prove_seed(unit_id, seed)
        assert findings(report) == []
        exercises = load_units()[unit_id].exercises
        assert report.counts["answers"] == len(exercises)


@pytest.mark.parametrize("unit_id", UNITS)
def test_each_common_mistake_gets_its_own_message(unit_id: str) -> None:
    report = prove_mistakes(unit_id)
    assert findings(report) == []
    assert report.counts["mistakes"] >= 5


@pytest.mark.parametrize("unit_id", UNITS)
def test_nothing_that_the_learner_has_passes_when_pasted(unit_id: str) -> None:
    report = prove_paste(unit_id)
    assert findings(report) == []
    assert report.counts["pastes"] > 100


@pytest.mark.parametrize("unit_id", UNITS)
@pytest.mark.parametrize("prove", STATIC, ids=lambda prove: prove.__name__)
def test_files_texts_questions_and_korean_are_in_order(unit_id: str, prove: Prove) -> None:
    report = Report(unit_id)
    prove(load_units()[unit_id], report)
    assert findings(report) == []


@pytest.fixture
def spoilt(tmp_path: Path) -> Unit:
    """A copy of the first unit with a passed review date, a long hint and a wrong digest."""
    unit = load_units()["rightsizing"]
    folder = tmp_path / "workbooks" / unit.track / unit.folder.name
    shutil.copytree(unit.folder, folder)
    path = folder / "workbook.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("review_by = 2027", "review_by = 2020")
    text = text.replace('"Three columns, three decisions', '"' + "word " * 170 + "Three columns")
    text = text.replace("minutes = 10\n", "minutes = 45\n", 1)
    text = text.replace('digest = "', 'digest = "00', 1)
    path.write_text(text, encoding="utf-8")
    (folder / "locale" / "ko.po").unlink()
    return load_unit(folder)


def test_the_gate_names_what_is_wrong_with_a_bad_unit(spoilt: Unit) -> None:
    report = Report(spoilt.id)
    for prove in STATIC:
        prove(spoilt, report)
    rules = {finding.rule for finding in report.findings}
    assert {"review", "hints", "minutes", "items", "korean"} <= rules
    lines = (spoilt.folder / "workbook.toml").read_text(encoding="utf-8").splitlines()
    told = {f.rule: lines[f.line - 1] for f in report.findings if f.file.suffix == ".toml"}
    assert told["review"].startswith("review_by = 2020")
    assert all(told[rule].startswith("id = ") for rule in ("hints", "items"))
