"""The live run: a learner's own export through their own functions, as the notebook has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import kit
from kit.checking import unit_module
from kit.data.own import InMemory
from kit.errors import DataError, UsageError
from kit.gate.build import build_notebook
from kit.home import LearnerHome
from kit.notebooks import source
from kit.progress import ProgressLog, reduce_progress
from tests.content.live_home import UNIT, fill

pytestmark = pytest.mark.content


def failures(result: Any) -> list[str]:
    return [repr(result)] if not result.held else []


def test_right_functions_hold_on_the_eight_real_files(wb: Any, cloudwatch: Path) -> None:
    own = wb.tools.own(sorted(cloudwatch.glob("*.csv")))
    assert own.ledger.read == 6 * 4032 + 4032 + 4730
    assert own.ledger.read == own.ledger.kept + own.ledger.repaired + own.ledger.rejected
    assert len(own.machines) == 6
    assert set(own.others) == {"elb_8c0756", "ec2_1ef3de"}
    assert failures(wb.tools.live_check(own)) == []


def test_plan_over_the_real_files_keeps_saturated_machines(wb: Any, cloudwatch: Path) -> None:
    own = wb.tools.own(sorted(cloudwatch.glob("*cpu*.csv")), vcpu=16)
    plan = wb.tools.own_plan(own, 95, 0.2).set_index("machine")
    assert plan.at["ec2_825cc2", "size"] == 16
    assert plan.at["ec2_77c1ca", "rule_says"] == 32
    assert plan.at["ec2_77c1ca", "exception"]
    assert set(plan["memory_gib"]) == {"unknown"}


# functions that do no work, and the statement that each does not meet
IDLE = {
    "pick_size": (lambda *_args: 8, "stricter"),
    "burst_risk": (lambda *_args: 0.0, "risk"),
    "coverage": (lambda series, *_args: series, "coverage"),
}
WRONG = {
    "`clean` loses nothing that was measured": (
        "repair",
        "drop_duplicates(",
        "iloc[10:].drop_duplicates(",
    ),
    "after `clean` the rows ascend, each once": ("repair", '.sort_values("time")', ""),
    "a stricter rule never gives a smaller size, and half kept free a larger one": (
        "rule",
        "np.percentile(cpu, q)",
        "np.percentile(cpu, 100 - q)",
    ),
    "sizes are on the price card": ("rule", "default=max(sizes))", "default=max(sizes)) + 0.5"),
    "memory that nobody measured stays unknown": ("memory", 'return "unknown"', "return 4.0"),
    "the risk is a share, and falls with the size": ("rule", ".mean())", ".sum())"),
}


@pytest.mark.parametrize("statement", WRONG)
def test_wrong_function_is_named_by_what_it_breaks(
    home: LearnerHome, wb: Any, drop: Callable[..., Path], statement: str
) -> None:
    exercise, old, new = WRONG[statement]
    answers = dict(unit_module(UNIT, "sizing.solution").ANSWERS)
    assert old in answers[exercise]
    answers[exercise] = answers[exercise].replace(old, new)
    fill(home, answers)
    path = drop()
    rows = pd.read_csv(path)
    rows.iloc[::-1].to_csv(path, index=False)
    result = wb.tools.live_check(wb.tools.own())
    broken = [one.says.format(**one.told) for one in result.invariants if not one.held]
    assert statement in broken


@pytest.mark.parametrize("name", IDLE)
def test_a_function_that_does_no_work_meets_one_statement_less(
    wb: Any, drop: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    drop()
    own, (idle, statement) = wb.tools.own(), IDLE[name]
    assert failures(wb.tools.live_check(own)) == []
    right = wb.mine
    monkeypatch.setattr(wb, "mine", lambda one: idle if one == name else right(one))
    found = {one.id: one.held for one in wb.tools.live_check(own).invariants}
    assert found[statement] is False


def test_applied_is_noted_with_counts_and_hashes_only(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    drop()
    own = wb.tools.own()
    evidence = wb.tools.evidence(own, wb.tools.live_check(own))
    assert evidence.applied
    log = ProgressLog(home.progress_file).read()
    assert reduce_progress(log, "rightsizing").applied
    line = json.dumps(log[-1].data)
    assert log[-1].event == "applied"
    assert log[-1].data["rows"] == own.ledger.read
    assert not any(name in line for name in ("srv-0", "srv-1", "cpu.csv"))


def test_generated_example_never_counts_as_applied(home: LearnerHome, wb: Any) -> None:
    own = wb.tools.own("example")
    assert own.reality == "SYNTHETIC"
    assert not wb.tools.evidence(own, wb.tools.live_check(own)).applied
    assert not reduce_progress(ProgressLog(home.progress_file).read(), "rightsizing").applied


def test_what_does_not_hold_is_not_noted(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    answers = dict(unit_module(UNIT, "sizing.solution").ANSWERS)
    answers["memory"] = "def memory_need(used, installed, headroom):\n    return 8.0\n"
    fill(home, answers)
    drop()
    own = wb.tools.own()
    assert not wb.tools.evidence(own, wb.tools.live_check(own)).applied


def test_empty_inbox_says_how_to_get_an_export(wb: Any) -> None:
    with pytest.raises(DataError) as error:
        wb.tools.own()
    for word in ("sadf", "Zabbix", "RVTools", "relog", "query_range", "example"):
        assert word in error.value.fix


def test_unreadable_file_beside_a_good_one_is_in_the_ledger(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    drop()
    (home.root / "inbox" / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    own = wb.tools.own()
    assert own.ledger.rejected == 1
    assert own.ledger.rejects[0].file == "picture.csv"
    assert "picture.csv" in own._repr_html_()


def test_unreadable_file_alone_is_an_error_that_names_it(home: LearnerHome, wb: Any) -> None:
    path = home.root / "inbox" / "notes.csv"
    path.parent.mkdir(parents=True)
    path.write_text("dear diary,\nnothing measured today\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        wb.tools.own()
    assert "notes.csv" in str(error.value)


def test_column_is_what_the_learner_says(home: LearnerHome, wb: Any) -> None:
    path = home.root / "inbox" / "odd.csv"
    path.parent.mkdir(parents=True)
    times = pd.date_range("2026-03-02", periods=600, freq="5min")
    frame = pd.DataFrame({"box": "srv-9", "when": times, "figure": np.linspace(1, 60, 600)})
    frame.to_csv(path, index=False)
    suggestion = wb.tools.columns("inbox/odd.csv")
    assert list(suggestion.iloc[:, 2])[:2] == ["machine", "time"]
    own = wb.tools.own("inbox/odd.csv", columns={"box": "machine", "when": "time", "figure": "cpu"})
    assert own.machines == ("srv-9",)
    assert own.ledger.read == 600
    assert set(own.frame()["file"]) == {"odd.csv"}


def test_column_that_names_a_person_is_seen(wb: Any, drop: Callable[..., Path]) -> None:
    drop()
    own = wb.tools.own()
    assert "담당자" not in own.frame()
    reading = own.samples.reading
    with_person = replace(reading, samples=reading.samples.assign(담당자="a person"))
    result = wb.tools.live_check(replace(own, samples=InMemory(with_person)))
    assert [one.says for one in result.invariants if not one.held] == [
        "no column speaks of a person"
    ]


def test_told_size_goes_before_the_assumed_one(wb: Any, drop: Callable[..., Path]) -> None:
    drop()
    assert wb.tools.own().assumed == ("srv-0", "srv-1")
    told = wb.tools.own(vcpu={"srv-0": 32})
    assert (told.vcpu["srv-0"], told.assumed) == (32, ("srv-1",))


def test_blank_function_asks_for_the_practice(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    answers = dict(unit_module(UNIT, "sizing.solution").ANSWERS)
    answers["classify"] = "classify = ____\n"
    fill(home, answers)
    wb._names["____"] = kit.____
    drop()
    with pytest.raises(UsageError, match="classify"):
        wb.tools.own_plan(wb.tools.own(), 95, 0.2)


def test_sheet_follows_the_rule_and_holds_no_person(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    drop()
    own = wb.tools.own(vcpu=16)
    plan = wb.tools.own_plan(own, 95, 0.2, exceptions={"srv-1": (16, "=cmd|' /C calc'!A0")})
    plan["owner"], plan["담당자"] = "a person", "010-0000-0000"
    written = wb.tools.sizing_sheet(plan, q=95, headroom=0.2, own=own, reviewer="finance")
    assert "owner" in written.note
    book = openpyxl.load_workbook(written.paths[0])
    cells = [str(c.value) for page in book for row in page.iter_rows() for c in row if c.value]
    assert not any("a person" in text or "010-0000" in text for text in cells)
    sizing = book.worksheets[0]
    assert sizing["E2"].value.startswith("=C2*D2")
    assert (sizing["H3"].value, sizing["H3"].data_type) == ("=cmd|' /C calc'!A0", "s")
    assert next(iter(own.hashes.values())) in " ".join(cells)
    assert "finance" in cells and "REAL" in cells


def test_size_of_its_own_needs_a_reason(wb: Any) -> None:
    row = {"machine": "srv-0", "vcpu": 8, "cpu_percentile": 20.0, "size": 4}
    with pytest.raises(UsageError, match="no reason"):
        wb.tools.sizing_sheet([row], q=95, headroom=0.2)


def test_memo_becomes_word_and_markdown_in_the_home(home: LearnerHome, wb: Any) -> None:
    written = wb.tools.memo_files("Renew four, rent four.\n\n- range: 1 to 2 million won")
    assert [path.suffix for path in written.paths] == [".docx", ".md"]
    assert all(path.parent == home.artefacts(UNIT) for path in written.paths)
    assert "SIMULATED" in written.paths[1].read_text(encoding="utf-8")


def test_notebook_runs_from_top_to_bottom_on_own_data(
    home: LearnerHome, drop: Callable[..., Path]
) -> None:
    drop(kinds=("steady", "saturated", "idle-with-bursts"))
    notebook = build_notebook(UNIT, None, UNIT.folder / "live.md")
    code = [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(code) >= 6
    names: dict[str, Any] = {"__name__": "live"}
    for text in code:
        exec(compile(text, "<live>", "exec"), names)
    assert names["result"].held
    assert (home.artefacts(UNIT) / "live" / "sizing.xlsx").is_file()
    assert reduce_progress(ProgressLog(home.progress_file).read(), "rightsizing").applied
