"""The live run: a learner's own export through their own functions, as the notebook has it."""

from __future__ import annotations

import json
import os
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
from kit.content import find_unit
from kit.data.utilisation import cpu_series
from kit.errors import DataError, UsageError
from kit.gate.build import build_notebook
from kit.home import LearnerHome, make_home, open_home
from kit.i18n import Translator
from kit.model import Part
from kit.notebooks import source, write_notebook
from kit.progress import ProgressLog, reduce_progress
from kit.quick import Request, make_finding
from kit.quick.judge import Sizes

pytestmark = pytest.mark.content

UNIT = find_unit("rightsizing")
EXERCISES = ("repair", "rule", "classify", "memory")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LearnerHome:
    """A home whose practice holds the model answers of the sizing half."""
    monkeypatch.setenv("UPSKILL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    made = open_home(language="en")
    make_home(made)
    fill(made, unit_module(UNIT, "sizing.solution").ANSWERS)
    return made


def fill(home: LearnerHome, answers: dict[str, str]) -> None:
    """Write a practice notebook with these answer cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"{name}-answer",
            "metadata": {"kit": {"id": name, "role": "answer"}},
            "source": answers[name],
            "outputs": [],
            "execution_count": None,
        }
        for name in EXERCISES
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    write_notebook(home.notebook(UNIT, Part.PRACTICE), notebook)


@pytest.fixture
def wb(home: LearnerHome) -> Any:
    names: dict[str, Any] = {"np": np, "pd": pd, "kit": kit}
    book = kit.open_workbook("rightsizing", names=names)
    names |= {"wb": book, "case": book.case()}
    return book


@pytest.fixture
def drop(home: LearnerHome) -> Callable[..., Path]:
    """Put an export of fictional machines into the inbox."""

    def put(name: str = "cpu.csv", *, kinds: tuple[str, ...] = ("steady", "bursty")) -> Path:
        parts = []
        for number, kind in enumerate(kinds):
            values = cpu_series(kind, np.random.default_rng(number))  # type: ignore[arg-type]
            times = pd.date_range("2026-03-02", periods=len(values), freq="5min")
            row = {"machine": f"srv-{number}", "timestamp": times, "cpu_percent": values}
            parts.append(pd.DataFrame(row))
        path = home.root / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.concat(parts).to_csv(path, index=False)
        return path

    return put


@pytest.fixture
def cloudwatch() -> Path:
    folder = Path(os.environ.get("UPSKILL_REAL_DATA", "../shared/data")) / "cloudwatch"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the real measurements are absent: {folder}")
        pytest.skip(f"the real measurements are absent: {folder} (set UPSKILL_REAL_DATA)")
    return folder.resolve()


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


WRONG = {
    "every measured time survives your repair": (
        "repair",
        "drop_duplicates(",
        "iloc[10:].drop_duplicates(",
    ),
    "times ascend, each once": ("repair", '.sort_values("time")', ""),
    "a stricter rule never gives a smaller size": (
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
    broken = [one.name for one in result.invariants if not one.held]
    assert statement in broken


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
    assert own.reality == "SIMULATED"
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
    assert set(own.reading.samples["file"]) == {"odd.csv"}


def test_column_that_names_a_person_is_seen(wb: Any, drop: Callable[..., Path]) -> None:
    drop()
    own = wb.tools.own()
    assert "담당자" not in own.reading.samples
    reading = replace(own.reading, samples=own.reading.samples.assign(담당자="a person"))
    result = wb.tools.live_check(replace(own, reading=reading))
    assert [one.name for one in result.invariants if not one.held] == [
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


def export(path: Path, start: str, samples: int, machine: str = "") -> Path:
    """An export of one machine, named by its file unless told."""
    times = pd.date_range(start, periods=samples, freq="5min")
    values = np.random.default_rng(samples).uniform(20, 30, samples)
    frame = pd.DataFrame({"timestamp": times, "cpu_percent": values})
    if machine:
        frame.insert(0, "machine", machine)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False)
    return path


def test_coverage_is_of_each_machines_own_period(home: LearnerHome, wb: Any) -> None:
    export(home.root / "inbox" / "a.csv", "2026-03-02", 4032, "srv-a")
    rows = pd.read_csv(export(home.root / "inbox" / "b.csv", "2026-05-04", 8064, "srv-b"))
    rows.drop(index=range(2000, 4016)).to_csv(home.root / "inbox" / "b.csv", index=False)
    own = wb.tools.own()
    assert (own.period_days("srv-a"), own.sampled_days("srv-a")) == (14, 14)
    assert (own.period_days("srv-b"), own.sampled_days("srv-b")) == (28, 21)
    plan = wb.tools.own_plan(own, 95, 0.2).set_index("machine")
    assert dict(plan["coverage"]) == {"srv-a": 1.0, "srv-b": 0.75}
    assert plan.at["srv-a", "exception"] == "" and "90 %" in plan.at["srv-b", "exception"]
    assert plan.at["srv-b", "size"] == 8
    written = wb.tools.sizing_sheet(plan, q=95, headroom=0.2, own=own)
    assert openpyxl.load_workbook(written.paths[0])["Rule"]["B5"].value == "14 – 28"


def test_two_lost_samples_leave_fourteen_days_to_the_rule(home: LearnerHome, wb: Any) -> None:
    path = export(home.root / "inbox" / "a.csv", "2026-03-02", 4032, "srv-a")
    pd.read_csv(path).drop(index=[0, 2000]).to_csv(path, index=False)
    row = wb.tools.own_plan(wb.tools.own(), 95, 0.2).iloc[0]
    assert row["exception"] == "" and row["size"] == row["rule_says"] == 4


def test_plan_and_quick_finding_agree_on_every_real_machine(wb: Any, cloudwatch: Path) -> None:
    paths = sorted(cloudwatch.glob("*cpu*.csv"))
    own = wb.tools.own(paths, vcpu=16)
    plan = wb.tools.own_plan(own, 90, 0.2).set_index("machine")
    request = Request(paths, Sizes(default=16))
    quick = {m.machine: m for m in make_finding(request, Translator("en")).machines}
    assert set(plan.index) == set(quick)
    assert quick["ec2_ac20cd"].kind == "regime-change" and not quick["ec2_ac20cd"].sized
    assert "hide the demand" in plan.at["ec2_ac20cd", "exception"]
    for machine, found in quick.items():
        assert (plan.at[machine, "exception"] == "") is found.sized, machine
        if found.sized:
            assert plan.at[machine, "size"] == found.lean_vcpu


def test_size_that_repeats_the_rule_stays_a_formula(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    drop()
    own = wb.tools.own(vcpu=16)
    plan = wb.tools.own_plan(own, 95, 0.2)
    assert not plan["size"].isna().any()
    written = wb.tools.sizing_sheet(plan, q=95, headroom=0.2, own=own)
    assert openpyxl.load_workbook(written.paths[0]).worksheets[0]["G2"].value == "=F2"
    plan["size"] = 2 * plan["size"]
    with pytest.raises(UsageError, match="no reason"):
        wb.tools.sizing_sheet(plan, q=95, headroom=0.2, own=own)


def test_hundreds_of_machines_are_named_by_the_first_and_a_count(
    home: LearnerHome, wb: Any
) -> None:
    times = pd.date_range("2026-03-02", periods=3, freq="5min")
    rows = [
        pd.DataFrame({"machine": f"vm-{i:03}", "timestamp": times, "cpu_percent": 5.0})
        for i in range(300)
    ]
    path = home.root / "inbox" / "many.csv"
    path.parent.mkdir(parents=True)
    pd.concat(rows).to_csv(path, index=False)
    told = repr(wb.tools.own())
    assert "(300): vm-000" in told and "295 more" in told
    assert "vm-100" not in told


def test_files_taken_are_said_and_machines_of_two_files_are_asked_about(
    home: LearnerHome, wb: Any
) -> None:
    export(home.root / "inbox" / "old.csv", "2026-03-02", 4032, "srv-a")
    export(home.root / "inbox" / "new.csv", "2026-03-16", 4032, "srv-a")
    export(home.root / "inbox" / "other.csv", "2026-03-16", 4032, "srv-b")
    own = wb.tools.own()
    assert own.from_several == {"srv-a": ("new.csv", "old.csv")}
    page = own._repr_html_()
    for name in ("old.csv", "new.csv", "other.csv", "In more than one file"):
        assert name in page
    alone = wb.tools.own("inbox/new.csv")
    assert alone.from_several == {} and "In more than one file" not in alone._repr_html_()


def test_unit_that_is_unclear_is_asked_before_anything_else(home: LearnerHome, wb: Any) -> None:
    path = export(home.root / "inbox" / "a.csv", "2026-03-02", 4032, "srv-a")
    rows = pd.read_csv(path).rename(columns={"cpu_percent": "cpu"})
    rows.assign(cpu=rows["cpu"] / 100).to_csv(path, index=False)
    page = wb.tools.own()._repr_html_()
    assert page.startswith("<p><b>Percent or fraction?")
    told = wb.tools.own(unit="fraction")
    assert told.stats["srv-a"].peak == pytest.approx(30, abs=1)
    assert "Percent or fraction?" not in told._repr_html_()


DAMAGED = {
    "open.csv": b'timestamp,server,cpu\n2026-03-02 00:00:00,"a,1\n2026-03-02 00:05:00,a,2\n',
    "one.csv": b'"unclosed\n',
    "data.json": b'{"a": 1}',
    "empty.csv": b"",
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("named", [False, True])
def test_column_mapper_meets_damage_with_an_error_of_ours(
    home: LearnerHome, wb: Any, name: str, named: bool
) -> None:
    path = home.root / "inbox" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(DAMAGED[name])
    try:
        if named:
            wb.tools.own(f"inbox/{name}", columns={"server": "machine", "cpu": "cpu"})
        else:
            assert list(wb.tools.columns(f"inbox/{name}").iloc[:, 0]) == [
                "timestamp",
                "server",
                "cpu",
            ]
    except (DataError, UsageError) as error:
        assert name != "open.csv"
        assert name in str(error) and error.fix


def test_long_run_counts_and_a_short_one_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    pace = unit_module(UNIT, "live.pace")
    line = "{} of {}".format
    assert list(pace.counted([1, 2, 3], line)) == [1, 2, 3]
    assert capsys.readouterr().out == ""
    assert list(pace.counted([1, 2, 3], line, patience=0.0)) == [1, 2, 3]
    assert capsys.readouterr().out.endswith("3 of 3\n")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("samples", [1, 4, 287])
def test_less_than_a_day_gives_no_size(home: LearnerHome, wb: Any, samples: int) -> None:
    export(home.root / "inbox" / "a.csv", "2026-03-02", samples, "srv-a")
    own = wb.tools.own()
    plan = wb.tools.own_plan(own, 95, 0.2)
    row = plan.iloc[0]
    assert row["kind"] == "too few samples"
    assert pd.isna(row["size"]) and pd.isna(row["rule_says"]) and pd.isna(row["cpu_percentile"])
    book = openpyxl.load_workbook(wb.tools.sizing_sheet(plan, q=95, headroom=0.2, own=own).paths[0])
    assert [book.worksheets[0][f"{letter}2"].value for letter in "EFGM"] == ["-"] * 4


@pytest.mark.filterwarnings("error")
def test_two_days_keep_todays_size_without_a_warning(home: LearnerHome, wb: Any) -> None:
    export(home.root / "inbox" / "a.csv", "2026-03-02", 576, "srv-a")
    row = wb.tools.own_plan(wb.tools.own(), 95, 0.2).iloc[0]
    assert (row["kind"], row["size"]) == ("steady", 8)
    assert "14 days" in row["exception"]


def test_live_sheet_leaves_the_practices_sheet_alone(
    home: LearnerHome, wb: Any, drop: Callable[..., Path]
) -> None:
    plan = [{"machine": "srv-0", "vcpu": 8, "cpu_percentile": 20.0}]
    practised = wb.tools.sizing_sheet(plan, q=95, headroom=0.2).paths[0]
    before = practised.read_bytes()
    drop()
    own = wb.tools.own()
    live = wb.tools.sizing_sheet(plan, q=95, headroom=0.2, own=own).paths[0]
    assert practised.read_bytes() == before and live.parent == practised.parent / "live"
    memo = wb.tools.memo_files("One.", own=own).paths[1]
    wb.tools.memo_files("Two.", own=own)
    kept = [p.read_text(encoding="utf-8") for p in memo.parent.glob("memo*.md")]
    assert sorted("One." in text for text in kept) == [False, True]


def test_second_file_of_a_name_is_read_as_the_same_machine(home: LearnerHome, wb: Any) -> None:
    export(home.root / "inbox" / "ec2_cpu_1.csv", "2026-03-02", 4032)
    export(home.root / "inbox" / "2" / "ec2_cpu_1.csv", "2026-03-16", 2016)
    (home.root / "inbox" / "contract.toml").write_text("card = 'ours'", encoding="utf-8")
    (home.root / "inbox" / "unread").mkdir()
    (home.root / "inbox" / "unread" / "notes.csv").write_text("dear diary\n", encoding="utf-8")
    own = wb.tools.own()
    assert len(own.machines) == 1 and own.ledger.rejected == 0
    assert own.period_days(own.machines[0]) == 21
    assert set(own.hashes) == {"inbox/ec2_cpu_1.csv", "2/ec2_cpu_1.csv"}
