"""The scaffold is a unit that already works, so that an author changes rather than begins."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kit.checking import unit_module
from kit.content import load_unit
from kit.data.own import Own
from kit.errors import UsageError
from kit.gate.build import build_unit, stale, targets
from kit.gate.lint import Options, lint_folder
from kit.gate.messages import unit_messages, update_catalogue
from kit.gate.mistakes import misfits_of, mistakes_of
from kit.gate.rehearse import rehearse
from kit.gate.scaffold import write_scaffold
from kit.home import LearnerHome, make_home
from kit.identity import Identity
from kit.model import Outcome, Part, Unit
from kit.notebooks import find_cell, read_notebook, source
from kit.workbook import Workbook

FIXTURES = Path(__file__).parents[2] / "fixtures" / "units"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(FIXTURES, tmp_path / "content")


@pytest.fixture
def unit(root: Path) -> Unit:
    unit = load_unit(write_scaffold("demo/disks", root)[0])
    build_unit(unit)
    return unit


def judged(unit: Unit, exercise: str, answer: str) -> Outcome:
    """The outcome of an answer cell, with every earlier exercise solved."""
    part = next(e.part for e in unit.exercises if e.id == exercise)
    stages = rehearse(unit, part, "scaffold")
    return next(stage for stage in stages if stage.exercise == exercise).outcome(answer)


def test_it_takes_the_next_number_and_builds(unit: Unit) -> None:
    assert unit.folder.name == "03_disks"
    assert stale(unit) == []


def test_the_gate_finds_nothing_in_it(unit: Unit) -> None:
    report = lint_folder(unit.id, unit.folder, Options(seeds=3, fresh=True, workers=1))
    # the kit's own catalogue is proved beside the unit's, and is not the scaffold's
    mine = [f for f in report.findings if f.file.is_relative_to(unit.folder.parents[2])]
    assert [str(finding) for finding in mine] == []
    assert not report.stopped
    assert report.counts["answers"] >= 3 * 3


def test_each_common_mistake_gets_its_own_label(unit: Unit) -> None:
    assert misfits_of(unit) == ()
    found = mistakes_of(unit)
    assert len(found) == 7
    for mistake in found:
        answer = mistake.code or f"wb.answer({mistake.exercise!r}, {mistake.answer!r})"
        outcome = judged(unit, mistake.exercise, answer)
        assert outcome.feedback is not None
        assert (outcome.kind, outcome.feedback.label) == ("incorrect", mistake.label)


@pytest.mark.parametrize(
    "answer",
    [
        "def free_share(disks):\n    return 0.5",
        'def free_share(disks):\n    return 1 - disks["used"].mean() / 100',
        'def free_share(disks):\n    return disks["used"].iloc[0] / 100',
    ],
)
def test_the_graded_check_tells_wrong_shares(unit: Unit, answer: str) -> None:
    assert judged(unit, "room", answer).kind == "incorrect"


def test_building_and_styling_leave_it_as_it_is(unit: Unit) -> None:
    """An author's first diff shows their own changes only."""
    catalogue = unit.folder / "locale" / "ko.po"
    before = catalogue.read_bytes()
    assert update_catalogue(unit_messages(unit), catalogue) == 0
    assert catalogue.read_bytes() == before
    style = [sys.executable, "-m", "ruff"]
    config = ["--config", str(Path(__file__).parents[3] / "pyproject.toml"), str(unit.folder)]
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run([*style, *words, *config], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_who_comes_back_is_told_where_they_stood(unit: Unit) -> None:
    for target in targets(unit)[:2]:
        opening = find_cell(read_notebook(target.outputs[-1]), "unit", "setup")
        assert opening is not None
        assert source(opening).splitlines()[-1] == "wb.resume()"


def test_its_live_run_shows_what_would_be_noted_before_it_is(unit: Unit) -> None:
    cells = [source(cell) for cell in read_notebook(unit.folder / "live.ipynb")["cells"]]
    shown = cells.index("wb.tools.leaving(own, result)")
    assert shown < cells.index("wb.tools.note(own, result)")


def lived(unit: Unit, root: Path, free: str, listed: str = "full.assign(free=free)") -> Any:
    """Result and record of the live run on a list of three, with these words in the answer."""
    home = LearnerHome(root, "kim", "course", "en")
    make_home(home)
    learner = home.notebook(unit, Part.PRACTICE)
    learner.parent.mkdir()
    text = (unit.folder / "workbook.ipynb").read_text(encoding="utf-8")
    for blank, words in (
        ("disks[____]", "disks[disks.used >= 80]"),
        ("free = ____", f"free = {free}"),
        (r"return full.assign(free=free).sort_values(\"free\")", f"return {listed}"),
    ):
        assert blank in text
        text = text.replace(blank, words)
    learner.write_text(text, encoding="utf-8")
    (home.root / "inbox").mkdir()
    rows = "/srv/a,500,91,Kim\n/srv/b,200,40,Lee\n/srv/c,90,80,Lee\n"
    own_list = f"Volume,Capacity (GiB),Usage,Owner\n{rows}"
    (home.root / "inbox" / "disks.csv").write_text(own_list, encoding="utf-8")
    identity = Identity("course", "kim", "en", None, home)
    names: dict[str, Any] = {"wb": None}
    wb = Workbook(unit, Part.PRACTICE, names, identity)
    tools = unit_module(unit, "tools").Tools(wb)
    own = tools.own("inbox/*.csv")
    assert isinstance(own, Own)
    assert list(own.frame()["disk"]) == ["/srv/a", "/srv/b", "/srv/c"]
    result = tools.hold(own)
    return result, tools.note(own, result)


RIGHT = "full.gib * (100 - full.used) / 100"


def test_its_live_run_reads_a_list_and_counts_as_applied(unit: Unit, own_home: Path) -> None:
    result, noted = lived(unit, own_home, RIGHT)
    assert result.held
    assert {one.id for one in result.invariants} > {"nothing-lost", "again", "whole-disk"}
    assert noted.applied is True
    assert "/srv/a" not in repr(noted)


@pytest.mark.parametrize(
    ("free", "listed", "broken"),
    [
        ("1", "disks", {"full-only", "whole-disk"}),
        ("1", "disks.assign(free=disks.gib * (1 - disks.used / 100))", {"full-only"}),
        ("1", "full[:0].assign(free=1.0)", {"full-only"}),
        ("1", "full.assign(free=full.gib)", {"whole-disk"}),
        (RIGHT, "full.assign(free=free, used=99)", {"full-only", "whole-disk"}),
    ],
    ids=["the input", "every disk", "none", "the size", "another share"],
)
def test_its_live_run_is_not_applied_by_a_function_that_does_not_do_the_work(
    unit: Unit, own_home: Path, free: str, listed: str, broken: set[str]
) -> None:
    result, noted = lived(unit, own_home, free, listed)
    assert {one.id for one in result.invariants if one.held is False} == broken
    assert all(one.held is not None for one in result.invariants)
    assert noted.applied is False


@pytest.mark.parametrize("target", ["disks", "demo/Disks", "demo/a b", "demo/x-practice", "../x/y"])
def test_a_name_that_cannot_be_carried_is_refused(root: Path, target: str) -> None:
    with pytest.raises(UsageError, match="not TRACK/UNIT"):
        write_scaffold(target, root)


def test_an_id_is_never_used_twice(root: Path) -> None:
    with pytest.raises(UsageError, match="already"):
        write_scaffold("other/tiny", root)


def test_cases_differ_between_learners_and_hold_the_limit(unit: Unit) -> None:
    case = unit_module(unit, "case")
    first, second = (case.build_case(seed, "practice") for seed in (1, 2))
    assert not first.equals(second)
    assert isinstance(first, pd.DataFrame)
    assert {79.9, 80.0} <= set(first["used"])
