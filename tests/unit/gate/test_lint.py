"""``upskill author lint``: what an author reads, what a program reads, how it ends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import kit.gate.rules.loading
from kit.cli.app import app
from kit.errors import UsageError
from kit.gate.rules import RULES
from tests.good_unit import edit, lint, of_the_unit

FINDING = {"rule": str, "file": str, "line": int, "what": str, "fix": str}
UNIT = {
    "unit": str,
    "seconds": float,
    "proved": int,
    "cached": int,
    "stopped": bool,
    "counts": dict,
    "mutants": (dict, type(None)),
    "unscored": list,
    "survivors": list,
    "untold": list,
    "findings": list,
}
STATIC = "review"


@pytest.fixture
def author(good: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The good unit as the only content that the command finds."""
    monkeypatch.setattr(kit.gate.rules.loading, "content_root", lambda: good.parents[2])
    yield good


def upskill(*words: str) -> Result:
    return CliRunner().invoke(app, ["author", "lint", *words])


def shaped(value: dict[str, Any], shape: dict[str, Any]) -> None:
    assert value.keys() == shape.keys()
    for key, kind in shape.items():
        assert isinstance(value[key], kind), key


def test_a_unit_that_passes_ends_with_0_and_says_what_was_proved(author: Path) -> None:
    done = upskill("disks", "--only", "solution", "--seeds", "3")
    assert done.exit_code == 0
    assert "disks: passes · 3 exercises × 3 seeds" in done.output


def test_a_finding_ends_with_8_and_is_told_with_its_place_and_next_step(author: Path) -> None:
    edit(author / "workbook.toml", "2099-01-01", "2020-01-01")
    done = upskill("disks", "--only", STATIC)
    assert done.exit_code == 8
    place = f"{author / 'workbook.toml'}:8  review\n"
    assert place in done.output
    assert "\n    Next: Read the unit once more" in done.output
    assert "disks: 1 to mend" in done.output


def test_json_has_the_shape_that_is_documented(author: Path) -> None:
    edit(author / "workbook.toml", "2099-01-01", "2020-01-01")
    done = upskill("--json", "--only", STATIC, "--only", "starter", "--seeds", "1")
    assert done.exit_code == 8
    told = json.loads(done.stdout)
    assert told.keys() == {"format", "units"}
    assert told["format"] == 1
    (unit,) = told["units"]
    shaped(unit, UNIT)
    (finding,) = unit["findings"]
    shaped(finding, FINDING)
    assert finding["rule"] == STATIC
    assert Path(finding["file"]) == author / "workbook.toml"


SURVIVOR: dict[str, Any] = {
    "exercise": "largest",
    "kind": "boundary",
    "line": 6,
    "was": "return max(sizes) if len(sizes) > 1 else 0",
    "now": "return max(sizes) if len(sizes) >= 1 else 0",
    "fate": "alive",
    "because": "",
}
REASON = """[[other_answer]]
exercise = "largest"
was = "{was}"
now = "{now}"
because = "the only size is 0"
property = "no disk is larger"
"""


def test_a_mutant_that_nobody_explained_is_always_told_and_others_when_asked_for(
    author: Path,
) -> None:
    edit(author / "solution.py", "return max(sizes)", SURVIVOR["was"])
    words = ("--only", "mutants", "--seeds", "1")
    (unit,) = json.loads(upskill("--json", *words).stdout)["units"]
    assert SURVIVOR in unit["survivors"]
    assert len(unit["survivors"]) == unit["mutants"]["alive"]
    told = "largest:6 boundary: {was} → {now}  [alive]".format(**SURVIVOR)
    assert told in upskill(*words).output
    (author / "mutants.toml").write_text(REASON.format(**SURVIVOR), encoding="utf-8")
    for asked in ([], ["--mutants"]):
        (unit,) = json.loads(upskill("--json", *words, *asked).stdout)["units"]
        known = [one for one in unit["survivors"] if one["because"] == "the only size is 0"]
        assert [one["fate"] for one in known] == ["other_answer"] * len(asked)


STOPS = 'INPUTS = {"largest": lambda rng: [rng][1]}'


def test_there_is_no_score_without_the_mutants_of_every_exercise(author: Path) -> None:
    edit(author / "solution.py", "return max(sizes)", SURVIVOR["was"])
    edit(author / "solution.py", "ITEM_ANSWERS", f"{STOPS}\n\nITEM_ANSWERS")
    reason = REASON.format(**SURVIVOR).replace("other_answer", "equivalent")
    (author / "mutants.toml").write_text(reason, encoding="utf-8")
    words = ("--only", "mutants", "--seeds", "1")
    (unit,) = json.loads(upskill("--json", *words).stdout)["units"]
    assert (unit["unscored"], unit["mutants"]) == (["largest"], None)
    assert {found["rule"] for found in unit["findings"]} == {"load"}
    assert " · mutants: not known, a proof stopped (largest) · " in upskill(*words).output


def test_a_message_that_no_answer_was_told_is_counted_and_listed_and_no_error(
    author: Path,
) -> None:
    words, text = ("--only", "leak-message", "--seeds", "1"), "Without any disk there are {n} GB."
    never = f"""    if number(work, "in_use", []) == 4711:
        raise Mistake("not_empty", mark("{text}"), n=4711)
"""
    edit(author / "checks.py", "\n\n@used.diagnose", f"\n{never}\n\n@used.diagnose")
    line = (author / "checks.py").read_text(encoding="utf-8").splitlines().index(
        f'        raise Mistake("not_empty", mark("{text}"), n=4711)'
    )  # fmt: skip
    done = upskill("--json", *words)
    (unit,) = json.loads(done.stdout)["units"]
    file = str(author / "checks.py")
    assert unit["untold"] == [{"file": file, "line": line + 1, "text": text}]
    assert done.exit_code == 0
    shown = upskill(*words).output
    assert f"{file}:{line + 1}  [untold] {text}\n" in shown
    assert " · 1 messages untold · " in shown


def test_only_proves_what_is_named_and_whatever_cannot_be_read(author: Path) -> None:
    edit(author / "workbook.toml", "2099-01-01", "2020-01-01")
    edit(author / "solution.py", "return max(sizes)", "return min(sizes)")
    assert [f.rule for f in lint(author, only=("solution",)).findings] == ["solution"]
    edit(author / "case.py", "import random\n", "import no_such_module\n")
    assert {f.rule for f in lint(author, only=("solution",)).findings} == {"load"}


def test_a_rule_that_there_is_not_is_answered_with_those_that_there_are(author: Path) -> None:
    done = upskill("--only", "spelling")
    assert isinstance(done.exception, UsageError)
    assert all(rule.id in done.exception.fix for rule in RULES)


def test_an_unknown_unit_is_answered_with_those_that_there_are(author: Path) -> None:
    done = upskill("discs")
    assert isinstance(done.exception, UsageError)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('title = "Disks', "title = Disks", 4),
        ('id = "who"', 'id = "used"', 24),
        ('abilities = ["domain"]\n', "", 0),
    ],
)
def test_a_unit_that_cannot_be_read_is_a_finding_beside_a_good_one(
    author: Path, old: str, new: str, line: int
) -> None:
    other = shutil.copytree(author, author.with_name("02_lamps"))
    edit(other / "workbook.toml", 'id = "disks"', 'id = "lamps"')
    edit(other / "workbook.toml", old, new)
    done = upskill("--json", "--only", STATIC)
    units = {unit["unit"]: unit for unit in json.loads(done.stdout)["units"]}
    assert units["disks"]["findings"] == []
    (finding,) = units["lamps"]["findings"]
    assert (finding["rule"], finding["line"]) == ("load", line)
    assert Path(finding["file"]) == other / "workbook.toml"


def test_many_seeds_that_stop_at_one_line_are_one_finding(good: Path) -> None:
    edit(good / "solution.py", "return max(sizes)", "return min(sizes)")
    (finding,) = of_the_unit(lint(good, seeds=5, only=("solution",)), good)
    assert "(4 more like this)" in finding.what


def test_steps_are_told_with_their_number(good: Path) -> None:
    from kit.gate.lint import Options, lint_folder

    steps: list[tuple[int, str]] = []
    options = Options(seeds=2, only=("starter", STATIC), fresh=True)
    lint_folder("disks", good, options, lambda total, text: steps.append((total, text)))
    assert (3, "review") in steps
    jobs = [text for total, text in steps if total == 4]
    assert sorted(jobs) == [f"seed {n} {part}" for n in (0, 1) for part in ("graded", "practice")]
