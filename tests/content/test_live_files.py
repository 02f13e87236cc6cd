"""The live run meets files as they come: several, unclear, damaged, short, long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from kit.checking import unit_module
from kit.errors import DataError, UsageError
from kit.home import LearnerHome
from kit.i18n import Translator
from kit.quick import Request, make_finding
from kit.quick.judge import Sizes
from tests.content.live_home import UNIT, export

pytestmark = pytest.mark.content


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
